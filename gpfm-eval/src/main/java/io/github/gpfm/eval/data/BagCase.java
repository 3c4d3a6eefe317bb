package io.github.gpfm.eval.data;

import java.util.function.Supplier;

/**
 * A slide or patient with its bag and what is known of it.
 *
 * @param id slide or patient
 * @param bag reads the bag; called every time the case is used
 * @param label class, or survival bin; -1 if it has none
 * @param time observed time; NaN if this is no survival task
 * @param censored whether the case left without the event
 */
public record BagCase(
    String id, Supplier<FeatureBag> bag, int label, double time, boolean censored) {
  /** A case with a class. */
  public static BagCase labelled(String id, Supplier<FeatureBag> bag, int label) {
    return new BagCase(id, bag, label, Double.NaN, false);
  }

  /** The same case with another label. */
  public BagCase withLabel(int other) {
    return new BagCase(id, bag, other, time, censored);
  }
}
