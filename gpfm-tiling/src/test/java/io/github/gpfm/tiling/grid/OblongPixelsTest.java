package io.github.gpfm.tiling.grid;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.github.gpfm.api.Slide;
import io.github.gpfm.api.TileGeometry;
import io.github.gpfm.api.TileGrid;
import io.github.gpfm.slideio.Slides;
import io.github.gpfm.testkit.Fixtures;
import io.github.gpfm.tiling.format.TileCsv;
import io.github.gpfm.tiling.tissue.Tissue;
import java.awt.image.BufferedImage;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Tiles of a slide of 0.25 x 0.5 um per pixel are square in micrometres. */
class OblongPixelsTest {
  @TempDir Path folder;

  @Test
  void tilesAreSquareInMicrometres() {
    try (Slide slide = Slides.open(Fixtures.cases("slides/aniso.tif"), "builtin")) {
      GridTiler tiler = GridTiler.atMpp(128, 0.5).withTest(new TileTest.Everywhere());
      TileGeometry geometry = tiler.geometry(slide);
      assertEquals(256, geometry.level0Size());
      assertEquals(128, geometry.level0Height());
      assertEquals(256, geometry.level0Step());
      assertEquals(128, geometry.level0StepY());
      assertEquals(256, geometry.readSize());
      assertEquals(128, geometry.readHeight());
      assertEquals(0.5, geometry.mpp(), 1e-12);
      TileGrid grid = tiler.tile(slide, tissue(slide));
      assertEquals(8 * 16, grid.size());
      assertEquals(256, grid.x(1));
      assertEquals(128, grid.y(8));
      BufferedImage tile = new TileReader(slide, grid).read(9);
      assertEquals(128, tile.getWidth());
      assertEquals(128, tile.getHeight());
      Path csv = folder.resolve("tiles.csv");
      TileCsv.write(csv, List.of(TileTable.of("aniso", grid)));
      assertEquals(grid, TileCsv.read(csv).get(0).grid());
    }
  }

  @Test
  void levelsAndDownsamplesAreOfPixels() {
    try (Slide slide = Slides.open(Fixtures.cases("slides/aniso.tif"), "builtin")) {
      assertEquals(
          1, GridTiler.of(128, new GridTiler.Resolution.Level(1)).geometry(slide).aspect());
      assertEquals(
          1, GridTiler.of(128, new GridTiler.Resolution.Downsample(2)).geometry(slide).aspect());
    }
  }

  private static Tissue tissue(Slide slide) {
    return new Tissue("none", 0, 1, 1, slide.width(), slide.height(), List.of(), Map.of());
  }
}
