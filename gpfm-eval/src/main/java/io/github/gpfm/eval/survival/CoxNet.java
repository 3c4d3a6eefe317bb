package io.github.gpfm.eval.survival;

import io.github.gpfm.eval.EvaluationException;
import io.github.gpfm.eval.linalg.Matrix;
import java.util.Arrays;
import java.util.Comparator;
import java.util.stream.IntStream;

/**
 * Cox regression with an elastic-net penalty (Simon et al., 2011): minimizes −log partial
 * likelihood / n (Breslow's ties) + alpha (l1 |b|₁ + (1 − l1)/2 |b|²), by quadratic approximations
 * solved by coordinate descent, until the coefficients no longer move. Equal to scikit-survival's
 * {@code CoxnetSurvivalAnalysis}.
 *
 * @param coefficients one a feature
 * @param alpha strength of the penalty
 */
public record CoxNet(double[] coefficients, double alpha) {
  private static final double CONVERGED = 1e-9;
  private static final int MOST_OUTER = 200;
  private static final int MOST_INNER = 5000;

  /** Copies. */
  public CoxNet {
    coefficients = coefficients.clone();
  }

  /** Log risk of each row: higher means earlier event. */
  public double[] risks(Matrix features) {
    if (features.columns() != coefficients.length) {
      throw new EvaluationException(
          "features of %d dimensions do not fit a Cox model of %d"
              .formatted(features.columns(), coefficients.length));
    }
    return IntStream.range(0, features.rows())
        .mapToDouble(
            r -> {
              double sum = 0;
              for (int c = 0; c < coefficients.length; c++) {
                sum += coefficients[c] * features.get(r, c);
              }
              return sum;
            })
        .toArray();
  }

  /**
   * Models along falling penalties, each started from the one before.
   *
   * @param features one row a case
   * @param times observed times
   * @param censored whether the case left without the event
   * @param l1 share of the absolute penalty, 0 to 1
   * @param alphas strengths, falling
   */
  public static CoxNet[] path(
      Matrix features, double[] times, boolean[] censored, double l1, double... alphas) {
    Fit fit = new Fit(features, times, censored, l1);
    CoxNet[] models = new CoxNet[alphas.length];
    for (int a = 0; a < alphas.length; a++) {
      models[a] = new CoxNet(fit.solve(alphas[a]), alphas[a]);
    }
    return models;
  }

  /**
   * Falling strengths from the least that leaves no coefficient, as scikit-survival chooses them.
   *
   * @param count how many
   * @param ratio last over first
   */
  public static double[] alphas(
      Matrix features, double[] times, boolean[] censored, double l1, int count, double ratio) {
    Fit fit = new Fit(features, times, censored, l1);
    double first = fit.largestGradient() / Math.max(l1, 1e-3);
    return IntStream.range(0, count)
        .mapToDouble(i -> first * Math.pow(ratio, count == 1 ? 0 : (double) i / (count - 1)))
        .toArray();
  }

  /** The state of coordinate descent. */
  private static final class Fit {
    private final int n;
    private final int d;
    private final double[][] x;
    private final int[] order;
    private final double[] times;
    private final boolean[] censored;
    private final double l1;
    private final double[] b;

    Fit(Matrix features, double[] times, boolean[] censored, double l1) {
      if (features.rows() != times.length || times.length != censored.length) {
        throw new EvaluationException(
            "%d features, %d times and %d censorships do not belong together"
                .formatted(features.rows(), times.length, censored.length));
      }
      if (!(l1 >= 0 && l1 <= 1)) {
        throw new EvaluationException("the share of the absolute penalty is 0 to 1, not " + l1);
      }
      if (IntStream.range(0, times.length).allMatch(i -> censored[i])) {
        throw new EvaluationException("no case had the event: Cox regression needs events");
      }
      this.n = features.rows();
      this.d = features.columns();
      this.times = times;
      this.censored = censored;
      this.l1 = l1;
      this.b = new double[d];
      this.x = new double[d][n];
      for (int j = 0; j < d; j++) {
        for (int i = 0; i < n; i++) {
          x[j][i] = features.get(i, j);
        }
      }
      this.order =
          IntStream.range(0, n)
              .boxed()
              .sorted(Comparator.comparingDouble(i -> -times[i]))
              .mapToInt(Integer::intValue)
              .toArray();
    }

    double largestGradient() {
      double[] gradient = new double[n];
      double[] curvature = new double[n];
      derivatives(new double[n], gradient, curvature);
      double most = 0;
      for (double[] column : x) {
        double sum = 0;
        for (int i = 0; i < n; i++) {
          sum += column[i] * gradient[i];
        }
        most = Math.max(most, Math.abs(sum));
      }
      return most;
    }

