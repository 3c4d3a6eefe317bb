package io.github.gpfm.slideio.internal.openslide;

import io.github.gpfm.api.Slide;
import io.github.gpfm.api.SlideException;
import io.github.gpfm.api.SlideOpenResult;
import io.github.gpfm.api.SlideOptions;
import io.github.gpfm.slideio.internal.builtin.BuiltinProvider;
import io.github.gpfm.slideio.internal.dicom.DicomSlides;
import io.github.gpfm.slideio.internal.formats.ForeignContainers;
import io.github.gpfm.slideio.internal.formats.TiffFormats;
import io.github.gpfm.slideio.internal.io.SlideFile;
import io.github.gpfm.slideio.spi.SlideDescription;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;

/** Slides that OpenSlide opens and is known to show otherwise than they are, without an error. */
final class Misreadings {
  private Misreadings() {}

  /**
   * Why OpenSlide's view of a slide is not to be had, as a clause; empty if nothing is known
   * against it.
   *
   * @param path what was opened, a file or a DICOM folder
   * @param description OpenSlide's view
   * @param version of the library
   */
  static Optional<String> of(
      Path path, SlideDescription description, SlideOptions options, String version) {
    return switch (description.vendor()) {
      case "generic-tiff" -> plainTiff(path, version);
      case "dicom" -> dicom(path, options);
      default -> Optional.empty();
    };
  }

  /** A preview is no slide; transparency masks are no levels. */
  private static Optional<String> plainTiff(Path path, String version) {
    Optional<String> elsewhere = ForeignContainers.elsewhere(path);
    if (elsewhere.isPresent()) {
      return elsewhere;
    }
    try (SlideFile file = new SlideFile(path)) {
      if (TiffFormats.beginsSmaller(file)) {
        return Optional.of("OpenSlide takes the smaller image at its beginning for the slide");
      }
      if (version.startsWith("4.0.") && TiffFormats.deepGrey(file)) {
        return Optional.of("OpenSlide " + version + " shows grey of 16 bits in other shades");
      }
      return TiffFormats.masksAmongLevels(file)
          ? Optional.of("OpenSlide takes its transparency masks for levels")
          : Optional.empty();
    } catch (SlideException e) {
      // OpenSlide reads kinds of TIFF that the built-in parser does not.
      return Optional.empty();
    }
  }

  /** A series that is not whole, and colours that are not those the attributes state. */
  private static Optional<String> dicom(Path path, SlideOptions options) {
    SlideOpenResult result = new BuiltinProvider().open(path, options);
    if (result instanceof SlideOpenResult.Declined declined) {
      return Optional.of(declined.reason());
    }
    try (Slide builtin = ((SlideOpenResult.Opened) result).slide()) {
      Map<String, String> properties = builtin.properties();
      if (properties.containsKey(DicomSlides.COLORS)) {
        return Optional.of(
            "OpenSlide shows its frames by the colours that its attributes state, and they are"
                + " others");
      }
      return properties.containsKey(DicomSlides.LEFT_OUT)
          ? Optional.of("OpenSlide does not leave out what cannot be read")
          : Optional.empty();
    }
  }
}
