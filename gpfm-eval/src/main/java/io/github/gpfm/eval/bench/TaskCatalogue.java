package io.github.gpfm.eval.bench;

import io.github.gpfm.api.InvalidOptionException;
import io.github.gpfm.support.yaml.NearestName;
import io.github.gpfm.support.yaml.YamlBinder;
import io.github.gpfm.support.yaml.YamlNode;
import io.github.gpfm.support.yaml.YamlReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/**
 * The task definitions that ship with the library: {@code paper-39} (first preprint) and {@code
 * journal-72} (journal version). They say what a task is and where its data are obtained; a
 * configuration names one by {@code catalogue:} and {@code task:} and adds the paths.
 */
public final class TaskCatalogue {
  /** Names of the catalogues. */
  public static final List<String> NAMES = List.of("paper-39", "journal-72");

  private static final Map<String, Map<String, YamlNode.Section>> SECTIONS =
      new ConcurrentHashMap<>();

  private TaskCatalogue() {}

  /**
   * The tasks of a catalogue, in its order.
   *
   * @throws InvalidOptionException if there is no such catalogue
   */
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
      throw new InvalidOptionException(
          "there is no task catalogue '" + name + "'; choose one of " + String.join(", ", NAMES));
    }
    return SECTIONS.computeIfAbsent(name, TaskCatalogue::parsed);
  }

  private static Map<String, YamlNode.Section> parsed(String name) {
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
      return Collections.unmodifiableMap(tasks);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** The task that a user's block names by 'catalogue' and 'task', to lay the block over. */
  static YamlNode.Section section(YamlNode catalogue, ConfigBlock block) {
    String name = catalogue instanceof YamlNode.Scalar scalar ? scalar.text() : "";
    if (!NAMES.contains(name)) {
      throw YamlBinder.wrongChoice(catalogue, block.path() + ".catalogue", NAMES);
    }
    Map<String, YamlNode.Section> tasks = sections(name);
    Optional<YamlNode> task = block.section().find("task");
    YamlNode.Section section =
        task.map(t -> t instanceof YamlNode.Scalar scalar ? tasks.get(scalar.text()) : null)
            .orElse(null);
    if (section == null) {
      String expected = "a task of " + name + " ('gpfm bench --list " + name + "' names them)";
      Optional<String> nearest =
          task.flatMap(
              t -> t instanceof YamlNode.Scalar s ? nearest(s.text(), tasks) : Optional.empty());
      throw block.wrong("task", expected + nearest.map(" (probably '%s')"::formatted).orElse(""));
    }
    return section;
  }

  private static Optional<String> nearest(String name, Map<String, YamlNode.Section> tasks) {
    return NearestName.of(name, tasks.keySet());
  }
}