    double[] solve(double alpha) {
      double[] eta = new double[n];
      double[] gradient = new double[n];
      double[] weight = new double[n];
      double value = penalized(alpha, b);
      for (int outer = 0; outer < MOST_OUTER; outer++) {
        predict(b, eta);
        derivatives(eta, gradient, weight);
        double[] target = descend(alpha, gradient, weight);
        double[] step = new double[d];
        double moved = 0;
        for (int j = 0; j < d; j++) {
          step[j] = target[j] - b[j];
          moved = Math.max(moved, Math.abs(step[j]));
        }
        // The diagonal of the Hessian is an approximation: a step that overshoots is halved.
        double length = 1;
        double[] next = along(step, length);
        double there = penalized(alpha, next);
        while (there > value + 1e-13 * Math.abs(value) && length > 1e-8) {
          length /= 2;
          next = along(step, length);
          there = penalized(alpha, next);
        }
        System.arraycopy(next, 0, b, 0, d);
        value = there;
        if (moved * length < CONVERGED * (1 + largest(b))) {
          break;
        }
      }
      return b.clone();
    }

    private double[] along(double[] step, double length) {
      double[] next = b.clone();
      for (int j = 0; j < d; j++) {
        next[j] += length * step[j];
      }
      return next;
    }

    private static double largest(double[] values) {
      return Arrays.stream(values).map(Math::abs).max().orElse(0);
    }

    private void predict(double[] coefficients, double[] eta) {
      Arrays.fill(eta, 0);
      for (int j = 0; j < d; j++) {
        if (coefficients[j] != 0) {
          for (int i = 0; i < n; i++) {
            eta[i] += coefficients[j] * x[j][i];
          }
        }
      }
    }

    // Minimum of the quadratic approximation around b, by cyclic coordinate descent.
    private double[] descend(double alpha, double[] gradient, double[] weight) {
      double[] c = b.clone();
      double[] shift = new double[n];
      double[] norm = new double[d];
      for (int j = 0; j < d; j++) {
        for (int i = 0; i < n; i++) {
          norm[j] += weight[i] * x[j][i] * x[j][i];
        }
      }
      for (int sweep = 0; sweep < MOST_INNER; sweep++) {
        double moved = 0;
        for (int j = 0; j < d; j++) {
          double curvature = norm[j] + alpha * (1 - l1);
          if (curvature <= 0) {
            continue;
          }
          double slope = 0;
          for (int i = 0; i < n; i++) {
            slope += x[j][i] * (gradient[i] + weight[i] * shift[i]);
          }
          double wanted = norm[j] * c[j] - slope;
          double next =
              Math.signum(wanted) * Math.max(0, Math.abs(wanted) - alpha * l1) / curvature;
          double change = next - c[j];
          if (change != 0) {
            for (int i = 0; i < n; i++) {
              shift[i] += change * x[j][i];
            }
            c[j] = next;
            moved = Math.max(moved, Math.abs(change));
          }
        }
        if (moved < CONVERGED / 10 * (1 + largest(c))) {
          break;
        }
      }
      return c;
    }

    private double penalized(double alpha, double[] coefficients) {
      double[] eta = new double[n];
      predict(coefficients, eta);
      double penalty = 0;
      for (double v : coefficients) {
        penalty += l1 * Math.abs(v) + (1 - l1) / 2 * v * v;
      }
      return loss(eta) + alpha * penalty;
    }

    private double loss(double[] eta) {
      double most = Arrays.stream(eta).max().orElse(0);
      double atRisk = 0;
      double loss = 0;
      for (int from = 0; from < n; ) {
        int to = from;
        while (to < n && times[order[to]] == times[order[from]]) {
          atRisk += Math.exp(eta[order[to]] - most);
          to++;
        }
        for (int r = from; r < to; r++) {
          if (!censored[order[r]]) {
            loss -= eta[order[r]] - most - Math.log(atRisk);
          }
        }
        from = to;
      }
      return loss / n;
    }

    // Gradient and diagonal of the Hessian of the loss in the linear predictors.
    private void derivatives(double[] eta, double[] gradient, double[] curvature) {
      double most = Arrays.stream(eta).max().orElse(0);
      double[] after = new double[n];
      double[] squares = new double[n];
      double atRisk = 0;
      double[] events = new double[n];
      double[] risk = new double[n];
      int[] start = new int[n];
      int groups = 0;
      for (int from = 0; from < n; ) {
        int to = from;
        while (to < n && times[order[to]] == times[order[from]]) {
          atRisk += Math.exp(eta[order[to]] - most);
          events[groups] += censored[order[to]] ? 0 : 1;
          to++;
        }
        risk[groups] = atRisk;
        start[groups++] = from;
        from = to;
      }
      double hazard = 0;
      double squared = 0;
      // From the earliest time on: a case collects the hazard of every event it was at risk of.
      for (int g = groups - 1; g >= 0; g--) {
        hazard += events[g] / risk[g];
        squared += events[g] / (risk[g] * risk[g]);
        after[g] = hazard;
        squares[g] = squared;
      }
      for (int g = 0; g < groups; g++) {
        int to = g + 1 < groups ? start[g + 1] : n;
        for (int r = start[g]; r < to; r++) {
          int i = order[r];
          double e = Math.exp(eta[i] - most);
          gradient[i] = (e * after[g] - (censored[i] ? 0 : 1)) / n;
          curvature[i] = Math.max(0, e * after[g] - e * e * squares[g]) / n;
        }
      }
    }
  }
}
