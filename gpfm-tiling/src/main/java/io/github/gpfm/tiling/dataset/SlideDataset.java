package io.github.gpfm.tiling.dataset;

import io.github.gpfm.api.Recipe;
import io.github.gpfm.api.TilingException;
import io.github.gpfm.slideio.SlideFiles;
import io.github.gpfm.support.Sha256;
import io.github.gpfm.tiling.grid.TileReader;
import io.github.gpfm.tiling.grid.TileTable;
import java.awt.image.BufferedImage;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;

/** Tiles decoded from slides on the fly; at most a few slides are open at a time. */
final class SlideDataset implements TileDataset {
  private final List<Path> slides;
  private final List<TileTable> tables;
  private final int[] firstTile;
  private final int size;
  private final SlidePool pool;
  private final SlideOpener opener;

  private SlideDataset(List<Path> slides, List<TileTable> tables, SlideOpener opener) {
    this.slides = slides;
    this.opener = opener;
    this.tables = tables;
    firstTile = new int[tables.size()];
    int tiles = 0;
    for (int i = 0; i < firstTile.length; i++) {
      firstTile[i] = tiles;
      tiles = Math.addExact(tiles, tables.get(i).size());
    }
    size = tiles;
    pool = new SlidePool(opener);
  }

  static SlideDataset open(Map<Path, TileTable> slides, SlideOpener opener) {
    List<Path> paths = new ArrayList<>();
    List<TileTable> tables = new ArrayList<>();
    slides.forEach(
        (path, table) -> {
          if (table.size() > 0) {
            paths.add(path);
            tables.add(table);
          }
        });
    if (tables.isEmpty()) {
      throw new TilingException("There is no tile on any of " + slides.size() + " slides.");
    }
    return new SlideDataset(paths, tables, opener);
  }

  @Override
  public int size() {
    return size;
  }

  @Override
  public BufferedImage image(int i) {
    int slide = slideOf(i);
    return pool.with(
        slides.get(slide),
        opened -> new TileReader(opened, tables.get(slide).grid()).read(i - firstTile[slide]));
  }

  @Override
  public String key(int i) {
    int slide = slideOf(i);
    TileTable table = tables.get(slide);
    int tile = i - firstTile[slide];
    return table.slide() + "_" + table.grid().x(tile) + "_" + table.grid().y(tile);
  }

  private int slideOf(int i) {
    if (i < 0 || i >= size) {
      throw new IndexOutOfBoundsException("tile " + i + " of " + size);
    }
    int found = Arrays.binarySearch(firstTile, i);
    return found >= 0 ? found : -found - 2;
  }

  @Override
  public void describe(Recipe.Builder recipe) {
    TileDataset.super.describe(recipe);
    Sha256 all = new Sha256();
    for (int i = 0; i < slides.size(); i++) {
      String geometry = String.valueOf(tables.get(i).grid().geometry());
      all.add(SlideFiles.of(slides.get(i)).sha256(recipe::sha256) + " " + geometry + "\n");
    }
    recipe.hash("tiles.content", slides.size() + " slides", all.hex());
    recipe.part("tiles.opened", opener);
  }

  @Override
  public void close() {
    pool.close();
  }
}
