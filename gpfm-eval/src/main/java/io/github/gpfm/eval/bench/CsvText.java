package io.github.gpfm.eval.bench;

import io.github.gpfm.support.AtomicFile;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Collectors;

/** Comma-separated tables as text. */
final class CsvText {
  private CsvText() {}

  static void write(Path file, List<List<String>> rows) {
    AtomicFile.text(file, text(rows));
  }

  static String text(List<List<String>> rows) {
    return rows.stream()
        .map(row -> row.stream().map(CsvText::quoted).collect(Collectors.joining(",")))
        .collect(Collectors.joining("\n", "", "\n"));
  }

  static String quoted(String cell) {
    return cell.matches("[^\",\\r\\n]*") ? cell : '"' + cell.replace("\"", "\"\"") + '"';
  }

  /** A number that reads back exactly; blank for NaN. */
  static String number(double value) {
    return Double.isNaN(value)
        ? ""
        : value == Math.rint(value) && Math.abs(value) < 1e15
            ? Long.toString((long) value)
            : Double.toString(value);
  }
}
