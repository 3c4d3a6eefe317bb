package io.github.gpfm.distill.run;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.gpfm.api.Embeddings;
import io.github.gpfm.distill.config.DistillConfig;
import io.github.gpfm.encoder.GpfmEncoder;
import io.github.gpfm.encoder.weights.WeightFile;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What is trained here is what the encoder runs. */
class ExportTest {
  @TempDir Path folder;

  @ParameterizedTest
  @ValueSource(
      strings = {
        "student.block-chunks=2 student.heads=4",
        "student.registers=3",
        "student.feed-forward=swiglu student.block-chunks=2",
        "student.feed-forward=swiglu student.registers=2 student.layer-scale=0.0",
        "self.separate-ibot-head=true train.recompute=true student.registers=1"
      })
  void encoderRunsTheTeacherThatWasTrained(String changes) {
    Map<String, String> map = new HashMap<>();
    for (String change : changes.split(" ")) {
      map.put(change.split("=")[0], change.split("=")[1]);
    }
    DistillConfig config = TinyRuns.config(map);
    RandomTiles tiles = new RandomTiles(9, 56);
    List<Path> files;
    try (Trainer trainer = new Trainer(config, tiles, TinyRuns.experts(), folder)) {
      files = trainer.run(TrainingListener.NONE);
    }
    BufferedImage image = tiles.image(1);
    float[] expected = teacherToken(config, image);
    for (Path file : files) {
      try (GpfmEncoder encoder = GpfmEncoder.builder().weights(file).build()) {
        Embeddings found = encoder.embed(List.of(image));
        assertEquals(config.student().width(), found.dimension());
        assertArrayEquals(expected, found.vector(0), 2e-5f, file.toString());
      }
    }
    WeightFile pth = WeightFile.open(files.get(0));
    String block = config.student().blockChunks() > 0 ? "1.1" : "1";
    assertEquals(
        pth.tensor("teacher.backbone.blocks." + block + ".norm1.weight").count(),
        config.student().width());
    pth.tensor("teacher.dino_head.last_layer.weight_v");
  }

  @Test
  void theTeacherIsExportedOnTheWay() throws IOException {
    DistillConfig config =
        TinyRuns.config(Map.of("train.export-every", "5", "train.checkpoint-every", "5"));
    try (Trainer trainer =
        new Trainer(config, new RandomTiles(9, 56), TinyRuns.experts(), folder)) {
      trainer.run(TrainingListener.NONE);
    }
    for (String step : List.of("00000005", "00000010")) {
      WeightFile teacher = WeightFile.open(folder.resolve("teacher-" + step + ".safetensors"));
      WeightFile state = WeightFile.open(folder.resolve("checkpoint-" + step + ".safetensors"));
      assertArrayEquals(
          state.tensor("teacher.backbone.blocks.1.mlp.fc1.weight").toFloats(),
          teacher.tensor("blocks.1.mlp.fc1.weight").toFloats());
      assertTrue(Files.exists(folder.resolve("teacher-" + step + ".pth")));
    }
    assertFalse(Files.exists(folder.resolve("teacher-00000012.pth")), "the end is teacher.pth");
  }

  /** The class token by the training program itself. */
  private float[] teacherToken(DistillConfig config, BufferedImage image) {
    WeightFile checkpoint =
        WeightFile.open(
            folder.resolve("checkpoint-%08d.safetensors".formatted(config.totalSteps())));
    int size = image.getWidth();
    float[] pixels = new float[3 * size * size];
    for (int i = 0; i < size * size; i++) {
      for (int c = 0; c < 3; c++) {
        double value = (image.getRGB(i % size, i / size) >> (16 - 8 * c) & 255) / 255.0;
        pixels[c * size * size + i] =
            (float) ((value - config.crops().mean().get(c)) / config.crops().std().get(c));
      }
    }
    return TeacherTokens.of(config, Map.of("mean", 6), checkpoint, pixels, size)[0];
  }
}
