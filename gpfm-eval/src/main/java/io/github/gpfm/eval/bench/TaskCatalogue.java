package io.github.gpfm.eval.bench;

import io.github.gpfm.eval.EvaluationException;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.Reader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.Yaml;
import org.yaml.snakeyaml.constructor.SafeConstructor;
import org.yaml.snakeyaml.error.YAMLException;

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
    if (!NAMES.contains(name)) {
      throw new EvaluationException(
          "there is no task catalogue '" + name + "'; choose one of " + String.join(", ", NAMES));
    }
    try (InputStream in = TaskCatalogue.class.getResourceAsStream(name + ".yaml")) {
      if (in == null) {
        throw new IllegalStateException("resource " + name + ".yaml is missing");
      }
      Settings all =
          Settings.of(
              name, parse(name, new InputStreamReader(in, StandardCharsets.UTF_8)), Path.of(""));
      List<TaskDefinition> tasks = new ArrayList<>();
      Set<String> names = new LinkedHashSet<>();
      for (Object entry : all.list("tasks")) {
        TaskDefinition task = TaskDefinition.of(Settings.of("a task", entry, Path.of("")));
        if (!names.add(task.name())) {
          throw new IllegalStateException(name + " has two tasks " + task.name());
        }
        tasks.add(task);
      }
      return List.copyOf(tasks);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** A task of a catalogue. */
  public static TaskDefinition find(String catalogue, String name) {
    return load(catalogue).stream()
        .filter(t -> t.name().equals(name))
        .findFirst()
        .orElseThrow(
            () ->
                new EvaluationException(
                    "catalogue '" + catalogue + "' has no task '" + name + "'"));
  }

  /** Parses YAML into plain maps and lists; tags that name classes are refused. */
  static Object parse(String where, Reader reader) {
    try {
      Object value = new Yaml(new SafeConstructor(new LoaderOptions())).load(reader);
      return value == null ? Map.of() : value;
    } catch (YAMLException e) {
      throw new EvaluationException(
          "'"
              + where
              + "' is no valid YAML: "
              + String.valueOf(e.getMessage()).lines().findFirst().orElse(""),
          e);
    }
  }
}
