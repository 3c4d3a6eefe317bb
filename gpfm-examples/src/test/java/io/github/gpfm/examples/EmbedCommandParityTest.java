package io.github.gpfm.examples;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.gpfm.encoder.features.FeatureReader;
import io.github.gpfm.encoder.weights.WeightFile;
import io.github.gpfm.testkit.Fixtures;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;

/** Recorded features of the official model through {@code gpfm embed}. */
class EmbedCommandParityTest {
  @TempDir Path folder;

  @TestFactory
  Stream<DynamicTest> featuresEqualTheOfficialModels() throws IOException {
    List<DynamicTest> tests = new ArrayList<>();
    try (Stream<Path> files = Files.list(Fixtures.data("tiling"))) {
      for (Path recorded :
          files.filter(f -> f.toString().endsWith(".features.safetensors")).sorted().toList()) {
        WeightFile file = WeightFile.open(recorded);
        String slide = file.metadata().get("slide");
        TileCase one = TileCase.of(slide, file.metadata().get("case"));
        String pth = file.metadata().get("weights").replaceFirst("^parity/", "");
        for (String weights : List.of(pth, pth.replaceFirst("\\.pth$", ".safetensors"))) {
          tests.add(
              DynamicTest.dynamicTest(
                  one + " " + weights, () -> check(one, Fixtures.parity(weights), recorded)));
        }
      }
    }
    return tests.stream();
  }

  private void check(TileCase one, Path weights, Path recorded) {
    Path out = folder.resolve(one.name() + "-" + weights.getFileName());
    List<String> args =
        new ArrayList<>(
            List.of(
                "embed",
                one.slide().toString(),
                "--weights",
                weights.toString(),
                "--out",
                out.toString()));
    args.addAll(one.options());
    CommandRun run = CommandRun.of(args).succeeded();

    String name = one.slide().getFileName().toString().replaceFirst("\\.[^.]*$", "");
    Path file = out.resolve(name + ".h5");
    WeightFile expected = WeightFile.open(recorded);
    List<Long> shape = expected.tensors().get("features").shape();
    int rows = shape.get(0).intValue();
    int dimension = shape.get(1).intValue();
    assertTrue(
        run.out().contains(file + ": features [" + rows + ", " + dimension + "] float32"),
        run.out());
    float[] wanted = expected.tensors().get("features").toFloats();
    try (FeatureReader reader = FeatureReader.open(file)) {
      assertEquals(rows, reader.rows());
      assertEquals(dimension, reader.dimension());
      assertArrayEquals(one.coords(), reader.coords());
      float[] found = reader.read(0, rows);
      for (int i = 0; i < rows; i++) {
        double dot = 0;
        double a = 0;
        double b = 0;
        for (int j = 0; j < dimension; j++) {
          float w = wanted[i * dimension + j];
          float f = found[i * dimension + j];
          assertEquals(w, f, 1e-3f, "tile " + i + ", value " + j);
          dot += (double) w * f;
          a += (double) w * w;
          b += (double) f * f;
        }
        assertTrue(dot / Math.sqrt(a * b) >= 0.99999, "cosine of tile " + i);
      }
    }
  }
}
