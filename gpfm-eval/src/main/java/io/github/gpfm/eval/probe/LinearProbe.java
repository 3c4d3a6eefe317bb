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
 * @param patience epochs without a strictly higher AUC after which training ends
 * @param seed seed of weights and shuffling
 * @param lossBreaksTies whether, of epochs with equal AUC, the one with the lower validation loss
 *     is better (small validation sets reach an AUC of 1 before anything is learned); the reference
 *     keeps the first
 */
public record LinearProbe(
    int epochs,
    int batchSize,
    double learningRate,
    double finalLearningRate,
    double weightDecay,
    int patience,
    long seed,
    boolean lossBreaksTies) {
  /** Settings of the paper's launch script. */
  public static LinearProbe paper() {
    return new LinearProbe(3000, 256, 5e-4, 1e-5, 1e-5, 100, 0, false);
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
        seed,
        lossBreaksTies);
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
        other,
        lossBreaksTies);
  }

  /** The same, of epochs with equal AUC preferring the one with the lower validation loss. */
  public LinearProbe withLossBreakingTies() {
    return new LinearProbe(
        epochs, batchSize, learningRate, finalLearningRate, weightDecay, patience, seed, true);
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
    double best = 0;
    double bestLoss = Double.POSITIVE_INFINITY;
    Trained kept = null;
    int since = 0;
    progress.started("linear probe", epochs);
    for (int epoch = 0; epoch < epochs && since < patience; epoch++) {
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
      double loss = lossBreaksTies ? loss(scores, validation.labels()) : Double.POSITIVE_INFINITY;
      since++;
      if (auc > best || auc == best && loss < bestLoss) {
        best = auc;
        bestLoss = loss;
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
