package io.github.gpfm.eval.linalg;

import io.github.gpfm.eval.EvaluationException;
import java.util.Arrays;
import java.util.SplittableRandom;
import java.util.stream.IntStream;

/**
 * Lloyd's k-means from random tiles, the best of several starts.
 *
 * @param labels cluster of each row
 * @param centers one row a cluster
 * @param inertia sum of squared distances to the centers
 */
public record KMeans(int[] labels, double[][] centers, double inertia) {
  private static final int MOST_ITERATIONS = 300;

  /**
   * Fits.
   *
   * @param x one row a tile
   * @param clusters how many, at most the number of rows
   * @param starts first centers to try; the result of least inertia counts
   * @param seed seed of the first centers
   * @throws EvaluationException if there are fewer rows than clusters
   */
  public static KMeans fit(Matrix x, int clusters, int starts, long seed) {
    if (clusters < 1 || clusters > x.rows()) {
      throw new EvaluationException(
          x.rows() + " tiles cannot be divided into " + clusters + " clusters");
    }
    SplittableRandom random = new SplittableRandom(seed);
    KMeans best = once(x, clusters, random);
    for (int s = 1; s < starts; s++) {
      KMeans other = once(x, clusters, random);
      best = other.inertia < best.inertia ? other : best;
    }
    return best;
  }

  private static KMeans once(Matrix x, int clusters, SplittableRandom random) {
    int[] order = IntStream.range(0, x.rows()).toArray();
    double[][] centers = new double[clusters][];
    for (int k = 0; k < clusters; k++) {
      int j = k + random.nextInt(order.length - k);
      int swap = order[k];
      order[k] = order[j];
      order[j] = swap;
      float[] row = x.row(order[k]);
      centers[k] = IntStream.range(0, row.length).mapToDouble(c -> row[c]).toArray();
    }
    int[] labels = new int[x.rows()];
    Arrays.fill(labels, -1);
    double inertia = Double.NaN;
    for (int iteration = 0; iteration < MOST_ITERATIONS; iteration++) {
      int[] before = labels.clone();
      double[] distances = new double[labels.length];
      IntStream.range(0, labels.length)
          .parallel()
          .forEach(
              i -> {
                labels[i] = nearest(x, i, centers);
                distances[i] = squared(x, i, centers[labels[i]]);
              });
      inertia = Arrays.stream(distances).sequential().reduce(0, Double::sum);
      if (Arrays.equals(before, labels)) {
        break;
      }
      update(x, labels, centers, distances);
    }
    return new KMeans(labels, centers, inertia);
  }

  private static int nearest(Matrix x, int row, double[][] centers) {
    int nearest = 0;
    double least = Double.POSITIVE_INFINITY;
    for (int k = 0; k < centers.length; k++) {
      double d = squared(x, row, centers[k]);
      if (d < least) {
        least = d;
        nearest = k;
      }
    }
    return nearest;
  }

  // An empty cluster takes the tile farthest from its center.
  private static void update(Matrix x, int[] labels, double[][] centers, double[] distances) {
    int[] counts = new int[centers.length];
    for (double[] center : centers) {
      Arrays.fill(center, 0);
    }
    for (int i = 0; i < labels.length; i++) {
      counts[labels[i]]++;
      for (int c = 0; c < x.columns(); c++) {
        centers[labels[i]][c] += x.get(i, c);
      }
    }
    for (int k = 0; k < centers.length; k++) {
      if (counts[k] == 0) {
        int farthest = 0;
        for (int i = 1; i < distances.length; i++) {
          farthest = distances[i] > distances[farthest] ? i : farthest;
        }
        distances[farthest] = 0;
        for (int c = 0; c < x.columns(); c++) {
          centers[k][c] = x.get(farthest, c);
        }
      } else {
        for (int c = 0; c < x.columns(); c++) {
          centers[k][c] /= counts[k];
        }
      }
    }
  }

  private static double squared(Matrix x, int row, double[] center) {
    double sum = 0;
    for (int c = 0; c < center.length; c++) {
      double d = x.get(row, c) - center[c];
      sum += d * d;
    }
    return sum;
  }

  /** Mean silhouette by cosine distance of L2-normalized rows; a lone tile counts 0. */
  public double silhouette(Matrix x) {
    int n = x.rows();
    int clusters = centers.length;
    int[] sizes = new int[clusters];
    double[][] sums = new double[clusters][x.columns()];
    for (int i = 0; i < n; i++) {
      sizes[labels[i]]++;
      for (int c = 0; c < x.columns(); c++) {
        sums[labels[i]][c] += x.get(i, c);
      }
    }
    long used = Arrays.stream(sizes).filter(s -> s > 0).count();
    if (used < 2 || used > n - 1) {
      return Double.NEGATIVE_INFINITY;
    }
    double total = 0;
    for (int i = 0; i < n; i++) {
      int own = labels[i];
      if (sizes[own] == 1) {
        continue;
      }
      double within = 0;
      double nearest = Double.POSITIVE_INFINITY;
      for (int k = 0; k < clusters; k++) {
        if (sizes[k] == 0) {
          continue;
        }
        double dot = 0;
        for (int c = 0; c < x.columns(); c++) {
          dot += x.get(i, c) * sums[k][c];
        }
        if (k == own) {
          double self = 0;
          for (int c = 0; c < x.columns(); c++) {
            self += (double) x.get(i, c) * x.get(i, c);
          }
          within = 1 - (dot - self) / (sizes[k] - 1);
        } else {
          nearest = Math.min(nearest, 1 - dot / sizes[k]);
        }
      }
      total += (nearest - within) / Math.max(nearest, within);
    }
    return total / n;
  }
}
