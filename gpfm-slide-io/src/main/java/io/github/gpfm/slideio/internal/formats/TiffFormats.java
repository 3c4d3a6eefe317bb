package io.github.gpfm.slideio.internal.formats;

import io.github.gpfm.api.SlideOptions;
import io.github.gpfm.slideio.internal.builtin.SlideContent;
import io.github.gpfm.slideio.internal.io.SlideFile;
import io.github.gpfm.slideio.internal.tiff.TiffReader;
import io.github.gpfm.slideio.internal.tiff.TiffReader.Tiff;

/** Chooses the format of a TIFF file, the particular before the general. */
public final class TiffFormats {
  private TiffFormats() {}

  /** Opens a TIFF of any kind. */
  public static SlideContent open(SlideFile file, SlideOptions options) {
    Tiff tiff = TiffReader.read(file);
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
}
