package io.github.gpfm.pipeline;

import com.google.gson.Gson;
import com.google.gson.GsonBuilder;
import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParseException;
import io.github.gpfm.support.AtomicFile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * {@code summary.json}: the run that wrote it last, and the slides of all runs in the folder whose
 * results are still there. What a run skipped or passed over because another was making it does not
 * hide that one's record of it.
 */
final class SummaryFile {
  static final String NAME = "summary.json";

  private static final Logger LOG = LoggerFactory.getLogger(SummaryFile.class);
  private static final Gson GSON =
      new GsonBuilder().setPrettyPrinting().serializeNulls().disableHtmlEscaping().create();
  private static final Set<String> MADE = Set.of("done", "empty");
  private static final Set<String> NOT_MADE = Set.of("skipped", "busy");

  private SummaryFile() {}

  /**
   * Writes the summary together with what is there; called by one run at a time.
   *
   * @return what was written
   * @throws io.github.gpfm.api.OutputException if it cannot be written
   */
  static JsonObject merge(Path folder, RunSummary summary) {
    Path file = folder.resolve(NAME);
    JsonObject json = summary.toJson();
    Map<String, JsonObject> mine = new LinkedHashMap<>();
    json.getAsJsonArray("slides").forEach(slide -> mine.put(name(slide), slide.getAsJsonObject()));
    Map<String, JsonObject> others = new TreeMap<>();
    for (JsonElement element : read(file)) {
      JsonObject other = element.getAsJsonObject();
      String name = name(other);
      JsonObject own = mine.get(name);
      if (own == null) {
        if (isThere(other)) {
          others.put(name, other);
        }
      } else if (NOT_MADE.contains(status(own))
          && MADE.contains(status(other))
          && endedAfter(other, summary.started())) {
        mine.put(name, other);
      }
    }
    JsonArray slides = new JsonArray();
    mine.values().forEach(slides::add);
    others.values().forEach(slides::add);
    json.add("slides", slides);
    AtomicFile.text(file, GSON.toJson(json));
    return json;
  }

  private static JsonArray read(Path file) {
    if (!Files.isRegularFile(file)) {
      return new JsonArray();
    }
    try {
      JsonObject json = GSON.fromJson(Files.readString(file), JsonObject.class);
      JsonArray slides = new JsonArray();
      for (JsonElement slide : json.getAsJsonArray("slides")) {
        if (slide.isJsonObject() && slide.getAsJsonObject().has("name")) {
          slides.add(slide);
        }
      }
      return slides;
    } catch (IOException | JsonParseException | ClassCastException | NullPointerException e) {
      LOG.warn("{} cannot be read ({}) and is written again.", file, e.getMessage());
      return new JsonArray();
    }
  }

  static String name(JsonElement slide) {
    return slide.getAsJsonObject().get("name").getAsString();
  }

  static String status(JsonObject slide) {
    return slide.has("status") ? slide.get("status").getAsString() : "";
  }

  private static boolean isThere(JsonObject slide) {
    JsonElement outputs = slide.get("outputs");
    return status(slide).equals("failed")
        || outputs instanceof JsonArray array
            && !array.isEmpty()
            && Files.exists(Path.of(array.get(0).getAsString()));
  }

  /** Whether a slide was made by a run that went on while this one did. */
  private static boolean endedAfter(JsonObject slide, Instant start) {
    try {
      JsonElement ended = slide.get("ended");
      return ended != null && !Instant.parse(ended.getAsString()).isBefore(start);
    } catch (DateTimeException | IllegalStateException e) {
      return false;
    }
  }
}
