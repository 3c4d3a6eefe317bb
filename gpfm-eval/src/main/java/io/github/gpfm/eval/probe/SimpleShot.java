package io.github.gpfm.eval.probe;

import io.github.gpfm.eval.EvaluationException;
import io.github.gpfm.eval.data.LabelledFeatures;
import io.github.gpfm.eval.linalg.Matrix;
import io.github.gpfm.eval.metric.ClassificationReport;
import io.github.gpfm.eval.metric.ConfusionMatrix;
import io.github.gpfm.eval.metric.Interval;
import java.util.Arrays;
import java.util.SplittableRandom;
import java.util.stream.IntStream;

/**
 * Few-shot classification by the nearest class mean (Wang et al., arXiv 1911.04623): features are
 * centred by the support set's mean and L2-normalised; the score of a class is the negative
 * Euclidean distance to its mean.
 */
public final class SimpleShot {
  private SimpleShot() {}

  /**
   * Class scores of each query from all training tiles.
   *
   * @return queries x classes
   */
  public static double[][] scores(LabelledFeatures train, LabelledFeatures queries) {
    return scores(train, IntStream.range(0, train.size()).toArray(), queries);
  }

  private static double[][] scores(
      LabelledFeatures train, int[] support, LabelledFeatures queries) {
    train.checkSameDimension(queries);
    int dimension = train.dimension();
    int classes = train.classes().size();
    Matrix chosen = train.features().select(support);
    float[] mean = new float[dimension];
    for (int c = 0; c < dimension; c++) {
      double sum = 0;
      for (int r = 0; r < chosen.rows(); r++) {
        sum += chosen.get(r, c);
      }
      mean[c] = (float) (sum / chosen.rows());
    }
    Matrix a = KnnClassifier.normalised(centred(chosen, mean));
    Matrix b = KnnClassifier.normalised(centred(queries.features(), mean));
    double[][] prototypes = new double[classes][dimension];
    int[] counts = new int[classes];
    for (int r = 0; r < a.rows(); r++) {
      int label = train.labels()[support[r]];
      counts[label]++;
      for (int c = 0; c < dimension; c++) {
        prototypes[label][c] += a.get(r, c);
      }
    }
    double[][] scores = new double[queries.size()][classes];
    for (int k = 0; k < classes; k++) {
      for (int q = 0; q < scores.length; q++) {
        double squares = 0;
        for (int c = 0; c < dimension; c++) {
          double d = b.get(q, c) - prototypes[k][c] / Math.max(1, counts[k]);
          squares += d * d;
        }
        scores[q][k] = counts[k] == 0 ? Double.NEGATIVE_INFINITY : -Math.sqrt(squares);
      }
    }
    return scores;
  }

  private static Matrix centred(Matrix m, float[] mean) {
    Matrix result = m.copy();
    for (int r = 0; r < m.rows(); r++) {
      for (int c = 0; c < mean.length; c++) {
        result.set(r, c, m.get(r, c) - mean[c]);
      }
    }
    return result;
  }

  /**
   * Balanced accuracy over random episodes of a few tiles a class.
   *
   * @param shots tiles a class in an episode
   * @param episodes number of episodes
   * @param seed seed of the draws
   * @return value and mean are the mean over episodes; the bounds are its 2.5th and 97.5th
   *     percentiles
   * @throws EvaluationException if a class has fewer tiles than shots
   */
  public static Interval episodes(
      LabelledFeatures train, LabelledFeatures queries, int shots, int episodes, long seed) {
    int classes = train.classes().size();
    int[][] byClass = new int[classes][];
    for (int k = 0; k < classes; k++) {
      int label = k;
      byClass[k] =
          IntStream.range(0, train.size()).filter(i -> train.labels()[i] == label).toArray();
      if (byClass[k].length < shots) {
        throw new EvaluationException(
            "class '"
                + train.classes().get(k)
                + "' of '"
                + train.name()
                + "' has "
                + byClass[k].length
                + " tiles, fewer than "
                + shots
                + " shots");
      }
    }
    SplittableRandom random = new SplittableRandom(seed);
    double[] values = new double[episodes];
    for (int e = 0; e < episodes; e++) {
      int[] support = new int[classes * shots];
      for (int k = 0; k < classes; k++) {
        LinearProbe.shuffle(byClass[k], random);
        System.arraycopy(byClass[k], 0, support, k * shots, shots);
      }
      int[] called = ClassificationReport.argmax(scores(train, support, queries));
      values[e] = ConfusionMatrix.of(queries.labels(), called, classes).balancedAccuracy();
    }
    return Interval.of(Arrays.stream(values).average().orElse(Double.NaN), values);
  }
}
