package io.github.gpfm.eval.probe;

import io.github.gpfm.eval.linalg.AdamW;
import io.github.gpfm.eval.linalg.LinearAlgebra;
import io.github.gpfm.eval.linalg.Matrix;
import java.util.SplittableRandom;

/** One linear layer with bias under cross-entropy, and its AdamW step. Not thread-safe. */
public final class SoftmaxRegression {
  private final Matrix weight;
  private final float[] bias;
  private final AdamW weightStep;
  private final AdamW biasStep;

  /**
   * @param weight classes x dimension; copied
   * @param bias one value a class; copied
   * @param weightDecay decoupled decay of weight and bias
   */
  public SoftmaxRegression(Matrix weight, float[] bias, double weightDecay) {
    this.weight = weight.copy();
    this.bias = bias.clone();
    this.weightStep = new AdamW(weightDecay, weight.values().length);
    this.biasStep = new AdamW(weightDecay, bias.length);
  }

  /** Weights drawn from N(0, 0.01²), bias 0. */
  static SoftmaxRegression random(int classes, int dimension, double decay, SplittableRandom rng) {
    Matrix weight = Matrix.zeros(classes, dimension);
    float[] values = weight.values();
    for (int i = 0; i < values.length; i++) {
      values[i] = (float) (0.01 * rng.nextGaussian());
    }
    return new SoftmaxRegression(weight, new float[classes], decay);
  }

  /** A copy of the weight, classes x dimension. */
  public Matrix weight() {
    return weight.copy();
  }

  /** A copy of the bias. */
  public float[] bias() {
    return bias.clone();
  }

  /** Logits of each row. */
  public double[][] logits(Matrix features) {
    Matrix product = LinearAlgebra.get().multiply(features, false, weight, true);
    double[][] logits = new double[features.rows()][bias.length];
    for (int i = 0; i < logits.length; i++) {
      for (int c = 0; c < bias.length; c++) {
        logits[i][c] = product.get(i, c) + bias[c];
      }
    }
    return logits;
  }

  /**
   * One AdamW step on a batch.
   *
   * @return mean cross-entropy before the step
   */
  public double step(Matrix features, int[] labels, double learningRate) {
    int n = labels.length;
    double[][] logits = logits(features);
    Matrix residual = Matrix.zeros(n, bias.length);
    float[] biasGradient = new float[bias.length];
    double loss = 0;
    for (int i = 0; i < n; i++) {
      double[] p = softmax(logits[i]);
      loss -= Math.log(Math.max(p[labels[i]], Double.MIN_NORMAL));
      for (int c = 0; c < p.length; c++) {
        double g = (p[c] - (c == labels[i] ? 1 : 0)) / n;
        residual.set(i, c, (float) g);
        biasGradient[c] += (float) g;
      }
    }
    Matrix gradient = LinearAlgebra.get().multiply(residual, true, features, false);
    weightStep.step(weight.values(), gradient.values(), learningRate);
    biasStep.step(bias, biasGradient, learningRate);
    return loss / n;
  }

  /** exp(x) / sum exp(x), shifted by the maximum. */
  public static double[] softmax(double[] logits) {
    double max = Double.NEGATIVE_INFINITY;
    for (double v : logits) {
      max = Math.max(max, v);
    }
    double[] p = new double[logits.length];
    double sum = 0;
    for (int i = 0; i < p.length; i++) {
      p[i] = Math.exp(logits[i] - max);
      sum += p[i];
    }
    for (int i = 0; i < p.length; i++) {
      p[i] /= sum;
    }
    return p;
  }
}
