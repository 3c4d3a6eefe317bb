package io.github.gpfm.tiling.segment;

import io.github.gpfm.api.Described;
import io.github.gpfm.api.InvalidOptionException;
import io.github.gpfm.api.Recipe;
import io.github.gpfm.api.Slide;
import io.github.gpfm.tiling.internal.ContourTracer;
import io.github.gpfm.tiling.tissue.Tissue;
import io.github.gpfm.tiling.tissue.TissueRegion;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.opencv.core.Mat;

/**
 * Which pieces and holes of a mask are kept, in CLAM's units: 512x512 level-0 patches.
 *
 * @param aT keep pieces whose area without holes exceeds this
 * @param aH keep holes whose area exceeds this
 * @param maxNHoles keep at most this many holes of a piece, the largest
 */
public record RegionFilter(double aT, double aH, int maxNHoles) implements Described {
  /** One patch of tissue, a quarter patch of hole, 32 holes. */
  public static final RegionFilter DEFAULT = new RegionFilter(1, 0.25, 32);

  private static final double PATCH = 512.0 * 512.0;

  @Override
  public void describe(Recipe.Builder recipe) {
    recipe.add("a_t", aT).add("a_h", aH).add("max_n_holes", maxNHoles);
  }

  /** Checks that nothing is negative. */
  public RegionFilter {
    if (!(aT >= 0) || !(aH >= 0) || maxNHoles < 0) {
      throw new InvalidOptionException(
              "aT, aH and maxNHoles must be 0 or more, not "
                  + aT
                  + ", "
                  + aH
                  + " and "
                  + maxNHoles
                  + ".")
          .about("aT", "aH", "maxNHoles");
    }
  }

  /**
   * Traces a mask of a whole slide.
   *
   * @param mask {@code CV_8UC1}; everything but 0 is tissue
   */
  Tissue trace(
      String segmenter,
      Slide slide,
      Mat mask,
      double downsampleX,
      double downsampleY,
      Map<String, String> parameters) {
    double patch = PATCH / (downsampleX * downsampleY);
    List<TissueRegion> regions =
        ContourTracer.trace(mask, aT * patch, aH * patch, maxNHoles, downsampleX, downsampleY);
    Map<String, String> all = new TreeMap<>(parameters);
    all.put("a_t", Double.toString(aT));
    all.put("a_h", Double.toString(aH));
    all.put("max_n_holes", Integer.toString(maxNHoles));
    return new Tissue(
        segmenter,
        slide.bestLevelForDownsample(Math.max(1, Math.min(downsampleX, downsampleY))),
        downsampleX,
        downsampleY,
        slide.width(),
        slide.height(),
        regions,
        all);
  }

  /**
   * Level-0 pixels per pixel at a resolution; a slide that does not state its own is taken for one
   * of 40x, 0.25 µm per pixel.
   */
  static double downsample(Slide slide, double mpp) {
    double own =
        slide
            .mpp()
            .map(io.github.gpfm.api.Mpp::mean)
            .orElseGet(() -> 10 / slide.objectivePower().orElse(40));
    return Math.max(1, mpp / own);
  }
}
