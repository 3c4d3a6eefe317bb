package io.github.gpfm.slideio.internal.builtin;

import io.github.gpfm.api.SlideException;
import io.github.gpfm.api.SlideOpenResult;
import io.github.gpfm.api.SlideOptions;
import io.github.gpfm.api.SlideProvider;
import io.github.gpfm.slideio.internal.formats.BuiltinFormats;
import io.github.gpfm.slideio.internal.io.SlideFile;
import java.nio.file.Files;
import java.nio.file.Path;

/** The reader that needs no native library. */
public final class BuiltinProvider implements SlideProvider {
  /** For the service loader. */
  public BuiltinProvider() {}

  @Override
  public String name() {
    return BuiltinSlide.NAME;
  }

  @Override
  public int priority() {
    return 30;
  }

  @Override
  public SlideOpenResult open(Path path, SlideOptions options) {
    try {
      if (Files.isDirectory(path)) {
        return new SlideOpenResult.Declined("a folder without a DICOM slide");
      }
      SlideFile file = new SlideFile(path);
      try {
        SlideContent content = BuiltinFormats.open(file, options);
        return new SlideOpenResult.Opened(BuiltinSlide.of(path, content, options));
      } catch (RuntimeException | Error e) {
        file.close();
        throw e;
      }
    } catch (SlideException e) {
      return new SlideOpenResult.Declined(String.valueOf(e.getMessage()));
    } catch (OutOfMemoryError e) {
      return new SlideOpenResult.Declined("not enough memory to read its directories");
    }
  }
}
