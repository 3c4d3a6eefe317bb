package io.github.gpfm.slideio.internal.region;

import com.google.common.cache.Cache;
import com.google.common.cache.CacheBuilder;
import io.github.gpfm.api.Slide;
import io.github.gpfm.api.SlideLevel;
import io.github.gpfm.api.Tile;
import io.github.gpfm.slideio.internal.CacheLoading;
import java.awt.image.BufferedImage;
import java.awt.image.DataBufferInt;

/**
 * Decoded pixels of a slide, bounded in bytes. Regions that lie on a level's pixel grid are put
 * together from square blocks of that grid, so that overlapping regions share them; others (a
 * fractional downsample, or a level-0 position between two pixels of the level) are kept as they
 * were read. Either way the pixels are those of {@link Slide#readRegion}.
 */
public final class BlockCache {
  /** Edge of a block, level pixels. */
  static final int EDGE = 512;

  private final Slide slide;
  private final Cache<Tile, int[]> cache;

  /**
   * @param bytes at most this many bytes of pixels are kept
   */
  public BlockCache(Slide slide, long bytes) {
    this.slide = slide;
    this.cache =
        CacheBuilder.newBuilder()
            .concurrencyLevel(1)
            .maximumWeight(bytes)
            .weigher((Tile key, int[] pixels) -> 64 + 4 * pixels.length)
            .recordStats()
            .build();
  }

  /** Reads a region through the cache. */
  public BufferedImage read(Tile region) {
    requireValid(region);
    BufferedImage image =
        new BufferedImage(region.width(), region.height(), BufferedImage.TYPE_INT_ARGB);
    int[] target = pixels(image);
    SlideLevel level = slide.levels().get(region.level());
    long downsample = (long) level.downsample();
    boolean onGrid =
        downsample == level.downsample()
            && region.x() % downsample == 0
            && region.y() % downsample == 0;
    if (!onGrid) {
      int[] whole = get(region);
      System.arraycopy(whole, 0, target, 0, target.length);
      return image;
    }
    long left = region.x() / downsample;
    long top = region.y() / downsample;
    long lastColumn = Math.floorDiv(left + region.width() - 1, EDGE);
    long lastRow = Math.floorDiv(top + region.height() - 1, EDGE);
    for (long row = Math.floorDiv(top, EDGE); row <= lastRow; row++) {
      for (long column = Math.floorDiv(left, EDGE); column <= lastColumn; column++) {
        if (overlaps(level, column, row)) {
          Tile block =
              new Tile(
                  column * EDGE * downsample, row * EDGE * downsample, region.level(), EDGE, EDGE);
          copy(get(block), column * EDGE - left, row * EDGE - top, target, region);
        }
      }
    }
    return image;
  }

  private static boolean overlaps(SlideLevel level, long column, long row) {
    return column >= 0 && row >= 0 && column * EDGE < level.width() && row * EDGE < level.height();
  }

  /** Share of the lookups that found their pixels, 0 to 1. */
  public double hitRate() {
    return cache.stats().hitRate();
  }

  /** Forgets everything. */
  public void clear() {
    cache.invalidateAll();
  }

  private void requireValid(Tile region) {
    int levels = slide.levels().size();
    if (region.level() < 0 || region.level() >= levels) {
      throw new IllegalArgumentException(
          "level must be 0 to " + (levels - 1) + ", not " + region.level());
    }
    long area = (long) region.width() * region.height();
    if (region.width() < 1 || region.height() < 1 || area > Integer.MAX_VALUE - 8) {
      throw new IllegalArgumentException(
          "a region has 1 to 2^31 pixels, not " + region.width() + " x " + region.height());
    }
  }

  private int[] get(Tile key) {
    return CacheLoading.get(
        cache,
        key,
        () -> pixels(slide.readRegion(key.x(), key.y(), key.level(), key.width(), key.height())));
  }

  private static void copy(int[] block, long atX, long atY, int[] target, Tile region) {
    int fromX = (int) Math.max(0, atX);
    int toX = (int) Math.min(region.width(), atX + EDGE);
    int fromY = (int) Math.max(0, atY);
    int toY = (int) Math.min(region.height(), atY + EDGE);
    for (int y = fromY; y < toY; y++) {
      System.arraycopy(
          block,
          (int) (y - atY) * EDGE + (int) (fromX - atX),
          target,
          y * region.width() + fromX,
          toX - fromX);
    }
  }

  private static int[] pixels(BufferedImage image) {
    return ((DataBufferInt) image.getRaster().getDataBuffer()).getData();
  }
}
