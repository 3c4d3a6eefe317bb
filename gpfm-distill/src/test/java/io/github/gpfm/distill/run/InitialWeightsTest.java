package io.github.gpfm.distill.run;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import io.github.gpfm.api.WeightsException;
import io.github.gpfm.distill.config.DistillConfig;
import io.github.gpfm.distill.config.DistillConfigs;
import io.github.gpfm.distill.model.ParameterLayout;
import io.github.gpfm.encoder.weights.WeightFile;
import io.github.gpfm.encoder.weights.WeightTensor;
import io.github.gpfm.testkit.Fixtures;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** A student starts from the weights it is given, or is told why not. */
class InitialWeightsTest {
  @TempDir Path folder;

  private static DistillConfig config(String... changes) {
    Map<String, String> map = new HashMap<>(Map.of("experts", "{}"));
    for (String change : changes) {
      map.put(change.split("=")[0], change.split("=")[1]);
    }
    return DistillConfigs.with(TinyRuns.config(), map);
  }

  private Path trained(String... changes) {
    DistillConfig config = config(changes);
    try (Trainer trainer = new Trainer(config, new RandomTiles(9, 64), Map.of(), folder)) {
      return trainer.export("start").get(0);
    }
  }

  private static Map<String, WeightTensor> read(Path file, DistillConfig config) {
    return InitialWeights.read(file, ParameterLayout.of(config, Map.of()));
  }

  @Test
  void backboneAndHeadAreTaken() {
    Path file = trained("student.block-chunks=2", "train.seed=3");
    Map<String, WeightTensor> found = read(file, config());
    WeightFile given = WeightFile.open(file);
    assertArrayEquals(
        given.tensor("teacher.backbone.blocks.1.1.mlp.fc1.weight").toFloats(),
        found.get("student.backbone.blocks.1.mlp.fc1.weight").toFloats());
    assertTrue(found.containsKey("student.dino_head.mlp.0.weight"));
    Map<String, WeightTensor> otherHead = read(file, config("self.head.hidden=44"));
    assertTrue(!otherHead.containsKey("student.dino_head.mlp.0.weight"));
    assertTrue(otherHead.containsKey("student.backbone.cls_token"));
  }

  @ParameterizedTest
  @CsvSource({
    "student.width=48, cls_token",
    "student.depth=3, blocks.2.norm1.weight",
    "student.depth=1, blocks.1.norm1.weight",
    "student.registers=2, register_tokens",
    "student.feed-forward=swiglu, blocks.0.mlp.w12.weight",
    "student.layer-scale=0.0, blocks.0.ls1.gamma"
  })
  void anotherArchitectureIsRefusedByItsTensor(String change, String tensor) {
    Path file = trained("student.depth=2");
    String message =
        assertThrows(WeightsException.class, () -> read(file, config(change))).getMessage();
    assertTrue(message.contains(file.toString()) && message.contains("'" + tensor + "'"), message);
    assertTrue(message.contains("student.*") && message.endsWith("."), message);
  }

  @Test
  void positionsOfAnotherGridAreResized() {
    Path file = trained();
    DistillConfig larger = config("crops.global-size=84");
    WeightTensor from = WeightFile.open(file).tensor("teacher.backbone.pos_embed");
    WeightTensor to = read(file, larger).get("student.backbone.pos_embed");
    assertEquals(List.of(1L, 17L, 32L), from.shape());
    assertEquals(List.of(1L, 37L, 32L), to.shape());
    float[] before = from.toFloats();
    float[] after = to.toFloats();
    assertArrayEquals(Arrays.copyOf(before, 32), Arrays.copyOf(after, 32), "class position");
    // A bicubic kernel keeps a plane's mean but for the edges.
    for (int k = 0; k < 32; k++) {
      assertEquals(mean(before, k), mean(after, k), 0.01);
    }
  }

  /** Mean of channel {@code k} over the patches' positions. */
  private static double mean(float[] table, int k) {
    double sum = 0;
    for (int at = 32 + k; at < table.length; at += 32) {
      sum += table[at];
    }
    return sum / (table.length / 32 - 1);
  }

  /** DINOv2 with registers, by its own fixture: what a student started from it computes. */
  @Test
  void aStudentWithRegistersIsDinov2() {
    Path family = Fixtures.parity("families/dinov2-reg");
    WeightFile file = WeightFile.open(family.resolve("model.safetensors"));
    JsonObject shape = JsonParser.parseString(file.metadata().get("config")).getAsJsonObject();
    int registers = shape.get("num_register_tokens").getAsInt();
    DistillConfig config =
        config(
            "student.weights=" + file.path(),
            "student.width=" + shape.get("embed_dim").getAsInt(),
            "student.depth=" + shape.get("depth").getAsInt(),
            "student.heads=" + shape.get("num_heads").getAsInt(),
            "student.registers=" + registers,
            "crops.global-size=" + shape.get("img_size").getAsInt());
    try (Trainer trainer = new Trainer(config, new RandomTiles(9, 64), Map.of(), folder)) {
      trainer.stop();
      trainer.run(TrainingListener.NONE);
    }
    WeightFile start = new Checkpoints(folder, 1).latest().orElseThrow();
    WeightTensor images =
        WeightFile.open(family.resolveSibling("inputs/images.safetensors")).tensor("image_224");
    int size = (int) images.size(1);
    float[][] tokens = TeacherTokens.of(config, Map.of(), start, pixels(images, size, shape), size);
    WeightFile expected = WeightFile.open(family.resolve("expected.safetensors"));
    float[] first = expected.tensor("cls_224").rows("first", 0, 1).toFloats();
    assertArrayEquals(first, tokens[0], 8e-6f);
    float[] between = expected.tensor("register_tokens_224").toFloats();
    float[] patches = expected.tensor("patch_tokens_224").toFloats();
    int width = first.length;
    assertEquals(1 + registers + patches.length / width, tokens.length);
    for (int i = 1; i < tokens.length; i++) {
      float[] from = i <= registers ? between : patches;
      int row = i <= registers ? i - 1 : i - 1 - registers;
      float[] token = Arrays.copyOfRange(from, row * width, (row + 1) * width);
      assertArrayEquals(token, tokens[i], 4e-5f, "token " + i);
    }
  }

  /** The first picture, normalised, [3, size, size]. */
  private static float[] pixels(WeightTensor images, int size, JsonObject shape) {
    float[] bytes = images.rows("first", 0, 1).toFloats();
    float[] pixels = new float[bytes.length];
    for (int i = 0; i < bytes.length; i++) {
      int c = i % 3;
      double mean = shape.getAsJsonArray("mean").get(c).getAsDouble();
      double std = shape.getAsJsonArray("std").get(c).getAsDouble();
      pixels[c * size * size + i / 3] = (float) ((bytes[i] / 255 - mean) / std);
    }
    return pixels;
  }
}
