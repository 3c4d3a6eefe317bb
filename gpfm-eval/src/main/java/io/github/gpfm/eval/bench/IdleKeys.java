package io.github.gpfm.eval.bench;

import io.github.gpfm.eval.mil.MilSettings;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Keys that tune a training and have no effect on the one a task chose. Blocks share such keys, so
 * they are named and not refused; they decide no result.
 */
final class IdleKeys {
  private static final List<String> NETWORK =
      List.of(
          "hidden",
          "attention",
          "dropout",
          "learning-rate",
          "weight-decay",
          "epochs",
          "patience",
          "sure-epochs",
          "balanced",
          "attention-maps",
          "tile-size",
          "loss",
          "pseudo-bags",
          "prototypes",
          "coarse",
          "text-features",
          "max-tiles",
          "cases-per-step");

  private final TaskType type;
  private final Settings task;
  private final boolean shazam;
  private final Map<String, String> idle = new LinkedHashMap<>();

  private IdleKeys(TaskType type, Settings task, boolean shazam) {
    this.type = type;
    this.task = task;
    this.shazam = shazam;
  }

  /**
   * Each key that was given and has no effect on an encoder's cells, with the reason.
   *
   * @param encoder decides the head if its fusion is Shazam's; else the task does
   */
  static Map<String, String> of(TaskType type, Settings task, EncoderSpec encoder) {
    IdleKeys keys = new IdleKeys(type, task, NetworkTraining.isShazam(encoder));
    if (type.ofSlides()) {
      keys.find();
    }
    return keys.idle;
  }

  private void find() {
    if (task.has("train-on")) {
      add("with 'train-on', whose heads are frozen", NETWORK);
      add("with 'train-on', whose heads are frozen", List.of("l1-ratio"));
      return;
    }
    boolean hierarchical = false;
    if (shazam) {
      add(
          "with 'fusion: shazam', which has a head of its own",
          List.of(
              "head",
              "l1-ratio",
              "pseudo-bags",
              "prototypes",
              "coarse",
              "text-features",
              "max-tiles"));
    } else {
      HeadKind head = task.choice("head", HeadKind.ABMIL);
      String name = "with 'head: " + Settings.plain(head) + "'";
      if (head.isLinear()) {
        add(name, NETWORK);
        return;
      }
      network(head, name);
      hierarchical = head == HeadKind.HMIL;
    }
    training(hierarchical);
  }

  private void network(HeadKind head, String name) {
    add(name, List.of("l1-ratio"));
    switch (head) {
      case MEAN, MAX, HMIL -> add(name, List.of("attention"));
      case DSMIL -> add(name, List.of("hidden", "dropout"));
      case PANTHER -> add(name, List.of("hidden", "attention", "dropout"));
      case FOCUS -> add(name, List.of("hidden", "attention"));
      case TRANSMIL -> add(name, List.of("attention", "dropout"));
      default -> {}
    }
    of(HeadKind.DTFD, head, name, "pseudo-bags");
    of(HeadKind.PANTHER, head, name, "prototypes");
    of(HeadKind.HMIL, head, name, "coarse");
    of(HeadKind.FOCUS, head, name, "text-features", "max-tiles");
  }

  private void training(boolean hierarchical) {
    if (type == TaskType.WSI_REGRESSION || type == TaskType.WSI_MULTILABEL) {
      add("with " + type.key() + ", which has no classes to draw alike", List.of("balanced"));
    }
    boolean several = hierarchical || task.choice("loss", TaskKeys.Loss.NLL) == TaskKeys.Loss.COX;
    if (!several) {
      add("without 'loss: cox' or 'head: hmil'", List.of("cases-per-step"));
    }
    if (task.integer("attention-maps", 0) == 0) {
      add("without 'attention-maps'", List.of("tile-size"));
    }
    int epochs = task.integer("epochs", MilSettings.paper().maxEpochs());
    int sure = task.integer("sure-epochs", MilSettings.paper().sureEpochs());
    if (epochs <= sure + 1) {
      add(
          "on %d epochs: it counts behind the first %d ('sure-epochs')".formatted(epochs, sure + 1),
          List.of("patience"));
    }
  }

  private void of(HeadKind owner, HeadKind head, String name, String... keys) {
    if (head != owner) {
      add(name, List.of(keys));
    }
  }

  private void add(String reason, List<String> keys) {
    keys.stream().filter(task::has).forEach(key -> idle.putIfAbsent(key, reason));
  }
}
