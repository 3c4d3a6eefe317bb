package io.github.gpfm.distill.model;

import io.github.gpfm.distill.data.Seeds;
import io.github.gpfm.distill.data.Seeds.Purpose;
import io.github.gpfm.encoder.weights.WeightTensor;
import java.util.SplittableRandom;

/** Initial values of the parameters, a stream for each so that one does not move the others. */
final class Initializer {
  private Initializer() {}

  static WeightTensor draw(ParameterSpec spec, long seed) {
    SplittableRandom random = Seeds.stream(seed, Purpose.WEIGHTS, spec.name().hashCode());
    float[] values = new float[spec.count()];
    for (int i = 0; i < values.length; i++) {
      values[i] = (float) value(spec.init(), random);
    }
    return WeightTensor.ofFloats(spec.name(), spec.shape(), values);
  }

  private static double value(ParameterSpec.Init init, SplittableRandom random) {
    return switch (init.kind()) {
      case CONSTANT -> init.scale();
      case UNIFORM -> init.scale() * (2 * random.nextDouble() - 1);
      case NORMAL -> {
        double value = init.scale() * random.nextGaussian();
        while (Math.abs(value) > 2) {
          value = init.scale() * random.nextGaussian();
        }
        yield value;
      }
    };
  }
}
