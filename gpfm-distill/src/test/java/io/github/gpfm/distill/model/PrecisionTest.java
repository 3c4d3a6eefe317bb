package io.github.gpfm.distill.model;

import static io.github.gpfm.distill.model.RandomSteps.RATES;
import static io.github.gpfm.distill.model.RandomSteps.WIDTHS;
import static io.github.gpfm.distill.model.RandomSteps.batch;
import static io.github.gpfm.distill.model.RandomSteps.config;
import static io.github.gpfm.distill.model.RandomSteps.train;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.index.NDIndex;
import io.github.gpfm.distill.config.DistillConfig;
import io.github.gpfm.distill.model.RandomSteps.Outcome;
import io.github.gpfm.encoder.weights.WeightTensor;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Lower precision, its loss scale, and the watch on values that are not finite. */
class PrecisionTest {
  /** PyTorch's GradScaler doubles after as many good steps. */
  private static final int GROWTH_INTERVAL = 2000;

  @Test
  void bfloat16StaysNear() {
    Outcome full = train(config(), 1, 1);
    Outcome low = train(config("train.precision=bfloat16"), 1, 1);
    for (int k = 0; k < 3; k++) {
      double expected = full.results().get(k).objective();
      assertEquals(expected, low.results().get(k).objective(), 0.02 * expected);
    }
  }

  @Test
  void float16LowersItsLossScaleUntilGradientsFit() {
    double expected = train(config(), 1, 1).results().get(0).objective();
    DistillConfig config = config("train.precision=float16");
    try (StepState state =
            new StepState(config, ParameterLayout.of(config, WIDTHS), TestDevice.get());
        TrainStep step = new TrainStep(config, state, List.of(TestDevice.get()))) {
      int skipped = 0;
      double scale = state.lossScale();
      while (state.updates() == 0 && skipped < 20) {
        try (NDManager scope = step.newScope(0)) {
          StepResult result = step.run(List.of(batch(scope, config, 4, 0, 4, 0)), RATES);
          if (skipped == 0) {
            assertEquals(expected, result.objective(), 0.02 * expected);
          }
          skipped += result.updated() ? 0 : 1;
        }
      }
      assertEquals(1, state.updates());
      assertEquals(scale / Math.pow(2, skipped), state.lossScale());
    }
  }

  @Test
  void aStepThatOverflowsIsSkippedButTheTeacherFollows() {
    DistillConfig config = config("train.precision=float16");
    try (StepState state = state(config);
        TrainStep step = new TrainStep(config, state, List.of(TestDevice.get()))) {
      setScale(state, 8);
      assertTrue(step(step, config, 0).updated());
      Map<String, WeightTensor> before = state.tensors();
      setScale(state, 1L << 24);
      StepResult result = step(step, config, 1);
      assertFalse(result.updated());
      assertTrue(Double.isFinite(result.objective()));
      assertEquals(1L << 23, state.lossScale());
      assertEquals(1, state.updates());
      Map<String, WeightTensor> after = state.tensors();
      for (String name : before.keySet()) {
        if (name.startsWith("student.") || name.startsWith("distill") || name.startsWith("optim")) {
          assertArrayEquals(before.get(name).toFloats(), after.get(name).toFloats(), name);
        }
      }
      // The official code moves the teacher whether or not the step was taken.
      String name = "backbone.blocks.0.attn.proj.weight";
      float[] student = before.get("student." + name).toFloats();
      float[] was = before.get("teacher." + name).toFloats();
      float[] is = after.get("teacher." + name).toFloats();
      double momentum = RATES.momentum();
      double moved = 0;
      for (int i = 0; i < is.length; i++) {
        assertEquals(momentum * was[i] + (1 - momentum) * student[i], is[i], 1e-7, name);
        moved += Math.abs(is[i] - was[i]);
      }
      assertTrue(moved > 0);
    }
  }

