package io.github.gpfm.eval.metric;

/** The figures reported for a classification. */
public enum ClassificationMetric {
  /** Share of cases called right. */
  ACCURACY("accuracy", "accuracy"),
  /** Mean recall over classes; under the official protocol torchmetrics' macro top-1. */
  BALANCED_ACCURACY("balanced_accuracy", "balanced accuracy"),
  /** Mean F1 over classes. */
  F1_MACRO("f1_macro", "macro F1"),
  /** F1 weighted with class frequency. */
  F1_WEIGHTED("f1_weighted", "weighted F1"),
  /** Mean one-vs-rest area under the curve. */
  AUC_MACRO("auc", "macro AUC");

  private final String key;
  private final String title;

  ClassificationMetric(String key, String title) {
    this.key = key;
    this.title = title;
  }

  /** Name in tables and configurations. */
  public String key() {
    return key;
  }

  /** Name for people. */
  public String title() {
    return title;
  }

  double of(ConfusionMatrix m, boolean official) {
    return switch (this) {
      case ACCURACY -> m.accuracy();
      case BALANCED_ACCURACY -> official ? m.officialMacroAccuracy() : m.balancedAccuracy();
      case F1_MACRO -> m.f1Macro();
      case F1_WEIGHTED -> m.f1Weighted();
      case AUC_MACRO -> throw new IllegalArgumentException("AUC needs scores");
    };
  }
}
