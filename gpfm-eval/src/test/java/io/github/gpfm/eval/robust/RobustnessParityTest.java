package io.github.gpfm.eval.robust;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import io.github.gpfm.eval.EvaluationFixtures;
import io.github.gpfm.eval.data.LabelledFeatures;
import io.github.gpfm.eval.linalg.Matrix;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import java.util.zip.GZIPInputStream;
import org.junit.jupiter.api.Test;

/**
 * The robustness figures against their authors' code on generated features, and ComBat against
 * neuroCombat ({@code benchmarks/python/pathorob.py}): within 1e-9, ComBat, in single precision
 * here, within 1e-4. Probes are compared with the authors' after both have converged. Clusters are
 * clear ones, so that the random starts of k-means do not matter.
 */
class RobustnessParityTest {
  private static final double EXACT = 1e-9;

  private static JsonArray cases(String family) throws IOException {
    try (InputStream in =
            RobustnessParityTest.class.getResourceAsStream("python-pathorob.json.gz");
        InputStreamReader text =
            new InputStreamReader(new GZIPInputStream(in), StandardCharsets.UTF_8)) {
      return JsonParser.parseReader(text).getAsJsonObject().getAsJsonArray(family);
    }
  }

  private static double[] numbers(JsonObject one, String name) {
    JsonArray array = one.getAsJsonArray(name);
    return IntStream.range(0, array.size())
        .mapToDouble(i -> array.get(i).isJsonNull() ? Double.NaN : array.get(i).getAsDouble())
        .toArray();
  }

  private static int[] integers(JsonObject one, String name) {
    return Arrays.stream(numbers(one, name)).mapToInt(v -> (int) v).toArray();
  }

  private static Matrix matrix(double[] flat, int rows) {
    float[] values = new float[flat.length];
    for (int i = 0; i < values.length; i++) {
      values[i] = (float) flat[i];
    }
    return Matrix.of(rows, flat.length / rows, values);
  }

  private static List<String> names(int[] values) {
    return IntStream.of(values).mapToObj(v -> "m" + v).toList();
  }

  private static CenteredTiles tiles(JsonObject one, int classes, List<String> slides) {
    int[] y = integers(one, "y");
    return new CenteredTiles(
        EvaluationFixtures.labelled("made", matrix(numbers(one, "x"), y.length), y, classes),
        names(integers(one, "c")),
        slides);
  }

  @Test
  void theRobustnessIndexEqualsItsAuthors() throws IOException {
    JsonArray cases = cases("robustness");
    assertEquals(200, cases.size());
    for (JsonElement element : cases) {
      JsonObject one = element.getAsJsonObject();
      List<String> slides =
          one.getAsJsonArray("s").asList().stream().map(JsonElement::getAsString).toList();
      RobustnessIndex found =
          RobustnessIndex.of(
              tiles(one, one.get("classes").getAsInt(), slides), one.get("most").getAsInt());
      double[] index = numbers(one, "index");
      assertEquals(index.length, found.index().length, one.toString());
      for (int k = 0; k < index.length; k++) {
        assertEquals(index[k], found.index()[k], EXACT, "k " + (k + 1) + " of " + one);
      }
      assertEquals(one.get("k").getAsInt(), found.neighbors(), one.toString());
      assertEquals(one.get("accuracy").getAsDouble(), found.balancedAccuracy(), EXACT);
      assertEquals(index[found.neighbors() - 1], found.value(), EXACT);
    }
  }

  @Test
  void theClusteringScoreEqualsItsAuthors() throws IOException {
    for (JsonElement element : cases("clustering")) {
      JsonObject one = element.getAsJsonObject();
      assertEquals(
          one.get("rand").getAsDouble(),
          ClusteringScore.adjustedRand(integers(one, "a"), integers(one, "b")),
          EXACT);
      if (one.get("spread").getAsDouble() > 0) {
        continue;
      }
      int n = integers(one, "y").length;
      List<String> slides = IntStream.range(0, n).mapToObj(i -> "s" + i).toList();
      ClusteringScore found = ClusteringScore.of(tiles(one, 2, slides), 6, 10);
      assertEquals(List.of(one.get("k").getAsInt()), found.clusters(), one.toString());
      assertEquals(one.get("score").getAsDouble(), found.value(), EXACT, one.toString());
    }
  }

