package io.github.gpfm.encoder.catalog;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.djl.Device;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import com.google.gson.Gson;
import io.github.gpfm.api.WeightsException;
import io.github.gpfm.encoder.GpfmEncoder;
import io.github.gpfm.encoder.model.EncoderModel;
import io.github.gpfm.encoder.script.ScriptModule;
import io.github.gpfm.encoder.script.ScriptProgram;
import io.github.gpfm.encoder.script.Tensors;
import io.github.gpfm.encoder.weights.DType;
import io.github.gpfm.encoder.weights.ModelState;
import io.github.gpfm.encoder.weights.Safetensors;
import io.github.gpfm.encoder.weights.TensorData;
import io.github.gpfm.encoder.weights.TorchCheckpoint;
import io.github.gpfm.encoder.weights.WeightFile;
import io.github.gpfm.encoder.weights.WeightTensor;
import io.github.gpfm.testkit.Fixtures;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.net.URISyntaxException;
import java.net.URL;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Weights as training code and other libraries save them, told from the file or by name; expected
 * features are timm's and transformers' on random weights.
 */
class SavedFormsTest {
  private static final double TOLERANCE = 5e-5;

  @TempDir Path folder;

  private static Path form(String name) {
    try {
      URL url = SavedFormsTest.class.getResource("forms/" + name);
      return Path.of(url.toURI());
    } catch (URISyntaxException e) {
      throw new IllegalStateException(e);
    }
  }

  private static ModelChoice choice(int heads, String state) {
    return new ModelChoice(
        ModelCatalog.builtIn(),
        Optional.empty(),
        heads == 0 ? OptionalInt.empty() : OptionalInt.of(heads),
        Optional.ofNullable(state));
  }

  private static float[] feature(EncoderModel model, WeightTensor x) {
    try (ScriptModule module = model.program().load(Device.cpu(), ScriptProgram.Mode.INFERENCE);
        NDManager scope = module.newScope()) {
      NDList out = module.infer(scope, "feature", Tensors.toArray(scope, x));
      return out.get(0).toFloatArray();
    }
  }

  private static void assertFeature(float[] expected, Path weights, ModelChoice choice) {
    WeightTensor x = WeightFile.open(form("input.safetensors")).tensor("x");
    assertArrayEquals(
        expected,
        feature(Encoders.model(choice, weights), x),
        (float) TOLERANCE,
        weights.toString());
  }

