package io.github.gpfm.slideio.bioformats.internal;

import org.jspecify.annotations.Nullable;

/**
 * The methods of {@code loci.formats.tiff.IFD} that the adapter uses, by the same names and
 * parameters.
 */
public interface TiffPage {
  @Nullable Object getIFDValue(int tag);

  long getImageWidth() throws Exception;

  long getImageLength() throws Exception;

  long getTileWidth() throws Exception;

  long getTileLength() throws Exception;

  int getSamplesPerPixel() throws Exception;

  int getPixelType() throws Exception;

  boolean isLittleEndian() throws Exception;
}
