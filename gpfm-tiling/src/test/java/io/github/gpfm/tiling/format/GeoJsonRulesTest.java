package io.github.gpfm.tiling.format;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.gson.Gson;
import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.Strictness;
import com.google.gson.stream.JsonReader;
import io.github.gpfm.api.TileGeometry;
import io.github.gpfm.api.TileGrid;
import io.github.gpfm.tiling.SyntheticSlide;
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
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.locationtech.jts.algorithm.Orientation;
import org.locationtech.jts.geom.Coordinate;
import org.locationtech.jts.geom.Envelope;
import org.locationtech.jts.geom.Geometry;
import org.locationtech.jts.geom.GeometryFactory;
import org.locationtech.jts.geom.LinearRing;
import org.locationtech.jts.geom.Polygon;
import org.locationtech.jts.operation.valid.IsValidOp;

/**
 * Written GeoJSON against RFC 7946 and what QuPath's importer asks for. The text is read here, not
 * by the library, so that what its reader would mend is seen.
 */
class GeoJsonRulesTest {
  private static final SyntheticSlide SLIDE =
      new SyntheticSlide(9000, 7000, 0.25, SyntheticSlide.discs(1500, 2500, 3000), 1, 4, 16);
  private static final GeometryFactory FACTORY = new GeometryFactory();

  @TempDir Path folder;

  @Test
  void tissueIsAnnotations() throws IOException {
    Tissue found =
        new ClamSegmenter(SegmentationParameters.OFFICIAL.withAreas(1, 1, 8)).segment(SLIDE);
    List<TissueRegion> regions = new ArrayList<>(found.regions());
    regions.add(
        new TissueRegion(
            Contour.of(0, 0, 100, 0, 100, 100, 0, 100),
            List.of(
                Contour.of(20, 20, 20, 60, 60, 60, 60, 20),
                // A hole that touches the outline.
                Contour.of(100, 80, 80, 70, 80, 90))));
    // Two halves that meet in one point, as traced pixels do.
    regions.add(
        new TissueRegion(
            Contour.of(200, 0, 250, 0, 250, 50, 300, 50, 300, 100, 250, 100, 250, 50, 200, 50),
            List.of()));
    Path file = folder.resolve("tissue.geojson");
    GeoJson.writeTissue(file, "slide", found.withRegions(regions));
    List<JsonObject> features = features(file, "annotation");
    assertEquals(regions.size(), features.size());
    for (int i = 0; i < regions.size(); i++) {
      double area = geometry(features.get(i)).getArea();
      assertTrue(area > 0 && area <= regions.get(i).outline().area() + 1e-6, "area " + area);
    }
  }

  @Test
  void tilesAreDetectionsWithFiniteMeasurements() throws IOException {
    TileGrid grid =
        TileGrid.of(new TileGeometry(0, 256, 256, 256.5, 256.5, 0.25), 0, 0, 257, 0, -100, 513);
    TileTable table =
        TileTable.of("slide", grid)
            .with("blur", 1, Double.NaN, 3)
            .with("pen", 0, Double.POSITIVE_INFINITY, 1);
    Path file = folder.resolve("tiles.geojson");
    GeoJson.writeTiles(file, table);
    checkTiles(file, table);
    Path coloured = folder.resolve("coloured.geojson");
    GeoJson.writeTiles(coloured, table, new int[] {0, 0xffffff, 0x123456});
    checkTiles(coloured, table);
  }

  private static void checkTiles(Path file, TileTable table) throws IOException {
    List<JsonObject> features = features(file, "detection");
    assertEquals(table.size(), features.size());
    double size = table.grid().geometry().level0Size();
    for (int i = 0; i < table.size(); i++) {
      double x = table.grid().x(i);
      double y = table.grid().y(i);
      assertEquals(
          new Envelope(x, x + size, y, y + size), geometry(features.get(i)).getEnvelopeInternal());
      JsonObject measurements =
          features.get(i).getAsJsonObject("properties").getAsJsonObject("measurements");
      for (String name : table.scoreNames()) {
        double score = table.score(name, i);
        assertEquals(Double.isFinite(score), measurements.has(name));
        if (measurements.has(name)) {
          assertEquals(score, measurements.get(name).getAsDouble());
        }
      }
    }
  }

