package io.github.gpfm.distill.run;

import com.google.gson.Gson;
import com.google.gson.JsonObject;
import com.google.gson.JsonParseException;
import com.google.gson.JsonParser;
import com.google.gson.JsonPrimitive;
import io.github.gpfm.api.OutputException;
import io.github.gpfm.support.AtomicFile;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * One JSON object a line and step, {@code metrics.jsonl}. A resumed run drops the lines of the
 * steps it will do again.
 */
final class MetricsLog implements AutoCloseable {
  private final Path file;
  private final OutputStream out;

  MetricsLog(Path file, long start) {
    this.file = file;
    try {
      if (Files.exists(file)) {
        keepBefore(start);
      }
      out = Files.newOutputStream(file, StandardOpenOption.CREATE, StandardOpenOption.APPEND);
    } catch (IOException e) {
      throw AtomicFile.cannotWrite(file, e);
    }
  }

  /** Writes a line at once: nothing is held back that a later write could repeat. */
  void write(Map<String, Object> values) {
    try {
      out.write((new Gson().toJson(values) + "\n").getBytes(StandardCharsets.UTF_8));
    } catch (IOException e) {
      throw AtomicFile.cannotWrite(file, e);
    }
  }

  /** All whole lines so far; what a crash or a full disk left torn is passed over. */
  static List<JsonObject> read(Path file) {
    List<JsonObject> rows = new ArrayList<>();
    try {
      if (Files.exists(file)) {
        String text = new String(Files.readAllBytes(file), StandardCharsets.UTF_8);
        text.lines().map(MetricsLog::row).flatMap(Optional::stream).forEach(rows::add);
      }
    } catch (IOException e) {
      throw new OutputException("'%s' cannot be read again; check the disk.".formatted(file), e);
    }
    return rows;
  }

  private static Optional<JsonObject> row(String line) {
    try {
      if (line.endsWith("}")
          && JsonParser.parseString(line) instanceof JsonObject row
          && row.get("step") instanceof JsonPrimitive step
          && step.isNumber()) {
        return Optional.of(row);
      }
    } catch (JsonParseException e) {
      return Optional.empty();
    }
    return Optional.empty();
  }

  @Override
  public void close() {
    try {
      out.close();
    } catch (IOException e) {
      throw AtomicFile.cannotWrite(file, e);
    }
  }

  private void keepBefore(long start) throws IOException {
    StringBuilder kept = new StringBuilder();
    for (JsonObject row : read(file)) {
      if (row.get("step").getAsLong() < start) {
        kept.append(row).append('\n');
      }
    }
    // A log that is right already needs no room for a copy.
    if (!Files.readString(file, StandardCharsets.ISO_8859_1).contentEquals(kept)) {
      AtomicFile.text(file, kept);
    }
  }
}
