package io.github.gpfm.slideio.internal.openslide;

import io.github.gpfm.api.Slide;
import io.github.gpfm.api.SlideException;
import io.github.gpfm.api.SlideLevel;
import io.github.gpfm.api.SlideOpenResult;
import io.github.gpfm.api.SlideOptions;
import io.github.gpfm.api.SlideProvider;
import io.github.gpfm.slideio.internal.builtin.BuiltinProvider;
import io.github.gpfm.slideio.spi.MppEvidence;
import io.github.gpfm.slideio.spi.SlideDescription;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Reads what the installed OpenSlide reads. */
public final class OpenSlideProvider implements SlideProvider {
  static final String NAME = "openslide";

  /** For the service loader. */
  public OpenSlideProvider() {}

  @Override
  public String name() {
    return NAME;
  }

  @Override
  public int priority() {
    return 90;
  }

  @Override
  public SlideOpenResult open(Path path, SlideOptions options) {
    OpenSlideLibrary library = OpenSlideLibrary.get();
    if (!library.available()) {
      return new SlideOpenResult.Declined(library.failure());
    }
    if (Files.isDirectory(path)) {
      return new SlideOpenResult.Declined("a folder, and OpenSlide opens files");
    }
    if (options.series().orElse(0) != 0) {
      return new SlideOpenResult.Declined(
          "OpenSlide knows one image a file, not series " + options.series().getAsInt());
    }
    try {
      OpenSlideHandle handle = OpenSlideHandle.open(path);
      if (handle == null) {
        return new SlideOpenResult.Declined(
            "not a format OpenSlide " + library.version() + " knows");
      }
      try {
        OpenSlideCaches.attach(handle, library);
        SlideDescription description = describe(handle, options);
        return new SlideOpenResult.Opened(
            new OpenSlideSlide(
                path,
                description,
                library,
                handle,
                damagedLevels(description),
                () -> substitute(path, description)));
      } catch (RuntimeException e) {
        handle.close();
        throw e;
      }
    } catch (SlideException | IllegalArgumentException e) {
      return new SlideOpenResult.Declined(String.valueOf(e.getMessage()));
    }
  }

  private static SlideDescription describe(OpenSlideHandle handle, SlideOptions options) {
    Map<String, String> properties = handle.properties();
    String vendor = properties.getOrDefault("openslide.vendor", "unknown");
    return new SlideDescription(
        vendor,
        handle.levels(),
        new MppEvidence().addProperties(vendor, properties).decide(options),
        MppEvidence.number(properties, "openslide.objective-power"),
        properties,
        Set.copyOf(handle.associatedImageNames()));
  }

  private static Set<Integer> damagedLevels(SlideDescription description) {
    Set<Integer> narrow = new HashSet<>();
    for (SlideLevel level : description.levels()) {
      String key = "openslide.level[" + level.index() + "].tile-width";
      boolean narrower =
          MppEvidence.number(description.properties(), key).orElse(0) > level.width();
      if (narrower && NarrowLevels.damaged()) {
        narrow.add(level.index());
      }
    }
    return narrow;
  }

  /** The built-in reader's view of the slide, if it has the same levels. */
  private static Optional<Slide> substitute(Path path, SlideDescription description) {
    SlideOpenResult result = new BuiltinProvider().open(path, SlideOptions.DEFAULT);
    if (result instanceof SlideOpenResult.Opened opened) {
      if (opened.slide().levels().equals(description.levels())) {
        return Optional.of(opened.slide());
      }
      opened.slide().close();
    }
    return Optional.empty();
  }
}
