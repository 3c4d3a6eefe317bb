package io.github.gpfm.eval.metric;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import io.github.gpfm.eval.EvaluationFixtures;
import io.github.gpfm.eval.data.LabelledFeatures;
import io.github.gpfm.eval.linalg.Matrix;
import io.github.gpfm.eval.probe.LogisticRegression;
import io.github.gpfm.eval.survival.BreslowBaseline;
import io.github.gpfm.eval.survival.CoxNet;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Locale;
import java.util.stream.IntStream;
import java.util.zip.GZIPInputStream;
import org.junit.jupiter.api.Test;

/**
 * Figures against scikit-learn, scipy, lifelines and scikit-survival on more than 200 random and
 * edge cases each: ties, absent classes, certain errors, constant risks, tied times. The numbers
 * come from {@code benchmarks/python/metrics.py}. The tolerance is that of the twelve digits kept;
 * models found by iteration are given 1e-5 (probabilities) and 1e-5 (coefficients).
 */
class MetricParityTest {
  private static final double EXACT = 1e-9;
  private static final double ITERATED = 1e-5;

  private static JsonArray cases(String family) throws IOException {
    try (InputStream in = MetricParityTest.class.getResourceAsStream("python-metrics.json.gz");
        InputStreamReader text =
            new InputStreamReader(new GZIPInputStream(in), StandardCharsets.UTF_8)) {
      JsonArray found = JsonParser.parseReader(text).getAsJsonObject().getAsJsonArray(family);
      assertTrue(found.size() >= 200);
      return found;
    }
  }

  private static double[] numbers(JsonObject one, String name) {
    JsonArray array = one.getAsJsonArray(name);
    return IntStream.range(0, array.size()).mapToDouble(i -> number(array.get(i))).toArray();
  }

  private static double number(JsonElement element) {
    return element.isJsonNull() ? Double.NaN : element.getAsDouble();
  }

  private static int[] integers(JsonObject one, String name) {
    return Arrays.stream(numbers(one, name)).mapToInt(v -> (int) v).toArray();
  }

  private static boolean[] flags(JsonObject one, String name) {
    JsonArray array = one.getAsJsonArray(name);
    boolean[] flags = new boolean[array.size()];
    for (int i = 0; i < flags.length; i++) {
      flags[i] = array.get(i).getAsBoolean();
    }
    return flags;
  }

  private static double[][] rows(double[] flat, int columns) {
    return IntStream.range(0, flat.length / columns)
        .mapToObj(r -> Arrays.copyOfRange(flat, r * columns, (r + 1) * columns))
        .toArray(double[][]::new);
  }

  private static double[] ones(int n) {
    double[] ones = new double[n];
    Arrays.fill(ones, 1);
    return ones;
  }

  private static Matrix matrix(double[] flat, int columns) {
    float[] values = new float[flat.length];
    for (int i = 0; i < values.length; i++) {
      values[i] = (float) flat[i];
    }
    return Matrix.of(flat.length / columns, columns, values);
  }

  @Test
  void classificationEqualsScikitLearn() throws IOException {
    for (JsonElement element : cases("classification")) {
      JsonObject one = element.getAsJsonObject();
      int[] labels = integers(one, "y");
      double[][] p = rows(numbers(one, "p"), one.get("k").getAsInt());
      for (ClassificationMetric metric : ClassificationMetric.values()) {
        double found = metric.of(p, labels, false).applyAsDouble(ones(labels.length));
        assertEquals(number(one.get(metric.key())), found, EXACT, metric + " of " + one);
      }
    }
  }

  @Test
  void weightsAreRepetitions() throws IOException {
    int seen = 0;
    for (JsonElement element : cases("classification")) {
      JsonObject one = element.getAsJsonObject();
      int[] labels = integers(one, "y");
      double[][] p = rows(numbers(one, "p"), one.get("k").getAsInt());
      // The first case three times, the last not at all.
      int n = labels.length;
      double[] weights = ones(n);
      weights[0] = 3;
      weights[n - 1] = 0;
      int[] rows = IntStream.concat(IntStream.of(0, 0), IntStream.range(0, n - 1)).toArray();
      int[] repeated = IntStream.of(rows).map(i -> labels[i]).toArray();
      double[][] scores = IntStream.of(rows).mapToObj(i -> p[i]).toArray(double[][]::new);
      for (ClassificationMetric metric : ClassificationMetric.values()) {
        assertEquals(
            metric.of(scores, repeated, false).applyAsDouble(ones(rows.length)),
            metric.of(p, labels, false).applyAsDouble(weights),
            EXACT,
            metric.key());
        seen++;
      }
    }
    assertTrue(seen > 2000);
  }

