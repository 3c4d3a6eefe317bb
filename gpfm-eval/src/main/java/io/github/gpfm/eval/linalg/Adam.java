package io.github.gpfm.eval.linalg;

/**
 * Adam and AdamW on one parameter array, in PyTorch's order of operations: epsilon is added after
 * the bias correction of the second moment.
 */
public final class Adam {
  private static final double BETA1 = 0.9;
  private static final double BETA2 = 0.999;
  private static final double EPSILON = 1e-8;

  private final boolean decoupled;
  private final double weightDecay;
  private final float[] first;
  private final float[] second;
  private int steps;

  private Adam(boolean decoupled, double weightDecay, int size) {
    this.decoupled = decoupled;
    this.weightDecay = weightDecay;
    this.first = new float[size];
    this.second = new float[size];
  }

  /** Adam whose weight decay is added to the gradient (L2 penalty). */
  public static Adam coupled(double weightDecay, int size) {
    return new Adam(false, weightDecay, size);
  }

  /** AdamW: the weight decay shrinks the parameter itself. */
  public static Adam decoupled(double weightDecay, int size) {
    return new Adam(true, weightDecay, size);
  }

  /**
   * One step.
   *
   * @param parameters changed in place
   * @param gradient of the same size
   * @param learningRate step size
   */
  public void step(float[] parameters, float[] gradient, double learningRate) {
    steps++;
    double correction1 = 1 - Math.pow(BETA1, steps);
    double correction2 = Math.sqrt(1 - Math.pow(BETA2, steps));
    for (int i = 0; i < parameters.length; i++) {
      double p = parameters[i];
      double g = gradient[i];
      if (decoupled) {
        p -= learningRate * weightDecay * p;
      } else {
        g += weightDecay * p;
      }
      first[i] = (float) (BETA1 * first[i] + (1 - BETA1) * g);
      second[i] = (float) (BETA2 * second[i] + (1 - BETA2) * g * g);
      double denominator = Math.sqrt(second[i]) / correction2 + EPSILON;
      parameters[i] = (float) (p - learningRate / correction1 * first[i] / denominator);
    }
  }
}
