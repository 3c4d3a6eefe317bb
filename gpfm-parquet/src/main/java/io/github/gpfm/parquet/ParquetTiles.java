package io.github.gpfm.parquet;

import io.github.gpfm.tiling.format.TileTableFormat;
import io.github.gpfm.tiling.grid.TileTable;
import java.nio.file.Path;

/** Makes {@link TileParquet} known as the table format {@code parquet}. */
public final class ParquetTiles implements TileTableFormat {
  @Override
  public String name() {
    return "parquet";
  }

  @Override
  public void write(Path file, TileTable table) {
    TileParquet.write(file, table);
  }
}
