package io.github.gpfm.support;

import com.google.gson.Gson;
import com.google.gson.JsonObject;
import com.google.gson.JsonParseException;
import io.github.gpfm.api.Provenance;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** Provenance as a line of JSON: {@code {"producer": …, "created": …, "entries": {…}}}. */
public final class ProvenanceJson {
  private static final Gson GSON = new Gson();

  private ProvenanceJson() {}

  /** One line of JSON. */
  public static String write(Provenance provenance) {
    JsonObject json = new JsonObject();
    json.addProperty("producer", provenance.producer());
    json.addProperty("created", provenance.created().toString());
    json.add("entries", GSON.toJsonTree(provenance.entries()));
    return GSON.toJson(json);
  }

  /** Reads what {@link #write} wrote; empty for anything else. */
  public static Optional<Provenance> read(String text) {
    try {
      JsonObject json = GSON.fromJson(text, JsonObject.class);
      if (json == null || !json.has("entries")) {
        return Optional.empty();
      }
      Map<String, String> entries = new TreeMap<>();
      json.getAsJsonObject("entries")
          .asMap()
          .forEach((name, value) -> entries.put(name, value.getAsString()));
      return Optional.of(
          new Provenance(
              json.get("producer").getAsString(),
              Instant.parse(json.get("created").getAsString()),
              entries));
    } catch (JsonParseException
        | IllegalStateException
        | ClassCastException
        | NullPointerException
        | UnsupportedOperationException
        | DateTimeParseException e) {
      return Optional.empty();
    }
  }
}
