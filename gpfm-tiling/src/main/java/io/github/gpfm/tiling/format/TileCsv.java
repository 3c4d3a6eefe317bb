package io.github.gpfm.tiling.format;

import io.github.gpfm.api.TileGeometry;
import io.github.gpfm.api.TileGrid;
import io.github.gpfm.api.TilingException;
import io.github.gpfm.support.Budget;
import io.github.gpfm.tiling.grid.TileTable;
import io.github.gpfm.tiling.internal.CsvFile;
import java.io.IOException;
import java.io.Reader;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import org.apache.commons.csv.CSVFormat;
import org.apache.commons.csv.CSVParser;
import org.apache.commons.csv.CSVPrinter;
import org.apache.commons.csv.CSVRecord;

/**
 * Tiles of any number of slides as one CSV table: a row a tile with the columns {@value #COLUMNS}
 * and one per score. Numbers are written so that they read back equal; a slide without tiles leaves
 * no row.
 */
public final class TileCsv {
  /** The columns that every table has. */
  public static final String COLUMNS =
      "slide,x,y,level,read_size,tile_size,level0_size,level0_step,mpp";

  private static final List<String> FIXED = List.of(COLUMNS.split(","));

  /** A further column where pixels are not square. */
  private static final String ASPECT = "aspect";

  private TileCsv() {}

  /**
   * Writes tables; a score that a table lacks is left empty there.
   *
   * @throws io.github.gpfm.api.OutputException if the file cannot be written
   */
  public static void write(Path file, List<TileTable> tables) {
    TreeSet<String> scores = new TreeSet<>();
    tables.forEach(table -> scores.addAll(table.scoreNames()));
    List<String> header = new ArrayList<>(FIXED);
    boolean oblong = tables.stream().anyMatch(table -> table.grid().geometry().aspect() != 1);
    if (oblong) {
      header.add(ASPECT);
    }
    header.addAll(scores);
    CsvFile.write(
        file,
        header,
        csv -> {
          for (TileTable table : tables) {
            print(csv, table, scores, oblong);
          }
        });
  }

  private static void print(CSVPrinter csv, TileTable table, TreeSet<String> scores, boolean oblong)
      throws IOException {
    TileGrid grid = table.grid();
    TileGeometry geometry = grid.geometry();
    for (int i = 0; i < table.size(); i++) {
      csv.print(table.slide());
      csv.print(grid.x(i));
      csv.print(grid.y(i));
      csv.print(geometry.level());
      csv.print(geometry.readSize());
      csv.print(geometry.tileSize());
      csv.print(geometry.level0Size());
      csv.print(geometry.level0Step());
      csv.print(geometry.mpp());
      if (oblong) {
        csv.print(geometry.aspect());
      }
      for (String score : scores) {
        csv.print(table.scoreNames().contains(score) ? table.score(score, i) : null);
      }
      csv.println();
    }
  }

  /**
   * Reads tables: one per slide and geometry, in the order in which they first appear.
   *
   * @throws TilingException if the file is missing, lacks a column or holds what is not a number
   */
  public static List<TileTable> read(Path file) {
    if (!Files.isRegularFile(file)) {
      throw new TilingException("There is no table " + file + ".");
    }
    Map<Map.Entry<String, TileGeometry>, List<CSVRecord>> groups = new LinkedHashMap<>();
    try (Reader reader = Budget.of(file, TilingException::new).text(file);
        CSVParser csv =
            CSVFormat.DEFAULT.builder().setHeader().setSkipHeaderRecord(true).get().parse(reader)) {
      List<String> names = csv.getHeaderNames();
      if (!names.containsAll(FIXED)) {
        throw new TilingException(file + " lacks one of the columns " + COLUMNS + ".");
      }
      for (CSVRecord row : csv) {
        TileGeometry geometry =
            new TileGeometry(
                Integer.parseInt(row.get("level")),
                Integer.parseInt(row.get("read_size")),
                Integer.parseInt(row.get("tile_size")),
                Double.parseDouble(row.get("level0_size")),
                Double.parseDouble(row.get("level0_step")),
                Double.parseDouble(row.get("mpp")),
                names.contains(ASPECT) ? Double.parseDouble(row.get(ASPECT)) : 1);
        groups
            .computeIfAbsent(Map.entry(row.get("slide"), geometry), key -> new ArrayList<>())
            .add(row);
      }
      List<TileTable> tables = new ArrayList<>();
      groups.forEach((key, rows) -> tables.add(table(key, rows, names)));
      return tables;
    } catch (IOException | UncheckedIOException | IllegalArgumentException e) {
      throw new TilingException(
          file + " is not a readable table of tiles (" + e.getMessage() + "): write it anew.", e);
    }
  }

  private static TileTable table(
      Map.Entry<String, TileGeometry> key, List<CSVRecord> rows, List<String> names) {
    long[] coords = new long[2 * rows.size()];
    for (int i = 0; i < rows.size(); i++) {
      coords[2 * i] = Long.parseLong(rows.get(i).get("x"));
      coords[2 * i + 1] = Long.parseLong(rows.get(i).get("y"));
    }
    TileTable table = TileTable.of(key.getKey(), TileGrid.of(key.getValue(), coords));
    for (String name : names) {
      // A column that is empty for the whole slide is a score it never had.
      if (FIXED.contains(name)
          || name.equals(ASPECT)
          || rows.stream().allMatch(row -> row.get(name).isEmpty())) {
        continue;
      }
      table =
          table.with(
              name, rows.stream().mapToDouble(row -> Double.parseDouble(row.get(name))).toArray());
    }
    return table;
  }
}
