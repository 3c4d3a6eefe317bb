package io.github.gpfm.eval.bench;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/** What was left out or done otherwise: equal remarks on one task become one line. */
final class Remarks {
  private record Cells(String task, String text, List<Long> seeds) {}

  private final BenchConfig config;
  // Task, then text, then encoder, in the order of the run.
  private final Map<String, Map<String, Map<String, List<Long>>>> found = new LinkedHashMap<>();

  Remarks(BenchConfig config) {
    this.config = config;
  }

  void add(TaskRunner.Run run, String text) {
    List<Long> seeds =
        found
            .computeIfAbsent(run.task().name(), t -> new LinkedHashMap<>())
            .computeIfAbsent(text, t -> new LinkedHashMap<>())
            .computeIfAbsent(run.encoder().name(), e -> new ArrayList<>());
    if (!seeds.contains(run.seed())) {
      seeds.add(run.seed());
    }
  }

  /**
   * One line a remark: the task, then the encoders and seeds it holds for, which are not named
   * where it holds for all.
   */
  List<String> lines() {
    Map<Cells, List<String>> encoders = new LinkedHashMap<>();
    found.forEach(
        (task, texts) ->
            texts.forEach(
                (text, cells) ->
                    cells.forEach(
                        (encoder, seeds) ->
                            encoders
                                .computeIfAbsent(
                                    new Cells(task, text, seeds), c -> new ArrayList<>())
                                .add(encoder))));
    List<String> lines = new ArrayList<>();
    encoders.forEach((cells, names) -> lines.add(where(cells, names) + ": " + cells.text()));
    return lines;
  }

  private String where(Cells cells, List<String> encoders) {
    String where = cells.task();
    if (encoders.size() < config.encoders().size()) {
      where += ", " + String.join(" and ", encoders);
    }
    if (cells.seeds().size() < config.seeds().size()) {
      where +=
          cells.seeds().stream()
              .map(String::valueOf)
              .collect(Collectors.joining(", ", ", seed ", ""));
    }
    return where;
  }
}
