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

  /** A p of 0.05 lies where the expanded interval of 95 % touches zero. */
  @ParameterizedTest
  @CsvSource({"5", "27", "1000"})
  void pairedProbabilityAndIntervalAgree(int cases) {
    double tail = Interval.expanded(0.5, UNIFORM, cases).lower();
    double[] zeros = new double[UNIFORM.length];
    for (double share : new double[] {0.8 * tail, 1.2 * tail}) {
      double[] shifted =
          IntStream.range(0, UNIFORM.length).mapToDouble(i -> UNIFORM[i] - share).toArray();
      PairedBootstrap pair = PairedBootstrap.expanded(0.4, 0, shifted, zeros, cases);
      assertEquals(share > tail, pair.difference().lower() < 0);
      assertEquals(share > tail, pair.p() > 0.05, "p " + pair.p());
    }
    double[] half = IntStream.range(0, UNIFORM.length).mapToDouble(i -> UNIFORM[i] - 0.5).toArray();
    assertEquals(1, PairedBootstrap.expanded(0, 0, half, zeros, cases).p(), 1e-9);
    assertEquals(1, PairedBootstrap.expanded(0, 0, zeros, zeros, cases).p(), 1e-9);
  }

  /** Replicates (0.8 of the tail lies below zero) by plain percentiles: twice the share. */
  @Test
  void plainProbability() {
    double[] zeros = new double[UNIFORM.length];
    double[] shifted =
        IntStream.range(0, UNIFORM.length).mapToDouble(i -> UNIFORM[i] - 0.02).toArray();
    PairedBootstrap pair = PairedBootstrap.of(0.48, 0, shifted, zeros);
    assertEquals(2 * 202.0 / 10_002, pair.p(), 1e-4);
    assertEquals(0.005, pair.difference().lower(), 1e-9);
  }
}