  @Test
  void deLongAndHolmEqualTheirDefinitions() throws IOException {
    for (JsonElement element : cases("comparison")) {
      JsonObject one = element.getAsJsonObject();
      double[] y = numbers(one, "y");
      boolean[] positive = new boolean[y.length];
      for (int i = 0; i < y.length; i++) {
        positive[i] = y[i] == 1;
      }
      DeLongTest test = DeLongTest.of(numbers(one, "a"), numbers(one, "b"), positive);
      assertEquals(one.get("auc_a").getAsDouble(), test.first(), EXACT);
      assertEquals(one.get("auc_b").getAsDouble(), test.second(), EXACT);
      double variance = test.standardError() * test.standardError();
      assertEquals(one.get("variance").getAsDouble(), variance, EXACT);
      if (!one.get("p").isJsonNull()) {
        assertEquals(one.get("p").getAsDouble(), test.p(), 1e-8);
      }
      double[] holm = MultipleTests.holm(numbers(one, "raw"));
      double[] expected = numbers(one, "holm");
      for (int i = 0; i < holm.length; i++) {
        assertEquals(expected[i], holm[i], EXACT);
      }
    }
  }

  @Test
  void regressionEqualsScikitLearnAndScipy() throws IOException {
    for (JsonElement element : cases("regression")) {
      JsonObject one = element.getAsJsonObject();
      double[] y = numbers(one, "y");
      double[] x = numbers(one, "x");
      for (RegressionMetric metric : RegressionMetric.values()) {
        double found = metric.of(y, x).applyAsDouble(ones(y.length));
        double expected = number(one.get(metric.key()));
        double tolerance = Double.isNaN(expected) ? EXACT : EXACT * (1 + Math.abs(expected));
        assertEquals(expected, found, tolerance, metric + " of " + one);
      }
    }
  }

  @Test
  void survivalEqualsScikitSurvivalAndLifelines() throws IOException {
    for (JsonElement element : cases("survival")) {
      JsonObject one = element.getAsJsonObject();
      double[] t = numbers(one, "t");
      boolean[] c = flags(one, "c");
      double[] risk = numbers(one, "risk");
      double[] grid = numbers(one, "grid");
      SurvivalAccuracy accuracy =
          new SurvivalAccuracy(
              t, c, CensoringDistribution.of(numbers(one, "tt"), flags(one, "tc")));
      double[] all = ones(t.length);
      String where = one.toString();
      double harrell = number(one.get("harrell"));
      assertEquals(harrell, ConcordanceIndex.of(t, c, risk).value(), EXACT, where);
      assertEquals(harrell, ConcordanceIndex.weighted(t, c, risk).applyAsDouble(all), EXACT, where);
      assertEquals(
          number(one.get("uno")),
          accuracy.uno(risk, Double.POSITIVE_INFINITY).applyAsDouble(all),
          EXACT,
          where);
      assertEquals(
          number(one.get("uno_tau")),
          accuracy.uno(risk, one.get("tau").getAsDouble()).applyAsDouble(all),
          EXACT,
          where);
      double[] auc = numbers(one, "auc");
      double[] brier = numbers(one, "brier");
      double[][] s = rows(numbers(one, "s"), grid.length);
      for (int k = 0; k < grid.length; k++) {
        int at = k;
        assertEquals(auc[k], accuracy.auc(risk, grid[k]).applyAsDouble(all), EXACT, where);
        double[] column = Arrays.stream(s).mapToDouble(row -> row[at]).toArray();
        assertEquals(brier[k], accuracy.brier(column, grid[k]).applyAsDouble(all), EXACT, where);
      }
      assertEquals(number(one.get("mean_auc")), accuracy.meanAuc(risk, grid), EXACT, where);
      assertEquals(
          number(one.get("ibs")),
          accuracy.integratedBrier(s, grid).applyAsDouble(all),
          EXACT,
          where);
      curves(one, t, c, risk, grid);
    }
  }

