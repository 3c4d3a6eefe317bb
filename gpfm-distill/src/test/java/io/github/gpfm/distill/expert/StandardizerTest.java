package io.github.gpfm.distill.expert;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.djl.Device;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import io.github.gpfm.api.EncoderException;
import io.github.gpfm.distill.config.RecipeConfig.Standardize;
import io.github.gpfm.encoder.script.Engines;
import io.github.gpfm.encoder.weights.WeightFile;
import io.github.gpfm.encoder.weights.WeightTensor;
import java.io.IOException;
import java.io.InputStream;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Tokens are standardized as PHI-S's authors do it, and as each other choice says. */
class StandardizerTest {
  private static WeightFile fixture() throws IOException {
    try (InputStream in =
        StandardizerTest.class.getResourceAsStream(
            "/io/github/gpfm/distill/model/recipes.safetensors")) {
      return WeightFile.ofSafetensors("recipes", Objects.requireNonNull(in).readAllBytes());
    }
  }

  /** n x e correlated values of unequal variances. */
  private static float[] tokens(int n, int e) {
    SplittableRandom random = new SplittableRandom(n + e);
    float[] tokens = new float[n * e];
    for (int i = 0; i < n; i++) {
      double shared = random.nextGaussian();
      for (int k = 0; k < e; k++) {
        tokens[i * e + k] = (float) (3 + k + (0.2 + k) * (random.nextGaussian() + shared));
      }
    }
    return tokens;
  }

  private static float[] standardized(float[] tokens, int e, Standardize kind) {
    try (TokenStatistics statistics = new TokenStatistics();
        NDManager scope = Engines.newManager(Device.cpu())) {
      // In two parts, as batches come.
      int half = tokens.length / e / 2 * e;
      statistics.addClasses("x", ExpertTokens.ofClasses(e, Arrays.copyOfRange(tokens, 0, half)));
      statistics.addClasses(
          "x", ExpertTokens.ofClasses(e, Arrays.copyOfRange(tokens, half, tokens.length)));
      try (Standardizer made = statistics.standardizer(kind)) {
        Map<String, WeightTensor> kept = new LinkedHashMap<>();
        made.tensors().forEach(tensor -> kept.put(tensor.name(), tensor));
        try (Standardizer again = Standardizer.of(kept)) {
          NDArray all = scope.create(tokens, new Shape(tokens.length / e, e));
          float[] first = made.classes("x", scope, all).toFloatArray();
          assertArrayEquals(first, again.classes("x", scope, all).toFloatArray());
          return first;
        }
      }
    }
  }

  private static double[] moments(float[] tokens, int e, int k) {
    int n = tokens.length / e;
    double mean = 0;
    double square = 0;
    for (int i = 0; i < n; i++) {
      mean += tokens[i * e + k];
      square += (double) tokens[i * e + k] * tokens[i * e + k];
    }
    mean /= n;
    return new double[] {mean, (square - n * mean * mean) / (n - 1)};
  }

  /** 16 has Sylvester's matrix, 12 Paley's first, 36 his second, 7 and 10 none. */
  @ParameterizedTest
  @ValueSource(ints = {16, 12, 36, 7, 10})
  void everyValueHasMeanZeroAndVarianceOne(int e) {
    float[] tokens = standardized(tokens(400, e), e, Standardize.PHI_S);
    for (int k = 0; k < e; k++) {
      double[] moments = moments(tokens, e, k);
      assertEquals(0, moments[0], 1e-4);
      assertEquals(1, moments[1], 1e-4);
    }
  }

  /** A rotation and one scale: distances keep their ratios. */
  @ParameterizedTest
  @EnumSource(
      value = Standardize.class,
      names = {"MEAN", "ISOTROPIC", "PHI_S"})
  void distancesKeepTheirRatios(Standardize kind) {
    int e = 12;
    float[] before = tokens(60, e);
    float[] after = standardized(before, e, kind);
    double ratio = distance(before, e, 0, 1) / distance(after, e, 0, 1);
    for (int i = 2; i < 60; i++) {
      assertEquals(ratio, distance(before, e, 0, i) / distance(after, e, 0, i), 1e-4 * ratio);
    }
  }

  private static double distance(float[] tokens, int e, int i, int j) {
    double sum = 0;
    for (int k = 0; k < e; k++) {
      sum += Math.pow(tokens[i * e + k] - tokens[j * e + k], 2);
    }
    return Math.sqrt(sum);
  }

  @Test
  void otherChoicesDoWhatTheySay() {
    int e = 6;
    float[] tokens = tokens(300, e);
    double meanVariance = 0;
    for (int k = 0; k < e; k++) {
      assertEquals(0, moments(standardized(tokens, e, Standardize.MEAN), e, k)[0], 1e-4);
      assertEquals(1, moments(standardized(tokens, e, Standardize.DIMENSION), e, k)[1], 1e-4);
      meanVariance += moments(standardized(tokens, e, Standardize.ISOTROPIC), e, k)[1] / e;
      // The mistake: without it nothing of the kind holds.
      assertTrue(Math.abs(moments(tokens, e, k)[0]) > 1);
    }
    assertEquals(1, meanVariance, 1e-4);
  }

  /** RADIO's own matrix, row by row but for the sign that an eigenvector is free in. */
  @ParameterizedTest
  @ValueSource(strings = {"a", "b"})
  void matrixIsTheAuthors(String name) throws IOException {
    WeightFile fixture = fixture();
    float[] x = fixture.tensor("phis/" + name + "/x").toFloats();
    float[] mean = fixture.tensor("phis/" + name + "/mean").toFloats();
    float[] map = fixture.tensor("phis/" + name + "/map").toFloats();
    int e = mean.length;
    try (TokenStatistics statistics = new TokenStatistics()) {
      statistics.addClasses("x", ExpertTokens.ofClasses(e, x));
      try (Standardizer made = statistics.standardizer(Standardize.PHI_S)) {
        float[] own = made.tensors().get(1).toFloats();
        assertArrayEquals(mean, made.tensors().get(0).toFloats(), 1e-5f);
        double[] rotation = EqualVariance.rotation(new double[e]);
        for (int axis = 0; axis < e; axis++) {
          double[] theirs = axis(rotation, map, axis, e);
          double[] mine = axis(rotation, own, axis, e);
          double sign = Math.signum(dot(theirs, mine));
          for (int k = 0; k < e; k++) {
            assertEquals(theirs[k], sign * mine[k], 1e-5);
          }
        }
      }
    }
  }

  /** A row of rotation^T x map: a scaled principal axis. */
  private static double[] axis(double[] rotation, float[] map, int axis, int e) {
    double[] row = new double[e];
    for (int k = 0; k < e; k++) {
      for (int i = 0; i < e; i++) {
        row[k] += rotation[i * e + axis] * map[i * e + k];
      }
    }
    return row;
  }

  private static double dot(double[] a, double[] b) {
    double sum = 0;
    for (int k = 0; k < a.length; k++) {
      sum += a[k] * b[k];
    }
    return sum;
  }

  @Test
  void tokensThatNeverChangeAreRefused() {
    try (TokenStatistics statistics = new TokenStatistics()) {
      float[] same = new float[40];
      Arrays.fill(same, 2);
      statistics.addClasses("dull", ExpertTokens.ofClasses(4, same));
      EncoderException e =
          assertThrows(EncoderException.class, () -> statistics.standardizer(Standardize.PHI_S));
      assertTrue(e.getMessage().contains("'dull.cls_token'"), e.getMessage());
    }
  }
}
