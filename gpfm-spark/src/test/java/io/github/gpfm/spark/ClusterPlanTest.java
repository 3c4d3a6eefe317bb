package io.github.gpfm.spark;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ClusterPlanTest {
  @ParameterizedTest
  @ValueSource(ints = {1, 16, 128})
  void theWholeCohortEndsWithinATenthOfTheIdeal(int workers) {
    ClusterPlan plan = ClusterPlan.gpfm(500);
    ClusterPlan.Outcome outcome = plan.on(workers);
    assertTrue(outcome.excess() > -1e-9 && outcome.excess() < 0.1, outcome.toString());
    assertTrue(outcome.largest() > 20 * plan.tiles() / plan.slides(), "a long tail");
    assertEquals(
        plan.tiles(), Arrays.stream(plan.tileCounts()).asLongStream().sum(), plan.slides());
  }
}
