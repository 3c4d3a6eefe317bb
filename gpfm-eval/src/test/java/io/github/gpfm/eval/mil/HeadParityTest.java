package io.github.gpfm.eval.mil;

import static io.github.gpfm.eval.EvaluationFixtures.matrix;
import static io.github.gpfm.eval.EvaluationFixtures.open;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import com.google.gson.JsonObject;
import io.github.gpfm.encoder.script.Engines;
import io.github.gpfm.encoder.script.ScriptModule;
import io.github.gpfm.encoder.script.ScriptNode;
import io.github.gpfm.encoder.script.ScriptProgram;
import io.github.gpfm.encoder.script.ScriptSource;
import io.github.gpfm.encoder.script.Tensors;
import io.github.gpfm.encoder.weights.WeightFile;
import io.github.gpfm.encoder.weights.WeightTensor;
import io.github.gpfm.eval.EvaluationFixtures;
import io.github.gpfm.eval.head.Initializer;
import io.github.gpfm.eval.head.TrainableHead;
import io.github.gpfm.eval.survival.SurvivalLosses;
import io.github.gpfm.testkit.Fixtures;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** Networks, losses, gradients and optimiser of the reference, within 1e-5. */
class HeadParityTest {
  private static final float TIGHT = 1e-5f;

  private static Map<String, WeightTensor> parameters(WeightFile file, String prefix) {
    Map<String, WeightTensor> found = new LinkedHashMap<>();
    file.tensors()
        .forEach(
            (name, tensor) -> {
              if (name.startsWith("param.")) {
                found.put(prefix + name.substring("param.".length()), tensor);
              }
            });
    return found;
  }

  private static int fact(WeightFile file, String name) {
    return Integer.parseInt(file.metadata().get(name));
  }

  /** Names of the bags, for instance bag20. */
  private static TreeSet<String> bags(WeightFile file) {
    TreeSet<String> bags = new TreeSet<>();
    for (String name : file.tensors().keySet()) {
      if (name.endsWith(".features")) {
        bags.add(name.substring(0, name.indexOf('.')));
      }
    }
    return bags;
  }

  @Test
  void abmilForwardAttentionAndSurvival() {
    WeightFile file = open("abmil");
    ScriptProgram program = abmil(file).program(0);
    assertTrue(!bags(file).isEmpty());
    try (TrainableHead head = TrainableHead.load(program);
        SurvivalLosses survival = new SurvivalLosses()) {
      head.restore(parameters(file, "net."));
      for (String bag : bags(file)) {
        float[][] out = forward(head, file, bag);
        assertArrayEquals(file.tensor(bag + ".logits").toFloats(), out[0], TIGHT, bag);
        assertArrayEquals(file.tensor(bag + ".attention_raw").toFloats(), out[1], TIGHT, bag);
        assertArrayEquals(
            file.tensor(bag + ".attention_softmax").toFloats(),
            AttentionMap.softmax(out[1]),
            TIGHT,
            bag);
        if (file.tensors().containsKey(bag + ".hazards")) {
          SurvivalLosses.Prediction p = survival.describe(out[0], fact(file, "n_classes"));
          assertArrayEquals(file.tensor(bag + ".hazards").toFloats(), p.hazards(), TIGHT);
          assertArrayEquals(file.tensor(bag + ".survival").toFloats(), p.survival(), TIGHT);
        }
      }
    }
  }

  private static float[][] forward(TrainableHead head, WeightFile file, String bag) {
    return head.evaluate(
        "forward",
        scope -> new Object[] {head.input(scope, matrix(file, bag + ".features"))},
        out -> new float[][] {out.get(0).toFloatArray(), out.get(1).toFloatArray()});
  }

  private static MilArchitecture abmil(WeightFile file) {
    // Dropout off, so that the training pass can be compared too.
    return new MilArchitecture(
        MilKind.ABMIL,
        fact(file, "in_dim"),
        fact(file, "n_classes"),
        fact(file, "hidden"),
        fact(file, "attention_dim"),
        0);
  }

  @Test
  void abmilCrossEntropyGradients() {
    WeightFile file = open("abmil");
    String key =
        file.tensors().keySet().stream()
            .filter(n -> n.contains(".ce_label"))
            .findFirst()
            .orElseThrow();
    String bag = key.substring(0, key.indexOf('.'));
    long label = Long.parseLong(key.substring(key.indexOf(".ce_label") + ".ce_label".length()));
    try (ScriptModule module =
            abmil(file).program(0).load(Engines.defaultDevice(), ScriptProgram.Mode.TRAINING);
        NDManager scope = module.newScope()) {
      parameters(file, "net.")
          .forEach(
              (name, tensor) ->
                  Tensors.toArray(scope, tensor).copyTo(module.parameters().get(name)));
      NDArray x = EvaluationFixtures.array(scope, matrix(file, bag + ".features"));
      x.setRequiresGradient(true);
      NDArray y = scope.create(new long[] {label});
      NDArray loss =
          module.callWithGradients(scope, "classification_loss", x, y).singletonOrThrow();
      ScriptModule.backward(loss);
      assertEquals(file.tensor(key).toFloats()[0], loss.getFloat(), TIGHT);
      assertArrayEquals(
          file.tensor(bag + ".features_grad").toFloats(), x.getGradient().toFloatArray(), TIGHT);
      for (String name : file.tensors().keySet()) {
        if (name.startsWith(bag + ".grad.")) {
          NDArray parameter = module.parameters().get("net." + name.substring(bag.length() + 6));
          assertArrayEquals(
              file.tensor(name).toFloats(), parameter.getGradient().toFloatArray(), TIGHT, name);
        }
      }
    }
  }

