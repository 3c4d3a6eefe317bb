package io.github.gpfm.slideio.internal.formats;

import io.github.gpfm.slideio.internal.builtin.TileSource;
import io.github.gpfm.slideio.internal.io.SlideFile;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * A level of an Aperio slide. An encoder fault left tiles of length 0 in some files; like OpenSlide
 * this draws them from the level above, averaged over the pixels that one pixel spans.
 */
final class AperioLevel implements TileSource {
  /**
   * Tiles decoded for a missing one: a few levels up there are hundreds, hostile files name more.
   */
  private static final int MAX_DECODED = 1024;

  private final SlideFile file;
  private final TileSource own;
  private final TileSource larger;

  private AperioLevel(SlideFile file, TileSource own, TileSource larger) {
    this.file = file;
    this.own = own;
    this.larger = larger;
  }

  /**
   * @param file for messages
   * @param own the level's tiles
   * @param before the larger levels
   */
  static TileSource of(SlideFile file, TileSource own, List<TileSource> before) {
    return before.isEmpty() ? own : new AperioLevel(file, own, before.get(before.size() - 1));
  }

  @Override
  public long width() {
    return own.width();
  }

  @Override
  public long height() {
    return own.height();
  }

  @Override
  public int tileWidth() {
    return own.tileWidth();
  }

  @Override
  public int tileHeight() {
    return own.tileHeight();
  }

  @Override
  public boolean decode(long column, long row, int[] argb) {
    decode(column, row, argb, new AtomicInteger(MAX_DECODED));
    return true;
  }

  private void decode(long column, long row, int[] argb, AtomicInteger left) {
    if (!own.decode(column, row, argb)) {
      fromLarger(column, row, argb, left);
    }
  }

  private void fromLarger(long column, long row, int[] target, AtomicInteger budget) {
    double scaleX = (double) larger.width() / width();
    double scaleY = (double) larger.height() / height();
    long[] sums = new long[4 * target.length];
    int[] counts = new int[target.length];
    long left = column * tileWidth();
    long top = row * tileHeight();
    long firstColumn = (long) (left * scaleX) / larger.tileWidth();
    long firstRow = (long) (top * scaleY) / larger.tileHeight();
    double right = Math.min(width(), left + tileWidth()) * scaleX;
    double bottom = Math.min(height(), top + tileHeight()) * scaleY;
    for (long r = firstRow; r < larger.tilesDown() && r * larger.tileHeight() < bottom; r++) {
      for (long c = firstColumn; c < larger.tilesAcross() && c * larger.tileWidth() < right; c++) {
        if (budget.decrementAndGet() < 0) {
          throw file.damaged("a missing tile stands for too many tiles of the levels above");
        }
        int[] source = new int[larger.tileWidth() * larger.tileHeight()];
        boolean there = true;
        if (larger instanceof AperioLevel level) {
          level.decode(c, r, source, budget);
        } else {
          there = larger.decode(c, r, source);
        }
        if (there) {
          add(source, c, r, left, top, scaleX, scaleY, sums, counts);
        }
      }
    }
    for (int i = 0; i < target.length; i++) {
      for (int channel = 0; channel < 4 && counts[i] > 0; channel++) {
        target[i] |= (int) (sums[4 * i + channel] / counts[i]) << 8 * channel;
      }
    }
  }

  private void add(
      int[] source,
      long column,
      long row,
      long left,
      long top,
      double scaleX,
      double scaleY,
      long[] sums,
      int[] counts) {
    for (int y = 0; y < larger.tileHeight(); y++) {
      long targetY = (long) ((row * larger.tileHeight() + y) / scaleY) - top;
      if (targetY < 0 || targetY >= tileHeight()) {
        continue;
      }
      for (int x = 0; x < larger.tileWidth(); x++) {
        long targetX = (long) ((column * larger.tileWidth() + x) / scaleX) - left;
        if (targetX >= 0 && targetX < tileWidth()) {
          int at = (int) (targetY * tileWidth() + targetX);
          int pixel = source[y * larger.tileWidth() + x];
          for (int channel = 0; channel < 4; channel++) {
            sums[4 * at + channel] += pixel >>> 8 * channel & 255;
          }
          counts[at]++;
        }
      }
    }
  }
}
