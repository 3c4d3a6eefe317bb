package io.github.gpfm.eval.bench;

import java.util.HashSet;
import java.util.Set;

/**
 * How many patients a figure's spread comes from: all, those of a class of average size where
 * classes are compared, those with an event where times are.
 */
final class ComparedCases {
  private final Set<String> patients = new HashSet<>();
  private final Set<Double> classes = new HashSet<>();

  void add(Predictions p) {
    boolean events = p.kind() == PredictionKind.SURVIVAL;
    boolean compares =
        p.kind() == PredictionKind.CLASSES || p.kind() == PredictionKind.CLASS_CREDITS;
    for (int i = 0; i < p.cases().size(); i++) {
      if (events && p.truth()[i][1] == 1) {
        continue;
      }
      patients.add(p.groups().get(i));
      if (compares) {
        classes.add(p.truth()[i][0]);
      }
    }
    if (p.kind() == PredictionKind.LABELS) {
      // Each label alone is there or not.
      classes.add(0.0);
      classes.add(1.0);
    }
  }

  int count() {
    return patients.size() / Math.max(1, classes.size());
  }
}
