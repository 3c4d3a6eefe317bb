package io.github.gpfm.distill.model;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * What one step reports.
 *
 * @param objective the sum that was differentiated
 * @param terms weighted terms by their official log names (KoLeo and iBOT halved, as logged there)
 * @param gradientNorms norm of each submodule's gradient before clipping
 * @param updated false if a float16 gradient overflowed and the step was skipped
 */
public record StepResult(
    double objective,
    Map<String, Double> terms,
    Map<String, Double> gradientNorms,
    boolean updated) {
  /** Copies the maps, keeping their order. */
  public StepResult {
    terms = Collections.unmodifiableMap(new LinkedHashMap<>(terms));
    gradientNorms = Collections.unmodifiableMap(new LinkedHashMap<>(gradientNorms));
  }

  /** Sum of the logged terms, {@code total_loss} of the official log. */
  public double totalReported() {
    return terms.values().stream().mapToDouble(Double::doubleValue).sum();
  }
}
