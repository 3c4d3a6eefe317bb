package io.github.gpfm.eval.survival;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import io.github.gpfm.encoder.script.Engines;
import io.github.gpfm.encoder.script.ScriptModule;
import io.github.gpfm.encoder.script.ScriptNode;
import io.github.gpfm.encoder.script.ScriptProgram;
import io.github.gpfm.encoder.script.ScriptSource;

/**
 * The survival losses by themselves (resource {@code losses.torchscript}, which the networks
 * share): values and gradients of given logits. To be closed.
 */
public final class SurvivalLosses implements AutoCloseable {
  private final ScriptModule module =
      new ScriptProgram(
              ScriptSource.resources(SurvivalLosses.class, "losses.torchscript"),
              ScriptNode.of("SurvivalLosses"))
          .load(Engines.defaultDevice(), ScriptProgram.Mode.TRAINING);

  /** Which loss. */
  public enum Form {
    /** Negative log likelihood of discrete hazards. */
    NLL,
    /** The reference's cross-entropy form. */
    CE
  }

  /**
   * A loss and its gradient.
   *
   * @param value mean over the batch
   * @param gradient with respect to the first argument, of its layout
   */
  public record Result(float value, float[] gradient) {}

  /**
   * What logits say.
   *
   * @param hazards probability of the event in each bin, cases x bins
   * @param survival probability of surviving each bin, cases x bins
   * @param risk minus the sum of the survival
   */
  public record Prediction(float[] hazards, float[] survival, float[] risk) {}

  /**
   * Loss of discrete-time logits.
   *
   * @param logits cases x bins, row-major
   * @param labels bin of each case
   * @param censored 1 where the case left without the event
   * @param alpha weight of the uncensored part
   */
  public Result discrete(Form form, float[] logits, long[] labels, float[] censored, float alpha) {
    int cases = labels.length;
    try (NDManager scope = module.newScope()) {
      NDArray x = scope.create(logits, new Shape(cases, logits.length / cases));
      String method = form == Form.NLL ? "nll" : "ce";
      return differentiate(
          scope, method, x, scope.create(labels), scope.create(censored), scope.create(alpha));
    }
  }

  /**
   * Cox's negative partial log likelihood, mean over all cases.
   *
   * @param logRisks one value a case
   * @param times observed times
   * @param censored 1 where the case left without the event
   */
  public Result cox(float[] logRisks, float[] times, float[] censored) {
    try (NDManager scope = module.newScope()) {
      NDArray theta = scope.create(logRisks);
      return differentiate(scope, "cox", theta, scope.create(times), scope.create(censored));
    }
  }

  private Result differentiate(NDManager scope, String method, NDArray x, NDArray... rest) {
    x.setRequiresGradient(true);
    Object[] arguments = new Object[rest.length + 1];
    arguments[0] = x;
    System.arraycopy(rest, 0, arguments, 1, rest.length);
    NDArray loss = module.callWithGradients(scope, method, arguments).singletonOrThrow();
    ScriptModule.backward(loss);
    return new Result(loss.getFloat(), x.getGradient().toFloatArray());
  }

  /** Hazards, survival and risk of logits, cases x bins. */
  public Prediction describe(float[] logits, int bins) {
    try (NDManager scope = module.newScope()) {
      NDArray x = scope.create(logits, new Shape(logits.length / bins, bins));
      NDList parts = module.call(scope, "describe", x);
      return new Prediction(
          parts.get(0).toFloatArray(), parts.get(1).toFloatArray(), parts.get(2).toFloatArray());
    }
  }

  @Override
  public void close() {
    module.close();
  }
}
