package io.github.gpfm.slideio.internal.openslide;

import io.github.gpfm.api.Slide;
import io.github.gpfm.api.SlideException;
import io.github.gpfm.api.SlideLevel;
import io.github.gpfm.api.SlideOpenResult;
import io.github.gpfm.api.SlideOptions;
import io.github.gpfm.api.SlideProvider;
import io.github.gpfm.slideio.internal.builtin.BuiltinProvider;
import io.github.gpfm.slideio.internal.dicom.DicomSlides;
import io.github.gpfm.slideio.internal.formats.OmeXml;
import io.github.gpfm.slideio.spi.MppEvidence;
import io.github.gpfm.slideio.spi.SlideDescription;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
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
      return openFolder(path, options, library);
    }
    if (options.series().orElse(0) != 0) {
      return new SlideOpenResult.Declined(
          "OpenSlide knows one image a file, not series " + options.series().getAsInt());
    }
    return open(path, path, options, library);
  }

  /** The DICOM slide of a folder, through one of its files. */
  private static SlideOpenResult openFolder(
      Path folder, SlideOptions options, OpenSlideLibrary library) {
    if (library.version().startsWith("3.")) {
      return new SlideOpenResult.Declined(
          "a folder, and OpenSlide " + library.version() + " does not read DICOM");
    }
    SlideOpenResult judged = new BuiltinProvider().open(folder, options);
    if (judged instanceof SlideOpenResult.Opened opened) {
      try (Slide builtin = opened.slide()) {
        Path file = Path.of(String.valueOf(builtin.properties().get(DicomSlides.FILE)));
        return open(folder, file, options, library);
      }
    }
    return judged;
  }

  /**
   * @param path what the caller named
   * @param file what OpenSlide is given
   */
  private static SlideOpenResult open(
      Path path, Path file, SlideOptions options, OpenSlideLibrary library) {
    try {
      OpenSlideHandle handle = OpenSlideHandle.open(file);
      if (handle == null) {
        return new SlideOpenResult.Declined(
            "not a format OpenSlide " + library.version() + " knows");
      }
      try {
        OpenSlideCaches.attach(handle, library);
        SlideDescription description = describe(file, handle, options);
        Optional<String> misread = Misreadings.of(path, description, options, library.version());
        if (misread.isPresent()) {
          handle.close();
          return new SlideOpenResult.Declined(misread.get());
        }
        return new SlideOpenResult.Opened(
            new OpenSlideSlide(
                path,
                file,
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

  private static SlideDescription describe(
      Path file, OpenSlideHandle handle, SlideOptions options) {
    Map<String, String> properties = handle.properties();
    String vendor = properties.getOrDefault("openslide.vendor", "unknown");
    List<SlideLevel> levels = handle.levels();
    MppEvidence evidence = new MppEvidence().addProperties(vendor, properties);
    if (!levels.isEmpty()) {
      OmeXml.addTo(evidence, file, properties, levels.get(0).width(), levels.get(0).height());
    }
    return new SlideDescription(
        vendor,
        levels,
        evidence.decide(options),
        MppEvidence.number(properties, "openslide.objective-power"),
        properties,
        Set.copyOf(handle.associatedImageNames()),
        evidence.refused());
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
      if (sameLevels(opened.slide().levels(), description.levels())) {
        return Optional.of(opened.slide());
      }
      opened.slide().close();
    }
    return Optional.empty();
  }

  private static boolean sameLevels(List<SlideLevel> one, List<SlideLevel> other) {
    if (one.size() != other.size()) {
      return false;
    }
    for (int i = 0; i < one.size(); i++) {
      boolean same =
          one.get(i).width() == other.get(i).width()
              && one.get(i).height() == other.get(i).height()
              && Math.abs(one.get(i).downsample() - other.get(i).downsample()) < 1e-9;
      if (!same) {
        return false;
      }
    }
    return true;
  }
}
