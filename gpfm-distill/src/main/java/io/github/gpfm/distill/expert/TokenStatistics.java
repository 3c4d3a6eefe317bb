package io.github.gpfm.distill.expert;

import ai.djl.Device;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import io.github.gpfm.api.EncoderException;
import io.github.gpfm.distill.config.RecipeConfig.Standardize;
import io.github.gpfm.encoder.script.ScriptModule;
import io.github.gpfm.encoder.script.ScriptNode;
import io.github.gpfm.encoder.script.ScriptProgram;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;

/** Means and covariances of experts' tokens, and the {@link Standardizer} that they lead to. */
public final class TokenStatistics implements AutoCloseable {
  private final ScriptModule program =
      new ScriptProgram(Standardizer.SOURCE, ScriptNode.of("Moments"))
          .load(Device.cpu(), ScriptProgram.Mode.INFERENCE);
  private final Map<String, Sums> sums = new LinkedHashMap<>();

  private record Sums(long count, double[] total, double[] products) {}

  /** Takes in an expert's class tokens. */
  public void addClasses(String expert, ExpertTokens tokens) {
    add(Standardizer.classes(expert), tokens.classTokens(), tokens.dimension());
  }

  /** Takes in an expert's patch tokens. */
  public void addPatches(String expert, ExpertTokens tokens) {
    add(Standardizer.patches(expert), tokens.patchTokens(), tokens.patchDimension());
  }

  private void add(String name, float[] tokens, int length) {
    long count = tokens.length / length;
    Sums old =
        sums.getOrDefault(name, new Sums(0, new double[length], new double[length * length]));
    try (NDManager scope = program.newScope()) {
      NDList added =
          program.call(
              scope,
              "add",
              scope.create(tokens, new Shape(count, length)),
              scope.create(old.total()),
              scope.create(old.products(), new Shape(length, length)));
      sums.put(
          name,
          new Sums(
              old.count() + count, added.get(0).toDoubleArray(), added.get(1).toDoubleArray()));
    }
  }

  /**
   * The maps for what was taken in.
   *
   * @throws EncoderException if an expert's tokens are all the same, or not finite
   */
  public Standardizer standardizer(Standardize kind) {
    Map<String, TokenMap> maps = new LinkedHashMap<>();
    sums.forEach((name, sum) -> maps.put(name, map(name, sum, kind)));
    return new Standardizer(maps);
  }

  private TokenMap map(String name, Sums sum, Standardize kind) {
    int e = sum.total().length;
    try (NDManager scope = program.newScope()) {
      for (double value : sum.total()) {
        if (!Double.isFinite(value)) {
          throw new EncoderException(
              "Expert tokens '%s' are not finite; check the expert before it teaches."
                  .formatted(name));
        }
      }
      NDList spectrum =
          program.call(
              scope,
              "spectrum",
              scope.create(sum.total()),
              scope.create(sum.products(), new Shape(e, e)),
              scope.create((double) sum.count()));
      float[] mean = floats(spectrum.get(0));
      double[] covariance = spectrum.get(1).toDoubleArray();
      double[] values = spectrum.get(2).toDoubleArray();
      double variance = Arrays.stream(values).average().orElse(0);
      if (sum.count() < 2 || !(variance > 0)) {
        throw new EncoderException(
            "Expert tokens '%s' are the same for every tile: they cannot be standardized, and teach nothing."
                .formatted(name));
      }
      return new TokenMap(
          mean,
          switch (kind) {
            case NONE, MEAN -> filled(e, 1);
            case ISOTROPIC -> filled(e, 1 / Math.sqrt(variance));
            case DIMENSION -> ofEach(covariance, variance);
            case PHI_S ->
                floats(
                    program
                        .call(
                            scope,
                            "rotation",
                            spectrum.get(2),
                            spectrum.get(3),
                            scope.create(EqualVariance.rotation(values), new Shape(e, e)))
                        .get(0));
          });
    }
  }

  private static float[] ofEach(double[] covariance, double variance) {
    int e = (int) Math.round(Math.sqrt(covariance.length));
    float[] scales = new float[e];
    for (int i = 0; i < e; i++) {
      // A value that never changes is 0 once its mean is out, whatever its scale.
      scales[i] = (float) (1 / Math.sqrt(Math.max(covariance[i * e + i], 1e-12 * variance)));
    }
    return scales;
  }

  private static float[] filled(int length, double value) {
    float[] values = new float[length];
    Arrays.fill(values, (float) value);
    return values;
  }

  private static float[] floats(NDArray array) {
    return array.toType(DataType.FLOAT32, false).toFloatArray();
  }

  @Override
  public void close() {
    program.close();
  }
}
