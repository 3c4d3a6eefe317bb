package io.github.gpfm.examples;

import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.gpfm.api.ProgressListener;
import io.github.gpfm.api.Slide;
import io.github.gpfm.pipeline.TilingPlan;
import io.github.gpfm.sample.SyntheticSlide;
import io.github.gpfm.slideio.Slides;
import io.github.gpfm.tiling.segment.ClamSegmenter;
import io.github.gpfm.tiling.segment.HsvEntropySegmenter;
import io.github.gpfm.tiling.segment.OtsuSegmenter;
import io.github.gpfm.tiling.segment.RegionFilter;
import io.github.gpfm.tiling.segment.SegmentationParameters;
import io.github.gpfm.tiling.segment.TissueSegmenter;
import io.github.gpfm.tiling.tissue.Tissue;
import io.github.gpfm.tiling.tissue.TissueMask;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Segmenters against drawn slides whose tissue is known: Dice over all slides' pixels together and
 * of the worst slide. {@code -Dgpfm.dice.slides=30} takes more slides than the few of every build.
 */
class SegmenterDiceTest {
  private static final int SLIDES = Integer.getInteger("gpfm.dice.slides", 4);

  /** At least one segmenter reaches this. */
  private static final double WANTED = 0.95;

  @TempDir Path folder;

  private static Map<String, TissueSegmenter> segmenters() {
    RegionFilter filter = new RegionFilter(0.25, 0.1, 32);
    SegmentationParameters fixed = TilingPlan.DEFAULT_SEGMENTATION.withAreas(0.25, 0.1, 32);
    SegmentationParameters otsu =
        new SegmentationParameters(
            fixed.segLevel(), 8, 7, 4, true, 0.25, 0.1, 32, List.of(), List.of());
    Map<String, TissueSegmenter> segmenters = new LinkedHashMap<>();
    segmenters.put("clam, threshold 8", new ClamSegmenter(fixed));
    segmenters.put("clam, Otsu", new ClamSegmenter(otsu));
    segmenters.put("otsu", new OtsuSegmenter(filter));
    segmenters.put("hsv-entropy", new HsvEntropySegmenter().withFilter(filter));
    return segmenters;
  }

  @Test
  void atLeastOneSegmenterFindsTheTissue() throws IOException {
    Map<String, List<Double>> dice = new LinkedHashMap<>();
    for (int seed = 1; seed <= SLIDES; seed++) {
      SyntheticSlide.Written written =
          new SyntheticSlide(seed, 3072, 2560, 0.5, SyntheticSlide.Compression.JPEG)
              .write(folder.resolve("s" + seed + ".tif"), ProgressListener.NONE);
      BufferedImage truth = ImageIO.read(written.mask().toFile());
      try (Slide slide = Slides.open(written.slide())) {
        segmenters()
            .forEach(
                (name, segmenter) ->
                    dice.computeIfAbsent(name, key -> new ArrayList<>())
                        .add(dice(truth, segmenter.segment(slide))));
      }
    }
    StringBuilder table = new StringBuilder("Dice of " + SLIDES + " drawn slides\n");
    double best = 0;
    for (Map.Entry<String, List<Double>> row : dice.entrySet()) {
      double mean = row.getValue().stream().mapToDouble(Double::doubleValue).average().orElse(0);
      best = Math.max(best, mean);
      table.append(
          String.format(
              Locale.ROOT,
              "%-18s mean %.4f  worst %.4f%n",
              row.getKey(),
              mean,
              Collections.min(row.getValue())));
    }
    System.out.println(table);
    assertTrue(best >= WANTED, table.toString());
  }

  private static double dice(BufferedImage truth, Tissue tissue) {
    int step = SyntheticSlide.TRUTH_DOWNSAMPLE;
    TissueMask mask = TissueMask.at(tissue, step, step);
    long both = 0;
    long sum = 0;
    for (int y = 0; y < Math.min(mask.height(), truth.getHeight()); y++) {
      for (int x = 0; x < Math.min(mask.width(), truth.getWidth()); x++) {
        boolean expected = truth.getRaster().getSample(x, y, 0) > 127;
        both += expected && mask.isTissue(x, y) ? 2 : 0;
        sum += (expected ? 1 : 0) + (mask.isTissue(x, y) ? 1 : 0);
      }
    }
    return sum == 0 ? 1 : (double) both / sum;
  }
}
