package io.github.gpfm.distill.expert;

import ai.djl.Device;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import io.github.gpfm.encoder.script.ScriptModule;
import io.github.gpfm.encoder.script.ScriptNode;
import io.github.gpfm.encoder.script.ScriptProgram;
import io.github.gpfm.encoder.weights.WeightTensor;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The principal components of one kind of tokens, found from some of them: first {@link #add}, then
 * {@link #fit}, then {@link #project}.
 */
final class TokenBasis implements AutoCloseable {
  private final ScriptModule program =
      new ScriptProgram(Standardizer.SOURCE, ScriptNode.of("Moments"))
          .load(Device.cpu(), ScriptProgram.Mode.INFERENCE);
  private final int length;
  private double[] products;
  private float @Nullable [] basis;
  private int components;
  private double energy;

  /**
   * @param length of a token
   */
  TokenBasis(int length) {
    this.length = length;
    this.products = new double[length * length];
  }

  /** Takes in tokens, row-major. */
  void add(float[] tokens) {
    try (NDManager scope = program.newScope()) {
      NDList sums =
          program.call(
              scope,
              "add",
              scope.create(tokens, new Shape(tokens.length / length, length)),
              scope.zeros(new Shape(length), DataType.FLOAT64),
              scope.create(products, new Shape(length, length)));
      products = sums.get(1).toDoubleArray();
    }
  }

  /** Finds the basis of what was taken in. */
  void fit(int wanted) {
    components = Math.min(wanted, length);
    try (NDManager scope = program.newScope()) {
      NDList found =
          program.call(
              scope,
              "principal",
              scope.create(products, new Shape(length, length)),
              scope.create((double) components));
      basis = found.get(0).toType(DataType.FLOAT32, false).toFloatArray();
      energy = found.get(1).getDouble();
    }
  }

  /** Share of the tokens' squared length that the components have. */
  double energy() {
    return energy;
  }

  int components() {
    return components;
  }

  /** The components of tokens, row-major. */
  float[] project(float[] tokens) {
    if (basis == null) {
      throw new IllegalStateException("the basis has not been fitted");
    }
    try (NDManager scope = program.newScope()) {
      return program
          .call(
              scope,
              "project",
              scope.create(tokens, new Shape(tokens.length / length, length)),
              scope.create(basis, new Shape(length, components)))
          .get(0)
          .toFloatArray();
    }
  }

  /** The basis [length, components]: token ≈ components · basis^T. */
  WeightTensor tensor(String name) {
    float[] values = basis == null ? new float[0] : basis;
    return WeightTensor.ofFloats(name, List.of((long) length, (long) components), values);
  }

  @Override
  public void close() {
    program.close();
  }
}