  @Test
  void gatedAttention() {
    WeightFile file = open("gated_attention");
    int width = (int) file.tensor("features").size(1);
    int attention = (int) file.tensor("param.attention_c.weight").size(1);
    ScriptNode node = MilArchitecture.gatedAttention(new Initializer(0), width, attention, 1, 0);
    ScriptSource source =
        ScriptSource.resources(TrainableHead.class, "layers.torchscript", "optimizers.torchscript")
            .and(ScriptSource.resources(SurvivalLosses.class, "losses.torchscript"))
            .and(ScriptSource.resources(MilArchitecture.class, "mil.torchscript"))
            .and(
                ScriptSource.of(
                    """
                    class Gate:
                      def run(self, h: Tensor) -> Tuple[Tensor, Tensor]:
                        return self.gate.pool(h, False)
                    """));
    ScriptProgram program = new ScriptProgram(source, ScriptNode.of("Gate").child("gate", node));
    try (ScriptModule module = program.load(Engines.defaultDevice(), ScriptProgram.Mode.INFERENCE);
        NDManager scope = module.newScope()) {
      parameters(file, "gate.")
          .forEach(
              (name, tensor) ->
                  Tensors.toArray(scope, tensor)
                      .copyTo(
                          module
                              .parameters()
                              .get(name.replaceAll("(attention_[ab])\\.(\\d)", "$1.$2"))));
      NDList out =
          module.infer(scope, "run", EvaluationFixtures.array(scope, matrix(file, "features")));
      assertArrayEquals(file.tensor("attention_raw").toFloats(), out.get(0).toFloatArray(), TIGHT);
      assertArrayEquals(file.tensor("pooled").toFloats(), out.get(1).toFloatArray(), TIGHT);
    }
  }

  @Test
  void survivalLossesAndGradients() {
    WeightFile file = open("survival_loss");
    JsonObject expected =
        Fixtures.json(Fixtures.parity("evaluation/expected.json")).getAsJsonObject("survival");
    float[] logits = file.tensor("logits").toFloats();
    long[] labels = file.tensor("label").toLongs();
    float[] censored = file.tensor("censorship").toFloats();
    try (SurvivalLosses losses = new SurvivalLosses()) {
      SurvivalLosses.Prediction p = losses.describe(logits, logits.length / labels.length);
      assertArrayEquals(file.tensor("hazards").toFloats(), p.hazards(), TIGHT);
      assertArrayEquals(file.tensor("survival").toFloats(), p.survival(), TIGHT);
      assertArrayEquals(file.tensor("risk").toFloats(), p.risk(), TIGHT);
      for (SurvivalLosses.Form form : SurvivalLosses.Form.values()) {
        String name = form.name().toLowerCase(java.util.Locale.ROOT);
        for (String alpha : expected.getAsJsonObject(name).keySet()) {
          SurvivalLosses.Result r =
              losses.discrete(form, logits, labels, censored, Float.parseFloat(alpha));
          String key = name + "_alpha" + alpha;
          assertEquals(file.tensor(key + ".loss").toFloats()[0], r.value(), TIGHT, key);
          assertEquals(
              expected.getAsJsonObject(name).get(alpha).getAsFloat(), r.value(), TIGHT, key);
          assertArrayEquals(file.tensor(key + ".logits_grad").toFloats(), r.gradient(), TIGHT, key);
        }
      }
      SurvivalLosses.Result cox =
          losses.cox(
              file.tensor("cox.theta").toFloats(), file.tensor("cox.time").toFloats(), censored);
      assertEquals(expected.get("cox").getAsFloat(), cox.value(), TIGHT);
      assertArrayEquals(file.tensor("cox.theta_grad").toFloats(), cox.gradient(), TIGHT);
    }
  }

  @Test
  void coupledAdam() {
    WeightFile file = open("adam_l2");
    String[] words = file.metadata().get("optimizer").split("[ ()]+");
    double rate = Double.parseDouble(words[List.of(words).indexOf("lr") + 1]);
    double decay = Double.parseDouble(words[List.of(words).indexOf("weight_decay") + 1]);
    ScriptSource source =
        ScriptSource.resources(TrainableHead.class, "optimizers.torchscript")
            .and(
                ScriptSource.of(
                    """
                    class Quadratic:
                      def loss(self, target: Tensor) -> Tensor:
                        d = self.weight - target
                        return torch.sum(d * d)

                      def adam(self, parameters: List[Tensor], gradients: List[Tensor],
                               m: List[Tensor], v: List[Tensor], steps: List[Tensor],
                               rate: Tensor, decay: Tensor) -> Tensor:
                        return adam_step(parameters, gradients, m, v, steps, rate, decay)
                    """));
    ScriptProgram program =
        new ScriptProgram(
            source, ScriptNode.of("Quadratic").parameter("weight", file.tensor("initial")));
    try (TrainableHead head = TrainableHead.load(program)) {
      IntStream.range(0, fact(file, "steps"))
          .forEach(
              i ->
                  head.step(
                      "loss",
                      scope -> new Object[] {head.input(scope, matrix(file, "target"))},
                      rate,
                      decay));
      assertArrayEquals(
          file.tensor("final").toFloats(), head.snapshot().get("weight").toFloats(), 1e-6f);
    }
  }
}
