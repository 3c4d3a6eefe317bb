package io.github.gpfm.encoder.explain;

import java.util.Arrays;
import java.util.Random;

/**
 * Features as colours: the first three principal components become red, green and blue, so that
 * tiles of one colour are alike. As DINOv2's authors show patch tokens (Oquab et al., figure 1).
 */
public final class PrincipalColors {
  private static final int COMPONENTS = 3;
  private static final int MAX_ROUNDS = 300;

  private PrincipalColors() {}

  /**
   * Scores on the first principal components: the centred features times the eigenvectors of their
   * covariance, largest variance first, by subspace iteration. Each eigenvector's sign is chosen so
   * that its largest entry is positive; the same features give the same scores.
   *
   * @param features n x d, row-major; n at least 1
   * @param dimension d
   * @param count number of components
   * @return n x count; components beyond the features' rank are 0
   */
  public static double[] scores(float[] features, int dimension, int count) {
    if (dimension < 1 || features.length == 0 || features.length % dimension != 0) {
      throw new IllegalArgumentException(
          features.length + " values are not features of length " + dimension);
    }
    int n = features.length / dimension;
    double[] mean = new double[dimension];
    for (int i = 0; i < features.length; i++) {
      mean[i % dimension] += features[i] / (double) n;
    }
    double[][] basis = new double[count][dimension];
    Random random = new Random(1);
    for (double[] vector : basis) {
      Arrays.setAll(vector, j -> random.nextGaussian());
    }
    double scale = orthonormalise(basis, 0);
    double[] before = new double[count];
    for (int round = 0; round < MAX_ROUNDS; round++) {
      double[][] next = new double[count][dimension];
      double[] centred = new double[dimension];
      for (int i = 0; i < n; i++) {
        for (int j = 0; j < dimension; j++) {
          centred[j] = features[i * dimension + j] - mean[j];
        }
        for (int c = 0; c < count; c++) {
          double score = dot(centred, basis[c]);
          for (int j = 0; j < dimension; j++) {
            next[c][j] += score * centred[j];
          }
        }
      }
      double[] variances = new double[count];
      for (int c = 0; c < count; c++) {
        variances[c] = Math.sqrt(dot(next[c], next[c]));
      }
      scale = Math.max(variances[0], Double.MIN_NORMAL);
      orthonormalise(next, scale * 1e-12);
      basis = next;
      if (settled(before, variances, scale)) {
        break;
      }
      before = variances;
    }
    return project(features, mean, basis);
  }

  private static boolean settled(double[] before, double[] now, double scale) {
    for (int c = 0; c < now.length; c++) {
      if (Math.abs(now[c] - before[c]) > 1e-9 * scale) {
        return false;
      }
    }
    return true;
  }

  private static double[] project(float[] features, double[] mean, double[][] basis) {
    int dimension = mean.length;
    int n = features.length / dimension;
    double[] scores = new double[n * basis.length];
    for (int c = 0; c < basis.length; c++) {
      double[] vector = basis[c];
      double largest = 0;
      for (double value : vector) {
        largest = Math.abs(value) > Math.abs(largest) ? value : largest;
      }
      double sign = Math.signum(largest);
      for (int i = 0; i < n; i++) {
        double sum = 0;
        for (int j = 0; j < dimension; j++) {
          sum += (features[i * dimension + j] - mean[j]) * vector[j];
        }
        scores[i * basis.length + c] = sign * sum;
      }
    }
    return scores;
  }

  /** Gram-Schmidt; vectors shorter than {@code least} become 0. Returns the first length. */
  private static double orthonormalise(double[][] vectors, double least) {
    double first = 0;
    for (int c = 0; c < vectors.length; c++) {
      // Twice: once is not enough where vectors are nearly parallel.
      for (int pass = 0; pass < 2; pass++) {
        for (int b = 0; b < c; b++) {
          double shared = dot(vectors[c], vectors[b]);
          for (int j = 0; j < vectors[c].length; j++) {
            vectors[c][j] -= shared * vectors[b][j];
          }
        }
      }
      double length = Math.sqrt(dot(vectors[c], vectors[c]));
      first = c == 0 ? length : first;
      for (int j = 0; j < vectors[c].length; j++) {
        vectors[c][j] = length <= least ? 0 : vectors[c][j] / length;
      }
    }
    return first;
  }

  /**
   * A colour for each feature.
   *
   * @param features n x d, row-major
   * @param dimension d
   * @return n colours 0xRRGGBB; each channel runs from the 1st to the 99th percentile of its
   *     component, 128 where the component does not vary
   */
  public static int[] colors(float[] features, int dimension) {
    double[] scores = scores(features, dimension, COMPONENTS);
    int n = scores.length / COMPONENTS;
    int[] colors = new int[n];
    for (int c = 0; c < COMPONENTS; c++) {
      double[] sorted = new double[n];
      for (int i = 0; i < n; i++) {
        sorted[i] = scores[i * COMPONENTS + c];
      }
      Arrays.sort(sorted);
      double low = sorted[(int) Math.round(0.01 * (n - 1))];
      double high = sorted[(int) Math.round(0.99 * (n - 1))];
      for (int i = 0; i < n; i++) {
        double share = high > low ? (scores[i * COMPONENTS + c] - low) / (high - low) : 128 / 255.0;
        int value = (int) Math.round(Math.min(Math.max(share, 0), 1) * 255);
        colors[i] |= value << 16 - 8 * c;
      }
    }
    return colors;
  }

  private static double dot(double[] a, double[] b) {
    double sum = 0;
    for (int i = 0; i < a.length; i++) {
      sum += a[i] * b[i];
    }
    return sum;
  }
}
