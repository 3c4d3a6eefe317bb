package io.github.gpfm.slideio.internal.formats;

import io.github.gpfm.api.SlideFormatException;
import io.github.gpfm.api.SlideOptions;
import io.github.gpfm.slideio.internal.builtin.SlideContent;
import io.github.gpfm.slideio.internal.dicom.DicomSlides;
import io.github.gpfm.slideio.internal.io.SlideFile;
import io.github.gpfm.slideio.internal.tiff.TiffReader;
import java.util.Optional;

/** Recognises a file by its first bytes. */
public final class BuiltinFormats {
  private static final int HEAD = 256;

  private BuiltinFormats() {}

  /**
   * Opens a file of any format of the built-in reader.
   *
   * @throws SlideFormatException if it is none or damaged
   */
  public static SlideContent open(SlideFile file, SlideOptions options) {
    byte[] head = file.readUpTo(0, HEAD);
    Optional<String> elsewhere = ForeignContainers.elsewhere(file.path());
    if (elsewhere.isPresent()) {
      throw file.unsupported(elsewhere.get());
    }
    if (TiffReader.recognises(head)) {
      return TiffFormats.open(file, options);
    }
    requireFirstSeries(file, options);
    if (DicomSlides.recognises(head)) {
      return DicomSlides.open(file, options);
    }
    if (PlainImages.recognises(head)) {
      return PlainImages.open(file, head);
    }
    throw file.unsupported("not a TIFF, DICOM, PNG, JPEG or JPEG 2000 file");
  }

  /** A format of one image a file has no other to choose. */
  static void requireFirstSeries(SlideFile file, SlideOptions options) {
    int series = options.series().orElse(0);
    if (series != 0) {
      throw file.unsupported("its format has one image, and series " + series + " is asked for");
    }
  }
}
