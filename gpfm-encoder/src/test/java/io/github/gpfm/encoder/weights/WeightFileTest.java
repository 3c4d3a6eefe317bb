package io.github.gpfm.encoder.weights;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.gpfm.api.OutputException;
import io.github.gpfm.api.WeightsException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Files written by PyTorch itself (resources beside this class), and damaged ones. */
class WeightFileTest {
  @TempDir Path folder;

  private Path resource(String name) throws IOException {
    Path file = folder.resolve(name);
    try (InputStream in = WeightFileTest.class.getResourceAsStream(name)) {
      Files.write(file, in.readAllBytes());
    }
    return file;
  }

  private Path file(byte[] bytes) throws IOException {
    return Files.write(folder.resolve("file.bin"), bytes);
  }

  private static float[] range(int count, double step) {
    float[] values = new float[count];
    for (int i = 0; i < count; i++) {
      values[i] = (float) (i * step);
    }
    return values;
  }

  @ParameterizedTest
  @ValueSource(strings = {"mixed.pth", "legacy.pth"})
  void everyTypeAndViewIsRead(String name) throws IOException {
    WeightFile file = WeightFile.open(resource(name));
    WeightTensor f32 = file.tensor("teacher.f32");
    assertEquals(List.of(3L, 4L), f32.shape());
    assertArrayEquals(range(12, 0.25), f32.toFloats());
    assertEquals(DType.FLOAT16, file.tensor("teacher.f16").dtype());
    assertArrayEquals(new float[] {-2, -1, 0, 1, 2}, file.tensor("teacher.f16").toFloats());
    assertEquals(DType.BFLOAT16, file.tensor("teacher.bf16").dtype());
    assertArrayEquals(range(6, 0.5), file.tensor("teacher.bf16").toFloats());
    assertArrayEquals(new long[] {0, 1, 2, 3, 4, 5}, file.tensor("teacher.i64").toLongs());
    assertArrayEquals(new long[] {0, 1, 2, 3, 4}, file.tensor("teacher.u8").toLongs());
    assertArrayEquals(new long[] {1, 0, 1}, file.tensor("teacher.b").toLongs());
    assertArrayEquals(new float[] {8, 9, 10, 14, 15, 16}, file.tensor("teacher.offset").toFloats());
    float[] transposed = file.tensor("teacher.strided").toFloats();
    assertEquals(List.of(6L, 4L), file.tensor("teacher.strided").shape());
    assertArrayEquals(new float[] {0, 6, 12, 18, 1}, Arrays.copyOf(transposed, 5));
    assertArrayEquals(range(24, 1), file.tensor("teacher.shared").toFloats());
    assertEquals(List.of(), file.tensor("teacher.scalar").shape());
    assertArrayEquals(new float[] {3.5f}, file.tensor("teacher.scalar").toFloats());
    assertArrayEquals(new float[0], file.tensor("teacher.empty").toFloats());
    assertArrayEquals(new float[] {1, 1}, file.tensor("teacher.param").toFloats());
    assertEquals("3", file.metadata().get("epoch"));
  }

  @ParameterizedTest
  @CsvSource({
    "foreign.pth, argparse.Namespace",
    "foreign_legacy.pth, argparse.Namespace",
    "wholemodel.pth, torch.nn.modules.linear.Linear",
    "script.pt, TorchScript",
    "bare.pth, bare pickle"
  })
  void whatCouldRunCodeIsRefusedByName(String name, String named) throws IOException {
    Path path = resource(name);
    WeightsException e = assertThrows(WeightsException.class, () -> WeightFile.open(path));
    assertTrue(e.getMessage().contains(named), e.getMessage());
    assertTrue(e.getMessage().contains(name), e.getMessage());
  }

