package io.github.gpfm.eval.bench;

import io.github.gpfm.api.InvalidOptionException;
import io.github.gpfm.support.yaml.YamlBinder;
import io.github.gpfm.support.yaml.YamlNode;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;

/**
 * What a user's block may not say: keys that choose data or division and have no effect beside the
 * others, and keys that are missing. What a catalogue says of a task is held to nothing, for it
 * describes the paper's task. Keys that only tune a training are named by {@link IdleKeys}.
 */
final class TaskRules {
  private final ConfigBlock block;
  private final TaskType type;
  private final Settings task;

  private TaskRules(ConfigBlock block, TaskType type, Settings task) {
    this.block = block;
    this.type = type;
    this.task = task;
  }

  /**
   * @param block the user's, without what a catalogue says
   * @param task the bound block, the catalogue's share included
   * @throws InvalidOptionException naming the place of a key without an effect, or what is missing
   */
  static void check(ConfigBlock block, TaskType type, Settings task) {
    TaskRules rules = new TaskRules(block, type, task);
    rules.repetitions();
    switch (type) {
      case ROI_CLASSIFICATION, ROI_RETRIEVAL -> rules.tiles();
      case ROI_ROBUSTNESS -> rules.robustness();
      case WSI_CLASSIFICATION, WSI_REGRESSION, WSI_MULTILABEL, SURVIVAL -> rules.slides();
      case VQA, REPORT_GENERATION -> rules.language();
    }
    rules.metric();
  }

  /** Refuses each of the keys that the user gave. */
  private void idle(String reason, String... keys) {
    for (String key : keys) {
      block
          .entry(key)
          .ifPresent(
              entry -> {
                throw new InvalidOptionException(
                    "%s: %s has no effect %s; leave it out."
                        .formatted(entry.keyPlace(), block.shown(key), reason));
              });
    }
  }

  private void require(String what, String... keys) {
    if (Arrays.stream(keys).noneMatch(task::has)) {
      throw new InvalidOptionException(
          "%s: %s needs %s: %s."
              .formatted(
                  block.section().place(),
                  block.path(),
                  String.join(" or ", Arrays.stream(keys).map(k -> "'" + k + "'").toList()),
                  what));
    }
  }

  private void repetitions() {
    task.values()
        .forEach(
            (key, value) -> {
              if (value instanceof List<?> items && new HashSet<>(items).size() < items.size()) {
                throw block.wrong(key, "a list that names nothing twice");
              }
            });
  }

  private void tiles() {
    idle("with " + type.key() + ", whose tiles tell their classes", "classes");
    if (task.has("images")) {
      idle("beside 'images'", "table", "train", "val", "test");
    }
    if (task.has("table")) {
      idle("beside 'table'", "train", "val", "test");
    }
    if (!task.has("train")) {
      idle("without 'train'", "val", "test");
    } else {
      require("tiles to report on", "val", "test");
    }
    if (!task.has("images") && !task.has("table")) {
      idle("without 'images' or 'table', which it divides", "train-share");
    }
    tableColumns("table", "train", "val", "test");
  }

  private void tableColumns(String... sources) {
    boolean table =
        Arrays.stream(sources)
            .anyMatch(key -> task.text(key).filter(file -> file.endsWith(".csv")).isPresent());
    if (!table) {
      idle("without a table of tiles (.csv)", "label", "exclude");
    }
  }

  private void robustness() {
    idle("with " + type.key() + ", whose tiles tell their classes", "classes");
    require("its tiles", "images", "table");
    if (task.has("images")) {
      idle("beside 'images'", "table");
    } else {
      idle("without 'images', whose pixels they change", "shifts");
    }
    require("what tells the centers", "center", "shifts");
    tableColumns("table");
  }

  private void slides() {
    require("its cases as CSV", "table");
    if (type != TaskType.WSI_CLASSIFICATION) {
      idle("with " + type.key(), "classes");
    }
    if (type == TaskType.WSI_REGRESSION || type == TaskType.WSI_MULTILABEL) {
      require("the columns of its table to predict", "targets");
    }
    if (task.has("train-on")) {
      String reason = "with 'train-on', whose heads are frozen";
      idle(reason, "splits", "fold-columns", "folds", "head", "shots");
      return;
    }
    if (task.has("splits")) {
      idle("beside 'splits'", "fold-columns", "folds");
    }
    if (task.has("fold-columns")) {
      idle("beside 'fold-columns'", "folds");
    }
    head(task.choice("head", HeadKind.ABMIL));
  }

  private void head(HeadKind head) {
    if (!head.fits(type)) {
      List<String> fit =
          Arrays.stream(HeadKind.values())
              .filter(h -> h.fits(type))
              .map(h -> String.valueOf(Settings.plain(h)))
              .toList();
      throw block.wrong("head", "for " + type.key() + " one of " + String.join(", ", fit));
    }
    if (head == HeadKind.TRANSMIL && task.integer("hidden", 512) % 16 != 0) {
      throw block.wrong("hidden", "a multiple of 16");
    }
    if (head == HeadKind.HMIL) {
      require("the coarse class of each class", "coarse");
    }
    if (head == HeadKind.FOCUS) {
      require("the features of the texts that say what to look for", "text-features");
    }
  }

  private void language() {
    require("its texts as CSV", "table");
    idle("with " + type.key(), "classes");
    int heads = task.integer("heads", 4);
    if (task.integer("width", 128) % heads != 0) {
      throw block.wrong(
          task.has("width") ? "width" : "heads",
          "chosen so that 'width' (%d) is a multiple of 'heads' (%d)"
              .formatted(task.integer("width", 128), heads));
    }
  }

  private void metric() {
    List<String> known = TaskMetrics.of(type, task);
    Optional<YamlNode.Entry> given = block.entry("metric");
    if (given.isPresent() && !known.contains(task.require("metric"))) {
      throw YamlBinder.wrongChoice(given.get().value(), block.shown("metric"), known);
    }
  }
}
