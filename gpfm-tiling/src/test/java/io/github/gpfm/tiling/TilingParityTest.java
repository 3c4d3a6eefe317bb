package io.github.gpfm.tiling;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import io.github.gpfm.api.Slide;
import io.github.gpfm.api.TileGrid;
import io.github.gpfm.slideio.Slides;
import io.github.gpfm.testkit.Fixtures;
import io.github.gpfm.tiling.format.CoordsH5;
import io.github.gpfm.tiling.format.CoordsLayout;
import io.github.gpfm.tiling.format.SlideName;
import io.github.gpfm.tiling.format.StoredCoords;
import io.github.gpfm.tiling.grid.ClamTiler;
import io.github.gpfm.tiling.grid.ContourTest;
import io.github.gpfm.tiling.grid.TileTable;
import io.github.gpfm.tiling.segment.ClamSegmenter;
import io.github.gpfm.tiling.segment.SegmentationParameters;
import io.github.gpfm.tiling.tissue.Contour;
import io.github.gpfm.tiling.tissue.Tissue;
import io.github.gpfm.tiling.tissue.TissueRegion;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.DynamicNode;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;

/** Every recorded case of the official patcher: contours, coordinates in order, attributes. */
class TilingParityTest {
  /** Contours' areas may differ by this part. */
  private static final double AREA_TOLERANCE = 1e-3;

  @TempDir Path folder;

  @TestFactory
  List<DynamicNode> everyCaseEqualsTheOfficialPatcher() throws IOException {
    List<DynamicNode> tests = new ArrayList<>();
    for (Path file : fixtures(Fixtures.data("tiling"))) {
      JsonObject fixture = Fixtures.json(file);
      Path slide = file.resolveSibling(fixture.get("slide").getAsString());
      for (JsonElement each : fixture.getAsJsonArray("cases")) {
        JsonObject one = each.getAsJsonObject();
        tests.add(
            DynamicTest.dynamicTest(
                slide.getFileName() + " " + one.get("name").getAsString(),
                () -> check(slide, one)));
      }
    }
    assertFalse(tests.isEmpty(), "no case recorded");
    return tests;
  }

  private static List<Path> fixtures(Path tiling) throws IOException {
    try (Stream<Path> files = Files.list(tiling)) {
      return files
          .filter(file -> file.toString().endsWith(".json"))
          .filter(file -> Fixtures.json(file).has("cases"))
          .sorted()
          .toList();
    }
  }

  private void check(Path path, JsonObject expected) throws IOException {
    try (Slide slide = Slides.open(path)) {
      Tissue tissue = new ClamSegmenter(parameters(expected)).segment(slide);
      assertEquals(expected.get("seg_level_used").getAsInt(), tissue.level(), "level");
      checkContours(expected.getAsJsonArray("contours"), tissue.regions());
      TileGrid grid = tiler(expected).tile(slide, tissue);
      assertArrayEquals(longs(expected.getAsJsonArray("coords")), grid.coords(), "coords");
      assertEquals(expected.get("n_coords").getAsInt(), grid.size());
      checkFile(slide, grid, expected.getAsJsonObject("h5_attributes"));
    }
  }

  private static SegmentationParameters parameters(JsonObject expected) {
    return new SegmentationParameters(
        expected.has("seg_level")
            ? expected.get("seg_level").getAsInt()
            : SegmentationParameters.AUTO_LEVEL,
        expected.get("sthresh").getAsInt(),
        expected.get("mthresh").getAsInt(),
        expected.get("close").getAsInt(),
        expected.get("use_otsu").getAsBoolean(),
        expected.get("a_t").getAsDouble(),
        expected.get("a_h").getAsDouble(),
        expected.get("max_n_holes").getAsInt(),
        List.of(),
        List.of());
  }

  private static ClamTiler tiler(JsonObject expected) {
    return new ClamTiler(
        expected.get("patch_level").getAsInt(),
        expected.get("patch_size").getAsInt(),
        expected.get("step_size").getAsInt(),
        expected.get("use_padding").getAsBoolean(),
        ContourTest.of(expected.get("contour_fn").getAsString()));
  }

  private static void checkContours(JsonArray expected, List<TissueRegion> regions) {
    assertEquals(expected.size(), regions.size(), "contours");
    for (int i = 0; i < regions.size(); i++) {
      JsonObject contour = expected.get(i).getAsJsonObject();
      Contour outline = regions.get(i).outline();
      Contour.Bounds bounds = outline.bounds();
      assertArrayEquals(
          longs(contour.getAsJsonArray("bounding_rect_level0")),
          new long[] {bounds.x(), bounds.y(), bounds.width(), bounds.height()},
          "bounding rectangle");
      assertEquals(contour.get("points").getAsInt(), outline.size(), "points");
      assertArea(contour.get("area_level0").getAsDouble(), outline.area());
      JsonArray holes = contour.getAsJsonArray("hole_areas_level0");
      assertEquals(holes.size(), regions.get(i).holes().size(), "holes");
      for (int k = 0; k < holes.size(); k++) {
        assertArea(holes.get(k).getAsDouble(), regions.get(i).holes().get(k).area());
      }
    }
  }

  private static void assertArea(double expected, double actual) {
    assertEquals(expected, actual, expected * AREA_TOLERANCE, "area");
  }

  private void checkFile(Slide slide, TileGrid grid, JsonObject expected) {
    Path file = folder.resolve("coords.h5");
    TileTable table = TileTable.of(SlideName.of(slide.path()), grid);
    boolean written = CoordsH5.write(file, CoordsLayout.CLAM, slide, table);
    assertEquals(!grid.isEmpty(), written);
    if (!written) {
      assertTrue(expected.isEmpty());
      return;
    }
    StoredCoords stored = CoordsH5.read(file);
    assertArrayEquals(grid.coords(), stored.coords());
    for (Map.Entry<String, JsonElement> attribute : expected.entrySet()) {
      assertAttribute(
          attribute.getKey(), attribute.getValue(), stored.attributes().get(attribute.getKey()));
    }
    assertEquals(grid, stored.grid(slide));
  }

  private static void assertAttribute(String name, JsonElement expected, Object actual) {
    if (actual instanceof double[] values) {
      double[] wanted =
          StreamSupport.stream(expected.getAsJsonArray().spliterator(), false)
              .mapToDouble(JsonElement::getAsDouble)
              .toArray();
      assertArrayEquals(wanted, values, name);
    } else if (actual instanceof long[] values) {
      assertArrayEquals(longs(expected.getAsJsonArray()), values, name);
    } else if (actual instanceof Long value) {
      assertEquals(expected.getAsLong(), value, name);
    } else {
      assertEquals(expected.getAsString(), actual, name);
    }
  }

  private static long[] longs(JsonArray array) {
    return StreamSupport.stream(array.spliterator(), false)
        .flatMap(
            element ->
                element.isJsonArray()
                    ? StreamSupport.stream(element.getAsJsonArray().spliterator(), false)
                    : Stream.of(element))
        .mapToLong(JsonElement::getAsLong)
        .toArray();
  }
}
