package io.github.gpfm.tiling.format;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.gpfm.api.OutputException;
import io.github.gpfm.api.TileGeometry;
import io.github.gpfm.api.TileGrid;
import io.github.gpfm.api.TilingException;
import io.github.gpfm.tiling.SyntheticSlide;
import io.github.gpfm.tiling.grid.RegionOfInterest;
import io.github.gpfm.tiling.grid.TileTable;
import io.github.gpfm.tiling.segment.ClamSegmenter;
import io.github.gpfm.tiling.segment.SegmentationParameters;
import io.github.gpfm.tiling.tissue.Contour;
import io.github.gpfm.tiling.tissue.Tissue;
import io.github.gpfm.tiling.tissue.TissueRegion;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.locationtech.jts.geom.Geometry;
import org.locationtech.jts.geom.Polygon;

class FormatsTest {
  private static final SyntheticSlide SLIDE =
      new SyntheticSlide(9000, 7000, 0.25, SyntheticSlide.discs(1500, 2500, 3000), 1, 4, 16);
  private static final TileTable TABLE =
      TileTable.of(
              "slide.1",
              TileGrid.of(
                  new TileGeometry(1, 320, 256, 1280.5, 1024.25, 0.5 + 1e-9),
                  0,
                  0,
                  1024,
                  17,
                  (1L << 40) + 1,
                  3))
          .with("blur", 1.0 / 3, Double.NaN, 1e-300)
          .with("tissue_fraction", 0, 1, 0.25);

  @TempDir Path folder;

  @Test
  void everyHdf5LayoutKeepsEveryValue() {
    for (CoordsLayout layout : CoordsLayout.values()) {
      Path file = folder.resolve(layout + ".h5");
      assertTrue(CoordsH5.write(file, layout, SLIDE, TABLE));
      StoredCoords stored = CoordsH5.read(file);
      assertEquals(TABLE.grid(), stored.grid(SLIDE));
      assertEquals(TABLE.scoreNames(), stored.scores().keySet());
      TABLE
          .scoreNames()
          .forEach(name -> assertArrayEquals(TABLE.scores(name), stored.scores().get(name)));
      assertEquals("slide.1", stored.attributes().get("name"));
    }
  }

  @Test
  void tridentLayoutCarriesWhatItsReaderAsksFor() {
    Path file = folder.resolve("t.h5");
    TileGrid grid = TileGrid.of(new TileGeometry(0, 512, 256, 512, 384, 0.5), 0, 0, 384, 0);
    CoordsH5.write(file, CoordsLayout.TRIDENT, SLIDE, TileTable.of("s", grid));
    Map<String, Object> attributes = CoordsH5.read(file).attributes();
    assertEquals(256L, attributes.get("patch_size"));
    assertEquals(512L, attributes.get("patch_size_level0"));
    assertEquals(40L, attributes.get("level0_magnification"));
    assertEquals(20L, attributes.get("target_magnification"));
    assertEquals(64L, attributes.get("overlap"));
    assertEquals(9000L, attributes.get("level0_width"));
    assertEquals(7000L, attributes.get("level0_height"));
  }

  @Test
  void noTilesNoFile() {
    TileTable none = TileTable.of("s", TileGrid.of(TABLE.grid().geometry()));
    assertFalse(CoordsH5.write(folder.resolve("none.h5"), CoordsLayout.CLAM, SLIDE, none));
    assertFalse(Files.exists(folder.resolve("none.h5")));
  }

  @Test
  void geoJsonTilesKeepEveryValue() {
    Path file = folder.resolve("tiles.geojson");
    GeoJson.writeTiles(file, TABLE);
    assertEquals(TABLE, GeoJson.readTiles(file));
  }

