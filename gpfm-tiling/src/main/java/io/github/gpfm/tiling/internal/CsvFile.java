package io.github.gpfm.tiling.internal;

import io.github.gpfm.support.AtomicFile;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.apache.commons.csv.CSVFormat;
import org.apache.commons.csv.CSVPrinter;

/** Writes CSV files that are either whole or not there. */
public final class CsvFile {
  /** Prints the rows below the header. */
  @FunctionalInterface
  public interface Rows {
    /**
     * @param csv where to
     */
    void print(CSVPrinter csv) throws IOException;
  }

  private CsvFile() {}

  /**
   * Writes a table in UTF-8 with line feeds.
   *
   * @throws io.github.gpfm.api.OutputException if the file cannot be written
   */
  public static void write(Path file, List<String> header, Rows rows) {
    AtomicFile.write(
        file,
        partial -> {
          try (CSVPrinter csv =
              new CSVPrinter(
                  Files.newBufferedWriter(partial, StandardCharsets.UTF_8),
                  CSVFormat.DEFAULT.builder().setRecordSeparator('\n').get())) {
            csv.printRecord(header);
            rows.print(csv);
          }
        });
  }
}
