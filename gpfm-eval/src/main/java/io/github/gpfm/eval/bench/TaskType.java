package io.github.gpfm.eval.bench;

import java.util.Locale;

/** The kinds of task, and the figure each is ranked by unless the task names another. */
public enum TaskType {
  /** Classes of tiles: linear probe, nearest neighbours, few shots. */
  ROI_CLASSIFICATION("auc"),
  /** Similar tiles. */
  ROI_RETRIEVAL("class_score_acc@1"),
  /** Whether tiles are near each other for their class or for the center they come from. */
  ROI_ROBUSTNESS("robustness_index"),
  /** Classes of slides: multiple-instance learning. */
  WSI_CLASSIFICATION("auc"),
  /** Numbers of slides or patients: multiple-instance learning. */
  WSI_REGRESSION("pearson"),
  /** Labels of slides or patients that do not exclude each other. */
  WSI_MULTILABEL("auc"),
  /** Survival of patients. */
  SURVIVAL("c_index"),
  /** Answers to questions on images. */
  VQA("accuracy"),
  /** Reports of slides. */
  REPORT_GENERATION("bleu_4");

  private final String mainMetric;

  TaskType(String mainMetric) {
    this.mainMetric = mainMetric;
  }

  /** Name of the figure to rank by. */
  public String mainMetric() {
    return mainMetric;
  }

  /** Whether its cases are slides or patients of a table. */
  public boolean ofSlides() {
    return this == WSI_CLASSIFICATION
        || this == WSI_REGRESSION
        || this == WSI_MULTILABEL
        || this == SURVIVAL;
  }

  /** Name in configurations: {@code roi-classification}, … */
  public String key() {
    return name().toLowerCase(Locale.ROOT).replace('_', '-');
  }
}
