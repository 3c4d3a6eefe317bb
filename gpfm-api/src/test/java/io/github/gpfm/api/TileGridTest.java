package io.github.gpfm.api;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class TileGridTest {
  private static final TileGeometry GEOMETRY = new TileGeometry(1, 256, 224, 512, 512, 0.5);

  @Test
  void tilesComeInOrderWithTheGridsGeometry() {
    TileGrid grid = TileGrid.of(GEOMETRY, 0, 0, 512, 0, 0, 512);
    List<Tile> tiles = new ArrayList<>();
    grid.forEach(tiles::add);
    assertEquals(
        List.of(
            new Tile(0, 0, 1, 256, 256),
            new Tile(512, 0, 1, 256, 256),
            new Tile(0, 512, 1, 256, 256)),
        tiles);
    assertEquals(tiles, grid.stream().toList());
  }

  @Test
  void gridIsImmutable() {
    long[] coords = {1, 2, 3, 4};
    TileGrid grid = TileGrid.of(GEOMETRY, coords);
    coords[0] = 99;
    grid.coords()[1] = 99;
    assertArrayEquals(new long[] {1, 2, 3, 4}, grid.coords());
  }

  @Test
  void selectKeepsTheGivenOrder() {
    TileGrid grid = TileGrid.of(GEOMETRY, 1, 2, 3, 4, 5, 6);
    assertEquals(TileGrid.of(GEOMETRY, 5, 6, 1, 2), grid.select(2, 0));
    assertNotEquals(grid, grid.select(2, 0));
  }

  @Test
  void oddNumberOfValuesIsRefused() {
    assertThrows(IllegalArgumentException.class, () -> TileGrid.of(GEOMETRY, 1, 2, 3));
  }
}
