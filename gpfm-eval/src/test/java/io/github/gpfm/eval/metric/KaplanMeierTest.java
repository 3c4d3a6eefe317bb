package io.github.gpfm.eval.metric;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.api.Test;

/** Edge cases of the survival curve. */
class KaplanMeierTest {
  /** Ten deaths in turn: 0.9 · 8/9 · … is one half after five, but for its last bit. */
  @Test
  void oneHalfMissedByRoundingIsTheMedian() {
    for (int n = 2; n <= 60; n += 2) {
      double[] times = new double[n];
      for (int i = 0; i < n; i++) {
        times[i] = i + 1;
      }
      assertEquals(n / 2.0, KaplanMeier.of(times, new boolean[n]).median(), "of " + n);
    }
  }

  @Test
  void numbersAtRiskCountThoseObservedJustBefore() {
    KaplanMeier curve =
        KaplanMeier.of(new double[] {1, 2, 2, 5}, new boolean[] {false, true, false, true});
    assertEquals(4, curve.atRisk(1));
    assertEquals(3, curve.atRisk(2));
    assertEquals(1, curve.atRisk(2.5));
    assertEquals(0, curve.atRisk(6));
    assertEquals(2, curve.censorings().length);
  }
}
