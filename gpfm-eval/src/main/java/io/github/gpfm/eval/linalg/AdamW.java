package io.github.gpfm.eval.linalg;

/**
 * AdamW (decoupled weight decay) on one parameter array, in PyTorch's order of operations: epsilon
 * is added after the bias correction of the second moment.
 */
public final class AdamW {
  private static final double BETA1 = 0.9;
  private static final double BETA2 = 0.999;
  private static final double EPSILON = 1e-8;

  private final double weightDecay;
  private final float[] first;
  private final float[] second;
  private int steps;

  /**
   * @param weightDecay share of the parameter, times the learning rate, taken off each step
   * @param size number of parameters
   */
  public AdamW(double weightDecay, int size) {
    this.weightDecay = weightDecay;
    this.first = new float[size];
    this.second = new float[size];
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
      double p = parameters[i] * (1 - learningRate * weightDecay);
      double g = gradient[i];
      first[i] = (float) (BETA1 * first[i] + (1 - BETA1) * g);
      second[i] = (float) (BETA2 * second[i] + (1 - BETA2) * g * g);
      double denominator = Math.sqrt(second[i]) / correction2 + EPSILON;
      parameters[i] = (float) (p - learningRate / correction1 * first[i] / denominator);
    }
  }
}
