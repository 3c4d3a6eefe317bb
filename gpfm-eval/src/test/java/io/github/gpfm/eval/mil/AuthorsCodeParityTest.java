package io.github.gpfm.eval.mil;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import io.github.gpfm.encoder.script.Engines;
import io.github.gpfm.encoder.script.ScriptModule;
import io.github.gpfm.encoder.script.ScriptProgram;
import io.github.gpfm.encoder.script.Tensors;
import io.github.gpfm.encoder.weights.WeightFile;
import io.github.gpfm.encoder.weights.WeightTensor;
import io.github.gpfm.eval.EvaluationFixtures;
import io.github.gpfm.eval.head.TrainableHead;
import java.net.URISyntaxException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * TransMIL, CLAM, gated attention and plain pooling against what their authors' published programs
 * gave for random weights, within 1e-5. Each file's metadata {@code source} says how it was made.
 */
class AuthorsCodeParityTest {
  private static final float TIGHT = 1e-5f;

  /** The authors' names of layers and ours. */
  private static final List<Map.Entry<String, String>> NAMES =
      List.of(
          Map.entry("_fc1.0.", "feature."),
          Map.entry("_fc2.", "classifier."),
          Map.entry("pos_layer.proj.", "position_convolutions.0."),
          Map.entry("pos_layer.proj1.", "position_convolutions.1."),
          Map.entry("pos_layer.proj2.", "position_convolutions.2."),
          Map.entry("layer1.norm.", "norm1."),
          Map.entry("layer2.norm.", "norm2."),
          Map.entry("layer1.attn.", "attention1."),
          Map.entry("layer2.attn.", "attention2."),
          Map.entry("to_out.0.", "to_out."),
          Map.entry("res_conv.weight", "residual"),
          Map.entry("attention_net.0.", "feature."),
          Map.entry("attention_net.3.", "attention."),
          Map.entry("instance_classifiers.", "instance_classifiers."),
          Map.entry("head.0.", "feature."),
          Map.entry("head.3.", "classifier."),
          Map.entry("i_classifier.fc.0.", "instance."),
          Map.entry("b_classifier.q.0.", "query_in."),
          Map.entry("b_classifier.q.2.", "query_out."),
          Map.entry("b_classifier.fcc.", "fcc_"));

  private static WeightFile file(String name) {
    try {
      return WeightFile.open(
          Path.of(AuthorsCodeParityTest.class.getResource(name + ".safetensors").toURI()));
    } catch (URISyntaxException e) {
      throw new IllegalStateException(e);
    }
  }

  private static String ours(String theirs) {
    String name = theirs.startsWith("classifiers.") ? "classifier." + theirs.substring(12) : theirs;
    for (Map.Entry<String, String> entry : NAMES) {
      name = name.replace(entry.getKey(), entry.getValue());
    }
    return "net." + name;
  }

  private static Map<String, WeightTensor> parameters(WeightFile file, String prefix) {
    Map<String, WeightTensor> found = new LinkedHashMap<>();
    file.tensors()
        .forEach(
            (name, tensor) -> {
              if (name.startsWith(prefix)) {
                found.put(ours(name.substring(prefix.length())), tensor);
              }
            });
    assertFalse(found.isEmpty());
    return found;
  }

  private static int fact(WeightFile file, String name) {
    return Integer.parseInt(file.metadata().getOrDefault(name, "1"));
  }

  private static MilArchitecture architecture(MilKind kind, WeightFile file) {
    return new MilArchitecture(
        kind,
        fact(file, "in_dim"),
        fact(file, "n_classes"),
        fact(file, "hidden"),
        fact(file, "attention"),
        0);
  }

  private static List<String> bags(WeightFile file) {
    List<String> bags =
        file.tensors().keySet().stream()
            .filter(n -> n.endsWith(".features"))
            .map(n -> n.substring(0, n.indexOf('.')))
            .toList();
    assertFalse(bags.isEmpty());
    return bags;
  }

  private static float[][] forward(TrainableHead head, WeightFile file, String bag) {
    return head.evaluate(
        "forward",
        scope ->
            new Object[] {head.input(scope, EvaluationFixtures.matrix(file, bag + ".features"))},
        out -> new float[][] {out.get(0).toFloatArray(), out.get(1).toFloatArray()});
  }

