package io.github.gpfm.eval.bench;

import io.github.gpfm.eval.metric.ClassificationMetric;
import io.github.gpfm.eval.metric.RegressionMetric;
import io.github.gpfm.eval.robust.CenterCorrection;
import io.github.gpfm.eval.robust.ImageShift;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;

/** The figures a task can be ranked by. */
final class TaskMetrics {
  private static final List<String> CLASSES =
      Arrays.stream(ClassificationMetric.values()).map(ClassificationMetric::key).toList();

  private TaskMetrics() {}

  /** The names of a task's figures, those of single targets and few shots among them. */
  static List<String> of(TaskType type, Settings task) {
    return switch (type) {
      case ROI_CLASSIFICATION -> tiles();
      case ROI_RETRIEVAL -> retrieval();
      case ROI_ROBUSTNESS -> robustness(task);
      case WSI_CLASSIFICATION -> slides(task);
      case WSI_REGRESSION ->
          targets(Arrays.stream(RegressionMetric.values()).map(RegressionMetric::key), task);
      case WSI_MULTILABEL -> targets(Stream.of("auc", "auprc"), task);
      case SURVIVAL -> List.of("c_index", "uno_c", "td_auc", "ibs", "log_rank_p");
      case VQA -> List.of("accuracy", "closed_accuracy", "open_accuracy");
      case REPORT_GENERATION ->
          List.of("bleu_1", "bleu_2", "bleu_3", "bleu_4", "meteor", "rouge_l", "cider");
    };
  }

  private static List<String> tiles() {
    List<String> names = new ArrayList<>(CLASSES);
    for (String method : List.of("linear_", "knn1_", "knn20_", "simpleshot_")) {
      CLASSES.forEach(figure -> names.add(method + figure));
    }
    for (int shots : RoiClassificationRunner.SHOTS) {
      names.add(RoiClassificationRunner.episodes(shots));
    }
    return names;
  }

  private static List<String> retrieval() {
    List<String> names = new ArrayList<>();
    for (int k : RoiRetrievalRunner.TOP) {
      names.addAll(List.of("class_score_acc@" + k, "any_of_acc@" + k, "map@" + k));
    }
    return names;
  }

  private static List<String> slides(Settings task) {
    List<String> names = new ArrayList<>(CLASSES);
    task.list("shots")
        .forEach(k -> CLASSES.forEach(figure -> names.add("shots" + k + "_" + figure)));
    return names;
  }

  private static List<String> targets(Stream<String> figures, Settings task) {
    List<String> names = new ArrayList<>();
    figures.forEach(
        figure -> {
          names.add(figure);
          if (task.list("targets").size() > 1) {
            task.list("targets").forEach(target -> names.add(figure + "[" + target + "]"));
          }
        });
    return names;
  }

  private static List<String> robustness(Settings task) {
    List<String> prefixes = new ArrayList<>();
    if (task.has("center")) {
      prefixes.add("");
    }
    task.list("shifts").forEach(shift -> prefixes.add(((ImageShift) shift).key() + "_"));
    List<String> names = new ArrayList<>();
    for (String prefix : prefixes) {
      for (String figure : List.of("robustness_index", "clustering_score", "performance_drop")) {
        for (CenterCorrection correction : CenterCorrection.values()) {
          names.add(prefix + figure + RoiRobustnessRunner.suffix(correction));
        }
      }
    }
    return names;
  }
}
