package io.github.gpfm.tiling.grid;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.gpfm.api.InvalidOptionException;
import io.github.gpfm.api.MppUnknownException;
import io.github.gpfm.api.TileGeometry;
import io.github.gpfm.api.TileGrid;
import io.github.gpfm.tiling.SyntheticSlide;
import io.github.gpfm.tiling.segment.ClamSegmenter;
import io.github.gpfm.tiling.segment.SegmentationParameters;
import io.github.gpfm.tiling.tissue.Tissue;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.locationtech.jts.geom.Coordinate;
import org.locationtech.jts.geom.Geometry;
import org.locationtech.jts.geom.GeometryFactory;

class GridTilerTest {
  private static final SyntheticSlide SLIDE =
      new SyntheticSlide(8192, 6144, 0.25, SyntheticSlide.discs(1500, 2500, 3000), 1, 4, 16, 64);
  private static final Tissue TISSUE =
      new ClamSegmenter(SegmentationParameters.OFFICIAL.withSegLevel(2).withAreas(1, 1, 8))
          .segment(SLIDE);

  @Test
  void readsTheSmallestSufficientLevel() {
    assertEquals(
        new TileGeometry(0, 512, 512, 512, 512, 0.25), GridTiler.atMpp(512, 0.25).geometry(SLIDE));
    assertEquals(
        new TileGeometry(0, 1024, 512, 1024, 1024, 0.5), GridTiler.atMpp(512, 0.5).geometry(SLIDE));
    assertEquals(
        new TileGeometry(1, 512, 512, 2048, 2048, 1.0), GridTiler.atMpp(512, 1).geometry(SLIDE));
    assertEquals(
        new TileGeometry(1, 256, 256, 1024, 768, 1.0),
        GridTiler.of(256, new GridTiler.Resolution.Magnification(10))
            .withOverlap(64)
            .geometry(SLIDE));
    assertEquals(
        new TileGeometry(2, 32, 32, 512, 512, 4.0),
        GridTiler.of(32, new GridTiler.Resolution.Level(2)).geometry(SLIDE));
    // Coarser than the target: enlarged from level 0.
    assertEquals(
        new TileGeometry(0, 256, 512, 256, 256, 0.125),
        GridTiler.atMpp(512, 0.125).geometry(SLIDE));
  }

  @Test
  void laysRowsFromTheCorner() {
    TileGrid grid =
        GridTiler.atMpp(512, 0.25).withTest(new TileTest.Everywhere()).tile(SLIDE, TISSUE);
    assertEquals(16 * 12, grid.size());
    for (int i = 0; i < grid.size(); i++) {
      assertEquals(i % 16 * 512L, grid.x(i));
      assertEquals(i / 16 * 512L, grid.y(i));
    }
  }

  @Test
  void dropsOrPadsAtTheBorder() {
    GridTiler tiler = GridTiler.atMpp(1000, 0.25).withTest(new TileTest.Everywhere());
    assertEquals(9 * 7, tiler.tile(SLIDE, TISSUE).size());
    TileGrid dropped = tiler.withBorder(GridTiler.Border.DROP).tile(SLIDE, TISSUE);
    assertEquals(8 * 6, dropped.size());
    assertTrue(dropped.stream().allMatch(t -> t.x() + 1000 <= 8192 && t.y() + 1000 <= 6144));
  }

  @Test
  void minTissueFractionKeepsWhatIsTissue() {
    GridTiler tiler = GridTiler.atMpp(256, 0.25);
    TileGrid half = tiler.withTest(new TileTest.MinTissueFraction(0.5)).tile(SLIDE, TISSUE);
    TileGrid full = tiler.withTest(new TileTest.MinTissueFraction(1)).tile(SLIDE, TISSUE);
    // The disc's area over a tile's area, give or take its rim.
    double expected = Math.PI * 1500 * 1500 / (256 * 256);
    assertEquals(expected, half.size(), 0.08 * expected);
    assertTrue(full.size() < half.size() && full.size() > 0.6 * expected);
  }

  @Test
  void regionOfInterestIncludesAndExcludes() {
    GridTiler tiler = GridTiler.atMpp(256, 0.25);
    Geometry left = box(0, 0, 2500, 6144);
    Geometry hole = box(2000, 2500, 2500, 3500);
    int all = tiler.tile(SLIDE, TISSUE).size();
    TileGrid included =
        tiler.within(RegionOfInterest.of(List.of(left), List.of())).tile(SLIDE, TISSUE);
    TileGrid cut =
        tiler.within(RegionOfInterest.of(List.of(left), List.of(hole))).tile(SLIDE, TISSUE);
    assertTrue(included.size() < all && included.size() > 0);
    assertTrue(included.stream().allMatch(tile -> tile.x() + 128 <= 2500));
    assertTrue(cut.size() < included.size());
    assertFalse(
        cut.stream().anyMatch(tile -> hole.contains(point(tile.x() + 128, tile.y() + 128))));
  }

  private static Geometry box(double x0, double y0, double x1, double y1) {
    return new GeometryFactory().toGeometry(new org.locationtech.jts.geom.Envelope(x0, x1, y0, y1));
  }

  private static Geometry point(double x, double y) {
    return new GeometryFactory().createPoint(new Coordinate(x, y));
  }

  @Test
  void refusesWhatTheSlideCannotGive() {
    SyntheticSlide unknown = new SyntheticSlide(1000, 1000, Double.NaN, (x, y) -> 0, 1);
    assertThrows(MppUnknownException.class, () -> GridTiler.atMpp(512, 0.25).geometry(unknown));
    assertThrows(
        InvalidOptionException.class,
        () -> GridTiler.of(512, new GridTiler.Resolution.Level(3)).geometry(unknown));
    assertThrows(InvalidOptionException.class, () -> GridTiler.atMpp(512, 0.25).withOverlap(512));
    assertThrows(InvalidOptionException.class, () -> GridTiler.atMpp(512, -1));
    assertThrows(InvalidOptionException.class, () -> ClamTiler.OFFICIAL.withPatchSize(0));
  }
}