  @Test
  void theLossScaleGrowsAgainAndIsInTheCheckpoint() {
    DistillConfig config = config("train.precision=float16");
    try (StepState state = state(config);
        StepState resumed = state(config)) {
      double start = state.lossScale();
      state.recordOverflow(true);
      assertEquals(start / 2, state.lossScale());
      for (int i = 0; i < GROWTH_INTERVAL - 1; i++) {
        state.recordOverflow(false);
      }
      assertEquals(start / 2, state.lossScale());
      resumed.load(state.tensors());
      assertEquals(start / 2, resumed.lossScale());
      resumed.recordOverflow(false);
      assertEquals(start, resumed.lossScale(), "grows in time after a resume");
      resumed.recordOverflow(true);
      resumed.recordOverflow(true);
      assertEquals(start / 4, resumed.lossScale());
    }
  }

  @Test
  void lowerPrecisionIsReallyUsed() {
    double full = train(config(), 1, 1).results().get(0).objective();
    for (String precision : List.of("bfloat16", "float16")) {
      Outcome low = train(config("train.precision=" + precision), 1, 1);
      assertNotEquals(full, low.results().get(0).objective(), precision);
    }
  }

  @ParameterizedTest
  @CsvSource({
    "class tokens, distill_e_cls_loss",
    "patch tokens, distill_e_patch_loss",
    "local crops, dino_local_crops_loss",
    "mask weights, ibot_loss"
  })
  void theTermThatIsNotFiniteIsNamedAndNothingIsUpdated(String where, String term) {
    DistillConfig config = config();
    try (StepState state = state(config);
        TrainStep step = new TrainStep(config, state, List.of(TestDevice.get()));
        NDManager scope = step.newScope(0)) {
      Map<String, WeightTensor> before = state.tensors();
      StepBatch batch = batch(scope, config, 4, 0, 4, 1);
      NDArray poisoned =
          switch (where) {
            case "class tokens" -> batch.expertTokens().get(0);
            case "patch tokens" -> batch.expertTokens().get(1);
            case "local crops" -> batch.localCrops();
            default -> batch.maskWeights();
          };
      poisoned.set(new NDIndex("0" + ",0".repeat(poisoned.getShape().dimension() - 1)), Float.NaN);
      NonFiniteException e =
          assertThrows(NonFiniteException.class, () -> step.run(List.of(batch), RATES));
      assertEquals(term, e.term());
      assertTrue(e.getMessage().contains("'" + term + "' became NaN"), e.getMessage());
      Map<String, WeightTensor> after = state.tensors();
      before.forEach(
          (name, tensor) -> assertArrayEquals(tensor.toFloats(), after.get(name).toFloats(), name));
    }
  }

  @Test
  void aGradientThatIsNotFiniteIsNamedByItsModule() {
    DistillConfig config = config();
    try (StepState state = state(config);
        TrainStep step = new TrainStep(config, state, List.of(TestDevice.get()))) {
      // The gradient of a direction is as large as its vector is short: its square overflows.
      Map<String, WeightTensor> tensors = new LinkedHashMap<>(state.tensors());
      fill(tensors, "student.dino_head.last_layer.weight_g", 1e10f);
      fill(tensors, "student.dino_head.last_layer.weight_v", 1e-19f);
      state.load(tensors);
      NonFiniteException e = assertThrows(NonFiniteException.class, () -> step(step, config, 1));
      assertEquals("gradient of student.dino_head", e.term());
    }
  }

  private static void fill(Map<String, WeightTensor> tensors, String name, float value) {
    float[] values = tensors.get(name).toFloats();
    Arrays.fill(values, value);
    tensors.put(name, WeightTensor.ofFloats(name, tensors.get(name).shape(), values));
  }

  private static StepState state(DistillConfig config) {
    return new StepState(config, ParameterLayout.of(config, WIDTHS), TestDevice.get());
  }

  private static StepResult step(TrainStep step, DistillConfig config, long seed) {
    try (NDManager scope = step.newScope(0)) {
      return step.run(List.of(batch(scope, config, 4, 0, 4, seed)), RATES);
    }
  }

  private static void setScale(StepState state, double scale) {
    Map<String, WeightTensor> tensors = new LinkedHashMap<>(state.tensors());
    WeightTensor counters = tensors.get("counters");
    long[] values = counters.toLongs();
    values[1] = Double.doubleToLongBits(scale);
    tensors.put("counters", WeightTensor.ofLongs("counters", counters.shape(), values));
    state.load(tensors);
  }
}
