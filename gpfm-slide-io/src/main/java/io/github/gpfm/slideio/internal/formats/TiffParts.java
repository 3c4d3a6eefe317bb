package io.github.gpfm.slideio.internal.formats;

import io.github.gpfm.slideio.internal.builtin.SlideContent;
import io.github.gpfm.slideio.internal.builtin.WholeImage;
import io.github.gpfm.slideio.internal.tiff.TiffDirectory;
import io.github.gpfm.slideio.internal.tiff.TiffImage;
import io.github.gpfm.slideio.internal.tiff.TiffTag;
import io.github.gpfm.slideio.internal.tiff.TiffTileSource;

/** Steps that TIFF formats share. */
final class TiffParts {
  private TiffParts() {}

  /** Adds an associated image kept in a directory; one too large for that role is left out. */
  static void addAssociated(SlideContent content, String name, TiffDirectory directory) {
    TiffTileSource source = new TiffTileSource(new TiffImage(directory));
    if (WholeImage.fits(source)) {
      content.addAssociated(name, () -> WholeImage.of(source));
    }
  }

  /** Whether the directory is marked as a smaller version of another image. */
  static boolean reduced(TiffDirectory directory) {
    return (directory.integer(TiffTag.NEW_SUBFILE_TYPE, 0) & 1) != 0;
  }

  /** Whether the directory is a transparency mask, as GDAL keeps one beside each level. */
  static boolean mask(TiffDirectory directory) {
    return (directory.integer(TiffTag.NEW_SUBFILE_TYPE, 0) & 4) != 0
        || directory.integer(TiffTag.PHOTOMETRIC, 0) == 4;
  }
}
