package io.github.gpfm.distill.run;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.djl.Device;
import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import io.github.gpfm.distill.config.DistillConfig;
import io.github.gpfm.distill.config.DistillConfigs;
import io.github.gpfm.distill.model.ParameterLayout;
import io.github.gpfm.distill.model.ParameterSpec;
import io.github.gpfm.distill.model.StepModule;
import io.github.gpfm.testkit.Fixtures;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The presets have the published networks' tensors, and each trains. */
class PresetsTest {
  private static final Map<String, Integer> OFFICIAL_EXPERTS =
      Map.of("uni", 1024, "phikon", 768, "conch", 512);

  @TempDir Path folder;

  private static Map<String, List<Long>> tensors(ParameterLayout layout, String module) {
    Map<String, List<Long>> tensors = new LinkedHashMap<>();
    for (ParameterSpec spec : layout.student()) {
      if (spec.module().equals(module)) {
        tensors.put(spec.localName(), spec.shape());
      }
    }
    return tensors;
  }

  private static List<Long> longs(JsonElement array) {
    List<Long> values = new ArrayList<>();
    array.getAsJsonArray().forEach(value -> values.add(value.getAsLong()));
    return values;
  }

  @Test
  void vitLargeHasThePublishedTensorsInTheirOrder() {
    JsonObject manifest = Fixtures.json(Fixtures.parity("encoder/gpfm-vitl14-manifest.json"));
    ParameterLayout layout =
        ParameterLayout.of(DistillConfigs.preset("official-vitl14"), OFFICIAL_EXPERTS);
    for (String module : List.of("backbone", "dino_head")) {
      Map<String, List<Long>> expected = new LinkedHashMap<>();
      JsonArray published = manifest.getAsJsonArray(module);
      for (JsonElement tensor : published) {
        String name = tensor.getAsJsonObject().get("checkpoint_key").getAsString();
        expected.put(
            name.substring(module.length() + 1), longs(tensor.getAsJsonObject().get("shape")));
      }
      Map<String, List<Long>> mine = tensors(layout, "student." + module);
      assertEquals(expected, mine);
    }
  }

  /** The fixture is of the form with registers, trained at 518 pixels; its blocks are the same. */
  @Test
  void vitGiantHasThePublishedTensors() {
    JsonObject manifest = Fixtures.json(Fixtures.parity("families/dinov2-reg/manifest-giant.json"));
    JsonObject arguments = manifest.getAsJsonObject("arguments");
    DistillConfig config =
        DistillConfigs.with(
            DistillConfigs.preset("official-vitg14"),
            Map.of(
                "student.registers", arguments.get("num_register_tokens").getAsString(),
                "student.block-chunks", arguments.get("block_chunks").getAsString(),
                "crops.global-size", arguments.get("img_size").getAsString()));
    Map<String, List<Long>> expected = new LinkedHashMap<>();
    manifest
        .getAsJsonObject("tensors")
        .entrySet()
        .forEach(e -> expected.put(e.getKey(), longs(e.getValue())));
    ParameterLayout layout = ParameterLayout.of(config, OFFICIAL_EXPERTS);
    assertEquals(expected, tensors(layout, "student.backbone"));
    assertEquals(manifest.get("num_heads").getAsInt(), config.student().heads());
  }

  @ParameterizedTest
  @CsvSource({
    // Width 1280: the gated layer has 8 * ceil(2/3 * 4 * 1280 / 8) = 3416 inner values.
    "official-vith14, 32, 3416",
    "official-vitg14, 40, 4096"
  })
  void theLargerPresetsBuild(String preset, int depth, long hidden) {
    DistillConfig config = DistillConfigs.preset(preset);
    ParameterLayout layout = ParameterLayout.of(config, OFFICIAL_EXPERTS);
    Map<String, List<Long>> backbone = tensors(layout, "student.backbone");
    long width = config.student().width();
    String last = "blocks.3." + (depth - 1);
    assertEquals(List.of(2 * hidden, width), backbone.get(last + ".mlp.w12.weight"));
    assertEquals(List.of(width, hidden), backbone.get(last + ".mlp.w3.weight"));
    assertEquals(
        List.of(131072L, 384L), tensors(layout, "student.dino_head").get("last_layer.weight_v"));
    assertEquals(
        List.of(131072L, 256L), tensors(layout, "student.ibot_head").get("last_layer.weight_v"));
    new StepModule(config, layout, Device.cpu()).close();
  }

  @ParameterizedTest
  @ValueSource(strings = {"official-vitl14", "official-vith14", "official-vitg14", "tiny"})
  void eachPresetTrainsAtSmallSizes(String preset) {
    Map<String, String> small = new LinkedHashMap<>();
    small.put("student.width", "32");
    small.put("student.depth", "4");
    small.put("student.heads", "2");
    for (String head : List.of("self.head", "self.ibot-head")) {
      small.put(head + ".prototypes", "48");
      small.put(head + ".hidden", "40");
      small.put(head + ".bottleneck", "16");
    }
    small.put("crops.global-size", "56");
    small.put("crops.local-size", "28");
    small.put("train.batch", "4");
    small.put("train.shards", "2");
    small.put("train.devices", "cpu");
    small.put("experts", "{}");
    DistillConfig config = DistillConfigs.with(DistillConfigs.preset(preset), small);
    List<Double> objectives = new ArrayList<>();
    try (Trainer trainer = new Trainer(config, new RandomTiles(9, 64), Map.of(), folder)) {
      trainer.run(
          (done, total, result) -> {
            objectives.add(result.objective());
            if (done == 2) {
              trainer.stop();
            }
          });
    }
    assertEquals(2, objectives.size());
    assertTrue(objectives.stream().allMatch(Double::isFinite));
  }
}