  @Test
  void geoJsonTissueKeepsAreasAndHoles() {
    Tissue tissue =
        new ClamSegmenter(SegmentationParameters.OFFICIAL.withAreas(1, 1, 8)).segment(SLIDE);
    Contour square = Contour.of(0, 0, 100, 0, 100, 100, 0, 100);
    Contour hole = Contour.of(20, 20, 20, 60, 60, 60, 60, 20);
    // A contour that runs out and back along a line, as traced filaments do.
    Contour spur = Contour.of(200, 0, 300, 0, 300, 50, 350, 50, 300, 50, 300, 100, 200, 100);
    Tissue more =
        tissue.withRegions(
            List.of(
                tissue.regions().get(0),
                new TissueRegion(square, List.of(hole)),
                new TissueRegion(spur, List.of())));
    Path file = folder.resolve("tissue.geojson");
    GeoJson.writeTissue(file, "slide", more);
    List<Geometry> geometries = GeoJson.readGeometries(file);
    assertEquals(3, geometries.size());
    assertTrue(geometries.stream().allMatch(Geometry::isValid));
    Polygon first = (Polygon) geometries.get(0);
    assertEquals(tissue.regions().get(0).outline().area(), first.getArea(), 1e-6);
    assertEquals(100 * 100 - 40 * 40, geometries.get(1).getArea(), 1e-9);
    assertEquals(1, ((Polygon) geometries.get(1)).getNumInteriorRing());
    assertEquals(100 * 100, geometries.get(2).getArea(), 1e-9);
  }

  @Test
  void regionOfInterestReadsQuPathsClasses() throws IOException {
    Path file = folder.resolve("roi.geojson");
    Files.writeString(
        file,
        """
        {"type":"FeatureCollection","features":[
        {"type":"Feature","geometry":{"type":"Polygon","coordinates":
          [[[0,0],[100,0],[100,100],[0,100],[0,0]]]},
          "properties":{"objectType":"annotation","classification":{"name":"Tumor"}}},
        {"type":"Feature","geometry":{"type":"Polygon","coordinates":
          [[[10,10],[30,10],[30,30],[10,30],[10,10]]]},
          "properties":{"objectType":"annotation","classification":{"name":"Ignore*"}}},
        {"type":"Feature","geometry":{"type":"Polygon","coordinates":
          [[[60,60],[80,60],[80,80],[60,80],[60,60]]]},
          "properties":{"objectType":"annotation","classification":{"names":["Tumor","Fold*"]}}},
        {"type":"Feature","geometry":{"type":"Point","coordinates":[5,5]},"properties":{}}]}
        """);
    RegionOfInterest roi = GeoJson.readRegionOfInterest(file);
    assertTrue(roi.contains(50, 50));
    assertFalse(roi.contains(20, 20));
    assertFalse(roi.contains(70, 70));
    assertFalse(roi.contains(150, 50));
    RegionOfInterest tumor =
        GeoJson.readRegionOfInterest(file, List.of("Tumor"), List.of("Stroma"));
    assertTrue(tumor.contains(20, 20));
  }

  @Test
  void badFilesAreRefusedInOneSentence() throws IOException {
    Path text = Files.writeString(folder.resolve("text.geojson"), "not json");
    Path h5 = Files.writeString(folder.resolve("text.h5"), "not hdf5, but some text");
    Path lineOnly =
        Files.writeString(
            folder.resolve("line.geojson"),
            "{\"type\":\"LineString\",\"coordinates\":[[0,0],[1,1]]}");
    for (Runnable bad :
        List.<Runnable>of(
            () -> GeoJson.readTiles(text),
            () -> GeoJson.readRegionOfInterest(text),
            () -> GeoJson.readRegionOfInterest(lineOnly),
            () -> GeoJson.readTiles(lineOnly),
            () -> CoordsH5.read(h5),
            () -> CoordsH5.read(folder.resolve("missing.h5")))) {
      TilingException e = assertThrows(TilingException.class, bad::run);
      assertTrue(e.getMessage().contains(folder.toString()), e.getMessage());
    }
    Path blocked = Files.writeString(folder.resolve("file"), "x").resolve("t.geojson");
    assertThrows(OutputException.class, () -> GeoJson.writeTiles(blocked, TABLE));
  }
}
