package org.example;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.github.gpfm.api.Encoder;
import io.github.gpfm.api.ProgressListener;
import io.github.gpfm.api.Recipe;
import io.github.gpfm.api.Slide;
import io.github.gpfm.encoder.GpfmEncoder;
import io.github.gpfm.encoder.features.FeatureReader;
import io.github.gpfm.pipeline.SlideResult;
import io.github.gpfm.pipeline.SlideToFeatures;
import io.github.gpfm.pipeline.TilingPlan;
import io.github.gpfm.sample.SyntheticSlide;
import io.github.gpfm.tiling.grid.GridTiler;
import io.github.gpfm.tiling.segment.TissueSegmenter;
import io.github.gpfm.tiling.tissue.Contour;
import io.github.gpfm.tiling.tissue.Tissue;
import io.github.gpfm.tiling.tissue.TissueRegion;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PipelineTest {
  /** Takes one square of every slide for tissue. */
  record Square(int x, int y, int edge) implements TissueSegmenter {
    @Override
    public String name() {
      return "square";
    }

    @Override
    public Tissue segment(Slide slide) {
      Contour outline = Contour.of(x, y, x + edge, y, x + edge, y + edge, x, y + edge);
      List<TissueRegion> regions = List.of(new TissueRegion(outline, List.of()));
      return new Tissue(name(), 0, 1, 1, slide.width(), slide.height(), regions, Map.of());
    }

    @Override
    public void describe(Recipe.Builder recipe) {
      recipe.add("segmenter", name()).add("square", List.of(x, y, edge));
    }
  }

  @TempDir Path folder;

  @Test
  void tissueOfOnesOwn() {
    Path slide = SyntheticSlide.of(1).write(folder.resolve("s.tif"), ProgressListener.NONE).slide();
    try (Encoder encoder = GpfmEncoder.builder().build()) {
      SlideToFeatures pipeline =
          SlideToFeatures.builder()
              .encoder(encoder)
              .plan(new TilingPlan(new Square(1024, 1024, 1024), GridTiler.atMpp(256, 0.5)))
              .output(folder.resolve("features"))
              .build();
      SlideResult result = pipeline.run(slide);
      assertEquals(SlideResult.Status.DONE, result.status(), () -> result.failure().toString());
      assertEquals(4, result.tiles(), result::toString);
      try (FeatureReader features = FeatureReader.open(result.file().orElseThrow())) {
        assertEquals(result.tiles(), features.rows());
      }
    }
  }
}
