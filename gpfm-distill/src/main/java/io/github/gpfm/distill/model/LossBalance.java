package io.github.gpfm.distill.model;

import io.github.gpfm.distill.config.DistillConfig;
import io.github.gpfm.distill.config.ExpertConfig;
import io.github.gpfm.distill.config.RecipeConfig.Balance;
import io.github.gpfm.encoder.weights.WeightTensor;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * Weights that bring the experts' terms to one size (AdaLoss, Hu et al., arXiv 1708.06832): each is
 * divided by its own running mean, then has the weight that the configuration gives it. A term
 * without a mean, in the first step, has the weight as it is.
 */
final class LossBalance {
  /** Name of the running means in a checkpoint. */
  static final String TENSOR = "loss_balance";

  private final boolean used;
  private final double momentum;
  private final List<String> terms;
  private final double[] configured;
  private final float[] means;

  LossBalance(DistillConfig config) {
    used = config.recipe().balance() != Balance.NONE;
    momentum = config.recipe().balanceMomentum();
    terms = Terms.ofExperts(config);
    List<Double> weights = new ArrayList<>();
    for (ExpertConfig expert : config.experts().values()) {
      if (expert.classWeight() > 0) {
        weights.add(expert.classWeight());
      }
      if (expert.patchWeight() > 0) {
        weights.add(expert.patchWeight());
      }
    }
    configured = weights.stream().mapToDouble(Double::doubleValue).toArray();
    means = new float[configured.length];
  }

  boolean used() {
    return used;
  }

  /** Factors on the terms, which have their configured weights already. */
  float[] factors() {
    float[] factors = new float[means.length];
    for (int i = 0; i < factors.length; i++) {
      factors[i] = means[i] > 0 ? (float) (configured[i] / means[i]) : 1;
    }
    return factors;
  }

  /** Takes a step's terms into the means. */
  void update(Map<String, Double> values) {
    for (int i = 0; i < means.length && used; i++) {
      double value = values.getOrDefault(terms.get(i), 0.0);
      means[i] = (float) (means[i] > 0 ? momentum * means[i] + (1 - momentum) * value : value);
    }
  }

  /** The means as they are now. */
  WeightTensor tensor() {
    return WeightTensor.ofFloats(TENSOR, List.of((long) means.length), means.clone());
  }

  void load(WeightTensor tensor) {
    System.arraycopy(tensor.toFloats(), 0, means, 0, means.length);
  }
}
