package io.github.gpfm.eval.bench;

import java.util.List;

/** What is known of figures by their names. */
final class FigureNames {
  private static final List<String> ERRORS =
      List.of("brier", "ece", "ibs", "mae", "rmse", "log_rank_p");

  private FigureNames() {}

  /** Whether the figure is an error or a probability: the lower, the better. */
  static boolean lowerIsBetter(String name) {
    String plain = name.contains("[") ? name.substring(0, name.indexOf('[')) : name;
    return ERRORS.stream().anyMatch(e -> plain.equals(e) || plain.endsWith("_" + e));
  }

  /** The figure, turned so that higher is better. */
  static double score(String name, double value) {
    return lowerIsBetter(name) ? -value : value;
  }
}
