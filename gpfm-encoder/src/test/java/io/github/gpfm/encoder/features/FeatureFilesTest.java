package io.github.gpfm.encoder.features;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.gpfm.api.Embeddings;
import io.github.gpfm.api.GpfmException;
import io.github.gpfm.api.InvalidOptionException;
import io.github.gpfm.api.NonFiniteFeatureException;
import io.github.gpfm.api.OutputException;
import io.github.gpfm.api.Provenance;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class FeatureFilesTest {
  private static final Provenance PROVENANCE =
      new Provenance(
          "gpfm test",
          Instant.parse("2026-01-02T03:04:05Z"),
          Map.of("slide.sha256", "ab12", "patch_size", "512", "note", "größer \"quoted\""));

  @TempDir Path folder;

  private static FeatureHeader header(int rows, int dimension) {
    long[] coords = new long[2 * rows];
    Arrays.setAll(coords, i -> 1_000_000_007L * i - 64);
    TreeMap<String, Object> attributes = new TreeMap<>();
    attributes.put("patch_size", 512L);
    attributes.put("downsample", new double[] {1, 1.0003});
    attributes.put("gpfm_mpp", Double.NaN);
    return new FeatureHeader("slide-1", "gpfm", 0, dimension, coords, attributes, PROVENANCE);
  }

  private static float[] values(int count) {
    Random random = new Random(5);
    float[] values = new float[count];
    for (int i = 0; i < count; i++) {
      values[i] = (float) random.nextGaussian();
    }
    return values;
  }

  private long filesLeft() throws IOException {
    try (Stream<Path> files = Files.list(folder)) {
      return files.count();
    }
  }

  @ParameterizedTest
  @CsvSource({
    "h5, NaN",
    "h5, Infinity",
    "npy, -Infinity",
    "npy, NaN",
    "safetensors, Infinity",
    "safetensors, NaN",
    "pt, NaN"
  })
  void whatIsNoNumberIsRefusedOrCounted(String format, float value) throws IOException {
    float[] values = values(4 * 5);
    values[2 * 5 + 3] = value;
    Provenance provenance =
        new Provenance("gpfm test", Instant.EPOCH, Map.of("precision", "FLOAT16"));
    FeatureHeader header =
        new FeatureHeader("s-7", "gpfm", 0, 5, new long[8], new TreeMap<>(), provenance);
    Path file = folder.resolve("s-7." + format);
    try (FeatureWriter writer = FeatureFormat.of(format).create(file, header)) {
      writer.write(0, Embeddings.of(2, 5, Arrays.copyOf(values, 10)));
      Embeddings rest = Embeddings.of(2, 5, Arrays.copyOfRange(values, 10, 20));
      NonFiniteFeatureException e =
          assertThrows(NonFiniteFeatureException.class, () -> writer.write(2, rest));
      assertEquals(2, e.row());
      assertEquals("s-7", e.slide());
      for (String named : List.of("s-7", "tile 2", "value 3", "float16")) {
        assertTrue(e.getMessage().contains(named), e.getMessage());
      }
    }
    assertEquals(0, filesLeft());
    NonFinitePolicy counting = NonFinitePolicy.writeAndCount();
    try (FeatureWriter writer =
        FeatureFormat.of(format).create(file, header.withNonFinite(counting))) {
      writer.write(0, Embeddings.of(4, 5, values));
      writer.commit();
    }
    assertEquals(1, counting.rows());
    assertEquals(1, counting.values());
    try (FeatureReader reader = FeatureReader.open(file)) {
      assertArrayEquals(values, reader.read(0, 4));
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"h5", "npy", "safetensors", "pt"})
  void whatIsWrittenInAnyOrderIsReadBack(String format) throws IOException {
    int rows = 301;
    int dimension = 17;
    FeatureHeader header = header(rows, dimension);
    float[] expected = values(rows * dimension);
    Path file = folder.resolve("a/slide-1." + format);
    try (FeatureWriter writer = FeatureFormat.of(format).create(file, header)) {
      for (int from : new int[] {200, 0, 100}) {
        int count = Math.min(100, rows - from) + (from == 200 ? 1 : 0);
        float[] part = Arrays.copyOfRange(expected, from * dimension, (from + count) * dimension);
        writer.write(from, Embeddings.of(count, dimension, part));
      }
      assertFalse(Files.exists(file), "nothing may appear before commit");
      writer.commit();
    }
    try (FeatureReader reader = FeatureReader.open(file)) {
      assertEquals(rows, reader.rows());
      assertEquals(dimension, reader.dimension());
      assertArrayEquals(header.coords(), reader.coords());
      assertArrayEquals(expected, reader.read(0, rows));
      assertArrayEquals(
          Arrays.copyOfRange(expected, 37 * dimension, 40 * dimension), reader.read(37, 3));
      assertThrows(IndexOutOfBoundsException.class, () -> reader.read(rows, 1));
      if (FeatureFormat.of(format).keepsProvenance()) {
        assertEquals(Optional.of(PROVENANCE), reader.provenance());
      }
    }
    try (Stream<Path> files = Files.list(folder.resolve("a"))) {
      assertTrue(files.noneMatch(f -> f.getFileName().toString().endsWith(".part")));
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"h5", "npy", "safetensors", "pt"})
  void withoutCommitNothingIsLeft(String format) throws IOException {
    Path file = folder.resolve("slide-1." + format);
    try (FeatureWriter writer = FeatureFormat.of(format).create(file, header(4, 3))) {
      writer.write(0, Embeddings.of(2, 3, new float[6]));
      assertThrows(IllegalStateException.class, writer::commit);
      assertThrows(
          IllegalArgumentException.class, () -> writer.write(3, Embeddings.of(2, 3, new float[6])));
    }
    assertEquals(0, filesLeft());
  }

  @ParameterizedTest
  @ValueSource(strings = {"h5", "npy", "safetensors", "pt"})
  void aFolderBelowAFileIsRefused(String format) throws IOException {
    Path file = Files.writeString(folder.resolve("file"), "x");
    OutputException e =
        assertThrows(
            OutputException.class,
            () -> FeatureFormat.of(format).create(file.resolve("x." + format), header(4, 3)));
    assertTrue(e.getMessage().contains(file.toString()), e.getMessage());
    assertEquals(1, filesLeft());
  }

  @ParameterizedTest
  @ValueSource(strings = {"h5", "npy", "safetensors", "pt"})
  void patchTokensAreReadBack(String format) {
    for (int rows : new int[] {1, 23}) {
      for (int patches : new int[] {1, 6}) {
        int dimension = 5;
        int length = patches * dimension;
        FeatureHeader header = header(rows, 99).withPatches(patches, dimension);
        float[] expected = values(rows * length);
        Path file = folder.resolve(rows + "x" + patches + "." + format);
        try (FeatureWriter writer = FeatureFormat.of(format).create(file, header)) {
          for (int from = 0; from < rows; from += 10) {
            int count = Math.min(10, rows - from);
            writer.write(
                from,
                Embeddings.withPatchTokens(
                    count,
                    2,
                    new float[2 * count],
                    new Embeddings.PatchGrid(1, patches, dimension),
                    Arrays.copyOfRange(expected, from * length, (from + count) * length)));
          }
          assertThrows(
              IllegalArgumentException.class,
              () -> writer.write(0, Embeddings.of(1, length, new float[length])));
          writer.commit();
        }
        try (FeatureReader reader = FeatureReader.open(file)) {
          assertEquals(rows, reader.rows());
          assertEquals(patches, reader.patches());
          assertEquals(dimension, reader.dimension());
          assertArrayEquals(header.coords(), reader.coords());
          assertArrayEquals(expected, reader.read(0, rows));
          assertArrayEquals(
              Arrays.copyOfRange(expected, (rows - 1) * length, rows * length),
              reader.read(rows - 1, 1));
        }
        GpfmException e = assertThrows(GpfmException.class, () -> FeatureReader.openVectors(file));
        assertTrue(
            e.getMessage().startsWith(file + " holds " + patches + " patch tokens a tile"),
            e.getMessage());
      }
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"h5", "npy", "safetensors", "pt"})
  void patchTokensCountForTheDisk(String format) throws IOException {
    long free = Files.getFileStore(folder).getUsableSpace();
    int rows = (int) (free / 4 / 1_000_000_000 + 1);
    FeatureHeader header = header(rows, 8).withPatches(1_000_000, 1000);
    OutputException e =
        assertThrows(
            OutputException.class,
            () -> FeatureFormat.of(format).create(folder.resolve("x." + format), header));
    assertTrue(e.getMessage().contains("needs " + (header.bytes() >> 20) + " MB"), e.getMessage());
    assertEquals(0, filesLeft());
  }

  @ParameterizedTest
  @ValueSource(strings = {"h5", "npy", "safetensors", "pt"})
  void moreThanTheDiskHoldsIsRefusedBeforeTheStart(String format) throws IOException {
    long free = Files.getFileStore(folder).getUsableSpace();
    int dimension = (int) Math.min(Integer.MAX_VALUE, free / 4 / 1000 + 1_000_000);
    OutputException e =
        assertThrows(
            OutputException.class,
            () ->
                FeatureFormat.of(format)
                    .create(folder.resolve("x." + format), header(1200, dimension)));
    assertTrue(e.getMessage().contains("free space"), e.getMessage());
    assertEquals(0, filesLeft());
  }

  @ParameterizedTest
  @ValueSource(strings = {"h5", "npy", "safetensors", "pt"})
  void damagedFilesAreNamed(String format) throws IOException {
    Path file = folder.resolve("slide-1." + format);
    try (FeatureWriter writer = FeatureFormat.of(format).create(file, header(40, 30))) {
      writer.write(0, Embeddings.of(40, 30, values(1200)));
      writer.commit();
    }
    byte[] whole = Files.readAllBytes(file);
    for (int length : new int[] {0, 7, 40, 200, whole.length / 2, whole.length - 5}) {
      Files.write(file, Arrays.copyOf(whole, length));
      GpfmException e =
          assertThrows(
              GpfmException.class,
              () -> {
                try (FeatureReader reader = FeatureReader.open(file)) {
                  reader.read(0, reader.rows());
                }
              },
              format + " cut to " + length);
      assertTrue(e.getMessage().contains(file.toString()), e.getMessage());
    }
    Path missing = folder.resolve("missing." + format);
    assertThrows(GpfmException.class, () -> FeatureReader.open(missing));
  }

  /** Places and counts that overflow when they are added up or doubled. */
  @ParameterizedTest
  @CsvSource({
    "9223372036854775800, 1, 0, 1",
    "9223372036854775807, 1, 0, 1",
    "0, 1, 9223372036854775800, 1",
    "0, 1, 0, 2147483647",
    "0, 1, 0, 1073741824",
    "0, 2147483647, 0, 1"
  })
  void safetensorsThatClaimTheImpossibleAreRefused(
      long begin, int rows, long coordsBegin, int coordsRows) throws IOException {
    String json =
        """
        {"features":{"dtype":"F32","shape":[%d,1],"data_offsets":[%d,4]},
         "coords":{"dtype":"I64","shape":[%d,2],"data_offsets":[%d,4]}}"""
            .formatted(rows, begin, coordsRows, coordsBegin);
    byte[] text = json.getBytes(StandardCharsets.UTF_8);
    Path file = folder.resolve("crafted.safetensors");
    Files.write(
        file,
        ByteBuffer.allocate(8 + text.length + 24)
            .order(ByteOrder.LITTLE_ENDIAN)
            .putLong(text.length)
            .put(text)
            .array());
    GpfmException e = assertThrows(GpfmException.class, () -> FeatureReader.open(file));
    assertTrue(e.getMessage().contains("crafted.safetensors"), e.getMessage());
  }

  @Test
  void anUnknownFormatNamesTheKnownOnes() {
    InvalidOptionException e =
        assertThrows(InvalidOptionException.class, () -> FeatureFormat.of("pickle"));
    assertTrue(e.getMessage().contains("h5, npy, safetensors"), e.getMessage());
  }
}
