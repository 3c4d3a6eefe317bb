package io.github.gpfm.slideio.internal.formats;

import io.github.gpfm.api.SlideException;
import io.github.gpfm.api.SlideOptions;
import io.github.gpfm.slideio.internal.builtin.SlideContent;
import io.github.gpfm.slideio.internal.io.SlideFile;
import io.github.gpfm.slideio.internal.tiff.TiffDirectory;
import io.github.gpfm.slideio.internal.tiff.TiffReader;
import io.github.gpfm.slideio.internal.tiff.TiffReader.Tiff;
import io.github.gpfm.slideio.internal.tiff.TiffTag;
import java.nio.file.Path;
import java.util.Optional;

/** Chooses the format of a TIFF file, the particular before the general. */
public final class TiffFormats {
  private TiffFormats() {}

  /** Opens a TIFF of any kind. */
  public static SlideContent open(SlideFile file, SlideOptions options) {
    Tiff tiff = TiffReader.read(file);
    Optional<String> container = ForeignContainers.marked(tiff);
    if (container.isPresent()) {
      throw file.unsupported(container.get());
    }
    if (!OmeTiffFormat.matches(tiff)) {
      BuiltinFormats.requireFirstSeries(file, options);
    }
    if (NdpiFormat.matches(tiff)) {
      return NdpiFormat.open(file, tiff);
    }
    if (AperioFormat.matches(tiff)) {
      return AperioFormat.open(file, tiff);
    }
    if (PhilipsFormat.matches(tiff)) {
      return PhilipsFormat.open(file, tiff);
    }
    if (VentanaFormat.matches(tiff)) {
      return VentanaFormat.open(file, tiff);
    }
    if (OmeTiffFormat.matches(tiff)) {
      return OmeTiffFormat.open(file, tiff, options);
    }
    return GenericTiffFormat.open(file, tiff);
  }

  /** Whether a plain TIFF's reduced images include transparency masks. */
  public static boolean masksAmongLevels(SlideFile file) {
    return TiffReader.read(file).directories().stream()
        .anyMatch(
            directory ->
                directory.index() > 0 && TiffParts.reduced(directory) && TiffParts.mask(directory));
  }

  /** Whether the picture of a plain TIFF is grey of 16 bits. */
  public static boolean deepGrey(SlideFile file) {
    TiffDirectory first = TiffReader.read(file).first();
    return first.integer(TiffTag.BITS_PER_SAMPLE, 1) == 16
        && first.integer(TiffTag.SAMPLES_PER_PIXEL, 1) == 1;
  }

  /** Whether a plain TIFF begins with a smaller version of its picture. */
  public static boolean beginsSmaller(SlideFile file) {
    return GenericTiffFormat.larger(TiffReader.read(file)).isPresent();
  }

  /** Whether a file is a TIFF with a picture that is not stored upright (tag 274). */
  public static boolean turned(Path path) {
    try (SlideFile file = new SlideFile(path)) {
      return TiffReader.recognises(file.readUpTo(0, 16))
          && TiffReader.read(file).directories().stream()
              .filter(directory -> directory.index() == 0 || TiffParts.reduced(directory))
              .anyMatch(directory -> directory.integer(TiffTag.ORIENTATION, 1) != 1);
    } catch (SlideException e) {
      // Not to be parsed: whoever opens the file will say so.
      return false;
    }
  }
}
