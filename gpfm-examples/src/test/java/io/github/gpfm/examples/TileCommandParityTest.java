package io.github.gpfm.examples;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import io.github.gpfm.testkit.Fixtures;
import io.github.gpfm.tiling.format.CoordsH5;
import io.github.gpfm.tiling.format.StoredCoords;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;

/** Every recorded case of the official patcher through {@code gpfm tile}. */
class TileCommandParityTest {
  @TempDir Path folder;

  @TestFactory
  Stream<DynamicTest> coordinatesEqualTheOfficialPatchers() throws IOException {
    return TileCase.all().stream()
        .map(one -> DynamicTest.dynamicTest(one.toString(), () -> check(one)));
  }

  private void check(TileCase one) throws IOException {
    Path out = folder.resolve(one.slide().getFileName() + "-" + one.name());
    List<String> args =
        new ArrayList<>(List.of("tile", one.slide().toString(), "--out", out.toString()));
    args.addAll(one.options());
    CommandRun.of(args).succeeded();

    String name = one.slide().getFileName().toString().replaceFirst("\\.[^.]*$", "");
    Path file = out.resolve(name + ".h5");
    long[] expected = one.coords();
    assertEquals(one.json().get("n_coords").getAsInt() * 2, expected.length);
    if (expected.length == 0) {
      assertFalse(Files.exists(file), "the official patcher writes no file without tiles");
    } else {
      StoredCoords stored = CoordsH5.read(file);
      assertArrayEquals(expected, stored.coords());
      compare(one.json().getAsJsonObject("h5_attributes"), stored.attributes());
    }
    assertTrue(Files.size(out.resolve(name + ".geojson")) > 0);
    assertTrue(Files.size(out.resolve(name + "-tissue.jpg")) > 0);
    JsonObject summary = Fixtures.json(out.resolve("summary.json"));
    JsonObject slide = summary.getAsJsonArray("slides").get(0).getAsJsonObject();
    assertEquals(expected.length / 2, slide.get("tiles").getAsInt());
    assertTrue(slide.getAsJsonObject("seconds").has("segment"));
  }

  private static void compare(JsonObject expected, Map<String, Object> found) {
    for (Map.Entry<String, JsonElement> attribute : expected.entrySet()) {
      Object value = found.get(attribute.getKey());
      JsonElement wanted = attribute.getValue();
      if (value instanceof double[] numbers) {
        IntStream.range(0, numbers.length)
            .forEach(
                i -> assertEquals(wanted.getAsJsonArray().get(i).getAsDouble(), numbers[i], 1e-12));
      } else if (value instanceof long[] numbers) {
        IntStream.range(0, numbers.length)
            .forEach(i -> assertEquals(wanted.getAsJsonArray().get(i).getAsLong(), numbers[i]));
      } else {
        assertEquals(wanted.getAsString(), String.valueOf(value), attribute.getKey());
      }
    }
  }
}
