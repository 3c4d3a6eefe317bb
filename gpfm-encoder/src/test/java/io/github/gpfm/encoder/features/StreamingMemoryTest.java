package io.github.gpfm.encoder.features;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.gpfm.api.Embeddings;
import io.github.gpfm.api.Provenance;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Features are never all in memory: a file of 256 MiB is written and read by a JVM of 64 MiB. */
class StreamingMemoryTest {
  private static final int ROWS = 512;
  private static final int PATCHES = 256;
  private static final int DIMENSION = 512;
  private static final int BATCH = 4;

  @TempDir Path folder;

  @ParameterizedTest
  @ValueSource(strings = {"h5", "npy", "safetensors"})
  void aFileLargerThanTheHeapIsWrittenAndReadRowByRow(String format) throws Exception {
    Path file = folder.resolve("big." + format);
    Process child =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx64m",
                "-cp",
                System.getProperty("java.class.path"),
                StreamingMemoryTest.class.getName(),
                format,
                file.toString())
            .redirectErrorStream(true)
            .start();
    String said = new String(child.getInputStream().readAllBytes(), StandardCharsets.UTF_8).strip();
    assertEquals(0, child.waitFor(), said);
    assertTrue(said.lines().anyMatch(("last value " + (ROWS - 1))::equals), said);
  }

  /** The child: writes, then reads the last row back. */
  public static void main(String[] args) throws IOException {
    Path file = Path.of(args[1]);
    FeatureHeader header =
        new FeatureHeader(
            "slide",
            "encoder",
            PATCHES,
            DIMENSION,
            new long[2 * ROWS],
            new TreeMap<>(),
            new Provenance("test", Instant.EPOCH, Map.of()));
    try (FeatureWriter writer = FeatureFormat.of(args[0]).create(file, header)) {
      int length = PATCHES * DIMENSION;
      for (int row = 0; row < ROWS; row += BATCH) {
        float[] values = new float[BATCH * length];
        for (int k = 0; k < BATCH; k++) {
          values[(k + 1) * length - 1] = row + k;
        }
        writer.write(
            row,
            Embeddings.withPatchTokens(
                BATCH,
                1,
                new float[BATCH],
                new Embeddings.PatchGrid(16, PATCHES / 16, DIMENSION),
                values));
      }
      writer.commit();
    }
    if (Files.size(file) < 4L * ROWS * PATCHES * DIMENSION) {
      throw new IllegalStateException("only " + Files.size(file) + " bytes");
    }
    try (FeatureReader reader = FeatureReader.open(file)) {
      float[] last = reader.read(ROWS - 1, 1);
      System.out.println("last value " + (int) last[last.length - 1]);
    }
  }
}
