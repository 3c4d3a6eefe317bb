package io.github.gpfm.eval.data;

import io.github.gpfm.eval.EvaluationException;
import io.github.gpfm.eval.linalg.Matrix;
import io.github.gpfm.support.Budget;
import java.io.IOException;
import java.io.Reader;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.stream.IntStream;
import org.apache.commons.csv.CSVFormat;
import org.apache.commons.csv.CSVParser;
import org.apache.commons.csv.CSVRecord;
import org.jspecify.annotations.Nullable;

/**
 * A comma-separated table with a header line.
 *
 * @param file where it was read from
 * @param header column names
 * @param rows cells, as many a row as columns
 */
public record CsvTable(Path file, List<String> header, List<List<String>> rows) {
  private static final Set<String> UNKNOWN = Set.of("", "na", "nan", "n/a", "null", "none");

  /**
   * Reads a table in UTF-8; a leading byte-order mark is dropped.
   *
   * @throws EvaluationException if the file is missing, has no header, or a row has another length
   */
  public static CsvTable read(Path file) {
    try (Reader reader = Budget.of(file, EvaluationException::new).text(file);
        CSVParser parser = CSVFormat.DEFAULT.parse(reader)) {
      List<List<String>> rows = new ArrayList<>();
      List<String> header = List.of();
      for (CSVRecord record : parser) {
        List<String> cells = record.toList();
        if (header.isEmpty()) {
          header = cells.stream().map(c -> c.replace("\uFEFF", "").strip()).toList();
        } else if (cells.size() != header.size()) {
          throw new EvaluationException(
              "line "
                  + parser.getCurrentLineNumber()
                  + " of '"
                  + file
                  + "' has "
                  + cells.size()
                  + " cells where the header has "
                  + header.size());
        } else {
          rows.add(cells);
        }
      }
      if (header.isEmpty()) {
        throw new EvaluationException("'" + file + "' is empty; it needs a header line");
      }
      return new CsvTable(file, header, rows);
    } catch (IOException | UncheckedIOException e) {
      throw new EvaluationException("the table '" + file + "' cannot be read; check the path", e);
    }
  }

  /** Whether there is such a column. */
  public boolean has(String column) {
    return header.contains(column);
  }

  /**
   * The cells of a column.
   *
   * @throws EvaluationException if there is none
   */
  public List<String> column(String name) {
    int c = header.indexOf(name);
    if (c < 0) {
      throw new EvaluationException(
          "'" + file + "' has no column '" + name + "'; it has " + String.join(", ", header));
    }
    return rows.stream().map(r -> r.get(c).strip()).toList();
  }

  /**
   * The cells of a column as numbers.
   *
   * @throws EvaluationException if a cell is none
   */
  public double[] numbers(String name) {
    List<String> cells = column(name);
    double[] values = new double[cells.size()];
    for (int i = 0; i < values.length; i++) {
      try {
        values[i] = Double.parseDouble(cells.get(i));
      } catch (NumberFormatException e) {
        throw notANumber(i, name, cells.get(i), e);
      }
    }
    return values;
  }

  /**
   * All columns whose every cell is a number, but those of the given names, as features.
   *
   * @throws EvaluationException if there is no row or no such column
   */
  public Matrix numeric(String... except) {
    if (rows.isEmpty()) {
      throw new EvaluationException("'" + file + "' is empty: it has no row under its header");
    }
    List<String> excluded = List.of(except);
    List<double[]> columns = new ArrayList<>();
    for (String name : header) {
      if (!excluded.contains(name) && column(name).stream().allMatch(CsvTable::isNumber)) {
        columns.add(numbers(name));
      }
    }
    if (columns.isEmpty()) {
      throw new EvaluationException("'" + file + "' holds no numeric column to be a feature");
    }
    Matrix m = Matrix.zeros(rows.size(), columns.size());
    IntStream.range(0, rows.size())
        .forEach(
            r -> {
              for (int c = 0; c < columns.size(); c++) {
                m.set(r, c, (float) columns.get(c)[r]);
              }
            });
    return m;
  }

  /**
   * The cells of a column as numbers, NaN where a cell is blank or says that nothing is known.
   *
   * @throws EvaluationException if another cell is no number
   */
  public double[] numbersOrNaN(String name) {
    List<String> cells = column(name);
    double[] values = new double[cells.size()];
    for (int i = 0; i < values.length; i++) {
      values[i] = number(cells.get(i));
      if (Double.isNaN(values[i]) && !UNKNOWN.contains(cells.get(i).toLowerCase(Locale.ROOT))) {
        throw notANumber(i, name, cells.get(i), null);
      }
    }
    return values;
  }

  private EvaluationException notANumber(
      int row, String column, String cell, @Nullable Exception cause) {
    return new EvaluationException(
        "row %d of '%s' has '%s' in column '%s' where a number is due"
            .formatted(row + 1, file, cell, column),
        cause);
  }

  /** A cell as a number, NaN if it is none. */
  static double number(String cell) {
    try {
      return Double.parseDouble(cell);
    } catch (NumberFormatException e) {
      return Double.NaN;
    }
  }

  private static boolean isNumber(String cell) {
    return cell.equalsIgnoreCase("nan") || !Double.isNaN(number(cell));
  }
}
