package io.github.gpfm.eval.bench;

import io.github.gpfm.eval.EvaluationException;
import io.github.gpfm.support.yaml.YamlBinder;
import io.github.gpfm.support.yaml.YamlNode;
import io.github.gpfm.support.yaml.YamlReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The task definitions that ship with the library: {@code paper-39} (first preprint) and {@code
 * journal-72} (journal version). They say what a task is and where its data are obtained; a
 * configuration names one by {@code catalogue:} and {@code task:} and adds the paths.
 */
public final class TaskCatalogue {
  /** Names of the catalogues. */
  public static final List<String> NAMES = List.of("paper-39", "journal-72");

  private TaskCatalogue() {}

  /** The tasks of a catalogue, in its order. */
  public static List<TaskDefinition> load(String name) {
    return sections(name).entrySet().stream()
        .map(
            e ->
                TaskDefinition.of(
                    e.getValue(), YamlBinder.strict(), name + ": '" + e.getKey() + "'"))
        .toList();
  }

  private static Map<String, YamlNode.Section> sections(String name) {
    if (!NAMES.contains(name)) {
      throw new EvaluationException(
          "there is no task catalogue '" + name + "'; choose one of " + String.join(", ", NAMES));
    }
    try (InputStream in = TaskCatalogue.class.getResourceAsStream(name + ".yaml")) {
      if (in == null) {
        throw new IllegalStateException("resource " + name + ".yaml is missing");
      }
      Map<String, YamlNode.Section> tasks = new LinkedHashMap<>();
      YamlNode list = YamlReader.stream(name, in).find("tasks").orElseThrow();
      for (YamlNode entry : ((YamlNode.Items) list).values()) {
        YamlNode.Section section = (YamlNode.Section) entry;
        String task = section.find("name").map(n -> ((YamlNode.Scalar) n).text()).orElseThrow();
        if (tasks.put(task, section) != null) {
          throw new IllegalStateException(name + " has two tasks " + task);
        }
      }
      return tasks;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** A task of a catalogue. */
  public static TaskDefinition find(String catalogue, String name) {
    return TaskDefinition.of(section(catalogue, name), YamlBinder.strict(), name);
  }

  /** The block of a task, to lay a user's over. */
  static YamlNode.Section section(String catalogue, String name) {
    YamlNode.Section section = sections(catalogue).get(name);
    if (section == null) {
      throw new EvaluationException("catalogue '" + catalogue + "' has no task '" + name + "'");
    }
    return section;
  }
}