  @Test
  void otherFilesAreRefusedInOneSentence() throws IOException {
    for (byte[] bytes :
        new byte[][] {
          {},
          "not weights at all".getBytes(StandardCharsets.US_ASCII),
          {'P', 'K', 3, 4, 0, 0, 0},
          safetensors("{\"a\":1}", 0),
          safetensors("{\"a\":{\"dtype\":\"F32\",\"shape\":[2],\"data_offsets\":[0,4]}}", 4)
        }) {
      WeightsException e = assertThrows(WeightsException.class, () -> WeightFile.open(file(bytes)));
      assertTrue(e.getMessage().contains("file.bin"), e.getMessage());
      assertFalse(e.getMessage().contains("\n"), e.getMessage());
    }
    assertThrows(WeightsException.class, () -> WeightFile.open(folder));
    assertThrows(WeightsException.class, () -> WeightFile.open(folder.resolve("missing.pth")));
  }

  private static byte[] safetensors(String header, int dataBytes) {
    byte[] json = header.getBytes(StandardCharsets.UTF_8);
    return ByteBuffer.allocate(8 + json.length + dataBytes)
        .order(ByteOrder.LITTLE_ENDIAN)
        .putLong(json.length)
        .put(json)
        .array();
  }

  private static String entry(String name, String shape, long begin, long end) {
    return "\"%s\":{\"dtype\":\"F32\",\"shape\":%s,\"data_offsets\":[%d,%d]}"
        .formatted(name, shape, begin, end);
  }

  @Test
  void safetensorsOffsetsMustTileTheFile() throws IOException {
    String a = entry("a", "[2]", 0, 8);
    assertEquals(
        2,
        WeightFile.open(file(safetensors("{" + a + "," + entry("b", "[1]", 8, 12) + "}", 12)))
            .tensors()
            .size());
    Map<String, String> wrong = new LinkedHashMap<>();
    wrong.put("{" + a + "," + entry("b", "[1]", 4, 8) + "}", "overlaps");
    wrong.put("{" + entry("a", "[1]", 0, 4) + "," + entry("b", "[1]", 8, 12) + "}", "hole");
    wrong.put("{" + a + "," + entry("b", "[9]", 8, 44) + "}", "truncated");
    wrong.put("{" + a + "}", "after the last tensor");
    wrong.put("{" + a + "," + a + "}", "twice");
    wrong.put("{" + entry("a", "[-2]", 0, 8) + "}", "number");
    wrong.put("{" + entry("a", "[4611686018427387904,4]", 0, 0) + "}", "impossible");
    wrong.put(
        "{\"a\":{\"dtype\":\"F4\",\"shape\":[1],\"data_offsets\":[2,1]}}", "before it begins");
    wrong.put("{" + entry("a\n", "[3]", 0, 12) + "}", "control character");
    wrong.put("{" + entry("\\'a", "[3]", 0, 12) + "}", "escape");
    wrong.forEach(
        (header, word) -> {
          WeightsException e =
              assertThrows(
                  WeightsException.class, () -> WeightFile.open(file(safetensors(header, 12))));
          assertTrue(e.getMessage().contains(word), e.getMessage());
        });
    byte[] hugeHeader = safetensors("{}", 4);
    ByteBuffer.wrap(hugeHeader).order(ByteOrder.LITTLE_ENDIAN).putLong(0, 100_000_001);
    assertThrows(WeightsException.class, () -> WeightFile.open(file(hugeHeader)));
  }

  /** Truncated or bent anywhere, a file is read or refused, and never anything else happens. */
  @ParameterizedTest
  @ValueSource(strings = {"mixed.pth", "legacy.pth"})
  void damageIsAlwaysAWeightsException(String name) throws IOException {
    byte[] whole = Files.readAllBytes(resource(name));
    Random random = new Random(7);
    int refused = 0;
    for (int round = 0; round < 150; round++) {
      byte[] bytes =
          round % 2 == 0 ? Arrays.copyOf(whole, random.nextInt(whole.length)) : whole.clone();
      for (int i = 0; i < round % 2 * 3; i++) {
        bytes[random.nextInt(bytes.length)] = (byte) random.nextInt();
      }
      try {
        WeightFile file = WeightFile.open(file(bytes));
        file.tensors().values().forEach(WeightTensor::toFloats);
      } catch (WeightsException e) {
        refused++;
      }
    }
    assertTrue(refused > 40, refused + " refused");
  }

