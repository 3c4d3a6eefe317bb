package io.github.gpfm.eval.metric;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class IntervalTest {
  /** Replicates whose quantile q is q itself. */
  private static final double[] UNIFORM =
      IntStream.rangeClosed(0, 10_000).mapToDouble(i -> i / 10_000.0).toArray();

  /** Against SciPy: {@code norm.cdf(sqrt(n / (n - 1)) * t.ppf(0.025, n - 1))}. */
  @ParameterizedTest
  @CsvSource({"1, 0", "5, 0.000954101", "27, 0.018099462", "55, 0.021518134", "1000, 0.024804306"})
  void percentilesAreExpandedForFewCases(int cases, double tail) {
    Interval interval = Interval.expanded(0.5, UNIFORM, cases);
    assertEquals(tail, interval.lower(), 1e-6);
    assertEquals(1 - tail, interval.upper(), 1e-6);
    assertEquals(0.5, interval.mean(), 1e-12);
  }

  @Test
  void manyCasesNeedNoExpansion() {
    Interval plain = Interval.of(0.5, UNIFORM);
    assertEquals(0.025, plain.lower(), 1e-12);
    assertEquals(plain.lower(), Interval.expanded(0.5, UNIFORM, 100_000).lower(), 1e-5);
    assertTrue(Interval.expanded(0.5, UNIFORM, 20).lower() < plain.lower());
  }
}
