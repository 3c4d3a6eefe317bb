package io.github.gpfm.eval.bench;

import java.util.Map;
import java.util.Optional;

/**
 * A task: what the catalogue says of it, and where the user's data are.
 *
 * @param name unique name, also a folder of results
 * @param type kind
 * @param metric figure to rank by
 * @param settings everything the block says
 */
public record TaskDefinition(String name, TaskType type, String metric, Settings settings) {
  static TaskDefinition of(Settings settings) {
    String name = settings.require("name");
    TaskType type = TaskType.of(settings.require("type"));
    return new TaskDefinition(
        name, type, settings.text("metric").orElse(type.mainMetric()), settings);
  }

  /** All keys and values, unmodifiable. */
  public Map<String, Object> facts() {
    return settings.values();
  }

  /** The task whose frozen heads report on this one's cases, if it is an external cohort. */
  public Optional<String> trainOn() {
    return settings.text("train-on");
  }

  /** Name as part of a file name. */
  public String fileName() {
    return fileName(name);
  }

  static String fileName(String name) {
    return name.replaceAll("[^A-Za-z0-9._-]+", "_");
  }
}
