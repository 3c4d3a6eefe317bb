package io.github.gpfm.distill.model;

import static io.github.gpfm.distill.model.RandomSteps.RATES;
import static io.github.gpfm.distill.model.RandomSteps.WIDTHS;
import static io.github.gpfm.distill.model.RandomSteps.batch;
import static io.github.gpfm.distill.model.RandomSteps.config;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import io.github.gpfm.distill.config.DistillConfig;
import io.github.gpfm.encoder.script.ScriptModule;
import io.github.gpfm.encoder.script.ScriptProgram;
import io.github.gpfm.encoder.script.Tensors;
import io.github.gpfm.encoder.vit.VitProgram;
import io.github.gpfm.encoder.weights.WeightTensor;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Register tokens stand between the class token and the patches and take part in no loss. */
class RegistersTest {
  private static final int IMAGES = 4;

  @ParameterizedTest
  @ValueSource(ints = {0, 3})
  void lossesSkipRegisters(int registers) {
    DistillConfig config = config("student.registers=" + registers);
    int patches = config.globalGrid() * config.globalGrid();
    try (StepState state =
            new StepState(config, ParameterLayout.of(config, WIDTHS), TestDevice.get());
        TrainStep step = new TrainStep(config, state, List.of(TestDevice.get()));
        StepModule module = new StepModule(config, state.layout(), TestDevice.get());
        NDManager scope = step.newScope(0)) {
      module.bind(state.student(), state.teacher());
      StepBatch drawn = batch(scope, config, IMAGES, 0, IMAGES, 1);
      NDArray crops = drawn.globalCrops();
      // The teacher is still a copy of the student.
      NDArray tokens = module.call(scope, "teacher_tokens", crops).get(0);
      assertEquals(1 + registers + patches, tokens.getShape().get(1));
      NDArray first = tokens.get(":, 0:1");
      NDArray last = tokens.get(":, {}:", 1 + registers);

      NDList logits = module.call(scope, "teacher_logits", crops, drawn.maskIndices());
      NDArray all =
          head(scope, state, "teacher.dino_head.", last.reshape(-1, last.getShape().get(2)));
      assertClose(all.get(drawn.maskIndices()), logits.get(1));

      // An expert that says what the student's head already says leaves nothing to learn.
      String pupil = "distill_heads.e.";
      Shape grid = new Shape(2 * IMAGES, config.globalGrid(), config.globalGrid(), WIDTHS.get("e"));
      NDList taught = new NDList(head(scope, state, pupil, first), head(scope, state, pupil, last));
      taught.set(1, taught.get(1).reshape(grid));
      StepBatch batch =
          new StepBatch(
              crops,
              drawn.localCrops(),
              scope.zeros(drawn.masks().getShape(), DataType.BOOLEAN),
              scope.zeros(new Shape(0), DataType.INT64),
              scope.zeros(new Shape(0)),
              taught,
              drawn.globalKeep(),
              drawn.localKeep());
      Map<String, Double> terms = step.run(List.of(batch), RATES).terms();
      assertEquals(0, terms.get("distill_e_cls_loss"), 1e-5);
      assertEquals(0, terms.get("distill_e_patch_loss"), 1e-5);
    }
  }

  @Test
  void registersLearnAndAreOfTheFirstLayersGroup() {
    DistillConfig config = config("student.registers=2", "optim.layerwise-decay=0.5");
    ParameterLayout layout = ParameterLayout.of(config, WIDTHS);
    ParameterSpec spec =
        layout.student().stream()
            .filter(s -> s.name().equals("student.backbone.register_tokens"))
            .findFirst()
            .orElseThrow();
    assertEquals(List.of(1L, 2L, 32L), spec.shape());
    ParameterGroup group = ParameterGroup.of(spec, config.student().depth(), config.optim());
    assertEquals(Math.pow(0.5, config.student().depth() + 1), group.lrMultiplier(), 1e-12);
    assertEquals(1, group.weightDecayMultiplier());
    Map<String, WeightTensor> trained = RandomSteps.train(config, 2, 2).tensors();
    float[] moment = trained.get("optim.exp_avg_sq." + spec.name()).toFloats();
    for (float value : moment) {
      assertTrue(value > 0);
    }
    assertTrue(trained.containsKey("teacher.backbone.register_tokens"));
  }

  private static NDArray head(NDManager scope, StepState state, String prefix, NDArray tokens) {
    Map<String, WeightTensor> weights = new LinkedHashMap<>();
    state
        .tensors()
        .forEach(
            (name, tensor) -> {
              if (name.startsWith(prefix)) {
                weights.put(name.substring(prefix.length()), tensor);
              }
            });
    ScriptProgram program = new ScriptProgram(VitProgram.source(), VitProgram.head(weights));
    try (ScriptModule module = program.load(TestDevice.get(), ScriptProgram.Mode.INFERENCE)) {
      return Tensors.toArray(
          scope, Tensors.toTensor("logits", module.call(scope, "forward", tokens).get(0)));
    }
  }

  private static void assertClose(NDArray expected, NDArray found) {
    assertEquals(expected.getShape(), found.getShape());
    assertTrue(found.size() > 0);
    assertArrayEquals(expected.toFloatArray(), found.toFloatArray(), 1e-5f);
  }
}
