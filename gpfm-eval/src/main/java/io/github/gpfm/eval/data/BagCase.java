package io.github.gpfm.eval.data;

import java.util.List;
import java.util.function.Supplier;

/**
 * A slide or patient with its bag and what is known of it.
 *
 * @param id slide or patient
 * @param bag reads the bag; called every time the case is used
 * @param label class, or survival bin; -1 if it has none
 * @param time observed time; NaN if this is no survival task
 * @param censored whether the case left without the event
 * @param targets numbers to predict, NaN where unknown; empty if this is no task of that kind
 */
public record BagCase(
    String id,
    Supplier<FeatureBag> bag,
    int label,
    double time,
    boolean censored,
    double[] targets) {
  /** Copies the targets. */
  public BagCase {
    targets = targets.clone();
  }

  /** A case with a class or an outcome, and nothing else to predict. */
  public BagCase(String id, Supplier<FeatureBag> bag, int label, double time, boolean censored) {
    this(id, bag, label, time, censored, new double[0]);
  }

  /** A case with a class. */
  public static BagCase labelled(String id, Supplier<FeatureBag> bag, int label) {
    return new BagCase(id, bag, label, Double.NaN, false);
  }

  /** Observed times of cases. */
  public static double[] times(List<BagCase> cases) {
    return cases.stream().mapToDouble(BagCase::time).toArray();
  }

  /** Which cases left without the event. */
  public static boolean[] censored(List<BagCase> cases) {
    boolean[] result = new boolean[cases.size()];
    for (int i = 0; i < result.length; i++) {
      result[i] = cases.get(i).censored();
    }
    return result;
  }

  /** The same case with other targets. */
  public BagCase withTargets(double... other) {
    return new BagCase(id, bag, label, time, censored, other);
  }

  /** The same case with another label. */
  public BagCase withLabel(int other) {
    return new BagCase(id, bag, other, time, censored, targets);
  }
}
