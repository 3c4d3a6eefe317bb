package io.github.gpfm.encoder;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.djl.Device;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import com.google.gson.Gson;
import io.github.gpfm.encoder.script.ScriptModule;
import io.github.gpfm.encoder.script.ScriptNode;
import io.github.gpfm.encoder.script.ScriptProgram;
import io.github.gpfm.encoder.script.Tensors;
import io.github.gpfm.encoder.vit.VitProgram;
import io.github.gpfm.encoder.vit.VitWeights;
import io.github.gpfm.encoder.weights.WeightFile;
import io.github.gpfm.encoder.weights.WeightTensor;
import io.github.gpfm.testkit.Fixtures;
import java.util.Arrays;
import java.util.List;
import java.util.OptionalInt;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The transformer against the reference's tokens; names, shapes and sizes come from the files. */
class EncoderParityTest {
  private static final double TOLERANCE = 5e-5;
  private static final Pattern FORWARD =
      Pattern.compile("(\\w+)\\.(x_norm_clstoken|x_norm_patchtokens|x_prenorm)");
  private static final Pattern INTERMEDIATE =
      Pattern.compile("(intermediate\\w*)_(\\d+)\\.(\\d+)\\.(cls|patch)");

  private final WeightFile inputs = WeightFile.open(Fixtures.parity("encoder/inputs.safetensors"));

  private static VitWeights weights(String name) {
    VitWeights flat =
        VitWeights.of(
            WeightFile.open(
                Fixtures.parity("encoder/" + name.replaceFirst("\\.\\w+$", ".safetensors"))),
            OptionalInt.empty());
    // A .pth does not say its number of heads; the safetensors twin does.
    return VitWeights.of(
        WeightFile.open(Fixtures.parity("encoder/" + name)), OptionalInt.of(flat.config().heads()));
  }

  private static ScriptModule load(VitWeights weights) {
    ScriptNode root = VitProgram.node(weights.config(), weights.tensors());
    return new ScriptProgram(VitProgram.source(), root)
        .load(Device.cpu(), ScriptProgram.Mode.INFERENCE);
  }

  @ParameterizedTest
  @ValueSource(strings = {"gpfm-tiny.safetensors", "gpfm-tiny.pth", "gpfm-tiny-swiglu.safetensors"})
  void tokensEqualTheReference(String name) {
    WeightFile expected =
        WeightFile.open(
            Fixtures.parity(
                name.contains("swiglu")
                    ? "encoder/expected-swiglu.safetensors"
                    : "encoder/expected.safetensors"));
    int checked = 0;
    try (ScriptModule module = load(weights(name))) {
      for (WeightTensor tensor : expected.tensors().values()) {
        Matcher forward = FORWARD.matcher(tensor.name());
        if (forward.matches()) {
          try (NDManager scope = module.newScope()) {
            NDList tokens = run(module, scope, forward.group(1));
            NDArray actual =
                switch (forward.group(2)) {
                  case "x_norm_clstoken" -> tokens.get(0).get(":, 0");
                  case "x_norm_patchtokens" -> tokens.get(0).get(":, 1:");
                  default -> tokens.get(1);
                };
            assertClose(tensor, actual);
            checked++;
          }
        }
      }
    }
    assertTrue(checked > 3, checked + " tensors checked");
  }

  private NDList run(ScriptModule module, NDManager scope, String run) {
    String size = run.substring(run.indexOf('_') + 1);
    NDArray input = Tensors.toArray(scope, inputs.tensor("input_" + size));
    if (run.startsWith("masked_")) {
      NDArray masks = Tensors.toArray(scope, inputs.tensor("masks_" + size));
      return module.infer(scope, "forward_masked", input, masks);
    }
    return module.infer(scope, "forward", input);
  }

  @Test
  void intermediateLayersEqualTheReference() {
    WeightFile expected = WeightFile.open(Fixtures.parity("encoder/expected.safetensors"));
    VitWeights weights = weights("gpfm-tiny.safetensors");
    int depth = weights.config().depth();
    long[] plain =
        new Gson().fromJson(expected.metadata().get("intermediate_nonorm_layers"), long[].class);
    TreeMap<String, Integer> counts = new TreeMap<>();
    for (String name : expected.tensors().keySet()) {
      Matcher m = INTERMEDIATE.matcher(name);
      if (m.matches()) {
        counts.merge(m.group(1) + "_" + m.group(2), Integer.parseInt(m.group(3)) + 1, Math::max);
      }
    }
    assertEquals(2, counts.size(), counts.toString());
    try (ScriptModule module = load(weights);
        NDManager scope = module.newScope()) {
      counts.forEach(
          (kind, count) -> {
            boolean normed = !kind.contains("nonorm");
            // With the norm: the last n blocks; without: the list the reference was asked for.
            long[] layers = new long[count];
            for (int i = 0; i < count; i++) {
              layers[i] = normed ? depth - count + i : plain[i];
            }
            String size = kind.substring(kind.lastIndexOf('_') + 1);
            NDArray input = Tensors.toArray(scope, inputs.tensor("input_" + size));
            NDList tokens = module.infer(scope, "intermediate", input, layers, normed);
            for (int i = 0; i < count; i++) {
              assertClose(expected.tensor(kind + "." + i + ".cls"), tokens.get(i).get(":, 0"));
              assertClose(expected.tensor(kind + "." + i + ".patch"), tokens.get(i).get(":, 1:"));
            }
          });
    }
  }

