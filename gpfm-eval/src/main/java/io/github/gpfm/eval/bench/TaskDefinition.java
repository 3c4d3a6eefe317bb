package io.github.gpfm.eval.bench;

import io.github.gpfm.support.yaml.YamlBinder;
import io.github.gpfm.support.yaml.YamlNode;
import java.util.Arrays;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * A task: what the catalogue says of it, and where the user's data are.
 *
 * @param name unique name, also a folder of results
 * @param type kind
 * @param metric figure to rank by
 * @param settings everything the block says
 */
public record TaskDefinition(String name, TaskType type, String metric, Settings settings) {
  private static final Map<String, Class<? extends TaskKeys>> KEYS =
      Arrays.stream(TaskType.values())
          .collect(Collectors.toMap(TaskType::key, TaskDefinition::keys));

  private static Class<? extends TaskKeys> keys(TaskType type) {
    return switch (type) {
      case ROI_CLASSIFICATION, ROI_RETRIEVAL, ROI_ROBUSTNESS -> TaskKeys.Tiles.class;
      case WSI_CLASSIFICATION, WSI_REGRESSION, WSI_MULTILABEL -> TaskKeys.Slides.class;
      case SURVIVAL -> TaskKeys.Survival.class;
      case VQA, REPORT_GENERATION -> TaskKeys.Language.class;
    };
  }

  /**
   * Binds a block, a catalogue's or a user's.
   *
   * @throws io.github.gpfm.api.InvalidOptionException naming the place of what does not fit
   */
  static TaskDefinition of(YamlNode.Section block, YamlBinder binder, String path) {
    TaskKeys keys = binder.variants(TaskKeys.class, "type", KEYS).bind(block, TaskKeys.class, path);
    Settings settings = Settings.of(path, (Record) keys);
    TaskType type =
        TaskType.of(
            block
                .find("type")
                .map(n -> n instanceof YamlNode.Scalar scalar ? scalar.text() : "")
                .orElse(""));
    String name = settings.require("name");
    return new TaskDefinition(
        name, type, settings.text("metric").orElse(mainMetric(type, settings)), settings);
  }

  // Without centers of its own, a robustness task is about its first shift.
  private static String mainMetric(TaskType type, Settings settings) {
    boolean shifted = type == TaskType.ROI_ROBUSTNESS && !settings.has("center");
    return shifted && !settings.list("shifts").isEmpty()
        ? settings.list("shifts").get(0) + "_" + type.mainMetric()
        : type.mainMetric();
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
    // A name of dots alone would be a folder above.
    return name.replaceAll("[^A-Za-z0-9._-]+", "_").replaceFirst("^\\.+", "_");
  }
}
