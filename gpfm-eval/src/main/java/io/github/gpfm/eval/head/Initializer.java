package io.github.gpfm.eval.head;

import io.github.gpfm.encoder.script.ScriptNode;
import io.github.gpfm.encoder.weights.WeightTensor;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.LongStream;

/** Fresh layers with PyTorch's default initialisation, drawn from a seed. Not thread-safe. */
public final class Initializer {
  private final SplittableRandom random;

  /**
   * @param seed seed of all weights drawn from this
   */
  public Initializer(long seed) {
    this.random = new SplittableRandom(seed);
  }

  /** Weight and bias uniform in ±1/√in. */
  public ScriptNode linear(int in, int out) {
    return ScriptNode.of("Linear")
        .parameter("weight", uniform(1 / Math.sqrt(in), out, in))
        .parameter("bias", uniform(1 / Math.sqrt(in), out));
  }

  /** As {@link #linear} without a bias. */
  public ScriptNode linearWithoutBias(int in, int out) {
    return ScriptNode.of("Linear")
        .parameter("weight", uniform(1 / Math.sqrt(in), out, in))
        .parameter("bias", null);
  }

  /** Weight 1, bias 0. */
  public ScriptNode layerNorm(int size) {
    return ScriptNode.of("LayerNorm")
        .parameter("weight", constant(1, size))
        .parameter("bias", constant(0, size))
        .constant("size", (long) size)
        .constant("eps", 1e-5);
  }

  /** Values uniform in ±bound. */
  public WeightTensor uniform(double bound, long... shape) {
    float[] values = new float[count(shape)];
    for (int i = 0; i < values.length; i++) {
      values[i] = (float) ((2 * random.nextDouble() - 1) * bound);
    }
    return WeightTensor.ofFloats("", axes(shape), values);
  }

  /** Values from N(0, std²). */
  public WeightTensor normal(double std, long... shape) {
    float[] values = new float[count(shape)];
    for (int i = 0; i < values.length; i++) {
      values[i] = (float) (std * random.nextGaussian());
    }
    return WeightTensor.ofFloats("", axes(shape), values);
  }

  private static WeightTensor constant(float value, long... shape) {
    float[] values = new float[count(shape)];
    Arrays.fill(values, value);
    return WeightTensor.ofFloats("", axes(shape), values);
  }

  private static int count(long... shape) {
    return Math.toIntExact(LongStream.of(shape).reduce(1, Math::multiplyExact));
  }

  private static List<Long> axes(long... shape) {
    return LongStream.of(shape).boxed().toList();
  }
}