  @Test
  void positionsEqualTheReference() {
    WeightFile expected = WeightFile.open(Fixtures.parity("encoder/expected.safetensors"));
    List<WeightTensor> tables =
        expected.tensors().values().stream()
            .filter(t -> t.name().startsWith("pos_embed_"))
            .toList();
    assertTrue(tables.size() > 1);
    try (ScriptModule module = load(weights("gpfm-tiny.safetensors"));
        NDManager scope = module.newScope()) {
      for (WeightTensor table : tables) {
        String[] size = table.name().substring("pos_embed_".length()).split("x");
        NDArray actual =
            module
                .infer(scope, "positions", Long.valueOf(size[0]), Long.valueOf(size[1]))
                .singletonOrThrow();
        assertClose(table, actual);
      }
    }
  }

  @Test
  void headOnClassTokensEqualsTheReference() {
    WeightFile expected = WeightFile.open(Fixtures.parity("encoder/expected.safetensors"));
    VitWeights weights = weights("gpfm-tiny.pth");
    ScriptProgram program = new ScriptProgram(VitProgram.source(), VitProgram.head(weights.head()));
    try (ScriptModule head = program.load(Device.cpu(), ScriptProgram.Mode.INFERENCE);
        NDManager scope = head.newScope()) {
      WeightTensor output =
          expected.tensors().values().stream()
              .filter(t -> t.name().endsWith(".dino_head_of_cls"))
              .findFirst()
              .orElseThrow();
      String run = output.name().substring(0, output.name().indexOf('.'));
      NDArray input = Tensors.toArray(scope, expected.tensor(run + ".x_norm_clstoken"));
      assertClose(output, head.infer(scope, "forward", input).singletonOrThrow());
    }
  }

  @Test
  void featureAloneEqualsTheClassToken() {
    try (ScriptModule module = load(weights("gpfm-tiny.safetensors"));
        NDManager scope = module.newScope()) {
      NDArray input = Tensors.toArray(scope, inputs.tensors().values().iterator().next());
      float[] feature = module.infer(scope, "feature", input).singletonOrThrow().toFloatArray();
      NDList both = module.infer(scope, "encode", input);
      assertMaxAbs("feature", both.get(0).toFloatArray(), feature, 1e-5);
      NDArray attention = module.infer(scope, "class_attention", input).singletonOrThrow();
      assertEquals(both.get(1).getShape().get(1), attention.getShape().get(2));
      for (float sum : attention.sum(new int[] {2}).toFloatArray()) {
        assertTrue(
            sum > 0.5 && sum < 1, "sum over patches is below 1: the class token has a share");
      }
    }
  }

  @Test
  void checkpointAndSafetensorsGiveIdenticalTokens() {
    try (ScriptModule pth = load(weights("gpfm-tiny.pth"));
        ScriptModule flat = load(weights("gpfm-tiny.safetensors"));
        NDManager scope = pth.newScope()) {
      for (WeightTensor tensor : inputs.tensors().values()) {
        if (tensor.name().startsWith("input_")) {
          NDArray input = Tensors.toArray(scope, tensor);
          assertTrue(
              Arrays.equals(
                  pth.infer(scope, "forward", input).get(0).toFloatArray(),
                  flat.infer(scope, "forward", input).get(0).toFloatArray()));
        }
      }
    }
  }

  private static void assertClose(WeightTensor expected, NDArray actual) {
    long[] shape = expected.shape().stream().mapToLong(Long::longValue).toArray();
    assertEquals(Arrays.toString(shape), Arrays.toString(actual.getShape().getShape()));
    assertMaxAbs(expected.name(), expected.toFloats(), actual.toFloatArray(), TOLERANCE);
  }

  private static void assertMaxAbs(String name, float[] expected, float[] actual, double limit) {
    assertEquals(expected.length, actual.length, name);
    double worst = 0;
    for (int i = 0; i < expected.length; i++) {
      worst = Math.max(worst, Math.abs((double) expected[i] - actual[i]));
      assertTrue(Float.isFinite(actual[i]), name);
    }
    assertTrue(worst <= limit, name + ": max abs " + worst);
  }
}