  @Test
  void transMil() {
    WeightFile file = file("transmil");
    try (TrainableHead head = TrainableHead.load(architecture(MilKind.TRANSMIL, file).program(0))) {
      head.restore(parameters(file, "param."));
      for (String bag : bags(file)) {
        float[][] out = forward(head, file, bag);
        assertArrayEquals(file.tensor(bag + ".logits").toFloats(), out[0], TIGHT, bag);
        assertEquals(file.tensor(bag + ".features").size(0), out[1].length);
      }
    }
  }

  /** Gated attention pooling is CLAM's bag branch, without the instance classifiers. */
  @ParameterizedTest
  @EnumSource(names = {"CLAM_SB", "GATED_ABMIL"})
  void clamAndGatedAttention(MilKind kind) {
    WeightFile file = file("clam_sb");
    try (TrainableHead head = TrainableHead.load(architecture(kind, file).program(0))) {
      head.restore(parameters(file, "param."));
      for (String bag : bags(file)) {
        float[][] out = forward(head, file, bag);
        assertArrayEquals(file.tensor(bag + ".logits").toFloats(), out[0], TIGHT, bag);
        assertArrayEquals(file.tensor(bag + ".attention_raw").toFloats(), out[1], TIGHT, bag);
      }
    }
  }

  @Test
  void clamLosses() {
    WeightFile file = file("clam_sb");
    // The instance loss over all classes is CLAM's subtyping mode, taken with three or more
    // classes.
    String mode = fact(file, "n_classes") > 2 ? ".subtyping" : ".plain";
    ScriptProgram program = architecture(MilKind.CLAM_SB, file).program(0);
    try (ScriptModule module = program.load(Engines.defaultDevice(), ScriptProgram.Mode.TRAINING);
        NDManager scope = module.newScope()) {
      parameters(file, "param.")
          .forEach(
              (name, tensor) ->
                  Tensors.toArray(scope, tensor).copyTo(module.parameters().get(name)));
      for (String bag : bags(file)) {
        for (long label = 0; label < fact(file, "n_classes"); label++) {
          float loss =
              module
                  .callWithGradients(
                      scope,
                      "classification_loss",
                      EvaluationFixtures.array(
                          scope, EvaluationFixtures.matrix(file, bag + ".features")),
                      scope.create(new long[] {label}))
                  .singletonOrThrow()
                  .getFloat();
          String key = bag + ".label" + label + mode + ".loss";
          assertEquals(file.tensor(key).toFloats()[0], loss, TIGHT, key);
        }
      }
    }
  }

  @ParameterizedTest
  @EnumSource(names = {"MEAN", "MAX"})
  void plainPooling(MilKind kind) {
    WeightFile file = file("mean_max");
    try (TrainableHead head = TrainableHead.load(architecture(kind, file).program(0))) {
      head.restore(parameters(file, kind.key() + ".param."));
      for (String bag : bags(file)) {
        assertArrayEquals(
            file.tensor(kind.key() + "." + bag + ".logits").toFloats(),
            forward(head, file, bag)[0],
            TIGHT,
            bag);
      }
    }
  }

  @Test
  void dsMilAndItsLoss() {
    WeightFile file = file("dsmil");
    int classes = (int) file.tensor("logits").size(1);
    int dimension = (int) file.tensor("features").size(1);
    ScriptProgram program =
        new MilArchitecture(MilKind.DSMIL, dimension, classes, 1, 128, 0).program(0);
    try (ScriptModule module = program.load(Engines.defaultDevice(), ScriptProgram.Mode.TRAINING);
        NDManager scope = module.newScope()) {
      parameters(file, "param.")
          .forEach(
              (name, tensor) ->
                  Tensors.toArray(scope, tensor).copyTo(module.parameters().get(name)));
      NDArray x = EvaluationFixtures.array(scope, EvaluationFixtures.matrix(file, "features"));
      NDList out = module.call(scope, "forward", x);
      float[] logits = file.tensor("logits").toFloats();
      assertArrayEquals(logits, out.get(0).toFloatArray(), TIGHT);
      int called = 0;
      for (int c = 1; c < classes; c++) {
        called = logits[c] > logits[called] ? c : called;
      }
      float[] attention = AttentionMap.softmax(out.get(1).toFloatArray());
      float[] theirs = file.tensor("attention").toFloats();
      for (int i = 0; i < attention.length; i++) {
        assertEquals(theirs[i * classes + called], attention[i], TIGHT);
      }
      float loss =
          module
              .callWithGradients(scope, "classification_loss", x, scope.create(new long[] {2}))
              .singletonOrThrow()
              .getFloat();
      assertEquals(file.tensor("loss").toFloats()[0], loss, TIGHT);
    }
  }
}
