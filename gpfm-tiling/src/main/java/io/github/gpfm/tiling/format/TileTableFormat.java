package io.github.gpfm.tiling.format;

import io.github.gpfm.api.InvalidOptionException;
import io.github.gpfm.support.Services;
import io.github.gpfm.tiling.grid.TileTable;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * A table of a slide's tiles. Further formats are found through {@link java.util.ServiceLoader}.
 */
public interface TileTableFormat {
  /** CSV, as {@link TileCsv} writes it. */
  TileTableFormat CSV =
      new TileTableFormat() {
        @Override
        public String name() {
          return "csv";
        }

        @Override
        public void write(Path file, TileTable table) {
          TileCsv.write(file, List.of(table));
        }
      };

  /** The name of the format, which is the extension of its files. */
  String name();

  /**
   * Writes the tiles with their scores.
   *
   * @throws io.github.gpfm.api.OutputException if the file cannot be written
   */
  void write(Path file, TileTable table);

  /**
   * The format of the given name.
   *
   * @throws InvalidOptionException if there is none on the class path
   */
  static TileTableFormat of(String name) {
    Map<String, TileTableFormat> formats = new TreeMap<>();
    formats.put(CSV.name(), CSV);
    Services.load(TileTableFormat.class, TileTableFormat.class)
        .found()
        .forEach(format -> formats.put(format.name(), format));
    TileTableFormat format = formats.get(name);
    if (format == null) {
      throw new InvalidOptionException(
          "There is no table format "
              + name
              + ", only "
              + String.join(", ", formats.keySet())
              + (name.equals("parquet") ? ": put gpfm-parquet on the class path." : "."));
    }
    return format;
  }
}
