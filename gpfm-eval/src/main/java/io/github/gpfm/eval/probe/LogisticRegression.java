package io.github.gpfm.eval.probe;

import io.github.gpfm.eval.EvaluationException;
import io.github.gpfm.eval.data.LabelledFeatures;
import io.github.gpfm.eval.linalg.Lbfgs;
import io.github.gpfm.eval.linalg.Matrix;
import java.util.Arrays;
import java.util.stream.IntStream;

/**
 * Logistic regression on raw features with an L2 penalty on the weights, not on the bias, by L-BFGS
 * until the gradient vanishes: the standard linear probe, equal to scikit-learn's {@code
 * LogisticRegression(C=…)}. Two classes have one weight vector, more have one each (softmax).
 *
 * @param weight classes x dimension; of two classes the first row is 0
 * @param bias one value a class
 * @param inverseStrength scikit-learn's C
 * @param converged whether the gradient is within 1e-8
 */
public record LogisticRegression(
    double[][] weight, double[] bias, double inverseStrength, boolean converged) {
  private static final Lbfgs SEARCH = new Lbfgs(10, 1e-8, 5000);

  /**
   * Trains.
   *
   * @param train tiles or slides of two or more classes, all present
   * @param inverseStrength scikit-learn's C: the larger, the weaker the penalty; positive
   */
  public static LogisticRegression train(LabelledFeatures train, double inverseStrength) {
    return train(train, inverseStrength, new double[0]);
  }

  /**
   * Trains at every strength and keeps the one with the lowest cross-entropy on the validation set,
   * the strongest penalty among equals.
   *
   * @param strengths values of C
   */
  public static LogisticRegression select(
      LabelledFeatures train, LabelledFeatures validation, double... strengths) {
    train.checkSameDimension(validation);
    double[] ascending = strengths.clone();
    Arrays.sort(ascending);
    LogisticRegression best = null;
    double least = Double.POSITIVE_INFINITY;
    double[] start = new double[0];
    for (double c : ascending) {
      LogisticRegression model = train(train, c, start);
      start = model.flat();
      double loss = model.loss(validation);
      if (best == null || loss < least - 1e-12) {
        best = model;
        least = loss;
      }
    }
    if (best == null) {
      throw new EvaluationException("a sweep needs one strength or more");
    }
    return best;
  }

  /** 10⁻⁶ to 10⁵ in powers of ten: a usual sweep. */
  public static double[] usualStrengths() {
    return IntStream.rangeClosed(-6, 5).mapToDouble(e -> Math.pow(10, e)).toArray();
  }

  private static LogisticRegression train(LabelledFeatures train, double strength, double[] start) {
    if (!(strength > 0)) {
      throw new EvaluationException("C must be positive; it is " + strength);
    }
    if (!train.absentClasses().isEmpty() || train.classes().size() < 2) {
      throw new EvaluationException(
          "'%s' needs two classes or more, all with cases; lacking: %s"
              .formatted(train.name(), train.absentClasses()));
    }
    int dimension = train.dimension();
    int vectors = train.classes().size() == 2 ? 1 : train.classes().size();
    int size = vectors * (dimension + 1);
    Loss loss = new Loss(train.features(), train.labels(), vectors, strength);
    Lbfgs.Minimum found = SEARCH.minimize(loss, start.length == size ? start : new double[size]);
    int classes = train.classes().size();
    double[][] weight = new double[classes][dimension];
    double[] bias = new double[classes];
    for (int v = 0; v < vectors; v++) {
      int row = vectors == 1 ? 1 : v;
      System.arraycopy(found.x(), v * (dimension + 1), weight[row], 0, dimension);
      bias[row] = found.x()[v * (dimension + 1) + dimension];
    }
    return new LogisticRegression(weight, bias, strength, found.converged());
  }

  private double[] flat() {
    int from = weight.length == 2 ? 1 : 0;
    int dimension = weight[0].length;
    double[] flat = new double[(weight.length - from) * (dimension + 1)];
    for (int v = from; v < weight.length; v++) {
      System.arraycopy(weight[v], 0, flat, (v - from) * (dimension + 1), dimension);
      flat[(v - from) * (dimension + 1) + dimension] = bias[v];
    }
    return flat;
  }

  private double loss(LabelledFeatures data) {
    double[][] p = probabilities(data.features());
    double sum = 0;
    for (int i = 0; i < p.length; i++) {
      sum -= Math.log(Math.max(p[i][data.labels()[i]], Double.MIN_NORMAL));
    }
    return sum / p.length;
  }

  /** Class probabilities of each row. */
  public double[][] probabilities(Matrix features) {
    if (features.columns() != weight[0].length) {
      throw new EvaluationException(
          "features of %d dimensions do not fit a probe of %d"
              .formatted(features.columns(), weight[0].length));
    }
    return IntStream.range(0, features.rows())
        .mapToObj(
            r -> {
              double[] z = new double[bias.length];
              for (int c = 0; c < z.length; c++) {
                z[c] = bias[c] + dot(features, r, weight[c], 0);
              }
              return SoftmaxRegression.softmax(z);
            })
        .toArray(double[][]::new);
  }

  private static double dot(Matrix features, int row, double[] weight, int from) {
    float[] values = features.values();
    int columns = features.columns();
    int at = row * columns;
    double sum = 0;
    for (int c = 0; c < columns; c++) {
      sum += values[at + c] * weight[from + c];
    }
    return sum;
  }

  /**
   * Mean cross-entropy plus |w|² / (2 C n); x holds a weight vector and its bias, one behind
   * another.
   */
  private record Loss(Matrix features, int[] labels, int vectors, double strength)
      implements Lbfgs.Objective {
    private static final int BLOCK = 512;

    private record Part(double loss, double[] gradient) {
      Part plus(Part other) {
        double[] sum = gradient.clone();
        for (int i = 0; i < sum.length; i++) {
          sum[i] += other.gradient[i];
        }
        return new Part(loss + other.loss, sum);
      }
    }

    @Override
    public double evaluate(double[] x, double[] gradient) {
      int n = labels.length;
      int blocks = (n + BLOCK - 1) / BLOCK;
      // Parts are summed in their order, so that the result does not depend on threads.
      Part[] parts =
          IntStream.range(0, blocks)
              .parallel()
              .mapToObj(b -> part(x, b * BLOCK, Math.min(n, (b + 1) * BLOCK)))
              .toArray(Part[]::new);
      Part all = parts[0];
      for (int b = 1; b < blocks; b++) {
        all = all.plus(parts[b]);
      }
      int dimension = features.columns();
      double penalty = 0;
      for (int i = 0; i < gradient.length; i++) {
        gradient[i] = all.gradient[i] / n;
        if (i % (dimension + 1) < dimension) {
          gradient[i] += x[i] / (strength * n);
          penalty += x[i] * x[i];
        }
      }
      return all.loss / n + penalty / (2 * strength * n);
    }

    private Part part(double[] x, int from, int to) {
      int dimension = features.columns();
      double[] gradient = new double[x.length];
      double loss = 0;
      double[] z = new double[vectors];
      for (int r = from; r < to; r++) {
        for (int v = 0; v < vectors; v++) {
          int at = v * (dimension + 1);
          z[v] = x[at + dimension] + dot(features, r, x, at);
        }
        double[] residual = new double[vectors];
        loss += vectors == 1 ? binary(z[0], labels[r], residual) : softmax(z, labels[r], residual);
        for (int v = 0; v < vectors; v++) {
          int at = v * (dimension + 1);
          double factor = residual[v];
          float[] values = features.values();
          int row = r * dimension;
          for (int c = 0; c < dimension; c++) {
            gradient[at + c] += factor * values[row + c];
          }
          gradient[at + dimension] += factor;
        }
      }
      return new Part(loss, gradient);
    }

    private static double binary(double z, int label, double[] residual) {
      residual[0] = 1 / (1 + Math.exp(-z)) - label;
      return Math.max(z, 0) - z * label + Math.log1p(Math.exp(-Math.abs(z)));
    }

    private static double softmax(double[] z, int label, double[] residual) {
      double most = Double.NEGATIVE_INFINITY;
      for (double v : z) {
        most = Math.max(most, v);
      }
      double sum = 0;
      for (int v = 0; v < z.length; v++) {
        residual[v] = Math.exp(z[v] - most);
        sum += residual[v];
      }
      for (int v = 0; v < z.length; v++) {
        residual[v] = residual[v] / sum - (v == label ? 1 : 0);
      }
      return Math.log(sum) + most - z[label];
    }
  }
}
