package io.github.gpfm.eval.metric;

import java.util.function.ToDoubleFunction;

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
  AUC_MACRO("auc", "macro AUC"),
  /** Average precision: of the second class of two, otherwise the mean over the classes. */
  AUPRC("auprc", "AUPRC"),
  /** Cohen's kappa. */
  KAPPA("kappa", "kappa"),
  /** Cohen's kappa with quadratic weights, for grades. */
  KAPPA_QUADRATIC("kappa_quadratic", "quadratic kappa"),
  /** {@linkplain Calibration#brier Brier score}: lower is better; NaN unless probabilities. */
  BRIER("brier", "Brier score"),
  /** {@linkplain Calibration#expectedError Calibration error}: lower is better, as above. */
  ECE("ece", "expected calibration error");

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

  /** Whether the figure is an error: the lower, the better. */
  public boolean lowerIsBetter() {
    return this == BRIER || this == ECE;
  }

  /**
   * The figure of a score table as a function of the cases' weights.
   *
   * @param scores one row a case, one column a class
   * @param labels true classes
   * @param official whether a called but absent class counts as recall 0
   */
  public ToDoubleFunction<double[]> of(double[][] scores, int[] labels, boolean official) {
    return switch (this) {
      case AUC_MACRO -> {
        RocAuc[] curves = RocAuc.oneVsRest(scores, labels);
        yield weights -> RocAuc.macro(curves, weights);
      }
      case AUPRC -> AveragePrecision.macro(scores, labels);
      case BRIER ->
          Calibration.areProbabilities(scores)
              ? weights -> Calibration.brier(scores, labels, weights)
              : weights -> Double.NaN;
      case ECE ->
          Calibration.areProbabilities(scores)
              ? weights -> Calibration.expectedError(scores, labels, weights)
              : weights -> Double.NaN;
      default -> {
        int[] called = ClassificationReport.argmax(scores);
        int classes = scores[0].length;
        yield weights -> of(ConfusionMatrix.of(labels, called, classes, weights), official);
      }
    };
  }

  private double of(ConfusionMatrix m, boolean official) {
    return switch (this) {
      case ACCURACY -> m.accuracy();
      case BALANCED_ACCURACY -> official ? m.officialMacroAccuracy() : m.balancedAccuracy();
      case F1_MACRO -> m.f1Macro();
      case F1_WEIGHTED -> m.f1Weighted();
      case KAPPA -> m.kappa();
      case KAPPA_QUADRATIC -> m.kappaQuadratic();
      default -> throw new IllegalArgumentException(key + " needs scores");
    };
  }
}
