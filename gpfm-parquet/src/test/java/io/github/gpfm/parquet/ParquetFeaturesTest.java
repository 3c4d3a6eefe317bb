package io.github.gpfm.parquet;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.github.gpfm.api.Embeddings;
import io.github.gpfm.api.GpfmException;
import io.github.gpfm.api.OutputException;
import io.github.gpfm.api.Provenance;
import io.github.gpfm.encoder.features.FeatureFormat;
import io.github.gpfm.encoder.features.FeatureHeader;
import io.github.gpfm.encoder.features.FeatureReader;
import io.github.gpfm.encoder.features.FeatureWriter;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Arrays;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ParquetFeaturesTest {
  private static final Provenance PROVENANCE =
      new Provenance("gpfm test", Instant.parse("2026-01-02T03:04:05Z"), Map.of("a", "b"));

  @TempDir Path folder;

  private static FeatureHeader header(int rows, int dimension) {
    long[] coords = new long[2 * rows];
    Arrays.setAll(coords, i -> 512L * i);
    return new FeatureHeader("s", "gpfm", 0, dimension, coords, new TreeMap<>(), PROVENANCE);
  }

  @Test
  void itIsFoundByNameAndHoldsWhatWasWritten() {
    int rows = 70;
    int dimension = 5;
    float[] values = new float[rows * dimension];
    for (int i = 0; i < values.length; i++) {
      values[i] = i / 3f;
    }
    Path file = folder.resolve("s.parquet");
    try (FeatureWriter writer = FeatureFormat.of("parquet").create(file, header(rows, dimension))) {
      writer.write(0, Embeddings.of(32, dimension, Arrays.copyOf(values, 32 * dimension)));
      assertThrows(
          IllegalArgumentException.class,
          () -> writer.write(64, Embeddings.of(1, dimension, new float[dimension])));
      writer.write(
          32,
          Embeddings.of(38, dimension, Arrays.copyOfRange(values, 32 * dimension, 70 * dimension)));
      writer.commit();
    }
    try (FeatureReader reader = FeatureReader.open(file)) {
      assertEquals(rows, reader.rows());
      assertEquals(dimension, reader.dimension());
      assertArrayEquals(header(rows, dimension).coords(), reader.coords());
      assertArrayEquals(values, reader.read(0, rows));
      assertEquals(Optional.of(PROVENANCE), reader.provenance());
    }
  }

  @Test
  void patchTokensAreReadBack() {
    int rows = 70;
    int patches = 6;
    int dimension = 5;
    int length = patches * dimension;
    float[] values = new float[rows * length];
    for (int i = 0; i < values.length; i++) {
      values[i] = i / 3f;
    }
    FeatureHeader header = header(rows, 9).withPatches(patches, dimension);
    Path file = folder.resolve("s.parquet");
    try (FeatureWriter writer = FeatureFormat.of("parquet").create(file, header)) {
      writer.write(
          0,
          Embeddings.withPatchTokens(
              rows, 1, new float[rows], new Embeddings.PatchGrid(2, 3, dimension), values));
      writer.commit();
    }
    try (FeatureReader reader = FeatureReader.open(file)) {
      assertEquals(rows, reader.rows());
      assertEquals(patches, reader.patches());
      assertEquals(dimension, reader.dimension());
      assertArrayEquals(header.coords(), reader.coords());
      assertArrayEquals(Arrays.copyOfRange(values, 8 * length, 11 * length), reader.read(8, 3));
    }
    assertThrows(GpfmException.class, () -> FeatureReader.openVectors(file));
  }

  @Test
  void moreThanTheDiskHoldsIsRefusedBeforeTheStart() throws IOException {
    long free = Files.getFileStore(folder).getUsableSpace();
    int dimension = (int) Math.min(500_000_000, free / 4 / 1000 + 1_000_000);
    assertThrows(
        OutputException.class,
        () ->
            FeatureFormat.of("parquet")
                .create(folder.resolve("s.parquet"), header(1200, dimension)));
  }

  @Test
  void withoutCommitNothingIsLeft() throws IOException {
    try (FeatureWriter writer =
        FeatureFormat.of("parquet").create(folder.resolve("s.parquet"), header(3, 2))) {
      writer.write(0, Embeddings.of(1, 2, new float[2]));
      assertThrows(IllegalStateException.class, writer::commit);
    }
    try (Stream<Path> files = Files.list(folder)) {
      assertEquals(0, files.count());
    }
    Path file = Files.writeString(folder.resolve("file"), "x");
    assertThrows(
        OutputException.class,
        () -> FeatureFormat.of("parquet").create(file.resolve("s.parquet"), header(3, 2)));
  }
}
