package io.github.gpfm.distill.run;

import com.google.gson.Gson;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import io.github.gpfm.api.AtomicFile;
import io.github.gpfm.api.OutputException;
import java.io.BufferedWriter;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * One JSON object a line and step, {@code metrics.jsonl}. A resumed run drops the lines of the
 * steps it will do again.
 */
final class MetricsLog implements AutoCloseable {
  private final Path file;
  private final BufferedWriter writer;

  MetricsLog(Path file, long start) {
    this.file = file;
    try {
      if (Files.exists(file)) {
        keepBefore(start);
      }
      writer = Files.newBufferedWriter(file, StandardOpenOption.CREATE, StandardOpenOption.APPEND);
    } catch (IOException e) {
      throw unwritable(e);
    }
  }

  void write(Map<String, Object> values) {
    try {
      writer.write(new Gson().toJson(values));
      writer.newLine();
      writer.flush();
    } catch (IOException e) {
      throw unwritable(e);
    }
  }

  /** All lines so far. */
  static List<JsonObject> read(Path file) {
    List<JsonObject> rows = new ArrayList<>();
    try {
      for (String line : Files.exists(file) ? Files.readAllLines(file) : List.<String>of()) {
        if (line.endsWith("}")) {
          rows.add(JsonParser.parseString(line).getAsJsonObject());
        }
      }
    } catch (IOException e) {
      throw new OutputException("'%s' cannot be read again; check the disk.".formatted(file), e);
    }
    return rows;
  }

  @Override
  public void close() {
    try {
      writer.close();
    } catch (IOException e) {
      throw unwritable(e);
    }
  }

  private void keepBefore(long start) throws IOException {
    List<String> kept = new ArrayList<>();
    for (JsonObject row : read(file)) {
      if (row.get("step").getAsLong() < start) {
        kept.add(row.toString());
      }
    }
    AtomicFile.write(file, part -> Files.write(part, kept));
  }

  private OutputException unwritable(IOException e) {
    return new OutputException(
        "'%s' cannot be written (%s); check the folder and the free space."
            .formatted(file, e.getMessage()),
        e);
  }
}