  private static float[] expected(String name) {
    String json = WeightFile.open(form(name + ".safetensors")).metadata().get("feature");
    return new Gson().fromJson(json, float[].class);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "swiglu",
        "fc_norm",
        "no_class_token",
        "no_class_token_norm",
        "no_qkv_bias",
        "qk_norm",
        "pre_norm",
        "reg_no_class",
        "all"
      })
  void formsOfTimmAreToldFromTheFile(String name) {
    assertFeature(expected(name), form(name + ".safetensors"), choice(3, null));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "vit_gelu_live",
        "vit_gelu_saved",
        "vit_gelu_new_live",
        "vit_relu_live",
        "vit_silu_live",
        "vit_quick_gelu_live",
        "dinov2_swiglu_live",
        "dinov2_swiglu_saved",
        "dinov2_reg_live",
        "dinov2_reg_saved"
      })
  void foldersOfHuggingFaceAreReadByTheirConfiguration(String name) throws IOException {
    Path at = form(name);
    float[] expected =
        new Gson().fromJson(Files.readString(at.resolve("feature.json")), float[].class);
    assertFeature(expected, at, choice(0, null));
  }

  private static Map<String, WeightTensor> tensors(String form) {
    return WeightFile.open(form(form + ".safetensors")).tensors();
  }

  private static Map<String, WeightTensor> prefixed(String prefix, Map<String, WeightTensor> from) {
    Map<String, WeightTensor> named = new LinkedHashMap<>();
    from.forEach((name, tensor) -> named.put(prefix + name, tensor));
    return named;
  }

  /** The same with every value halved: another network. */
  private static Map<String, WeightTensor> halved(Map<String, WeightTensor> from) {
    Map<String, WeightTensor> half = new LinkedHashMap<>();
    from.forEach(
        (name, tensor) -> {
          float[] values = tensor.toFloats();
          for (int i = 0; i < values.length; i++) {
            values[i] /= 2;
          }
          half.put(name, WeightTensor.ofFloats(name, tensor.shape(), values));
        });
    return half;
  }

  /** The tensors of a file that a network is made of are these. */
  private static void assertTaken(Map<String, WeightTensor> right, Path path, String state) {
    WeightFile file = WeightFile.open(path);
    ModelCard card = choice(3, state).card(file);
    WeightBinding bound =
        WeightBinding.of(card.withoutFileSizes(), file, Optional.ofNullable(state), DType.FLOAT32);
    assertEquals(right.keySet(), bound.tensors().keySet());
    right.forEach(
        (name, tensor) -> assertArrayEquals(tensor.toFloats(), bound.get(name).toFloats(), name));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "module.",
        "_orig_mod.",
        "backbone.",
        "teacher.backbone.",
        "encoder.",
        "trunk.",
        "module._orig_mod.backbone.",
        "_orig_mod.module.model.encoder.trunk.",
        "state_dict.model.teacher.backbone._orig_mod.module."
      })
  void prefixesInAnyOrderAreTaken(String prefix) {
    Map<String, Object> content = new LinkedHashMap<>(prefixed(prefix, tensors("qk_norm")));
    WeightTensor head = WeightTensor.ofFloats("h", List.of(2L), 1, 2);
    for (String name :
        List.of("head.weight", "fc.bias", "classifier.weight", "dino_head.mlp.0.weight")) {
      content.put(prefix + name, head);
      if (!ModelState.bare(prefix).isEmpty()) {
        content.put("other." + name, head);
      }
    }
    content.put("optimizer", Map.of("state", Map.of("0", Map.of("exp_avg", head))));
    content.put("epoch", 3L);
    Path file = folder.resolve("run.pth");
    TorchCheckpoint.write(file, content);
    assertTaken(tensors("qk_norm"), file, null);
  }

  @ParameterizedTest
  @CsvSource({"layers.0., a.", "blocks.1., b."})
  void whatIsNoHeadIsNotPassedOver(String block, String other) {
    Map<String, Object> content = new LinkedHashMap<>(tensors("qk_norm"));
    content.put("adapter." + block + other + "weight", WeightTensor.ofFloats("h", List.of(1L), 1));
    Path file = folder.resolve("adapted.pth");
    TorchCheckpoint.write(file, content);
    WeightsException e =
        assertThrows(WeightsException.class, () -> Encoders.model(choice(3, null), file));
    assertTrue(e.getMessage().contains("adapted.pth"), e.getMessage());
  }

  @Test
  void theTeacherIsTakenUnlessAnotherStateIsAskedFor() {
    Map<String, WeightTensor> right = tensors("qk_norm");
    Map<String, WeightTensor> wrong = halved(right);
    Path file = folder.resolve("distilled.pth");
    Map<String, Object> model = new LinkedHashMap<>(prefixed("student.backbone.", wrong));
    model.putAll(prefixed("teacher.backbone.", right));
    TorchCheckpoint.write(file, Map.of("model", model));
    assertTaken(right, file, null);
    assertTaken(right, file, "teacher");
    assertTaken(wrong, file, "student");

    Path averaged = folder.resolve("averaged.pth");
    Map<String, Object> both = new LinkedHashMap<>();
    both.put("state_dict", wrong);
    both.put("state_dict_ema", prefixed("module.", right));
    TorchCheckpoint.write(averaged, both);
    assertTaken(right, averaged, null);
    assertTaken(right, averaged, "state_dict_ema");
    assertTrue(
        assertThrows(WeightsException.class, () -> Encoders.model(choice(3, "teacher"), averaged))
            .getMessage()
            .contains("state"));
  }

  @Test
  void twoModelsOfOneKindAreAskedFor() {
    Map<String, WeightTensor> right = tensors("qk_norm");
    Path file = folder.resolve("two.pth");
    Map<String, Object> both = new LinkedHashMap<>(prefixed("encoder.", right));
    both.putAll(prefixed("backbone.", halved(right)));
    TorchCheckpoint.write(file, both);
    String message =
        assertThrows(WeightsException.class, () -> Encoders.model(choice(3, null), file))
            .getMessage();
    assertTrue(message.contains("'encoder'") && message.contains("'backbone'"), message);
    assertTaken(right, file, "encoder");
  }

  @ParameterizedTest
  @ValueSource(strings = {"INT8", "FLOAT8_E4M3", "FLOAT8_E5M2", "UINT8"})
  void weightsOfIntegersAndEightBitFloatsAreRefusedByType(String name) {
    DType type = DType.valueOf(name);
    List<WeightTensor> all = new ArrayList<>();
    tensors("qk_norm")
        .forEach(
            (key, tensor) ->
                all.add(
                    key.equals("blocks.1.mlp.fc1.weight")
                        ? new WeightTensor(
                            key,
                            type,
                            tensor.shape(),
                            TensorData.of(new byte[(int) tensor.count()]))
                        : tensor));
    Path file = folder.resolve("quantized.safetensors");
    Safetensors.write(file, all, Map.of());
    String message =
        assertThrows(WeightsException.class, () -> Encoders.model(choice(3, null), file))
            .getMessage();
    assertTrue(message.contains(name) && message.contains("blocks.1.mlp.fc1.weight"), message);
  }

  @Test
  void aConfigurationThatContradictsOrIsUnknownIsRefused() throws IOException {
    Path from = form("vit_gelu_saved");
    Files.copy(from.resolve("model.safetensors"), folder.resolve("model.safetensors"));
    String config = Files.readString(from.resolve("config.json"));
    Path to = folder.resolve("config.json");
    Files.writeString(to, config.replace("\"gelu\"", "\"mish\""));
    assertTrue(refused().contains("mish"));
    Files.writeString(to, config.replace("\"num_hidden_layers\": 2", "\"num_hidden_layers\": 4"));
    assertTrue(refused().contains("num_hidden_layers"));
  }

  private String refused() {
    return assertThrows(WeightsException.class, () -> Encoders.model(choice(0, null), folder))
        .getMessage();
  }

  @Test
  void aFileOfSeveralModelsOfTheCatalogueIsAskedFor() {
    List<WeightTensor> zeros = new ArrayList<>();
    Encoders.find("h-optimus-0")
        .architecture()
        .tensors()
        .forEach((name, shape) -> zeros.add(zero(name, shape)));
    Path file = folder.resolve("h.safetensors");
    WeightFile big =
        new WeightFile(file, WeightFile.Kind.SAFETENSORS, TorchCheckpoint.byName(zeros), Map.of());
    AmbiguousModelException e =
        assertThrows(AmbiguousModelException.class, () -> ModelChoice.any().card(big));
    assertTrue(e.models().containsAll(List.of("h-optimus-0", "h-optimus-1")), e.getMessage());
    List<WeightTensor> one = new ArrayList<>();
    Encoders.find("uni2-h").architecture().tensors().forEach((n, shape) -> one.add(zero(n, shape)));
    assertEquals(
        "uni2-h",
        ModelChoice.any()
            .card(
                new WeightFile(
                    file, WeightFile.Kind.SAFETENSORS, TorchCheckpoint.byName(one), Map.of()))
            .name());
  }

  /** A tensor that takes no memory. */
  private static WeightTensor zero(String name, List<Long> shape) {
    long bytes = 4 * shape.stream().reduce(1L, (a, b) -> a * b);
    return new WeightTensor(
        name,
        DType.FLOAT32,
        shape,
        new TensorData() {
          @Override
          public long size() {
            return bytes;
          }

          @Override
          public void read(long position, ByteBuffer target) {
            target.position(target.limit());
          }
        });
  }

  private static void assertCase(ModelChoice choice, String file, String expected)
      throws IOException {
    EncoderModel read = Encoders.model(choice, Fixtures.cases("weights/" + file));
    if (expected.isEmpty()) {
      return;
    }
    BufferedImage image = ImageIO.read(Fixtures.cases("weights/input.png").toFile());
    try (GpfmEncoder encoder = GpfmEncoder.builder().model(read).build()) {
      byte[] npy = Files.readAllBytes(Fixtures.cases("weights/" + expected));
      FloatBuffer values =
          ByteBuffer.wrap(npy, npy.length - 4 * 96, 4 * 96)
              .order(ByteOrder.LITTLE_ENDIAN)
              .asFloatBuffer();
      float[] reference = new float[96];
      values.get(reference);
      assertArrayEquals(
          reference, encoder.embed(List.of(image)).vector(0), (float) TOLERANCE, file);
    }
  }

  @ParameterizedTest
  @CsvSource({
    "orig_mod.pth, tinytimm, expected_feature.npy",
    "lightning_backbone.pth, tinytimm, expected_feature.npy",
    "torch_size.pth, tinytimm, expected_feature.npy",
    "rng_state.pth, tinytimm, expected_feature.npy",
    "tuple_key.pth, tinytimm, expected_feature.npy",
    "expand_stride0.pth, tinytimm, ''",
    "st_head_u16.safetensors, tinytimm, expected_feature.npy",
    "sharded, tinytimm, expected_feature.npy",
    "sharded/model.safetensors.index.json, tinytimm, expected_feature.npy",
    "sharded/model-00002-of-00002.safetensors, tinytimm, expected_feature.npy",
    "hf/vitlive, hfvit, hf/vitlive/expected_feature.npy",
    "hf/vitlive/x.pth, hfvit, hf/vitlive/expected_feature.npy",
    "hf/dinocls, hfdino, hf/dinocls/expected_feature.npy",
    "hf/dinoreg, hfdinoreg2, hf/dinoreg/expected_feature.npy"
  })
  void savedFilesGiveTheirFeature(String file, String model, String expected) throws IOException {
    boolean hub = file.startsWith("hf/");
    ModelCatalog catalog =
        Encoders.catalog()
            .with(Fixtures.cases(hub ? "weights/hf/catalog.yaml" : "weights/catalog.yaml"));
    assertCase(ModelChoice.of(catalog.find(model)), file, expected);
    if (hub) {
      assertCase(ModelChoice.any(), file, expected);
    } else {
      ModelChoice untold =
          new ModelChoice(catalog, Optional.empty(), OptionalInt.empty(), Optional.empty());
      WeightFile weights = WeightFile.open(Fixtures.cases("weights/" + file));
      assertEquals(catalog.find(model), untold.card(weights));
    }
  }
}
