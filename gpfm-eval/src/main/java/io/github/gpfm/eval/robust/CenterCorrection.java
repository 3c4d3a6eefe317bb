package io.github.gpfm.eval.robust;

import io.github.gpfm.eval.EvaluationException;
import io.github.gpfm.eval.linalg.Matrix;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;

/** Takes the differences between centers out of features, without knowing any class. */
public enum CenterCorrection {
  /** Features as they are. */
  NONE,
  /** Every dimension gets mean 0 and standard deviation 1 within each center. */
  STANDARDIZE,
  /**
   * ComBat (Johnson et al., 2007), parametric: location and scale of each center, shrunk to what
   * its dimensions have in common, are taken out of the pooled-standardized features.
   */
  COMBAT;

  private static final double CONVERGED = 1e-4;
  private static final int MOST_ITERATIONS = 1000;

  /**
   * Corrects features.
   *
   * @param features one row a tile
   * @param centers center of each tile; each needs two tiles or more
   * @return corrected copy
   */
  public Matrix apply(Matrix features, List<String> centers) {
    if (this == NONE) {
      return features.copy();
    }
    List<String> names = centers.stream().distinct().sorted().toList();
    int[] center = centers.stream().mapToInt(names::indexOf).toArray();
    int[][] rows = new int[names.size()][];
    for (int b = 0; b < rows.length; b++) {
      int which = b;
      rows[b] = IntStream.range(0, center.length).filter(i -> center[i] == which).toArray();
      if (rows[b].length < 2) {
        throw new EvaluationException(
            "center '" + names.get(b) + "' has one tile: too few to correct by");
      }
    }
    return this == STANDARDIZE ? standardized(features, rows) : combat(features, rows);
  }

  private static Matrix standardized(Matrix features, int[][] rows) {
    Matrix result = features.copy();
    for (int c = 0; c < features.columns(); c++) {
      for (int[] own : rows) {
        double mean = mean(features, c, own);
        double std = Math.sqrt(variance(features, c, own, mean));
        for (int r : own) {
          result.set(r, c, std == 0 ? 0 : (float) ((features.get(r, c) - mean) / std));
        }
      }
    }
    return result;
  }

  private static double mean(Matrix m, int column, int[] rows) {
    return Arrays.stream(rows).mapToDouble(r -> m.get(r, column)).average().orElse(0);
  }

  private static double variance(Matrix m, int column, int[] rows, double mean) {
    double squares = 0;
    for (int r : rows) {
      squares += (m.get(r, column) - mean) * (m.get(r, column) - mean);
    }
    return squares / (rows.length - 1);
  }

  private static Matrix combat(Matrix features, int[][] rows) {
    int n = features.rows();
    int d = features.columns();
    double[] grand = new double[d];
    double[] pooled = new double[d];
    double[][] z = new double[n][d];
    for (int c = 0; c < d; c++) {
      double squares = 0;
      for (int[] own : rows) {
        double mean = mean(features, c, own);
        grand[c] += mean * own.length / n;
        for (int r : own) {
          squares += (features.get(r, c) - mean) * (features.get(r, c) - mean);
        }
      }
      pooled[c] = Math.sqrt(squares / n);
      for (int r = 0; r < n; r++) {
        z[r][c] = pooled[c] == 0 ? 0 : (features.get(r, c) - grand[c]) / pooled[c];
      }
    }
    Matrix result = features.copy();
    for (int[] own : rows) {
      Effect effect = Effect.of(z, own, pooled);
      for (int r : own) {
        for (int c = 0; c < d; c++) {
          if (pooled[c] > 0) {
            double value = (z[r][c] - effect.location[c]) / Math.sqrt(effect.scale[c]);
            result.set(r, c, (float) (value * pooled[c] + grand[c]));
          }
        }
      }
    }
    return result;
  }

  /** Location and variance of a center in each dimension, after empirical Bayes. */
  private record Effect(double[] location, double[] scale) {
    static Effect of(double[][] z, int[] rows, double[] pooled) {
      int d = pooled.length;
      int[] used = IntStream.range(0, d).filter(c -> pooled[c] > 0).toArray();
      double[] gamma = new double[d];
      double[] delta = new double[d];
      Arrays.fill(delta, 1);
      for (int c : used) {
        gamma[c] = Arrays.stream(rows).mapToDouble(r -> z[r][c]).average().orElse(0);
        double squares = 0;
        for (int r : rows) {
          squares += (z[r][c] - gamma[c]) * (z[r][c] - gamma[c]);
        }
        delta[c] = squares / (rows.length - 1);
      }
      double meanGamma = Arrays.stream(used).mapToDouble(c -> gamma[c]).average().orElse(0);
      double tau = variance(used, gamma, meanGamma);
      double meanDelta = Arrays.stream(used).mapToDouble(c -> delta[c]).average().orElse(1);
      double spread = variance(used, delta, meanDelta);
      if (used.length < 2 || tau == 0 || spread == 0) {
        return new Effect(gamma, delta);
      }
      double a = (2 * spread + meanDelta * meanDelta) / spread;
      double b = (meanDelta * spread + meanDelta * meanDelta * meanDelta) / spread;
      return solve(z, rows, used, gamma, delta, new double[] {meanGamma, tau, a, b});
    }

    private static double variance(int[] used, double[] values, double mean) {
      double squares =
          Arrays.stream(used).mapToDouble(c -> (values[c] - mean) * (values[c] - mean)).sum();
      return squares / (used.length - 1);
    }

    // All dimensions go on until the one that moves most stands still, as the reference does.
    private static Effect solve(
        double[][] z, int[] rows, int[] used, double[] gamma, double[] delta, double[] prior) {
      double[] g = gamma.clone();
      double[] v = delta.clone();
      int n = rows.length;
      double change = Double.POSITIVE_INFINITY;
      for (int it = 0; it < MOST_ITERATIONS && change > CONVERGED; it++) {
        change = 0;
        for (int c : used) {
          double location = (n * prior[1] * gamma[c] + v[c] * prior[0]) / (n * prior[1] + v[c]);
          double squares = 0;
          for (int r : rows) {
            squares += (z[r][c] - location) * (z[r][c] - location);
          }
          double scale = (prior[3] + squares / 2) / (n / 2.0 + prior[2] - 1);
          change = Math.max(change, Math.abs(location - g[c]) / Math.abs(g[c]));
          change = Math.max(change, Math.abs(scale - v[c]) / v[c]);
          g[c] = location;
          v[c] = scale;
        }
      }
      return new Effect(g, v);
    }
  }
}
