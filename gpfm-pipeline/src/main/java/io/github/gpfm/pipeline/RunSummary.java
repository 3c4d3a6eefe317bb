package io.github.gpfm.pipeline;

import com.google.gson.Gson;
import com.google.gson.JsonArray;
import com.google.gson.JsonObject;
import io.github.gpfm.api.GpfmVersion;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;

/**
 * What became of all slides of a run.
 *
 * @param started when the run began
 * @param seconds its wall-clock time
 * @param parameters what it was told: encoder, weights, tiling
 * @param slides one result a slide, in the order in which they were given
 */
public record RunSummary(
    Instant started, double seconds, Map<String, String> parameters, List<SlideResult> slides) {
  /** Copies the collections. */
  public RunSummary {
    parameters = Map.copyOf(parameters);
    slides = List.copyOf(slides);
  }

  /** Number of slides that ended so. */
  public long count(SlideResult.Status status) {
    return slides.stream().filter(slide -> slide.status() == status).count();
  }

  /** Whether the run is worth files of its own: not where a single slide failed. */
  boolean isWorthKeeping() {
    return slides.size() > 1 || count(SlideResult.Status.FAILED) < slides.size();
  }

  /** Tiles of all slides that were worked on. */
  public long tiles() {
    return slides.stream()
        .filter(slide -> slide.status() == SlideResult.Status.DONE)
        .mapToLong(SlideResult::tiles)
        .sum();
  }

  /** The summary as JSON. */
  public JsonObject toJson() {
    Gson gson = new Gson();
    JsonObject json = new JsonObject();
    json.addProperty("producer", GpfmVersion.PRODUCER);
    json.addProperty("started", started.toString());
    json.addProperty("seconds", seconds);
    json.addProperty("tiles", tiles());
    json.addProperty("tilesPerSecond", seconds > 0 ? tiles() / seconds : 0);
    json.add("parameters", gson.toJsonTree(new TreeMap<>(parameters)));
    JsonArray array = new JsonArray();
    for (SlideResult slide : slides) {
      JsonObject entry = new JsonObject();
      entry.addProperty("slide", slide.slide().toString());
      entry.addProperty("name", slide.name());
      entry.addProperty("status", slide.status().name().toLowerCase(Locale.ROOT));
      entry.addProperty("tiles", slide.tiles());
      if (slide.damagedTiles() > 0) {
        entry.addProperty("damagedTiles", slide.damagedTiles());
      }
      if (!slide.reader().isEmpty()) {
        entry.addProperty("reader", slide.reader());
      }
      if (slide.patches() > 0) {
        entry.addProperty("patches", slide.patches());
      }
      entry.addProperty("dimension", slide.dimension());
      entry.addProperty("tilesPerSecond", slide.tilesPerSecond());
      entry.addProperty("totalSeconds", slide.totalSeconds());
      entry.add("seconds", gson.toJsonTree(slide.seconds()));
      JsonArray outputs = new JsonArray();
      slide.outputs().forEach(output -> outputs.add(output.toString()));
      entry.add("outputs", outputs);
      entry.addProperty("error", slide.failure().map(Throwable::getMessage).orElse(null));
      slide.remark().ifPresent(remark -> entry.addProperty("remark", remark));
      entry.addProperty("ended", slide.ended().toString());
      array.add(entry);
    }
    json.add("slides", array);
    return json;
  }
}
