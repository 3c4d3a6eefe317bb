package io.github.gpfm.encoder.features;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.gpfm.api.GpfmException;
import io.github.gpfm.encoder.weights.TorchCheckpoint;
import io.github.gpfm.encoder.weights.WeightTensor;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Feature files that others write: PyTorch's as CLAM saves them, STAMP's, damaged ones. */
class ForeignFeaturesTest {
  @TempDir Path folder;

  private Path copy(String name) throws IOException {
    try (InputStream in = ForeignFeaturesTest.class.getResourceAsStream(name)) {
      return Files.write(folder.resolve(name), in.readAllBytes());
    }
  }

  @ParameterizedTest
  @CsvSource({"clam.pt, 0", "dict.pt, 6", "stamp.h5, 0"})
  void theirFeaturesAreRead(String name, int coords) throws IOException {
    try (FeatureReader reader = FeatureReader.open(copy(name))) {
      assertEquals(3, reader.rows());
      assertEquals(4, reader.dimension());
      assertEquals(0, reader.patches());
      assertArrayEquals(
          new float[] {1, 1.25f, 1.5f, 1.75f, 2, 2.25f, 2.5f, 2.75f}, reader.read(1, 2));
      // STAMP's coordinates are µm: none are better than wrong ones.
      assertEquals(coords, reader.coords().length);
      if (coords > 0) {
        assertArrayEquals(new long[] {0, 0, 8, 0, 0, 8}, reader.coords());
      }
    }
  }

  @Test
  void whatIsNoTableOfFeaturesIsRefused() {
    Path weights = folder.resolve("w.pt");
    TorchCheckpoint.write(
        weights, Map.of("w", WeightTensor.ofFloats("w", List.of(2L, 2L), 1, 2, 3, 4)));
    assertTrue(
        assertThrows(GpfmException.class, () -> FeatureReader.open(weights))
            .getMessage()
            .contains("no tensor of features"));
    Path flat = folder.resolve("f.pt");
    TorchCheckpoint.write(
        flat, Map.of("features", WeightTensor.ofFloats("f", List.of(4L), 1, 2, 3, 4)));
    assertTrue(
        assertThrows(GpfmException.class, () -> FeatureReader.open(flat))
            .getMessage()
            .contains("neither [n, d]"));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "(2147483647, 2147483647, 1)",
        "(2147483647, 1073741824, 2)",
        "(0, 2147483647, 2147483647)",
        "(4294967296, 1)",
        "(2147483647, 2147483647, 2147483647)",
        "(1073741824, 1073741824, 4)",
        "(99999999999999999999, 4)"
      })
  void shapesThatOverflowAreDamaged(String shape) throws IOException {
    String literal = "{'descr': '<f4', 'fortran_order': False, 'shape': " + shape + ", }";
    String padded = literal + " ".repeat(117 - literal.length()) + "\n";
    byte[] head = {(byte) 0x93, 'N', 'U', 'M', 'P', 'Y', 1, 0, 118, 0};
    Path file = folder.resolve("x.npy");
    Files.write(file, head);
    Files.write(
        file, padded.getBytes(StandardCharsets.US_ASCII), java.nio.file.StandardOpenOption.APPEND);
    String message =
        String.valueOf(
            assertThrows(GpfmException.class, () -> FeatureReader.open(file)).getMessage());
    assertTrue(message.contains("x.npy") && message.contains("shape"), message);
    assertFalse(message.contains("java."), message);
  }
}