  /** The features of a collection, each of which was found to keep the rules. */
  private static List<JsonObject> features(Path file, String objectType) throws IOException {
    JsonObject root;
    try (JsonReader reader = new JsonReader(Files.newBufferedReader(file))) {
      reader.setStrictness(Strictness.STRICT);
      root = new Gson().getAdapter(JsonObject.class).read(reader);
    }
    assertEquals("FeatureCollection", root.get("type").getAsString());
    assertFalse(root.has("crs"), "RFC 7946 knows no crs");
    Set<UUID> ids = new HashSet<>();
    List<JsonObject> features = new ArrayList<>();
    for (JsonElement element : root.getAsJsonArray("features")) {
      JsonObject feature = element.getAsJsonObject();
      assertEquals("Feature", feature.get("type").getAsString());
      assertTrue(ids.add(UUID.fromString(feature.get("id").getAsString())), "an id twice");
      checkProperties(feature.getAsJsonObject("properties"), objectType);
      features.add(feature);
    }
    return features;
  }

  private static void checkProperties(JsonObject properties, String objectType) {
    assertEquals(objectType, properties.get("objectType").getAsString());
    assertFalse(properties.get("name").getAsString().isBlank());
    if (properties.has("classification")) {
      JsonObject classification = properties.getAsJsonObject("classification");
      assertFalse(classification.get("name").getAsString().isBlank());
      checkColour(classification.getAsJsonArray("color"));
    } else {
      checkColour(properties.getAsJsonArray("color"));
    }
    for (Map.Entry<String, JsonElement> one :
        properties.getAsJsonObject("measurements").entrySet()) {
      assertTrue(one.getValue().isJsonPrimitive(), one.toString());
      assertTrue(one.getValue().getAsJsonPrimitive().isNumber(), one.toString());
      assertTrue(Double.isFinite(one.getValue().getAsDouble()), one.toString());
    }
  }

  private static void checkColour(JsonArray rgb) {
    assertEquals(3, rgb.size());
    rgb.forEach(value -> assertTrue(value.getAsInt() >= 0 && value.getAsInt() <= 255));
  }

  private static Geometry geometry(JsonObject feature) {
    JsonObject json = feature.getAsJsonObject("geometry");
    assertFalse(json.has("crs"), "RFC 7946 knows no crs");
    JsonArray coordinates = json.getAsJsonArray("coordinates");
    List<Polygon> polygons = new ArrayList<>();
    switch (json.get("type").getAsString()) {
      case "Polygon" -> polygons.add(polygon(coordinates));
      case "MultiPolygon" ->
          coordinates.forEach(one -> polygons.add(polygon(one.getAsJsonArray())));
      default -> throw new AssertionError("QuPath draws no area for " + json.get("type"));
    }
    Geometry geometry =
        polygons.size() == 1
            ? polygons.get(0)
            : FACTORY.createMultiPolygon(polygons.toArray(Polygon[]::new));
    IsValidOp valid = new IsValidOp(geometry);
    assertTrue(valid.isValid(), () -> String.valueOf(valid.getValidationError()));
    return geometry;
  }

  private static Polygon polygon(JsonArray rings) {
    List<LinearRing> made = new ArrayList<>();
    for (JsonElement ring : rings) {
      List<Coordinate> positions = new ArrayList<>();
      for (JsonElement position : ring.getAsJsonArray()) {
        assertEquals(2, position.getAsJsonArray().size());
        positions.add(
            new Coordinate(
                position.getAsJsonArray().get(0).getAsDouble(),
                position.getAsJsonArray().get(1).getAsDouble()));
        assertTrue(positions.get(positions.size() - 1).isValid(), position.toString());
      }
      assertTrue(positions.size() >= 4, "a ring of " + positions.size() + " positions");
      assertEquals(positions.get(0), positions.get(positions.size() - 1), "an open ring");
      LinearRing linear = FACTORY.createLinearRing(positions.toArray(Coordinate[]::new));
      // RFC 7946, section 3.1.6: outlines run counterclockwise, holes clockwise.
      assertEquals(made.isEmpty(), Orientation.isCCW(linear.getCoordinates()));
      made.add(linear);
    }
    return FACTORY.createPolygon(
        made.get(0), made.subList(1, made.size()).toArray(LinearRing[]::new));
  }
}
