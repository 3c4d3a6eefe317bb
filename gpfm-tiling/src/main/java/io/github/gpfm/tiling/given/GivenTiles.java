package io.github.gpfm.tiling.given;

import io.github.gpfm.api.Recipe;
import io.github.gpfm.api.Slide;
import io.github.gpfm.api.TileGeometry;
import io.github.gpfm.api.TileGrid;
import io.github.gpfm.api.TilingException;
import io.github.gpfm.support.Sha256;
import io.github.gpfm.tiling.grid.Tiler;
import io.github.gpfm.tiling.tissue.Tissue;
import java.util.Arrays;

/**
 * Tiles that are there already, whoever laid them; for one slide. Tissue is not asked.
 *
 * @param grid in level-0 pixels of that slide
 */
public record GivenTiles(TileGrid grid) implements Tiler {
  @Override
  public String name() {
    return "given";
  }

  /** One entry, {@code tiles}: the hash of geometry and coordinates. */
  @Override
  public void describe(Recipe.Builder recipe) {
    recipe.hash(
        "tiles",
        grid.size() + " tiles",
        Sha256.of(grid.geometry() + "\n" + Arrays.toString(grid.coords())));
  }

  /**
   * The tiles.
   *
   * @throws TilingException if the slide lacks their level, or a tile lies outside it
   */
  @Override
  public TileGrid tile(Slide slide, Tissue tissue) {
    requireOn(slide, grid, "The given tiles");
    return grid;
  }

  /**
   * Refuses tiles of another slide.
   *
   * @param slide the slide
   * @param grid the tiles
   * @param whose begins the message
   * @throws TilingException if the slide lacks their level, or a tile lies outside it
   */
  static void requireOn(Slide slide, TileGrid grid, String whose) {
    TileGeometry geometry = grid.geometry();
    if (geometry.level() >= slide.levels().size()) {
      throw new TilingException(
          "%s are read from level %d, but %s has the levels 0 to %d."
              .formatted(whose, geometry.level(), slide.path(), slide.levels().size() - 1));
    }
    for (int i = 0; i < grid.size(); i++) {
      long x = grid.x(i);
      long y = grid.y(i);
      if (x >= slide.width()
          || y >= slide.height()
          || x + geometry.level0Size() <= 0
          || y + geometry.level0Height() <= 0) {
        throw new TilingException(
            "%s do not belong to %s: tile %d at %d, %d lies outside its %dx%d pixels."
                .formatted(whose, slide.path(), i, x, y, slide.width(), slide.height()));
      }
    }
  }
}
