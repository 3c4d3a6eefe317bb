package io.github.gpfm.slideio.bioformats.internal;

import java.util.List;
import java.util.function.Function;

/** The pages of a TIFF with those that are marked as reduced-resolution copies. */
final class ReducedPages {
  private static final int NEW_SUBFILE_TYPE = 254;
  private static final int REDUCED = 1;

  private final TiffPages parser;
  private final List<?> directories;
  private final List<TiffPage> pages;

  /**
   * @param parser of the file, owned from now on
   * @param view makes one of the parser's pages readable
   */
  ReducedPages(TiffPages parser, Function<Object, TiffPage> view) throws Exception {
    this.parser = parser;
    this.directories = parser.getMainIFDs();
    for (Object directory : directories) {
      parser.fillInIFD(directory);
    }
    this.pages = directories.stream().map(view).toList();
  }

  int count() {
    return pages.size();
  }

  /** Whether Bio-Formats' TIFF reader hides the page from its series. */
  boolean hidden(int page) {
    return pages.size() > 1
        && pages.get(page).getIFDValue(NEW_SUBFILE_TYPE) instanceof Number type
        && type.intValue() == REDUCED;
  }

  /**
   * Describes a hidden page, whose samples come planar.
   *
   * @param page its index
   * @param series the series it belongs to
   * @param like form of that series
   */
  ImagePage describe(int page, int series, PixelLayout like) throws Exception {
    TiffPage tiff = pages.get(page);
    SampleType type = SampleType.of(tiff.getPixelType());
    PixelLayout pixels =
        new PixelLayout(
            type,
            type == like.type() ? like.significantBits() : 8 * type.bytes(),
            tiff.getSamplesPerPixel(),
            false,
            tiff.isLittleEndian(),
            like.channels().subList(0, 1),
            like.palette());
    return new ImagePage(
        series,
        0,
        page,
        Math.toIntExact(tiff.getImageWidth()),
        Math.toIntExact(tiff.getImageLength()),
        Math.toIntExact(tiff.getTileWidth()),
        Math.toIntExact(tiff.getTileLength()),
        pixels);
  }

  byte[] read(ImagePage page, int x, int y, int width, int height) throws Exception {
    int bytes = Math.toIntExact(page.pixels().bytesPerPixel() * width * height);
    return parser.getSamples(
        directories.get(page.tiffPage()), new byte[bytes], x, y, width, height);
  }

  void close() throws Exception {
    parser.close();
  }
}
