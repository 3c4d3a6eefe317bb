package io.github.gpfm.distill.data;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.gson.JsonArray;
import com.google.gson.JsonObject;
import io.github.gpfm.distill.config.MaskingConfig;
import io.github.gpfm.testkit.Fixtures;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

/** Rules of masking and collation exactly; its random figures within their sampling error. */
class MaskingParityTest {
  private static final MaskingConfig OFFICIAL = new MaskingConfig(0.5, 0.1, 0.5);

  private final JsonObject fixture = Fixtures.json(Fixtures.parity("masking/statistics.json"));

  @Test
  void boundsAndUpperBoundAreExact() {
    for (String name : fixture.keySet()) {
      JsonObject recorded = fixture.getAsJsonObject(name);
      BlockMasks masks = masks(recorded);
      int crops = recorded.get("global_crops").getAsInt();
      BlockMasks.Collated collated = masks.collate(crops, OFFICIAL, new SplittableRandom(3));
      assertEquals(recorded.get("upperbound").getAsInt(), collated.upperBound(), name);
      if (recorded.has("per_image_ratio_bounds")) {
        JsonArray bounds = recorded.getAsJsonArray("per_image_ratio_bounds");
        for (int i = 0; i < bounds.size(); i++) {
          float bound = BlockMasks.ratio(OFFICIAL, i, bounds.size() - 1);
          assertEquals(bounds.get(i).getAsDouble(), bound, 0, name + " bound " + i);
        }
      }
    }
  }

  @Test
  void collatedMasksObeyTheRules() {
    for (String name : fixture.keySet()) {
      JsonObject recorded = fixture.getAsJsonObject(name);
      BlockMasks masks = masks(recorded);
      int crops = recorded.get("global_crops").getAsInt();
      int patches = masks.height() * masks.width();
      SplittableRandom random = new SplittableRandom(11);
      int trials = recorded.get("trials").getAsInt();
      double total = 0;
      for (int trial = 0; trial < trials; trial++) {
        BlockMasks.Collated collated = masks.collate(crops, OFFICIAL, random);
        int nonEmpty = 0;
        int k = 0;
        double weights = 0;
        for (int crop = 0; crop < crops; crop++) {
          int count = 0;
          for (int patch = 0; patch < patches; patch++) {
            if (collated.masks()[crop * patches + patch]) {
              assertEquals((long) crop * patches + patch, collated.indices()[k + count]);
              count++;
            }
          }
          for (int j = 0; j < count; j++) {
            assertEquals(1f / count, collated.weights()[k + j]);
            weights += collated.weights()[k + j];
          }
          nonEmpty += count > 0 ? 1 : 0;
          k += count;
        }
        assertEquals(collated.indices().length, k);
        assertTrue(k <= collated.upperBound());
        assertTrue(nonEmpty <= recorded.get("images_selected_for_masking").getAsInt());
        assertEquals(nonEmpty, weights, 1e-3);
        total += k;
      }
      JsonObject expected = recorded.getAsJsonObject("total_masked");
      double error = expected.get("std").getAsDouble() / Math.sqrt(trials);
      assertEquals(expected.get("mean").getAsDouble(), total / trials, 6 * error, name);
    }
  }

  @Test
  void countsForFixedTargetsAgree() {
    for (String name : fixture.keySet()) {
      JsonObject recorded = fixture.getAsJsonObject(name);
      JsonObject targets = recorded.getAsJsonObject("achieved_for_fixed_target_500_draws");
      BlockMasks masks = masks(recorded);
      SplittableRandom random = new SplittableRandom(5);
      for (String target : targets.keySet()) {
        int wanted = Integer.parseInt(target);
        int draws = 2000;
        double sum = 0;
        int exact = 0;
        for (int i = 0; i < draws; i++) {
          int count = BlockMasks.count(masks.draw(wanted, random));
          assertTrue(count <= wanted, name + " target " + target + " gave " + count);
          sum += count;
          exact += count == wanted ? 1 : 0;
        }
        JsonObject expected = targets.getAsJsonObject(target);
        double std = Math.max(expected.get("std").getAsDouble(), 0.05);
        double error = std * Math.sqrt(1.0 / 500 + 1.0 / draws);
        assertEquals(expected.get("mean").getAsDouble(), sum / draws, 6 * error, target);
        double share = expected.get("fraction_exact").getAsDouble();
        double shareError =
            Math.sqrt(Math.max(share * (1 - share), 0.01) * (1.0 / 500 + 1.0 / draws));
        assertEquals(share, (double) exact / draws, 6 * shareError, target);
      }
    }
  }

  private static BlockMasks masks(JsonObject recorded) {
    JsonArray grid = recorded.getAsJsonArray("grid");
    return new BlockMasks(grid.get(0).getAsInt(), grid.get(1).getAsInt());
  }
}
