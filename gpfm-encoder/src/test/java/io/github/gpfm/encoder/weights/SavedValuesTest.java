package io.github.gpfm.encoder.weights;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.gpfm.api.WeightsException;
import io.github.gpfm.testkit.Fixtures;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Everything that PyTorch's {@code weights_only} reader allows beside weights, as PyTorch 2.13
 * saved it; sharded files; element types that networks do not compute with.
 */
class SavedValuesTest {
  private static final float[] W = {0, 1, 2, 3, 4, 5};

  @TempDir Path folder;

  private Path resource(String name) throws IOException {
    Path file = folder.resolve(name);
    try (InputStream in = SavedValuesTest.class.getResourceAsStream(name)) {
      Files.write(file, in.readAllBytes());
    }
    return file;
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"values.pth", "values_p4.pth", "values_legacy.pth", "values_legacy_p4.pth"})
  void harmlessValuesAreData(String name) throws IOException {
    WeightFile file = WeightFile.open(resource(name));
    assertArrayEquals(W, file.tensor("model.w").toFloats());
    assertArrayEquals(W, file.tensor("model.p").toFloats());
    assertArrayEquals(new float[] {1, 1, 1, 2, 2, 2}, file.tensor("model.expanded").toFloats());
    assertArrayEquals(new float[] {7, 7, 7, 7}, file.tensor("model.one").toFloats());
    assertArrayEquals(W, file.tensor("opt.state.0.exp_avg").toFloats());
    assertArrayEquals(W, file.tensor("tuples.a.((x, 1.5), None)").toFloats());
    Map<String, String> said = file.metadata();
    assertEquals("3", said.get("tuples.(1, 2)"));
    assertEquals("4", said.get("tuples.(1,)"));
    assertEquals("2", said.get("size.0"));
    assertEquals("0.1", said.get("opt.param_groups.0.lr"));
    assertEquals("one", said.get("od.1"));
    assertEquals("2", said.get("counter.a"));
    assertEquals("a large number", said.get("big"));
    assertEquals("bytes of 100", said.get("bytes"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"values.pth", "values_p4.pth"})
  void tensorsOfOtherTypesStandBeside(String name) throws IOException {
    WeightFile file = WeightFile.open(resource(name));
    assertArrayEquals(new long[] {1, 65535}, file.tensor("other.u16").toLongs());
    assertEquals(0x1p63f, file.tensor("other.u64").toFloats()[0]);
    assertArrayEquals(new long[] {1, -1}, file.tensor("other.i8").toLongs());
    assertEquals(DType.FLOAT8_E4M3, file.tensor("other.f8").dtype());
    assertEquals(DType.COMPLEX64, file.tensor("other.c64").dtype());
    assertThrows(WeightsException.class, () -> file.tensor("other.f8").toFloats());
    assertEquals(2, file.unreadable().size(), file.unreadable().toString());
    assertTrue(file.unreadable().containsKey("other.q"));
    assertTrue(file.unreadable().containsKey("other.sparse"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"F4", "F6_E2M3", "NEW_TYPE"})
  void safetensorsOfUnknownTypesKeepTheirPlace(String type) {
    WeightFile file =
        safetensors(
            "{\"a\":{\"dtype\":\"%s\",\"shape\":[6],\"data_offsets\":[0,3]},".formatted(type)
                + "\"b\":{\"dtype\":\"U8\",\"shape\":[2],\"data_offsets\":[3,5]}}",
            5);
    assertEquals(Map.of("a", type), file.unreadable());
    assertArrayEquals(new long[] {3, 4}, file.tensor("b").toLongs());
  }

  private static byte[] bytes(String header, int data) {
    byte[] json = header.getBytes(StandardCharsets.UTF_8);
    ByteBuffer bytes = ByteBuffer.allocate(8 + json.length + data).order(ByteOrder.LITTLE_ENDIAN);
    bytes.putLong(json.length).put(json);
    for (int i = 0; i < data; i++) {
      bytes.put((byte) i);
    }
    return bytes.array();
  }

  private static WeightFile safetensors(String header, int data) {
    return WeightFile.ofSafetensors("x.safetensors", bytes(header, data));
  }

  private static final String ENTRY =
      "{\"a\":{\"dtype\":\"U8\",\"shape\":[1],\"data_offsets\":[0,1]}";

  /** 640 is a pickle's first two bytes, 19280 a zip's. */
  @Test
  void safetensorsOfEveryHeaderLengthAreSafetensors() throws IOException {
    for (int length = 8; length <= 70_000; length++) {
      byte[] head =
          ByteBuffer.allocate(LegacyCheckpoint.HEAD)
              .order(ByteOrder.LITTLE_ENDIAN)
              .putLong(length)
              .put((byte) '{')
              .array();
      assertEquals(Optional.of(WeightFile.Kind.SAFETENSORS), WeightFile.kindOf(head));
    }
    for (int length : new int[] {640, 896, 1152, 1408, 19280, 65536 + 640, 69_999}) {
      String header = ENTRY + " ".repeat(length - ENTRY.length() - 1) + "}";
      Path file = Files.write(folder.resolve(length + ".bin"), bytes(header, 1));
      assertEquals(WeightFile.Kind.SAFETENSORS, WeightFile.open(file).kind(), file.toString());
    }
  }

  private void shard(String name, String tensor) {
    Safetensors.write(
        folder.resolve(name),
        List.of(WeightTensor.ofFloats(tensor, List.of(1L), tensor.length())),
        Map.of());
  }

  @Test
  void shardsAreReadTogetherWhicheverIsNamed() throws IOException {
    shard("model-00001-of-00002.safetensors", "a");
    shard("model-00002-of-00002.safetensors", "bb");
    Path first = folder.resolve("model-00001-of-00002.safetensors");
    assertEquals(2, WeightFile.open(folder).tensors().size(), "a folder without an index");
    assertEquals(2, WeightFile.open(first).tensors().size(), "a shard without an index");
    Path index =
        Files.writeString(
            folder.resolve("model.safetensors.index.json"),
            "{\"metadata\":{},\"weight_map\":{\"a\":\"model-00001-of-00002.safetensors\","
                + "\"bb\":\"model-00002-of-00002.safetensors\"}}");
    for (Path named : List.of(folder, index, first)) {
      WeightFile file = WeightFile.open(named);
      assertArrayEquals(new float[] {2}, file.tensor("bb").toFloats());
      assertEquals(2, file.parts().size());
      assertEquals(folder.toAbsolutePath(), file.folder());
      assertEquals(WeightFile.sha256(folder), file.sha256());
    }
    String before = WeightFile.sha256(first);
    shard("model-00002-of-00002.safetensors", "bbb");
    assertTrue(!before.equals(WeightFile.sha256(first)), "a shard changed, the hash did not");
    assertTrue(refused(first).contains("bb"), "a tensor of the index that no shard has");
    Files.delete(folder.resolve("model-00002-of-00002.safetensors"));
    assertTrue(refused(first).contains("model-00002-of-00002.safetensors"));
    Files.writeString(index, "{\"weight_map\":{\"a\":\"../x.safetensors\"}}");
    assertTrue(refused(index).contains("outside its folder"));
    Files.writeString(index, "{\"weight_map\":[");
    assertTrue(refused(index).contains("index of weights"), refused(index));
  }

  @Test
  void aFolderOfSeveralModelsAsksWhich() throws IOException {
    assertTrue(refused(folder).contains("holds no weight file"));
    shard("a.safetensors", "a");
    assertEquals(1, WeightFile.open(folder).tensors().size());
    shard("b.safetensors", "b");
    assertTrue(refused(folder).contains("a.safetensors, b.safetensors"));
    shard("model.safetensors", "ccc");
    assertArrayEquals(new float[] {3}, WeightFile.open(folder).tensor("ccc").toFloats());
  }

  private static String refused(Path file) {
    String message = assertThrows(WeightsException.class, () -> WeightFile.open(file)).getMessage();
    assertTrue(message.contains(file.getFileName().toString()), message);
    assertTrue(message.chars().noneMatch(c -> c < 32 || c == 127), message);
    return message;
  }

  /** Crafted to be endless, to nest without end, to inflate, or to write on the terminal. */
  @ParameterizedTest
  @ValueSource(
      strings = {
        "bigint",
        "leg_laughs",
        "leg_keylaughs",
        "leg_deepkey",
        "dicts",
        "longnames",
        "esc"
      })
  @Timeout(value = 5, unit = TimeUnit.SECONDS, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
  void craftedPicklesEndWithinTheirBudget(String name) {
    String message = refused(Fixtures.cases("hostile/" + name + ".pth"));
    assertTrue(message.contains("gpfm.limit") || message.contains("foreign class"), message);
  }
}
