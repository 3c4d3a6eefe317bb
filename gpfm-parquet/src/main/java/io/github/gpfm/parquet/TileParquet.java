package io.github.gpfm.parquet;

import io.github.gpfm.api.GpfmException;
import io.github.gpfm.api.TileGeometry;
import io.github.gpfm.api.TileGrid;
import io.github.gpfm.tiling.grid.TileTable;
import java.nio.file.Path;
import java.util.Collections;

/**
 * The tiles of one slide with their scores as a Parquet table: columns {@code slide}, {@code x},
 * {@code y} and one per score; the grid's geometry is in the file's metadata.
 */
public final class TileParquet {
  private static final String PREFIX = "gpfm.tiles.";

  private TileParquet() {}

  /**
   * Writes tiles.
   *
   * @throws io.github.gpfm.api.OutputException if the file cannot be written
   */
  public static void write(Path file, TileTable tiles) {
    TileGrid grid = tiles.grid();
    long[] x = new long[grid.size()];
    long[] y = new long[grid.size()];
    for (int i = 0; i < x.length; i++) {
      x[i] = grid.x(i);
      y[i] = grid.y(i);
    }
    TileGeometry geometry = grid.geometry();
    ColumnTable.Builder table =
        ColumnTable.builder()
            .strings("slide", Collections.nCopies(grid.size(), tiles.slide()))
            .longs("x", x)
            .longs("y", y)
            .metadata(PREFIX + "slide", tiles.slide())
            .metadata(PREFIX + "level", Integer.toString(geometry.level()))
            .metadata(PREFIX + "read_size", Integer.toString(geometry.readSize()))
            .metadata(PREFIX + "tile_size", Integer.toString(geometry.tileSize()))
            .metadata(PREFIX + "level0_size", Double.toString(geometry.level0Size()))
            .metadata(PREFIX + "level0_step", Double.toString(geometry.level0Step()))
            .metadata(PREFIX + "mpp", Double.toString(geometry.mpp()));
    if (geometry.aspect() != 1) {
      table.metadata(PREFIX + "aspect", Double.toString(geometry.aspect()));
    }
    tiles.scoreNames().forEach(name -> table.doubles(name, tiles.scores(name)));
    ParquetFiles.write(file, table.build());
  }

  /**
   * Reads tiles.
   *
   * @throws GpfmException if the file is missing, damaged or holds no tiles
   */
  public static TileTable read(Path file) {
    ColumnTable table = ParquetFiles.read(file);
    if (!table.metadata().containsKey(PREFIX + "level0_size")) {
      throw new GpfmException(file + " holds no tiles written by this library.");
    }
    try {
      TileGeometry geometry =
          new TileGeometry(
              Integer.parseInt(fact(table, "level")),
              Integer.parseInt(fact(table, "read_size")),
              Integer.parseInt(fact(table, "tile_size")),
              Double.parseDouble(fact(table, "level0_size")),
              Double.parseDouble(fact(table, "level0_step")),
              Double.parseDouble(fact(table, "mpp")),
              fact(table, "aspect").isEmpty() ? 1 : Double.parseDouble(fact(table, "aspect")));
      long[] x = table.longs("x");
      long[] y = table.longs("y");
      long[] coords = new long[2 * x.length];
      for (int i = 0; i < x.length; i++) {
        coords[2 * i] = x[i];
        coords[2 * i + 1] = y[i];
      }
      TileTable tiles = TileTable.of(fact(table, "slide"), TileGrid.of(geometry, coords));
      for (String name : table.names()) {
        if (table.hasDoubles(name)) {
          tiles = tiles.with(name, table.doubles(name));
        }
      }
      return tiles;
    } catch (IllegalArgumentException e) {
      throw new GpfmException(file + " holds damaged tiles: " + e.getMessage() + ".", e);
    }
  }

  private static String fact(ColumnTable table, String name) {
    return table.metadata().getOrDefault(PREFIX + name, "");
  }
}
