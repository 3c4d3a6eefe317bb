package io.github.gpfm.examples.miniature;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.gpfm.distill.config.DistillConfig;
import io.github.gpfm.distill.config.DistillConfigs;
import java.awt.image.BufferedImage;
import java.io.File;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The rules of the comparison. */
class MiniatureTest {
  @TempDir Path folder;

  /** Four pictures, two of them regions of one slide level. */
  private TissueTiles tiles(int size) throws IOException {
    for (String name : List.of("a.png", "b-1-2-3-4.png", "b-5-6-7-8.png", "c.png")) {
      BufferedImage image = new BufferedImage(512, 384, BufferedImage.TYPE_INT_RGB);
      for (int y = 0; y < 384; y++) {
        for (int x = 0; x < 512; x++) {
          image.setRGB(x, y, (100 + x / 4) << 16 | (y / 4) << 8 | 40);
        }
      }
      ImageIO.write(image, "png", new File(folder.toFile(), name));
    }
    return TissueTiles.cut(folder, folder.resolve("none"), size, size);
  }

  @Test
  void everyPictureIsLeftOutOfOneFold() throws IOException {
    TissueTiles tiles = tiles(168);
    assertEquals(List.of("a.png", "b.png", "c.png"), tiles.pictures());
    List<String> even = Validation.leftOut(tiles.pictures(), 0);
    List<String> odd = Validation.leftOut(tiles.pictures(), 1);
    assertEquals(List.of("a.png", "c.png"), even);
    assertEquals(List.of("b.png"), odd);
    assertEquals(odd, tiles.only(picture -> !even.contains(picture)).pictures());
    assertEquals(even, tiles.only(even::contains).pictures());
    assertEquals(1, Validation.fold(1));
    assertEquals(0, Validation.fold(2));
  }

  @Test
  void validationAsksForThePicture() throws IOException {
    List<HeldOut> sets = Validation.sets(tiles(Validation.TILE));
    assertEquals(2, sets.size());
    for (HeldOut set : sets) {
      assertEquals(List.of("a.png", "b.png", "c.png"), set.classes());
      assertEquals(set.labels().length, set.images().size());
    }
    BufferedImage same = sets.get(0).images().get(0);
    BufferedImage changed = sets.get(1).images().get(0);
    assertTrue(same.getWidth() != changed.getWidth());
  }

  @Test
  void studentsDifferInWhatTheyLearnFromOnly() {
    DistillConfig shared =
        DistillConfigs.parse(
            "test",
            """
            preset: tiny
            experts:
              stain: {kind: program, model: stain, path: "", class-weight: 1.0, patch-weight: 0.25, normalize: false}
            """);
    DistillConfig both = Students.BOTH.config(shared, 3);
    assertEquals(shared.experts(), both.experts());
    DistillConfig self = Students.SELF.config(shared, 3);
    assertTrue(self.experts().isEmpty());
    assertEquals(both.self(), self.self());
    DistillConfig experts = Students.EXPERTS.config(shared, 3);
    assertFalse(experts.usesSelfDistillation());
    assertEquals(both.experts(), experts.experts());
    for (DistillConfig config : List.of(self, experts)) {
      assertEquals(both.optim(), config.optim());
      assertEquals(both.crops(), config.crops());
      assertEquals(both.train(), config.train());
      assertEquals(both.student(), config.student());
    }
  }

  @Test
  void ranksAreSharedByEquals() {
    Comparison comparison =
        new Comparison(
            List.of(
                row(Students.SELF, 1, 0.5, 0.9, 0.3),
                row(Students.BOTH, 1, 0.5, 0.8, 0.4),
                row(Students.SELF, 2, 0.1, 0.1, 0.1),
                row(Students.BOTH, 2, 0.2, 0.2, 0.2)));
    // Seed 1: 1.5, 1, 2 and 1.5, 2, 1; seed 2: 2 and 1.
    assertEquals(1.75, comparison.meanRank(Students.SELF).mean(), 1e-12);
    assertEquals(1.25, comparison.meanRank(Students.BOTH).mean(), 1e-12);
    assertEquals(List.of(Students.SELF, Students.BOTH), comparison.students());
  }

  private static Comparison.Row row(Students student, int seed, double... scores) {
    return new Comparison.Row(student, seed, Map.of("set", scores));
  }
}
