package io.github.gpfm.encoder.vit;

import io.github.gpfm.encoder.weights.WeightTensor;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;

/**
 * First weights of a vision transformer, as DINOv2 draws them: linear layers and positions normal
 * with deviation 0.02 (cut at two deviations), class and register tokens normal with 1e-6, patch
 * projection uniform within 1/sqrt(fan-in), biases 0, norms 1, mask token 0.
 */
public final class VitInitialization {
  private VitInitialization() {}

  /**
   * @param seed the same seed gives the same weights everywhere
   * @param layerScale first value of every LayerScale; DINOv2 uses 1e-5
   */
  public static Map<String, WeightTensor> draw(VitConfig config, long seed, double layerScale) {
    Map<String, WeightTensor> weights = new LinkedHashMap<>();
    Random random = new Random(seed);
    config
        .shapes()
        .forEach(
            (name, shape) ->
                weights.put(
                    name,
                    WeightTensor.ofFloats(name, shape, values(name, shape, random, layerScale))));
    return weights;
  }

  private static float[] values(String name, List<Long> shape, Random random, double layerScale) {
    float[] values = new float[Math.toIntExact(shape.stream().reduce(1L, Math::multiplyExact))];
    if (name.startsWith("patch_embed.")) {
      double fanIn = shape.size() == 4 ? values.length / (double) shape.get(0) : 1e4;
      double bound = 1 / Math.sqrt(fanIn);
      fill(values, () -> (2 * random.nextDouble() - 1) * bound);
    } else if (name.endsWith("_token") || name.endsWith("_tokens")) {
      double deviation = name.equals("mask_token") ? 0 : 1e-6;
      fill(values, () -> random.nextGaussian() * deviation);
    } else if (name.endsWith(".gamma")) {
      Arrays.fill(values, (float) layerScale);
    } else if (name.equals("pos_embed") || shape.size() == 2) {
      fill(values, () -> truncated(random) * 0.02);
    } else if (name.endsWith(".weight")) {
      Arrays.fill(values, 1);
    }
    return values;
  }

  private interface Draw {
    double next();
  }

  private static void fill(float[] values, Draw draw) {
    for (int i = 0; i < values.length; i++) {
      values[i] = (float) draw.next();
    }
  }

  private static double truncated(Random random) {
    double value = random.nextGaussian();
    while (Math.abs(value) > 2) {
      value = random.nextGaussian();
    }
    return value;
  }
}
