package io.github.gpfm.distill.run;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import ai.djl.Device;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import io.github.gpfm.api.Embeddings;
import io.github.gpfm.distill.config.DistillConfig;
import io.github.gpfm.distill.model.ParameterLayout;
import io.github.gpfm.distill.model.StepModule;
import io.github.gpfm.encoder.GpfmEncoder;
import io.github.gpfm.encoder.script.Engines;
import io.github.gpfm.encoder.script.Tensors;
import io.github.gpfm.encoder.weights.WeightFile;
import java.awt.image.BufferedImage;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What is trained here is what the encoder runs. */
class ExportTest {
  @TempDir Path folder;

  @Test
  void encoderRunsTheTeacherThatWasTrained() {
    DistillConfig config =
        TinyRuns.config(Map.of("student.block-chunks", "2", "student.heads", "4"));
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
    assertEquals(
        pth.tensor("teacher.backbone.blocks.1.1.norm1.weight").count(), config.student().width());
    pth.tensor("teacher.dino_head.last_layer.weight_v");
  }

  /** The class token by the training program itself. */
  private float[] teacherToken(DistillConfig config, BufferedImage image) {
    ParameterLayout layout = ParameterLayout.of(config, Map.of("mean", 6));
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
    try (NDManager scope = Engines.newManager(Device.cpu())) {
      NDList student = new NDList();
      for (String name : layout.studentNames()) {
        student.add(Tensors.toArray(scope, checkpoint.tensor(name)));
      }
      NDList teacher = new NDList();
      for (String name : layout.teacherNames()) {
        teacher.add(Tensors.toArray(scope, checkpoint.tensor("teacher." + name)));
      }
      NDArray input = scope.create(pixels, new Shape(1, 3, size, size));
      try (StepModule module = new StepModule(config, layout, Device.cpu())) {
        module.bind(student, teacher);
        return module.call(scope, "teacher_tokens", input).get(0).get("0, 0").toFloatArray();
      }
    }
  }
}
