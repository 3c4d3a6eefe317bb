package io.github.gpfm.slideio.bioformats.internal;

import java.util.List;

/**
 * The methods of {@code loci.formats.tiff.TiffParser} that the adapter uses, by the same names and
 * parameters. They reach the pages that a TIFF marks as reduced-resolution copies (NewSubfileType
 * 1), which Bio-Formats' general TIFF reader does not offer as series. One parser serves one thread
 * at a time.
 */
public interface TiffPages {
  /** The TIFF's pages in file order, each a {@code loci.formats.tiff.IFD}. */
  List<?> getMainIFDs() throws Exception;

  /** Loads a page's tags. */
  void fillInIFD(Object page) throws Exception;

  /** Reads planar samples of a page into a buffer and returns it. */
  byte[] getSamples(Object page, byte[] buffer, int x, int y, long width, long height)
      throws Exception;

  void close() throws Exception;
}
