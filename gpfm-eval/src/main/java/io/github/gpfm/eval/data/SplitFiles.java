package io.github.gpfm.eval.data;

import io.github.gpfm.eval.EvaluationException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.function.Predicate;

/**
 * Reads the reference's split files as they are: {@code splits_N.csv} (columns train, val, test
 * with names), {@code splits_N_bool.csv} (a name and three booleans a row), and the survival tables
 * with columns {@code Fold 0}, {@code Fold 1}, … saying train, val or test.
 */
public final class SplitFiles {
  private static final List<String> PARTS = List.of("train", "val", "test");

  private SplitFiles() {}

  /** Reads one split; the layout is told by the cells. */
  public static Split read(Path file) {
    CsvTable table = CsvTable.read(file);
    String name = file.getFileName().toString().replaceFirst("\\.csv$", "");
    boolean flags =
        !table.rows().isEmpty()
            && PARTS.stream()
                .flatMap(p -> table.column(p).stream())
                .allMatch(c -> c.equalsIgnoreCase("true") || c.equalsIgnoreCase("false"));
    List<List<String>> parts = new ArrayList<>();
    for (String part : PARTS) {
      List<String> cells = table.column(part);
      if (flags) {
        List<String> chosen = new ArrayList<>();
        for (int i = 0; i < cells.size(); i++) {
          if (cells.get(i).equalsIgnoreCase("true")) {
            chosen.add(table.rows().get(i).get(0).strip());
          }
        }
        parts.add(chosen);
      } else {
        parts.add(cells.stream().filter(c -> !c.isEmpty()).map(SplitFiles::plainName).toList());
      }
    }
    return new Split(name, parts.get(0), parts.get(1), parts.get(2));
  }

  // pandas writes integer names of a column with gaps as 123.0.
  private static String plainName(String cell) {
    return cell.matches("\\d+\\.0") ? cell.substring(0, cell.length() - 2) : cell;
  }

  /**
   * Reads {@code splits_0.csv}, {@code splits_1.csv}, … of a folder.
   *
   * @throws EvaluationException if there is none
   */
  public static List<Split> readFolder(Path folder) {
    List<Split> splits = new ArrayList<>();
    for (int i = 0; Files.isRegularFile(folder.resolve("splits_" + i + ".csv")); i++) {
      splits.add(read(folder.resolve("splits_" + i + ".csv")));
    }
    if (splits.isEmpty()) {
      throw new EvaluationException("there is no 'splits_0.csv' in '" + folder + "'");
    }
    return splits;
  }

  /**
   * Reads the fold columns of a survival table. Like the reference, a fold without test cases
   * reports on its validation cases: test then equals validation.
   *
   * @param idColumn column with the case names
   */
  public static List<Split> readFoldColumns(Path file, String idColumn) {
    CsvTable table = CsvTable.read(file);
    List<String> ids = table.column(idColumn);
    List<Split> splits = new ArrayList<>();
    for (String column : table.header()) {
      if (column.toLowerCase(Locale.ROOT).startsWith("fold")) {
        List<String> cells = table.column(column);
        List<String> validation = pick(ids, cells, c -> c.equals("val"));
        List<String> test = pick(ids, cells, c -> c.equals("test"));
        splits.add(
            new Split(
                column.toLowerCase(Locale.ROOT),
                pick(ids, cells, c -> c.equals("train")),
                validation,
                test.isEmpty() ? validation : test));
      }
    }
    if (splits.isEmpty()) {
      throw new EvaluationException("'" + file + "' has no columns 'Fold 0', 'Fold 1', …");
    }
    return splits;
  }

  private static List<String> pick(List<String> ids, List<String> cells, Predicate<String> chosen) {
    // A case has one row a slide.
    Set<String> result = new LinkedHashSet<>();
    for (int i = 0; i < ids.size(); i++) {
      if (chosen.test(cells.get(i).toLowerCase(Locale.ROOT))) {
        result.add(ids.get(i));
      }
    }
    return List.copyOf(result);
  }
}