  private static void curves(
      JsonObject one, double[] t, boolean[] c, double[] risk, double[] grid) {
    KaplanMeier curve = KaplanMeier.of(t, c);
    double[] km = numbers(one, "km");
    double[] lower = numbers(one, "km_lower");
    double[] upper = numbers(one, "km_upper");
    for (int k = 0; k < grid.length; k++) {
      assertEquals(km[k], curve.at(grid[k]), EXACT);
      double time = grid[k];
      KaplanMeier.Step last =
          curve.steps().stream().filter(s -> s.time() <= time).reduce((a, b) -> b).orElse(null);
      if (last != null && last.survival() > 0) {
        assertEquals(lower[k], last.lower(), EXACT);
        assertEquals(upper[k], last.upper(), EXACT);
      }
    }
    // lifelines misses a survival of one half that rounding left a bit above it.
    if (!(Math.abs(curve.at(curve.median()) - 0.5) < EXACT)) {
      assertEquals(number(one.get("km_median")), curve.median(), EXACT);
    }
    if (!one.get("logrank_p").isJsonNull()) {
      double[] sorted = risk.clone();
      Arrays.sort(sorted);
      double median = Interval.quantile(sorted, 0.5);
      boolean[] high = new boolean[risk.length];
      for (int i = 0; i < high.length; i++) {
        high[i] = risk[i] > median;
      }
      assertEquals(one.get("logrank_p").getAsDouble(), LogRankTest.of(t, c, high).p(), 1e-9);
    }
  }

  @Test
  void penalizedCoxEqualsScikitSurvival() throws IOException {
    for (JsonElement element : cases("coxnet")) {
      JsonObject one = element.getAsJsonObject();
      int d = one.get("d").getAsInt();
      Matrix x = matrix(numbers(one, "x"), d);
      double[] t = numbers(one, "t");
      boolean[] c = flags(one, "c");
      double[] alphas = numbers(one, "alphas");
      CoxNet[] path = CoxNet.path(x, t, c, one.get("l1").getAsDouble(), alphas);
      double[] expected = numbers(one, "coef");
      for (int a = 0; a < alphas.length; a++) {
        for (int j = 0; j < d; j++) {
          assertEquals(
              expected[a * d + j], path[a].coefficients()[j], ITERATED, alphas[a] + " of " + one);
        }
      }
      // The ridge-penalized model of scikit-survival scales its penalty by the cases.
      double[] ridge = CoxNet.path(x, t, c, 0, 1.0 / t.length)[0].coefficients();
      double[] ph = numbers(one, "ph");
      for (int j = 0; j < d; j++) {
        assertEquals(ph[j], ridge[j], ITERATED, one.toString());
      }
      BreslowBaseline baseline = BreslowBaseline.of(t, c, numbers(one, "ph_risk"));
      double[] times = numbers(one, "base_t");
      double[] hazard = numbers(one, "base_h");
      for (int i = 0; i < times.length; i++) {
        assertEquals(hazard[i], baseline.at(times[i]), 1e-9 * (1 + hazard[i]));
      }
    }
  }

  @Test
  void theLinearProbeEqualsScikitLearn() throws IOException {
    double worst = 0;
    for (JsonElement element : cases("logistic")) {
      JsonObject one = element.getAsJsonObject();
      int k = one.get("k").getAsInt();
      Matrix x = matrix(numbers(one, "x"), one.get("d").getAsInt());
      LabelledFeatures train = EvaluationFixtures.labelled("python", x, integers(one, "y"), k);
      LogisticRegression model = LogisticRegression.train(train, one.get("c").getAsDouble());
      assertTrue(model.converged());
      double[][] expected = rows(numbers(one, "p"), k);
      double[][] found = model.probabilities(x);
      for (int i = 0; i < found.length; i++) {
        for (int c = 0; c < k; c++) {
          worst = Math.max(worst, Math.abs(expected[i][c] - found[i][c]));
          assertEquals(expected[i][c], found[i][c], ITERATED, one.toString());
        }
      }
    }
    System.out.printf(Locale.ROOT, "linear probe: largest difference %.1e%n", worst);
  }
}