  @Test
  void theProbeAndTheDropEqualTheirAuthors() throws IOException {
    int same = 0;
    for (JsonElement element : cases("drop")) {
      JsonObject one = element.getAsJsonObject();
      double found =
          AveragePerformanceDrop.probe(side(one, "train"), side(one, "val"), side(one, "test"));
      boolean equal = Math.abs(one.get("score").getAsDouble() - found) < EXACT;
      same += equal ? 1 : 0;
      // At C = 1e-8 weights are as small as the solvers' tolerance: ties are broken by rounding.
      assertTrue(equal || one.get("c").getAsDouble() < 1e-7, one.toString());
      double[] flat = numbers(one, "table");
      double[][] table =
          IntStream.range(0, 4)
              .mapToObj(s -> Arrays.copyOfRange(flat, s * 5, s * 5 + 5))
              .toArray(double[][]::new);
      double[] drops = numbers(one, "drops");
      double[] ours = AveragePerformanceDrop.drops(table);
      for (int i = 0; i < drops.length; i++) {
        assertEquals(drops[i], ours[i], EXACT);
      }
    }
    assertTrue(same >= 58, same + " of 60 probes");
  }

  private static LabelledFeatures side(JsonObject one, String name) {
    int[] y = integers(one, name + "_y");
    return EvaluationFixtures.labelled(
        name, matrix(numbers(one, name), y.length), y, one.get("classes").getAsInt());
  }

  @Test
  void comBatEqualsNeuroCombat() throws IOException {
    for (JsonElement element : cases("combat")) {
      JsonObject one = element.getAsJsonObject();
      int[] batch = integers(one, "batch");
      Matrix x = matrix(numbers(one, "x"), batch.length);
      Matrix found = CenterCorrection.COMBAT.apply(x, names(batch));
      double[] expected = numbers(one, "y");
      for (int i = 0; i < expected.length; i++) {
        assertEquals(expected[i], found.values()[i], 1e-4, one.toString());
      }
    }
  }

  /** Features of the class keep their accuracy; features of the center lose it. */
  @Test
  void theDropTellsBiologyFromCenters() throws IOException {
    JsonArray cases = cases("robustness");
    assertTrue(cases.size() > 0);
    double biology = drop(0);
    double center = drop(1);
    assertTrue(biology > -0.05, "biology " + biology);
    assertTrue(center < -0.1, "center " + center);
  }

  private static double drop(double share) {
    java.util.SplittableRandom random = new java.util.SplittableRandom(5);
    int slides = 9;
    int perSlide = 4;
    int n = 2 * 2 * slides * perSlide;
    Matrix x = Matrix.zeros(n, 6);
    int[] labels = new int[n];
    int[] centers = new int[n];
    String[] slide = new String[n];
    for (int i = 0; i < n; i++) {
      labels[i] = i / (n / 2);
      centers[i] = i / (n / 4) % 2;
      slide[i] = "s" + i / perSlide;
      for (int c = 0; c < 6; c++) {
        x.set(i, c, (float) random.nextGaussian());
      }
      x.set(i, 0, x.get(i, 0) + (float) ((share == 0 ? 4 : 1) * labels[i]));
      x.set(i, 1, x.get(i, 1) + (float) (share * 8 * centers[i]));
    }
    CenteredTiles tiles =
        new CenteredTiles(
            EvaluationFixtures.labelled("made", x, labels, 2), names(centers), List.of(slide));
    AveragePerformanceDrop drop = AveragePerformanceDrop.of(tiles, 3, 1);
    assertEquals(4, drop.accuracies().length);
    return drop.value();
  }
}
