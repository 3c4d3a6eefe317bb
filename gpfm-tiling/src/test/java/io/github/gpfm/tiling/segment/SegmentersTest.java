package io.github.gpfm.tiling.segment;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.gpfm.api.InvalidOptionException;
import io.github.gpfm.api.TilingException;
import io.github.gpfm.tiling.SyntheticSlide;
import io.github.gpfm.tiling.tissue.Tissue;
import io.github.gpfm.tiling.tissue.TissueMask;
import io.github.gpfm.tiling.tissue.TissueRegion;
import java.awt.image.BufferedImage;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;

class SegmentersTest {
  private static final long WIDTH = 16384;
  private static final long HEIGHT = 12288;
  private static final long[] CENTRES = {4000, 4000, 11000, 7000};
  private static final double RADIUS = 2500;

  /** Two discs of stained tissue with a little texture on slightly uneven glass. */
  private static SyntheticSlide slide(int tissue) {
    SyntheticSlide.Painter discs = SyntheticSlide.discs(RADIUS, CENTRES);
    return new SyntheticSlide(
        WIDTH,
        HEIGHT,
        0.25,
        (x, y) -> {
          int noise = (int) ((x * 2654435761L ^ y * 40503L) >>> 7 & 3);
          return discs.rgb(x, y) == 0xc06090
              ? tissue + noise * 0x040404
              : 0xf2f1f2 + noise * 0x010101;
        },
        1,
        4,
        16,
        64);
  }

  private static double dice(SyntheticSlide slide, Tissue tissue) {
    TissueMask mask = TissueMask.at(tissue, 32, 32);
    SyntheticSlide.Painter truth = SyntheticSlide.discs(RADIUS, CENTRES);
    long both = 0;
    long sum = 0;
    for (int y = 0; y < mask.height(); y++) {
      for (int x = 0; x < mask.width(); x++) {
        boolean expected = truth.rgb(x * 32L + 16, y * 32L + 16) == 0xc06090;
        both += expected && mask.isTissue(x, y) ? 2 : 0;
        sum += (expected ? 1 : 0) + (mask.isTissue(x, y) ? 1 : 0);
      }
    }
    assertEquals(slide.width(), tissue.slideWidth());
    return (double) both / sum;
  }

  @Test
  void everySegmenterFindsStainedTissue() {
    SyntheticSlide slide = slide(0xb05080);
    for (TissueSegmenter segmenter :
        List.of(
            new ClamSegmenter(SegmentationParameters.OFFICIAL.withAreas(1, 1, 8)),
            new OtsuSegmenter(),
            new HsvEntropySegmenter(),
            new ModelSegmenter(new Redness(128, 8)),
            new ModelSegmenter(new Redness(100, 3.7)))) {
      Tissue tissue = segmenter.segment(slide);
      assertEquals(2, tissue.regions().size(), segmenter.name());
      assertEquals(segmenter.name(), tissue.segmenter());
      assertTrue(dice(slide, tissue) > 0.97, segmenter + " " + dice(slide, tissue));
    }
  }

  @Test
  void hsvEntropyFindsFaintTissue() {
    SyntheticSlide slide = slide(0xe9e2e8);
    double dice = dice(slide, new HsvEntropySegmenter().segment(slide));
    assertTrue(dice > 0.95, "dice " + dice);
  }

  @Test
  void emptyGlassHasNoTissue() {
    SyntheticSlide glass =
        new SyntheticSlide(WIDTH, HEIGHT, Double.NaN, (x, y) -> 0xf3f3f3, 1, 4, 16, 64);
    for (TissueSegmenter segmenter :
        List.of(
            new ClamSegmenter(SegmentationParameters.OFFICIAL),
            new OtsuSegmenter(),
            new HsvEntropySegmenter(),
            new ModelSegmenter(new Redness(128, 8)))) {
      assertTrue(segmenter.segment(glass).isEmpty(), segmenter.name());
    }
  }

  @Test
  void keepAndExcludeIdsChoosePieces() {
    SyntheticSlide slide = slide(0xb05080);
    SegmentationParameters all = SegmentationParameters.OFFICIAL.withAreas(1, 1, 8);
    List<TissueRegion> regions = new ClamSegmenter(all).segment(slide).regions();
    SegmentationParameters second =
        new SegmentationParameters(-1, 8, 7, 4, false, 1, 1, 8, List.of(1), List.of());
    SegmentationParameters notSecond =
        new SegmentationParameters(-1, 8, 7, 4, false, 1, 1, 8, List.of(), List.of(1));
    assertEquals(List.of(regions.get(1)), new ClamSegmenter(second).segment(slide).regions());
    assertEquals(List.of(regions.get(0)), new ClamSegmenter(notSecond).segment(slide).regions());
  }

  @Test
  void evenMedianIsRoundedUp() {
    SegmentationParameters even =
        new SegmentationParameters(-1, 8, 6, 4, false, 1, 1, 8, List.of(), List.of());
    SegmentationParameters odd =
        new SegmentationParameters(-1, 8, 7, 4, false, 1, 1, 8, List.of(), List.of());
    SyntheticSlide slide = slide(0xb05080);
    assertEquals(
        new ClamSegmenter(odd).segment(slide).regions(),
        new ClamSegmenter(even).segment(slide).regions());
  }

  @Test
  void impossibleParametersAreRefused() {
    List<Supplier<Object>> bad =
        List.of(
            () -> SegmentationParameters.OFFICIAL.withSegLevel(-2),
            () -> SegmentationParameters.OFFICIAL.withAreas(-1, 1, 8),
            () -> new RegionFilter(1, -1, 1),
            () -> new HsvEntropySegmenter(0, RegionFilter.DEFAULT),
            () -> new ModelSegmenter(new Redness(128, 8), 1.5, 1, RegionFilter.DEFAULT),
            () ->
                new ClamSegmenter(SegmentationParameters.OFFICIAL.withSegLevel(9))
                    .segment(slide(0xb05080)));
    bad.forEach(each -> assertThrows(InvalidOptionException.class, each::get));
    TissueModel wrong =
        new Redness(128, 8) {
          @Override
          public List<float[]> probabilities(List<BufferedImage> tiles) {
            return List.of();
          }
        };
    assertThrows(TilingException.class, () -> new ModelSegmenter(wrong).segment(slide(0xb05080)));
  }

  /** A stand-in for a network: a pixel is tissue if it is redder than green. */
  private static class Redness implements TissueModel {
    private final int size;
    private final double mpp;

    Redness(int size, double mpp) {
      this.size = size;
      this.mpp = mpp;
    }

    @Override
    public String name() {
      return "redness";
    }

    @Override
    public void describe(io.github.gpfm.api.Recipe.Builder recipe) {
      recipe.add("name", name()).add("size", size).add("mpp", mpp);
    }

    @Override
    public int tileSize() {
      return size;
    }

    @Override
    public double mpp() {
      return mpp;
    }

    @Override
    public List<float[]> probabilities(List<BufferedImage> tiles) {
      List<float[]> answers = new ArrayList<>();
      for (BufferedImage tile : tiles) {
        float[] answer = new float[size * size];
        for (int i = 0; i < answer.length; i++) {
          int rgb = tile.getRGB(i % size, i / size);
          answer[i] = (rgb >> 16 & 0xff) - (rgb >> 8 & 0xff) > 40 ? 1 : 0;
        }
        answers.add(answer);
      }
      return answers;
    }

    @Override
    public void close() {}
  }
}
