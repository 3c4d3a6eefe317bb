package io.github.gpfm.tiling.segment;

import io.github.gpfm.api.InvalidOptionException;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicBoolean;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Parameters of {@link ClamSegmenter} under the official patcher's names.
 *
 * @param segLevel {@code seg_level}: level to segment on, or {@link #AUTO_LEVEL} for the one best
 *     for a downsample of 64
 * @param sthresh {@code sthresh}: a pixel is tissue when its median-blurred HSV saturation exceeds
 *     this, 0 to 255; ignored with Otsu
 * @param mthresh {@code mthresh}: edge of the median filter, odd and at least 3; an even value is
 *     rounded up to the next odd one, because the filter refuses even sizes
 * @param close {@code close}: edge of the square that closes gaps, 0 for none
 * @param useOtsu {@code use_otsu}: choose the threshold by Otsu's method
 * @param aT {@code a_t}: keep pieces whose area without holes exceeds this many 512x512 level-0
 *     patches
 * @param aH {@code a_h}: keep holes that exceed this many 512x512 level-0 patches
 * @param maxNHoles {@code max_n_holes}: keep at most this many holes of a piece, the largest
 * @param keepIds {@code keep_ids}: if not empty, keep only these pieces, counted from 0
 * @param excludeIds {@code exclude_ids}: drop these pieces
 */
public record SegmentationParameters(
    int segLevel,
    int sthresh,
    int mthresh,
    int close,
    boolean useOtsu,
    double aT,
    double aH,
    int maxNHoles,
    List<Integer> keepIds,
    List<Integer> excludeIds) {
  /** {@link #segLevel()}: the level best for a downsample of 64. */
  public static final int AUTO_LEVEL = -1;

  /** What the official patcher uses without a preset: 8, 7, 4, fixed threshold, 100, 16, 32. */
  public static final SegmentationParameters OFFICIAL =
      new SegmentationParameters(AUTO_LEVEL, 8, 7, 4, false, 100, 16, 32, List.of(), List.of());

  private static final Logger LOG = LoggerFactory.getLogger(SegmentationParameters.class);
  private static final AtomicBoolean EVEN_TOLD = new AtomicBoolean();

  /** Checks the ranges given above. */
  public SegmentationParameters {
    check("segLevel", segLevel, AUTO_LEVEL, 64);
    check("sthresh", sthresh, 0, 255);
    check("mthresh", mthresh, 2, 255);
    check("close", close, 0, 4096);
    check("maxNHoles", maxNHoles, 0, Integer.MAX_VALUE);
    if (!(aT >= 0) || !(aH >= 0)) {
      throw new InvalidOptionException(
              "aT and aH must be 0 or more 512x512 patches, not " + aT + " and " + aH + ".")
          .about("aT", "aH");
    }
    keepIds = List.copyOf(keepIds);
    excludeIds = List.copyOf(excludeIds);
  }

  private static void check(String name, int value, int min, int max) {
    if (value < min || value > max) {
      throw new InvalidOptionException(
              name + " must be from " + min + " to " + max + ", not " + value + ".")
          .about(name);
    }
  }

  /** Edge of the median filter that is used: {@link #mthresh()} or the next odd number. */
  public int medianSize() {
    if (mthresh % 2 == 1) {
      return mthresh;
    }
    if (EVEN_TOLD.compareAndSet(false, true)) {
      LOG.warn(
          "The median filter takes odd sizes only: mthresh {} is rounded up to {}.",
          mthresh,
          mthresh + 1);
    }
    return mthresh + 1;
  }

  /** These parameters on another level. */
  public SegmentationParameters withSegLevel(int level) {
    return new SegmentationParameters(
        level, sthresh, mthresh, close, useOtsu, aT, aH, maxNHoles, keepIds, excludeIds);
  }

  /** These parameters with other area limits, in 512x512 level-0 patches. */
  public SegmentationParameters withAreas(double newAT, double newAH, int newMaxNHoles) {
    return new SegmentationParameters(
        segLevel,
        sthresh,
        mthresh,
        close,
        useOtsu,
        newAT,
        newAH,
        newMaxNHoles,
        keepIds,
        excludeIds);
  }

  /** The parameters under their official names. */
  public Map<String, String> toMap() {
    Map<String, String> map = new TreeMap<>();
    map.put("seg_level", Integer.toString(segLevel));
    map.put("sthresh", Integer.toString(sthresh));
    map.put("mthresh", Integer.toString(mthresh));
    map.put("close", Integer.toString(close));
    map.put("use_otsu", Boolean.toString(useOtsu));
    map.put("a_t", number(aT));
    map.put("a_h", number(aH));
    map.put("max_n_holes", Integer.toString(maxNHoles));
    map.put("keep_ids", ids(keepIds));
    map.put("exclude_ids", ids(excludeIds));
    return map;
  }

  private static String number(double value) {
    return value == Math.rint(value) && value < 1e15
        ? Long.toString((long) value)
        : Double.toString(value);
  }

  private static String ids(List<Integer> ids) {
    return ids.isEmpty() ? "none" : String.join(",", ids.stream().map(String::valueOf).toList());
  }
}
