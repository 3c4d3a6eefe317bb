package io.github.gpfm.eval.rank;

import io.github.gpfm.eval.EvaluationException;
import org.apache.commons.math3.special.Beta;
import org.apache.commons.math3.special.Gamma;

/**
 * Friedman's test that k encoders rank alike over N tasks, with the correction for ties, and Iman
 * and Davenport's less conservative F (Demšar, JMLR 7, 2006, section 3.2.2).
 *
 * @param chiSquared Friedman's statistic, k-1 degrees of freedom
 * @param p its probability
 * @param f Iman and Davenport's statistic; infinite if the tasks agree completely
 * @param fP its probability
 */
public record FriedmanTest(double chiSquared, double p, double f, double fP) {
  /** Tests a table of at least two tasks and two encoders. */
  public static FriedmanTest of(RankTable table) {
    int k = table.encoders().size();
    int n = table.tasks().size();
    if (k < 2 || n < 2) {
      throw new EvaluationException(
          "Friedman's test needs two encoders and two tasks; there are " + k + " and " + n);
    }
    double squares = 0;
    for (double[] row : table.ranks()) {
      for (double r : row) {
        squares += r * r;
      }
    }
    double centre = n * k * (k + 1.0) * (k + 1.0) / 4;
    double between = 0;
    for (double mean : table.meanRanks()) {
      between += (n * mean) * (n * mean);
    }
    // With ties the sum of squared ranks is smaller; without, this is the textbook formula.
    double chi = (k - 1) * (between - n * centre) / (squares - centre);
    if (Double.isNaN(chi)) {
      return new FriedmanTest(0, 1, 0, 1);
    }
    // Upper tails themselves: 1 minus the distribution would lose small values.
    double p = Gamma.regularizedGammaQ((k - 1) / 2.0, chi / 2);
    double rest = n * (k - 1.0) - chi;
    double f = rest <= 1e-12 ? Double.POSITIVE_INFINITY : (n - 1) * chi / rest;
    double fP = Double.isInfinite(f) ? 0 : upperTail(f, k - 1.0, (k - 1.0) * (n - 1));
    return new FriedmanTest(chi, p, f, fP);
  }

  /** Probability that F with d1 and d2 degrees of freedom exceeds a value. */
  private static double upperTail(double f, double d1, double d2) {
    return Beta.regularizedBeta(d2 / (d2 + d1 * f), d2 / 2, d1 / 2);
  }
}
