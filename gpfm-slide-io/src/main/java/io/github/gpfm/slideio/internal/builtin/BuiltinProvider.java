package io.github.gpfm.slideio.internal.builtin;

import io.github.gpfm.api.SlideException;
import io.github.gpfm.api.SlideOpenResult;
import io.github.gpfm.api.SlideOptions;
import io.github.gpfm.api.SlideProvider;
import io.github.gpfm.slideio.internal.dicom.DicomSlides;
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
      SlideContent content = content(path, options);
      try {
        return new SlideOpenResult.Opened(BuiltinSlide.of(path, content, options));
      } catch (RuntimeException | Error e) {
        content.files().forEach(SlideFile::close);
        throw e;
      }
    } catch (SlideException e) {
      return SlideOpenResult.Declined.of(e);
    } catch (OutOfMemoryError e) {
      return new SlideOpenResult.Declined("not enough memory to read its directories");
    }
  }

  private static SlideContent content(Path path, SlideOptions options) {
    if (Files.isDirectory(path)) {
      return DicomSlides.openFolder(path, options);
    }
    SlideFile file = new SlideFile(path);
    try {
      return BuiltinFormats.open(file, options);
    } catch (RuntimeException | Error e) {
      file.close();
      throw e;
    }
  }
}
