package io.github.gpfm.encoder.catalog;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.gpfm.api.Recipe;
import io.github.gpfm.api.WeightsException;
import io.github.gpfm.encoder.ComputeDevice;
import io.github.gpfm.encoder.GpfmEncoder;
import io.github.gpfm.encoder.image.Preprocessing;
import io.github.gpfm.encoder.weights.WeightFile;
import io.github.gpfm.image.Interpolation;
import io.github.gpfm.support.FileHashes;
import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What a model's folder states about images and network is done, or refused by name. */
class StatedPreprocessingTest {
  @TempDir Path folder;

  private Preprocessing read(String json) throws IOException {
    Files.writeString(folder.resolve("preprocessor_config.json"), json);
    return StatedPreprocessing.of(folder).orElseThrow();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "{}|EXACT|224|BILINEAR|0",
        "{\"image_processor_type\": \"ViTImageProcessor\", \"size\": 384}|EXACT|384|BILINEAR|0",
        "{\"feature_extractor_type\": \"ViTFeatureExtractor\", \"resample\": 3}|EXACT|224|BICUBIC|0",
        "{\"image_processor_type\": \"BitImageProcessor\"}|SHORT_SIDE|224|BICUBIC|224",
        "{\"image_processor_type\": \"BitImageProcessor\", \"size\": {\"shortest_edge\": 256},"
            + " \"resample\": 2}|SHORT_SIDE|256|BILINEAR|224",
        "{\"image_processor_type\": \"CLIPImageProcessor\", \"size\": 256,"
            + " \"crop_size\": 240}|SHORT_SIDE|256|BICUBIC|240",
        "{\"size\": {\"height\": 256, \"width\": 256}, \"do_center_crop\": true, \"crop_size\": 224}"
            + "|EXACT|256|BILINEAR|224",
      })
  void transformersProcessorsAreRead(
      String json, Preprocessing.Resize resize, int size, Interpolation kernel, int crop)
      throws IOException {
    Preprocessing read = read(json);
    assertEquals(resize, read.resize());
    assertEquals(size, read.size());
    assertEquals(kernel, read.interpolation());
    assertEquals(crop, read.crop());
  }

  @Test
  void meansAreThoseStatedElseTheProcessorsOwn() throws IOException {
    assertEquals(0.5, read("{}").mean().get(0));
    assertEquals(
        0.48145466, read("{\"image_processor_type\": \"CLIPImageProcessor\"}").mean().get(0));
    assertEquals(
        0.7,
        read("{\"image_mean\": [0.7, 0.6, 0.7], \"image_std\": [0.2, 0.2, 0.2]}").mean().get(0));
    assertEquals(0.0, read("{\"do_normalize\": false}").mean().get(0));
    assertEquals(1.0, read("{\"do_normalize\": false}").std().get(2));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "{\"do_resize\": false}|do_resize false",
        "{\"do_rescale\": false}|do_rescale false",
        "{\"rescale_factor\": 0.0078}|rescale_factor",
        "{\"resample\": 1}|resample 1",
        "{\"size\": {\"height\": 224, \"width\": 200}}|no square",
        "{\"size\": {\"shortest_edge\": 224}}|without a crop",
        "{\"image_processor_type\": \"NewProcessor\"}|NewProcessor",
        "{\"size\": \"big\"}|size is not a number",
        "[]|preprocessor_config.json",
        "{\"crop_size\": 300, \"do_center_crop\": true}|crop must be",
      })
  void whatCannotBeDoneIsNamed(String json, String reason) {
    String message = assertThrows(WeightsException.class, () -> read(json)).getMessage();
    assertTrue(message.contains(reason) && message.contains("preprocessor_config.json"), message);
  }

  private void timm(String more) throws IOException {
    Files.writeString(
        folder.resolve("config.json"),
        """
        {"architecture": "vit_small_patch14_dinov2", "model_args": {"num_heads": 2 %s},
         "global_pool": "avg",
         "pretrained_cfg": {"input_size": [3, 32, 32], "crop_pct": 0.875,
           "interpolation": "bilinear", "mean": [0.7, 0.5, 0.7], "std": [0.2, 0.3, 0.2]}}
        """
            .formatted(more));
  }

  private Path weights(String form) throws IOException {
    try (var in = StatedPreprocessingTest.class.getResourceAsStream("forms/" + form)) {
      Path file = folder.resolve("model.safetensors");
      Files.write(file, in.readAllBytes());
      return file;
    }
  }

  @Test
  void timmsConfigurationIsHonored() throws IOException {
    Path file = weights("no_qkv_bias.safetensors");
    timm("");
    ModelCard card = ModelChoice.any().card(WeightFile.open(file));
    assertEquals("timm", card.layout().name());
    assertEquals(2, ((VitArchitecture) card.architecture()).heads());
    assertEquals(Feature.MEAN_PATCH_TOKEN, card.feature());
    assertEquals(36, card.preprocessing().size());
    assertEquals(32, card.preprocessing().crop());
    assertEquals(Interpolation.BILINEAR, card.preprocessing().interpolation());
    assertEquals(0.7, card.preprocessing().mean().get(0));
    timm(", \"global_pool\": \"map\"");
    assertTrue(
        assertThrows(WeightsException.class, () -> ModelChoice.any().card(WeightFile.open(file)))
            .getMessage()
            .contains("global_pool 'map'"));
  }

  @Test
  void aGateOfAnotherFunctionIsRefused() throws IOException {
    Path file = weights("swiglu.safetensors");
    timm(", \"act_layer\": \"gelu\"");
    assertTrue(
        assertThrows(WeightsException.class, () -> ModelChoice.any().card(WeightFile.open(file)))
            .getMessage()
            .contains("gate of gelu"));
    timm(", \"act_layer\": \"silu\"");
    assertEquals("dinov2-vit", ModelChoice.any().card(WeightFile.open(file)).name());
  }

  @Test
  void aHubFolderIsPreprocessedAsItStates() throws IOException, URISyntaxException {
    Path from = Path.of(SavedFormsTest.class.getResource("forms/vit_gelu_saved").toURI());
    for (String name : new String[] {"config.json", "model.safetensors"}) {
      Files.copy(from.resolve(name), folder.resolve(name));
    }
    ModelCard assumed = ModelChoice.any().card(WeightFile.open(folder));
    assertEquals(Interpolation.BILINEAR, assumed.preprocessing().interpolation());
    assertEquals(Preprocessing.IMAGENET_MEAN, assumed.preprocessing().mean());
    read("{\"resample\": 3, \"size\": 32}");
    ModelCard stated = ModelChoice.any().card(WeightFile.open(folder));
    assertEquals(Interpolation.BICUBIC, stated.preprocessing().interpolation());
    assertEquals(32, stated.preprocessing().inputSize());
    assertEquals(0.5, stated.preprocessing().mean().get(0));
  }

  private List<Recipe.Difference> differences(Recipe before) {
    return recipe().differencesFrom(before);
  }

  private Recipe recipe() {
    try (GpfmEncoder encoder =
        GpfmEncoder.builder().weights(folder).device(ComputeDevice.cpu()).build()) {
      return Recipe.builder(FileHashes.inMemory()).with(encoder).build();
    }
  }

  @Test
  void whatFilesBesideTheWeightsSayDecidesFeatures() throws IOException, URISyntaxException {
    Path from = Path.of(SavedFormsTest.class.getResource("forms/vit_gelu_saved").toURI());
    for (String name : new String[] {"config.json", "model.safetensors"}) {
      Files.copy(from.resolve(name), folder.resolve(name));
    }
    Recipe before = recipe();
    assertEquals(List.of(), differences(before));
    Path config = folder.resolve("config.json");
    String stated = Files.readString(config);
    Files.writeString(
        config, stated.replace("\"layer_norm_eps\": 0.001", "\"layer_norm_eps\": 0.002"));
    assertEquals(List.of("weights.use.structure"), names(differences(before)));
    Files.writeString(
        config, stated.replace("\"num_attention_heads\": 3", "\"num_attention_heads\": 2"));
    assertEquals(List.of("weights.use.structure"), names(differences(before)));
    Files.writeString(config, stated);
    Files.writeString(
        folder.resolve("preprocessor_config.json"),
        "{\"size\": 16, \"image_mean\": [0.1, 0.2, 0.3]}");
    assertEquals(List.of("weights.use.preprocessing"), names(differences(before)));
  }

  private static List<String> names(List<Recipe.Difference> differences) {
    return differences.stream().map(Recipe.Difference::name).toList();
  }

  @Test
  void aFolderThatContradictsACardIsSaid() throws IOException {
    Preprocessing phikon = Encoders.find("phikon").preprocessing();
    String agreeing =
        "{\"image_mean\": [0.485, 0.456, 0.406], \"image_std\": [0.229, 0.224, 0.225]%s}";
    assertTrue(StatedPreprocessing.differences(read(agreeing.formatted("")), phikon).isEmpty());
    assertEquals(
        "[interpolation BICUBIC instead of BILINEAR]",
        StatedPreprocessing.differences(read(agreeing.formatted(", \"resample\": 3")), phikon)
            .toString());
    assertEquals(
        Optional.of("mean [0.5, 0.5, 0.5] instead of [0.485, 0.456, 0.406]"),
        StatedPreprocessing.differences(read("{}"), phikon).stream().findFirst());
  }
}
