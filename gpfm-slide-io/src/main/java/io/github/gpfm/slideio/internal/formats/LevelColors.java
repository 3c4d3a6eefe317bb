package io.github.gpfm.slideio.internal.formats;

import io.github.gpfm.slideio.internal.builtin.TileSource;
import io.github.gpfm.slideio.internal.tiff.TiffImage;
import io.github.gpfm.slideio.internal.tiff.TiffTileSource;
import java.util.ArrayList;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Finds levels whose colours are not those of level 0. libvips converts each level of a JPEG 2000
 * pyramid (compression 33004) to YCbCr once more than the one above, so that no conversion makes
 * all of them right.
 */
final class LevelColors {
  private static final Logger LOG = LoggerFactory.getLogger(LevelColors.class);

  /** Mean difference of a band, of 255, that scaling down cannot explain. */
  private static final double TOLERANCE = 12;

  private LevelColors() {}

  /** The levels without those of other colours than the first, each of which is warned of. */
  static List<TiffImage> consistent(List<TiffImage> images) {
    if (images.size() < 2 || !images.get(0).lossyJpeg2000()) {
      return images;
    }
    List<TiffImage> kept = new ArrayList<>();
    TileSource base = new TiffTileSource(images.get(0));
    for (TiffImage image : images) {
      if (kept.isEmpty() || alike(base, new TiffTileSource(image))) {
        kept.add(image);
      } else {
        LOG.warn(
            "{}: its level of {} x {} pixels has other colours than level 0 (a fault of libvips):"
                + " it is left out.",
            image.file().path(),
            image.width(),
            image.height());
      }
    }
    return kept;
  }

  /** Compares the first tile with what is below it in level 0. */
  private static boolean alike(TileSource base, TileSource level) {
    double scale = (double) base.width() / level.width();
    long width = Math.min(level.tileWidth(), level.width());
    long height = Math.min(level.tileHeight(), level.height());
    double[] wanted = mean(base, Math.round(width * scale), Math.round(height * scale));
    double[] found = mean(level, width, height);
    for (int band = 0; band < 3; band++) {
      if (Math.abs(wanted[band] - found[band]) > TOLERANCE) {
        return false;
      }
    }
    return true;
  }

  /** Mean of each band over the upper left part of an image. */
  private static double[] mean(TileSource source, long width, long height) {
    double[] sums = new double[3];
    long count = 0;
    for (long row = 0; row * source.tileHeight() < height; row++) {
      for (long column = 0; column * source.tileWidth() < width; column++) {
        int[] tile = source.decode(column, row);
        if (tile == null) {
          continue;
        }
        long right = Math.min(source.tileWidth(), width - column * source.tileWidth());
        long bottom = Math.min(source.tileHeight(), height - row * source.tileHeight());
        for (int y = 0; y < bottom; y++) {
          for (int x = 0; x < right; x++) {
            int pixel = tile[y * source.tileWidth() + x];
            sums[0] += pixel >> 16 & 255;
            sums[1] += pixel >> 8 & 255;
            sums[2] += pixel & 255;
          }
        }
        count += right * bottom;
      }
    }
    for (int band = 0; band < 3; band++) {
      sums[band] /= Math.max(1, count);
    }
    return sums;
  }
}
