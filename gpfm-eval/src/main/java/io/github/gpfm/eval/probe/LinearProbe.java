package io.github.gpfm.eval.probe;

import io.github.gpfm.api.ProgressListener;
import io.github.gpfm.eval.EvaluationException;
import io.github.gpfm.eval.data.LabelledFeatures;
import io.github.gpfm.eval.linalg.Matrix;
import io.github.gpfm.eval.metric.RocAuc;
import java.util.Arrays;
import java.util.SplittableRandom;
import java.util.stream.IntStream;

/**
 * The paper's linear probe: one linear layer on raw features, AdamW under a cosine schedule, the
 * epoch with the highest validation macro AUC kept.
 *
 * @param epochs most epochs
 * @param batchSize tiles a step; the last partial batch is kept
 * @param learningRate first learning rate
 * @param finalLearningRate learning rate at the end of the cosine
 * @param weightDecay decoupled decay
 * @param patience epochs without a better one after which training ends
 * @param leastPatientSteps optimiser steps that patience spans at the least, whatever the number of
 *     batches an epoch; 0 for none, as in the reference
 * @param seed seed of weights and shuffling
 * @param selection what makes an epoch better
 */
public record LinearProbe(
    int epochs,
    int batchSize,
    double learningRate,
    double finalLearningRate,
    double weightDecay,
    int patience,
    int leastPatientSteps,
    long seed,
    Selection selection) {
  private static final int SOUND_STEPS = 1000;

  /** What makes an epoch better than those before. */
  public enum Selection {
    /** A strictly higher validation macro AUC: the paper's rule. */
    AUC,
    /**
     * A lower validation cross-entropy. On a small set the AUC reaches its highest value by chance
     * within a few steps, long before the classes are told apart; the loss does not.
     */
    LOSS
  }

  /** Settings of the paper's launch script. */
  public static LinearProbe paper() {
    return new LinearProbe(3000, 256, 5e-4, 1e-5, 1e-5, 100, 0, 0, Selection.AUC);
  }

  /** The same with other limits. */
  public LinearProbe withEpochs(int most) {
    return new LinearProbe(
        most,
        batchSize,
        learningRate,
        finalLearningRate,
        weightDecay,
        patience,
        leastPatientSteps,
        seed,
        selection);
  }

  /** The same with another seed. */
  public LinearProbe withSeed(long other) {
    return new LinearProbe(
        epochs,
        batchSize,
        learningRate,
        finalLearningRate,
        weightDecay,
        patience,
        leastPatientSteps,
        other,
        selection);
  }

  /**
   * The same, made robust against few tiles: the lowest validation loss selects, and patience spans
   * 1,000 steps or more.
   */
  public LinearProbe sound() {
    return new LinearProbe(
        epochs,
        batchSize,
        learningRate,
        finalLearningRate,
        weightDecay,
        patience,
        SOUND_STEPS,
        seed,
        Selection.LOSS);
  }

  /**
   * A trained probe.
   *
   * @param weight classes x dimension
   * @param bias one value a class
   * @param epoch kept epoch, 0-based
   * @param validationAuc its macro AUC
   */
  public record Trained(Matrix weight, float[] bias, int epoch, double validationAuc) {
    /** Class probabilities of each row. */
    public double[][] probabilities(Matrix features) {
      double[][] logits = new SoftmaxRegression(weight, bias, 0).logits(features);
      return Arrays.stream(logits).map(SoftmaxRegression::softmax).toArray(double[][]::new);
    }
  }

  /** Learning rate used at a 0-based iteration of a cosine over {@code total} iterations. */
  public double learningRateAt(long iteration, long total) {
    return finalLearningRate
        + (learningRate - finalLearningRate) * (1 + Math.cos(Math.PI * iteration / total)) / 2;
  }

  /**
   * Trains on one set and selects on the other.
   *
   * @throws EvaluationException if a class has no training tile, the dimensions differ, or no epoch
   *     gives an AUC because the validation set has one class only
   */
  public Trained train(
      LabelledFeatures train, LabelledFeatures validation, ProgressListener progress) {
    train.checkSameDimension(validation);
    if (!train.absentClasses().isEmpty()) {
      throw new EvaluationException(
          "class '" + train.absentClasses().get(0) + "' has no tile in '" + train.name() + "'");
    }
    SplittableRandom random = new SplittableRandom(seed);
    SoftmaxRegression model =
        SoftmaxRegression.random(train.classes().size(), train.dimension(), weightDecay, random);
    int[] order = IntStream.range(0, train.size()).toArray();
    int batches = (order.length + batchSize - 1) / batchSize;
    long total = (long) epochs * batches;
    long iteration = 0;
    double[] ones = new double[validation.size()];
    Arrays.fill(ones, 1);
    double best = selection == Selection.AUC ? 0 : Double.NEGATIVE_INFINITY;
    int patient = Math.max(patience, (leastPatientSteps + batches - 1) / batches);
    Trained kept = null;
    int since = 0;
    progress.started("linear probe", epochs);
    for (int epoch = 0; epoch < epochs && since < patient; epoch++) {
      shuffle(order, random);
      for (int b = 0; b < batches; b++) {
        int to = Math.min(order.length, (b + 1) * batchSize);
        int[] batch = Arrays.copyOfRange(order, b * batchSize, to);
        int[] labels = Arrays.stream(batch).map(i -> train.labels()[i]).toArray();
        model.step(train.features().select(batch), labels, learningRateAt(iteration++, total));
      }
      double[][] logits = model.logits(validation.features());
      double[][] scores =
          Arrays.stream(logits).map(SoftmaxRegression::softmax).toArray(double[][]::new);
      double auc = RocAuc.macro(RocAuc.oneVsRest(scores, validation.labels()), ones);
      double score = selection == Selection.AUC ? auc : -loss(scores, validation.labels());
      since++;
      // An epoch without an AUC (one class to select by) is never kept.
      if (!Double.isNaN(auc) && score > best) {
        best = score;
        since = 0;
        kept = new Trained(model.weight(), model.bias(), epoch, auc);
      }
      progress.advanced(epoch + 1L);
    }
    progress.finished();
    if (kept == null) {
      throw new EvaluationException(
          "'" + validation.name() + "' gives no AUC to select an epoch by; it needs two classes");
    }
    return kept;
  }

  private static double loss(double[][] probabilities, int[] labels) {
    double sum = 0;
    for (int i = 0; i < labels.length; i++) {
      sum -= Math.log(Math.max(probabilities[i][labels[i]], Double.MIN_NORMAL));
    }
    return sum / labels.length;
  }

  static void shuffle(int[] order, SplittableRandom random) {
    for (int i = order.length - 1; i > 0; i--) {
      int j = random.nextInt(i + 1);
      int swap = order[i];
      order[i] = order[j];
      order[j] = swap;
    }
  }
}
