package io.github.gpfm.slideio.bioformats;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import io.github.gpfm.testkit.Fixtures;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;

/** A slide with the JSON file beside it that records what the reference reader returns. */
record RecordedSlide(Path slide, JsonObject json) {

  /** Every slide with a record whose JSON has a key. */
  static List<RecordedSlide> with(String key) {
    return Stream.of("slides", "tiling")
        .flatMap(folder -> files(Fixtures.data(folder)))
        .filter(file -> file.toString().endsWith(".json"))
        .map(file -> of(file, Fixtures.json(file)))
        .flatMap(Optional::stream)
        .filter(recorded -> recorded.json.has(key))
        .toList();
  }

  /** Those that the reference reader reads. */
  static List<RecordedSlide> readable() {
    return with("regions");
  }

  /** Those that the reference reader refuses as no slide. */
  static List<RecordedSlide> refused() {
    return with("opens").stream().filter(r -> !r.json.get("opens").getAsBoolean()).toList();
  }

  private static Optional<RecordedSlide> of(Path file, JsonObject json) {
    return json.has("file")
        ? Optional.of(new RecordedSlide(file.resolveSibling(json.get("file").getAsString()), json))
        : Optional.empty();
  }

  private static Stream<Path> files(Path folder) {
    try (Stream<Path> files = Files.walk(folder)) {
      return files.sorted().toList().stream();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  Stream<JsonObject> objects(String key) {
    return StreamSupport.stream(json.getAsJsonArray(key).spliterator(), false)
        .map(JsonElement::getAsJsonObject);
  }

  /** A value that the record may lack or hold as null. */
  Optional<Double> number(String key) {
    JsonElement value = json.get(key);
    return value == null || value.isJsonNull()
        ? Optional.empty()
        : Optional.of(value.getAsDouble());
  }

  Path beside(JsonObject entry, String key) {
    return slide.resolveSibling(entry.get(key).getAsString());
  }

  @Override
  public String toString() {
    return slide.getFileName().toString();
  }
}
