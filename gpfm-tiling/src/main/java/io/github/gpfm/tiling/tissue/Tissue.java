package io.github.gpfm.tiling.tissue;

import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * The tissue found on one slide.
 *
 * @param segmenter name of the segmenter, for instance {@code clam}
 * @param level the level the contours were traced on; for a slide of one level the official
 *     patcher's virtual level, whose downsample is 2 to the power of its number
 * @param downsampleX level-0 pixels per traced pixel along a row
 * @param downsampleY level-0 pixels per traced pixel along a column
 * @param slideWidth width of level 0, pixels
 * @param slideHeight height of level 0, pixels
 * @param regions pieces of tissue in the order in which they were traced; unmodifiable
 * @param parameters what the segmenter was told, by name, sorted; unmodifiable
 */
public record Tissue(
    String segmenter,
    int level,
    double downsampleX,
    double downsampleY,
    long slideWidth,
    long slideHeight,
    List<TissueRegion> regions,
    Map<String, String> parameters) {
  /** Copies the collections. */
  public Tissue {
    regions = List.copyOf(regions);
    parameters = Collections.unmodifiableMap(new TreeMap<>(parameters));
  }

  /** The segmenter's name where nothing was segmented: tiles are given, tissue is not known. */
  public static final String UNKNOWN = "none";

  /** No tissue, because nobody looked for it. */
  public static Tissue unknown(long slideWidth, long slideHeight) {
    return new Tissue(UNKNOWN, 0, 1, 1, slideWidth, slideHeight, List.of(), Map.of());
  }

  /** Whether nobody looked for tissue, so that having no regions says nothing. */
  public boolean isUnknown() {
    return segmenter.equals(UNKNOWN);
  }

  /** Whether no tissue was found. */
  public boolean isEmpty() {
    return regions.isEmpty();
  }

  /** Area of all regions without their holes, square level-0 pixels. */
  public double area() {
    return regions.stream().mapToDouble(TissueRegion::area).sum();
  }

  /** The same tissue with other regions. */
  public Tissue withRegions(List<TissueRegion> newRegions) {
    return new Tissue(
        segmenter,
        level,
        downsampleX,
        downsampleY,
        slideWidth,
        slideHeight,
        newRegions,
        parameters);
  }
}
