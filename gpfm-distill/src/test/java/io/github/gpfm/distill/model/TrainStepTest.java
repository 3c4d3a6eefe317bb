package io.github.gpfm.distill.model;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.djl.Device;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.index.NDIndex;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import io.github.gpfm.distill.config.DistillConfig;
import io.github.gpfm.distill.config.DistillConfigs;
import io.github.gpfm.distill.data.BlockMasks;
import io.github.gpfm.distill.data.Seeds;
import io.github.gpfm.distill.data.Seeds.Purpose;
import io.github.gpfm.distill.schedule.Schedules.Rates;
import io.github.gpfm.encoder.weights.WeightTensor;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The same step by other roads: shards, replicas, recomputation, lower precision. */
class TrainStepTest {
  private static final int EXPERT = 5;
  private static final Rates RATES = new Rates(1e-3, 1e-3, 0.04, 0.99, 0.05);
  private static final Map<String, Integer> WIDTHS = Map.of("e", EXPERT);

  private static final String YAML =
      """
      preset: tiny
      student: {width: 32, depth: 3, heads: 2, layer-scale: 0.5}
      self:
        koleo-weight: 0.0
        head: {prototypes: 48, hidden: 40, bottleneck: 16}
        ibot-head: {prototypes: 40, hidden: 40, bottleneck: 16}
      distill: {head-bottleneck: 24}
      experts:
        e: {kind: program, model: e, path: "", class-weight: 1.0, patch-weight: 0.5, normalize: false}
      crops: {global-size: 56, local-size: 28, local-count: 2}
      train: {batch: 4, devices: cpu}
      """;

  private static DistillConfig config(String... changes) {
    Map<String, String> map = new HashMap<>();
    for (String change : changes) {
      map.put(change.split("=")[0], change.split("=")[1]);
    }
    return DistillConfigs.with(DistillConfigs.parse("test", YAML), map);
  }

  /** Images {@code from} to {@code to} of a batch drawn from a seed. */
  private static StepBatch batch(
      NDManager scope, DistillConfig config, int all, int from, int to, long seed) {
    int n = to - from;
    BlockMasks masks = new BlockMasks(config.globalGrid(), config.globalGrid());
    boolean[] flat = new boolean[2 * n * 16];
    List<Long> indices = new ArrayList<>();
    List<Float> weights = new ArrayList<>();
    for (int crop = 0; crop < 2 * n; crop++) {
      int image = from + crop % n;
      boolean[] mask = masks.draw(3 + image, Seeds.stream(seed, Purpose.MASKS, image, crop / n));
      long count = 0;
      for (boolean b : mask) {
        count += b ? 1 : 0;
      }
      for (int p = 0; p < mask.length; p++) {
        if (mask[p]) {
          flat[crop * mask.length + p] = true;
          indices.add((long) crop * mask.length + p);
          weights.add(1f / count);
        }
      }
    }
    int global = config.crops().globalSize();
    int local = config.crops().localSize();
    int locals = config.crops().localCount();
    float[] weightValues = new float[weights.size()];
    for (int i = 0; i < weightValues.length; i++) {
      weightValues[i] = weights.get(i);
    }
    NDList tokens =
        new NDList(
            values(scope, new Shape(2, all, 1, EXPERT), from, to, seed + 3),
            values(scope, new Shape(2, all, 3, 2, EXPERT), from, to, seed + 4));
    return new StepBatch(
        values(scope, new Shape(2, all, 3, global, global), from, to, seed + 1),
        values(scope, new Shape(locals, all, 3, local, local), from, to, seed + 2),
        scope.create(flat, new Shape(2L * n, 16)),
        scope.create(indices.stream().mapToLong(i -> i).toArray()),
        scope.create(weightValues),
        tokens,
        DropPath.none(scope),
        DropPath.none(scope));
  }

