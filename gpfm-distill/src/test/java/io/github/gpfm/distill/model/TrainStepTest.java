package io.github.gpfm.distill.model;

import static io.github.gpfm.distill.model.RandomSteps.RATES;
import static io.github.gpfm.distill.model.RandomSteps.WIDTHS;
import static io.github.gpfm.distill.model.RandomSteps.batch;
import static io.github.gpfm.distill.model.RandomSteps.config;
import static io.github.gpfm.distill.model.RandomSteps.train;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.djl.Device;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import io.github.gpfm.distill.config.DistillConfig;
import io.github.gpfm.distill.model.RandomSteps.Outcome;
import io.github.gpfm.distill.schedule.Schedules.Rates;
import io.github.gpfm.encoder.script.ScriptModule;
import io.github.gpfm.encoder.weights.WeightTensor;
import java.lang.reflect.Field;
import java.lang.reflect.Modifier;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The same step by other roads: shards, replicas, recomputation, lower precision. */
class TrainStepTest {
  private static final int STEPS = 100;

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
    assertClose(whole, train(config, 4, 4), 2e-5);
  }

  /** Each replica the owner of a part of the parameters; the checkpoint has all moments. */
  @ParameterizedTest
  @ValueSource(ints = {1, 2, 4})
  void aDividedOptimiserGivesTheSameStep(int replicas) {
    Outcome whole = train(config(), 4, replicas);
    Outcome divided = train(config("train.shard-optimizer=true"), 4, replicas);
    assertClose(whole, divided, 1e-6);
    assertEquals(whole.tensors().keySet(), divided.tensors().keySet());
    String moment = "optim.exp_avg.student.backbone.blocks.1.mlp.fc1.weight";
    assertArrayEquals(
        whole.tensors().get(moment).toFloats(), divided.tensors().get(moment).toFloats(), 1e-6f);
  }

  @Test
  void bfloat16RunsOnTwoReplicas() {
    double expected = train(config(), 1, 1).results().get(2).objective();
    for (String sharded : List.of("false", "true")) {
      DistillConfig config = config("train.precision=bfloat16", "train.shard-optimizer=" + sharded);
      double found = train(config, 4, 2).results().get(2).objective();
      assertEquals(expected, found, 0.02 * expected);
    }
  }

  /** A replica that was there before a checkpoint is loaded takes it over too. */
  @Test
  void everyReplicaTakesOverALoadedState() {
    DistillConfig config = config();
    Outcome trained = train(config, 2, 1);
    List<Device> devices = List.of(TestDevice.get(), TestDevice.get());
    List<Double> objectives = new ArrayList<>();
    for (boolean before : new boolean[] {true, false}) {
      ParameterLayout layout = ParameterLayout.of(config, WIDTHS);
      try (StepState state = new StepState(config, layout, devices)) {
        if (before) {
          state.load(trained.tensors());
        }
        try (TrainStep step = new TrainStep(config, state, devices);
            NDManager scope = step.newScope(0)) {
          state.load(trained.tensors());
          List<StepBatch> shards =
              List.of(batch(scope, config, 4, 0, 2, 9), batch(scope, config, 4, 2, 4, 9));
          objectives.add(step.run(shards, RATES).objective());
        }
      }
    }
    assertEquals(objectives.get(0), objectives.get(1), 1e-12);
  }

  @Test
  void ownersShareTheValuesEvenly() {
    List<ParameterSpec> specs = ParameterLayout.of(config(), WIDTHS).student();
    long all = specs.stream().mapToLong(ParameterSpec::count).sum();
    long largest = specs.stream().mapToLong(ParameterSpec::count).max().orElseThrow();
    Ownership ownership = Ownership.divided(specs, 3);
    List<Integer> seen = new ArrayList<>();
    for (int r = 0; r < 3; r++) {
      long values = 0;
      for (int i : ownership.parameters(r)) {
        values += specs.get(i).count();
        seen.add(i);
        assertEquals(r, ownership.of(i));
      }
      assertTrue(values <= all / 3 + largest && values >= all / 3 - largest, "values " + values);
    }
    Collections.sort(seen);
    assertEquals(IntStream.range(0, specs.size()).boxed().toList(), seen);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "student.drop-path=0.0",
        "student.drop-path=0.5",
        "student.feed-forward=swiglu",
        "distill.globals=unmasked"
      })
  void recomputedActivationsGiveTheSameStep(String change) {
    Outcome kept = train(config(change), 1, 1);
    assertClose(kept, train(config(change, "train.recompute=true"), 1, 1), 1e-6);
  }

  /** At a learning rate of 0 for them, as in the first epoch; the experts' heads have one too. */
  @Test
  void frozenLastLayersStandStill() {
    DistillConfig config = config("self.separate-ibot-head=true");
    try (StepState state =
            new StepState(config, ParameterLayout.of(config, WIDTHS), TestDevice.get());
        TrainStep step = new TrainStep(config, state, List.of(TestDevice.get()));
        NDManager scope = step.newScope(0)) {
      Map<String, WeightTensor> before = state.tensors();
      step.run(List.of(batch(scope, config, 4, 0, 4, 1)), new Rates(1e-3, 0, 0.04, 0.99, 0.05));
      Map<String, WeightTensor> after = state.tensors();
      int frozen = 0;
      for (String name : state.layout().studentNames()) {
        boolean same = Arrays.equals(before.get(name).toFloats(), after.get(name).toFloats());
        assertEquals(name.contains("last_layer"), same, name);
        frozen += same ? 1 : 0;
      }
      assertEquals(6, frozen, "two tensors of each of the three heads");
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

  /**
   * DJL's own count of the arrays that live on after a step, over every manager that does. The
   * state's arrays pass for a GPU's: whoever reads them gets DJL's copies on the CPU.
   */
  @ParameterizedTest
  @ValueSource(
      strings = {
        "self.centering=centering",
        "self.centering=sinkhorn-knopp",
        "train.recompute=true",
        "train.precision=bfloat16",
        "distill.globals=unmasked"
      })
  void nothingIsLeftOnTheManagers(String change) throws ReflectiveOperationException {
    DistillConfig config = config(change);
    List<Device> devices = List.of(TestDevice.get(), TestDevice.get());
    try (StepState state =
            new StepState(config, ParameterLayout.of(config, WIDTHS), TestDevice.get());
        TrainStep step = new TrainStep(config, state, devices)) {
      List<Integer> after = new ArrayList<>();
      state.student().forEach(DeviceMark::mark);
      state.teacher().forEach(DeviceMark::mark);
      state.firstMoments().forEach(DeviceMark::mark);
      for (int k = 0; k < STEPS; k++) {
        try (NDManager scope = step.newScope(0)) {
          List<StepBatch> shards =
              List.of(batch(scope, config, 4, 0, 2, k), batch(scope, config, 4, 2, 4, k));
          step.run(shards, RATES);
        }
        if (k % 10 == 0) {
          // A checkpoint, written and read: through copies on the CPU for a device's arrays.
          state.view().values().forEach(tensor -> tensor.toFloats());
          state.tensors();
        }
        after.add(arrays(step) + state.manager().getManagedArrays().size());
      }
      assertTrue(after.get(0) > 100, after.toString());
      assertEquals(Collections.nCopies(STEPS, after.get(0)), after);
    }
  }

  /** Arrays on the managers that an object and what it is made of keep. */
  private static int arrays(Object owner) throws ReflectiveOperationException {
    int count = 0;
    for (Field field : owner.getClass().getDeclaredFields()) {
      if (Modifier.isStatic(field.getModifiers())) {
        continue;
      }
      field.setAccessible(true);
      Object value = field.get(owner);
      List<?> parts =
          value instanceof List<?> list ? list : value == null ? List.of() : List.of(value);
      for (Object part : parts) {
        if (part instanceof NDManager manager) {
          count += manager.getManagedArrays().size();
        } else if (part instanceof Replica
            || part instanceof StepModule
            || part instanceof ScriptModule
            || part instanceof Update) {
          count += arrays(part);
        }
      }
    }
    return count;
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
    try (StepState state =
            new StepState(config, ParameterLayout.of(config, WIDTHS), TestDevice.get());
        TrainStep step = new TrainStep(config, state, List.of(TestDevice.get()));
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
