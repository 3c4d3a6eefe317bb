package io.github.gpfm.encoder.features;

import io.github.gpfm.api.NonFiniteFeatureException;
import java.util.Locale;
import java.util.concurrent.atomic.AtomicLong;

/**
 * What becomes of features that are not numbers (NaN, infinite): refused, which is the rule, or
 * written and counted. Every writer passes its rows through {@link FeatureHeader#row}, which asks
 * here. Thread-safe; one policy may serve many files, whose counts then add up.
 */
public final class NonFinitePolicy {
  private static final NonFinitePolicy REFUSED = new NonFinitePolicy(false);

  private final boolean written;
  private final AtomicLong rows = new AtomicLong();
  private final AtomicLong values = new AtomicLong();

  private NonFinitePolicy(boolean written) {
    this.written = written;
  }

  /** The rule: a feature with such a value ends the file. */
  public static NonFinitePolicy refuse() {
    return REFUSED;
  }

  /** Such values are written and counted, from zero. */
  public static NonFinitePolicy writeAndCount() {
    return new NonFinitePolicy(true);
  }

  /** Rows written that hold such a value. */
  public long rows() {
    return rows.get();
  }

  /** Such values written. */
  public long values() {
    return values.get();
  }

  /**
   * Passes a row of a file.
   *
   * @param row its number in the file
   * @throws NonFiniteFeatureException if it is to be refused
   */
  void pass(FeatureHeader header, int row, float[] vector) {
    int first = firstOf(vector);
    if (first == vector.length) {
      return;
    }
    if (!written) {
      throw new NonFiniteFeatureException(
          message(header, row, first, vector[first]), header.name(), row);
    }
    long count = 0;
    for (float value : vector) {
      count += Float.isFinite(value) ? 0 : 1;
    }
    rows.incrementAndGet();
    values.addAndGet(count);
  }

  private static int firstOf(float[] vector) {
    // 0 for every finite value and NaN for the others: one pass without a branch.
    float sum = 0;
    for (float value : vector) {
      sum += value * 0;
    }
    if (sum == 0) {
      return vector.length;
    }
    int i = 0;
    while (i < vector.length && Float.isFinite(vector[i])) {
      i++;
    }
    return i;
  }

  private static String message(FeatureHeader header, int row, int index, float value) {
    String precision =
        header.provenance().entries().getOrDefault("precision", "").toLowerCase(Locale.ROOT);
    return "The feature of slide '%s', tile %d at (%d, %d), has %s at value %d%s: nothing is written; check the weights%s, or allow such values (allowNonFinite)."
        .formatted(
            header.name(),
            row,
            header.coords()[2 * row],
            header.coords()[2 * row + 1],
            Float.isNaN(value) ? "NaN" : "an infinite value",
            index,
            precision.isEmpty() ? "" : ", computed in " + precision,
            precision.equals("float16") ? ", compute in float32 or bfloat16" : "");
  }
}