  /** [crops, all, …] normal values, of which images {@code from} to {@code to} are taken. */
  private static NDArray values(NDManager scope, Shape shape, int from, int to, long seed) {
    SplittableRandom random = new SplittableRandom(seed);
    int image = (int) shape.slice(2).size();
    int all = (int) shape.get(1);
    int n = to - from;
    float[] taken = new float[(int) shape.get(0) * n * image];
    for (int crop = 0; crop < shape.get(0); crop++) {
      for (int i = 0; i < all; i++) {
        for (int k = 0; k < image; k++) {
          float value = (float) random.nextGaussian();
          if (i >= from && i < to) {
            taken[(crop * n + i - from) * image + k] = value;
          }
        }
      }
    }
    long[] sizes = shape.slice(1).getShape();
    sizes[0] = shape.get(0) * n;
    return scope.create(taken, new Shape(sizes));
  }

  private record Outcome(List<StepResult> results, Map<String, WeightTensor> tensors) {}

  /** Three steps with the batch in {@code parts} shards over {@code replicas} replicas. */
  private static Outcome train(DistillConfig config, int parts, int replicas) {
    int all = config.train().batch();
    List<Device> devices = new ArrayList<>();
    for (int i = 0; i < replicas; i++) {
      devices.add(Device.cpu());
    }
    try (StepState state = new StepState(config, ParameterLayout.of(config, WIDTHS), Device.cpu());
        TrainStep step = new TrainStep(config, state, devices)) {
      List<StepResult> results = new ArrayList<>();
      for (int k = 0; k < 3; k++) {
        try (NDManager scope = step.newScope(0)) {
          List<StepBatch> shards = new ArrayList<>();
          for (int p = 0; p < parts; p++) {
            shards.add(batch(scope, config, all, p * all / parts, (p + 1) * all / parts, 100 * k));
          }
          results.add(step.run(shards, RATES));
        }
      }
      return new Outcome(results, state.tensors());
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "self.centering=centering",
        "self.centering=sinkhorn-knopp",
        "self.separate-ibot-head=true"
      })
  void shardsAndReplicasEqualTheWholeBatch(String change) {
    DistillConfig config = config(change);
    Outcome whole = train(config, 1, 1);
    assertClose(whole, train(config, 2, 1), 2e-5);
    assertClose(whole, train(config, 4, 2), 2e-5);
  }

  @Test
  void recomputedActivationsGiveTheSameStep() {
    Outcome kept = train(config(), 1, 1);
    assertClose(kept, train(config("train.recompute=true"), 1, 1), 1e-6);
  }

