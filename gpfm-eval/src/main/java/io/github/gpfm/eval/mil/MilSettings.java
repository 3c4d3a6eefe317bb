package io.github.gpfm.eval.mil;

import io.github.gpfm.eval.EvaluationException;

/**
 * How a network over bags is trained.
 *
 * @param learningRate Adam's step size
 * @param weightDecay L2 penalty added to the gradient
 * @param maxEpochs most epochs
 * @param patience successive epochs worse than the best that end the training
 * @param sureEpochs 0-based epoch index above which patience counts
 * @param balanced whether cases are drawn with replacement, each class alike
 * @param seed seed of weights, dropout and order
 * @param casesPerStep bags a step of {@link MilKind#HMIL}, which contrasts them; all others see one
 *     (Cox's likelihood as many as it says)
 */
public record MilSettings(
    double learningRate,
    double weightDecay,
    int maxEpochs,
    int patience,
    int sureEpochs,
    boolean balanced,
    long seed,
    int casesPerStep) {
  private static final int USUAL_CASES = 16;

  /** Checks the number of cases. */
  public MilSettings {
    if (casesPerStep < 2) {
      throw new EvaluationException("a step contrasts two bags or more, not " + casesPerStep);
    }
  }

  /** Sixteen cases a step where several are seen. */
  public MilSettings(
      double learningRate,
      double weightDecay,
      int maxEpochs,
      int patience,
      int sureEpochs,
      boolean balanced,
      long seed) {
    this(learningRate, weightDecay, maxEpochs, patience, sureEpochs, balanced, seed, USUAL_CASES);
  }

  /** Settings of the paper's launch script. */
  public static MilSettings paper() {
    return new MilSettings(2e-4, 1e-4, 100, 20, 50, true, 1024);
  }

  /** The same with another seed. */
  public MilSettings withSeed(long other) {
    return new MilSettings(
        learningRate, weightDecay, maxEpochs, patience, sureEpochs, balanced, other, casesPerStep);
  }

  /** The same with other limits. */
  public MilSettings withEpochs(int most, int patient, int sure) {
    return new MilSettings(
        learningRate, weightDecay, most, patient, sure, balanced, seed, casesPerStep);
  }
}