  @Test
  void castsAndRowsReadTheRightElements() {
    WeightTensor tensor =
        WeightTensor.ofFloats("t", List.of(4L, 2L), 0, 1, 2, 3, 4, 5, 6, 65536.5f);
    assertArrayEquals(new float[] {4, 5}, tensor.rows("r", 2, 3).toFloats());
    assertArrayEquals(
        new float[] {2, 3, 4, 5}, tensor.cast(DType.BFLOAT16).rows("", 1, 3).toFloats());
    assertEquals(65536f, tensor.cast(DType.BFLOAT16).toFloats()[7]);
    assertEquals(Float.POSITIVE_INFINITY, tensor.cast(DType.FLOAT16).toFloats()[7]);
    assertEquals(65536.5, tensor.cast(DType.FLOAT64).toFloats()[7]);
    assertThrows(IllegalArgumentException.class, () -> tensor.rows("", 3, 5));
    assertThrows(IllegalArgumentException.class, () -> tensor.reshaped(3L, 3L));
  }

  @Test
  void aChangedFileIsNotReadOn() throws IOException {
    Path path = resource("mixed.pth");
    WeightFile file = WeightFile.open(path);
    Files.write(path, new byte[10]);
    WeightsException e =
        assertThrows(WeightsException.class, () -> file.tensor("teacher.f32").toFloats());
    assertTrue(e.getMessage().contains("changed"), e.getMessage());
  }

  @Test
  void nothingIsLeftOfAFileThatCannotBeWritten() throws IOException {
    WeightTensor broken =
        new WeightTensor(
            "t",
            DType.UINT8,
            List.of(8L),
            new TensorData() {
              @Override
              public long size() {
                return 8;
              }

              @Override
              public void read(long position, ByteBuffer target) throws IOException {
                throw new IOException("disk on fire");
              }
            });
    Path target = folder.resolve("out.safetensors");
    Files.writeString(target, "before");
    assertThrows(OutputException.class, () -> Safetensors.write(target, List.of(broken), Map.of()));
    assertThrows(OutputException.class, () -> TorchCheckpoint.write(target, Map.of("t", broken)));
    assertEquals("before", Files.readString(target));
    try (var files = Files.list(folder)) {
      assertEquals(1, files.count());
    }
    assertThrows(
        OutputException.class,
        () -> Safetensors.write(target.resolve("below/a/file"), List.of(), Map.of()));
  }

  @Test
  void nestedContentIsWrittenAndReadBack() {
    Path path = folder.resolve("run.pth");
    Map<String, Object> content = new LinkedHashMap<>();
    content.put("step", 5_000_000_000L);
    content.put("rate", 0.5);
    content.put("name", "näme");
    content.put("done", true);
    content.put("inner", Map.of("x", WeightTensor.ofLongs("x", List.of(2L), 1, -1)));
    TorchCheckpoint.write(path, content);
    WeightFile file = WeightFile.open(path);
    assertArrayEquals(new long[] {1, -1}, file.tensor("inner.x").toLongs());
    assertEquals(
        Map.of("step", "5000000000", "rate", "0.5", "name", "näme", "done", "true"),
        file.metadata());
  }

  /** The length of such a header is a pickle's first two bytes: 0x80, then 2 to 5. */
  @Test
  void aHeaderWhoseLengthLooksLikeAPickleIsRead(@TempDir Path folder) throws IOException {
    int seen = 0;
    for (int filler = 0; filler < 1400; filler += 8) {
      Path file = folder.resolve(filler + ".safetensors");
      Safetensors.write(
          file,
          List.of(WeightTensor.ofFloats("w", List.of(1L), new float[] {1})),
          Map.of("filler", "x".repeat(filler)));
      byte[] bytes = Files.readAllBytes(file);
      seen += bytes[0] == (byte) 0x80 && bytes[1] >= 2 && bytes[1] <= 5 ? 1 : 0;
      assertEquals(1f, WeightFile.open(file).tensor("w").toFloats()[0]);
    }
    assertTrue(seen > 0);
  }
}