  @Test
  void unmaskedExpertsAreAnotherObjective() {
    StepResult masked = train(config(), 1, 1).results().get(0);
    StepResult open = train(config("distill.globals=unmasked"), 1, 1).results().get(0);
    String patches = "distill_e_patch_loss";
    assertTrue(Math.abs(masked.terms().get(patches) - open.terms().get(patches)) > 1e-4);
    assertEquals(masked.terms().get("ibot_loss"), open.terms().get("ibot_loss"), 1e-6);
  }

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
    try (StepState state = new StepState(config, ParameterLayout.of(config, WIDTHS), Device.cpu());
        TrainStep step = new TrainStep(config, state, List.of(Device.cpu()))) {
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
  void dropPathSubsetsScaleTheResidual() {
    DistillConfig config = config("student.drop-path=0.5");
    try (StepState state = new StepState(config, ParameterLayout.of(config, WIDTHS), Device.cpu());
        TrainStep step = new TrainStep(config, state, List.of(Device.cpu()));
        NDManager scope = step.newScope(0)) {
      NDList keep = DropPath.draw(scope, config.student(), 8, new SplittableRandom(1));
      assertEquals(2 * config.student().depth(), keep.size());
      keep.forEach(subset -> assertEquals(4, subset.size()));
      StepBatch plain = batch(scope, config, 4, 0, 4, 1);
      StepBatch dropped =
          new StepBatch(
              plain.globalCrops(),
              plain.localCrops(),
              plain.masks(),
              plain.maskIndices(),
              plain.maskWeights(),
              plain.expertTokens(),
              keep,
              plain.localKeep());
      double a = step.run(List.of(plain), new Rates(0, 0, 0, 1, 0.05)).objective();
      double b = step.run(List.of(dropped), new Rates(0, 0, 0, 1, 0.05)).objective();
      assertTrue(Math.abs(a - b) > 1e-5, "drop path changes nothing");
    }
  }

  @Test
  void theTermThatIsNotFiniteIsNamedAndNothingIsUpdated() {
    DistillConfig config = config();
    try (StepState state = new StepState(config, ParameterLayout.of(config, WIDTHS), Device.cpu());
        TrainStep step = new TrainStep(config, state, List.of(Device.cpu()));
        NDManager scope = step.newScope(0)) {
      float[] before = state.tensors().get("student.backbone.norm.weight").toFloats();
      StepBatch batch = batch(scope, config, 4, 0, 4, 1);
      NDArray poisoned = batch.expertTokens().get(1);
      poisoned.set(new NDIndex("0,0,0,0"), Float.NaN);
      NonFiniteException e =
          assertThrows(NonFiniteException.class, () -> step.run(List.of(batch), RATES));
      assertEquals("distill_e_patch_loss", e.term());
      assertArrayEquals(before, state.tensors().get("student.backbone.norm.weight").toFloats());
    }
  }

  @Test
  void oneTermAloneWorks() {
    for (String off : List.of("self.dino-weight=0", "self.ibot-weight=0")) {
      assertTrue(Double.isFinite(train(config(off), 1, 1).results().get(2).objective()));
    }
    DistillConfig none = config("self.dino-weight=0", "self.ibot-weight=0");
    StepResult experts = train(none, 1, 1).results().get(2);
    assertEquals(
        List.of("distill_e_cls_loss", "distill_e_patch_loss"),
        List.copyOf(experts.terms().keySet()));
  }

  @Test
  void nothingIsLeftOnTheManagers() {
    DistillConfig config = config();
    try (StepState state = new StepState(config, ParameterLayout.of(config, WIDTHS), Device.cpu());
        TrainStep step = new TrainStep(config, state, List.of(Device.cpu()))) {
      int after = 0;
      for (int k = 0; k < 12; k++) {
        try (NDManager scope = step.newScope(0)) {
          step.run(List.of(batch(scope, config, 4, 0, 4, k)), RATES);
        }
        int count = state.manager().getManagedArrays().size();
        if (k == 0) {
          after = count;
        }
        assertEquals(after, count, "arrays after step " + k);
      }
    }
  }

  private static void assertClose(Outcome expected, Outcome actual, double tolerance) {
    for (int k = 0; k < expected.results().size(); k++) {
      StepResult a = expected.results().get(k);
      StepResult b = actual.results().get(k);
      a.terms()
          .forEach((name, value) -> assertEquals(value, b.terms().get(name), 10 * tolerance, name));
    }
    long within = 0;
    long all = 0;
    for (String name : expected.tensors().keySet()) {
      boolean parameter = name.startsWith("student.") || name.startsWith("distill_heads.");
      if (!parameter || name.endsWith("attn.qkv.bias")) {
        continue;
      }
      float[] a = expected.tensors().get(name).toFloats();
      float[] b = actual.tensors().get(name).toFloats();
      for (int i = 0; i < a.length; i++) {
        within += Math.abs(a[i] - b[i]) <= tolerance ? 1 : 0;
        all++;
      }
    }
    // Adam amplifies rounding where a gradient is nearly zero.
    assertTrue(within >= 0.999 * all, within + " of " + all + " values agree");
  }

  @Test
  void masksMayBeAbsent() {
    DistillConfig config = config("masking.probability=0.0");
    try (StepState state = new StepState(config, ParameterLayout.of(config, WIDTHS), Device.cpu());
        TrainStep step = new TrainStep(config, state, List.of(Device.cpu()));
        NDManager scope = step.newScope(0)) {
      StepBatch plain = batch(scope, config, 4, 0, 4, 1);
      StepBatch bare =
          new StepBatch(
              plain.globalCrops(),
              plain.localCrops(),
              scope.zeros(new Shape(8, 16), DataType.BOOLEAN),
              scope.zeros(new Shape(0), DataType.INT64),
              scope.zeros(new Shape(0)),
              plain.expertTokens(),
              plain.globalKeep(),
              plain.localKeep());
      StepResult result = step.run(List.of(bare), RATES);
      assertEquals(0, result.terms().get("ibot_loss"), 0);
      assertTrue(Double.isFinite(step.run(List.of(bare), RATES).objective()));
    }
  }
}
