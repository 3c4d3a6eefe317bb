package io.github.gpfm.eval.bench;

import io.github.gpfm.eval.robust.ImageShift;
import io.github.gpfm.support.yaml.YamlBinder;
import io.github.gpfm.support.yaml.YamlNode;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;

/**
 * A task: what the catalogue says of it, and where the user's data are.
 *
 * @param name unique name, also a folder of results
 * @param type kind
 * @param metric figure to rank by
 * @param settings everything the block says
 */
public record TaskDefinition(String name, TaskType type, String metric, Settings settings) {
  /**
   * Binds a block of a catalogue.
   *
   * @throws io.github.gpfm.api.InvalidOptionException naming the place of what does not fit
   */
  static TaskDefinition of(YamlNode.Section block, YamlBinder binder, String path) {
    YamlBinder types =
        binder
            .variants(TaskKeys.class, "type", TaskKeys.byType())
            .with(Pattern.class, TaskDefinition::pattern);
    Settings settings = Settings.of(path, (Record) types.bind(block, TaskKeys.class, path));
    TaskType type = types.bind(block.find("type").orElseThrow(), TaskType.class, path + ".type");
    return new TaskDefinition(
        settings.require("name"),
        type,
        settings.text("metric").orElse(mainMetric(type, settings)),
        settings);
  }

  private static Pattern pattern(YamlNode node, String path) {
    if (node instanceof YamlNode.Scalar scalar) {
      try {
        return Pattern.compile(scalar.text());
      } catch (PatternSyntaxException e) {
        throw YamlBinder.wrong(
            node,
            path,
            "a regular expression (" + e.getDescription().toLowerCase(Locale.ROOT) + ")");
      }
    }
    throw YamlBinder.wrong(node, path, "a regular expression");
  }

  // Without centers of its own, a robustness task is about its first shift.
  private static String mainMetric(TaskType type, Settings settings) {
    boolean shifted = type == TaskType.ROI_ROBUSTNESS && !settings.has("center");
    return shifted && !settings.list("shifts").isEmpty()
        ? ((ImageShift) settings.list("shifts").get(0)).key() + "_" + type.mainMetric()
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
