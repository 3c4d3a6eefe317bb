package io.github.gpfm.examples;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.gpfm.api.ProgressListener;
import io.github.gpfm.encoder.features.FeatureReader;
import io.github.gpfm.encoder.image.Preprocessing;
import io.github.gpfm.encoder.weights.Sha256;
import io.github.gpfm.sample.SyntheticSlide;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code gpfm embed --program}: a network of the user's own. */
class ProgramOptionTest {
  /** Mean and maximum of each channel of 8 x 8 pixels. */
  private static final Path PROGRAMS =
      Path.of("..", "gpfm-encoder", "src", "test", "resources", "io/github/gpfm/encoder");

  @TempDir Path folder;

  private CommandRun embed(String program, String... more) {
    Path slide = folder.resolve("s.tif");
    new SyntheticSlide(3, 1200, 1100, 0.25, SyntheticSlide.Compression.DEFLATE)
        .write(slide, ProgressListener.NONE);
    List<String> args = new ArrayList<>(List.of("embed", slide.toString()));
    args.addAll(List.of("--out", folder.resolve("out").toString()));
    args.addAll(List.of("--patch-size", "96", "--a-t", "0.05"));
    args.addAll(List.of("--program", PROGRAMS.resolve(program).toString()));
    args.addAll(List.of(more));
    return CommandRun.of(args);
  }

  @Test
  void aTorchScriptFileGivesTheFeatures() {
    CommandRun run = embed("pool.pt").succeeded();
    assertTrue(run.out().contains(", 6] float32"), run.out());
    try (FeatureReader reader = FeatureReader.open(folder.resolve("out/s.h5"))) {
      assertTrue(reader.rows() > 0);
      assertEquals(6, reader.dimension());
      for (int i = 0; i < reader.rows(); i++) {
        float[] feature = reader.read(i, 1);
        for (int c = 0; c < 3; c++) {
          double mean = Preprocessing.IMAGENET_MEAN.get(c);
          double std = Preprocessing.IMAGENET_STD.get(c);
          assertTrue(feature[c] >= -mean / std && feature[c] <= feature[3 + c], "row " + i);
          assertTrue(feature[3 + c] <= (1 - mean) / std + 1e-5, "row " + i);
        }
      }
      assertEquals(
          Sha256.of(PROGRAMS.resolve("pool.pt")),
          reader.provenance().orElseThrow().entries().get("weights.sha256"));
    }
  }

  @Test
  void whatAProgramDoesNotHaveIsNamed() {
    CommandRun run = embed("pool.pt", "--tokens", "patch");
    assertEquals(1, run.exitCode());
    assertTrue(run.err().contains("has no patch tokens"), run.err());
  }

  @Test
  void onnxWithoutItsEngineNamesTheLibraryToAdd() {
    CommandRun run = embed("pool.onnx");
    assertEquals(1, run.exitCode());
    assertTrue(run.err().contains("ai.djl.onnxruntime:onnxruntime-engine"), run.err());
  }
}
