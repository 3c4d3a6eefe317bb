package io.github.gpfm.eval.linalg;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.djl.ndarray.NDManager;
import io.github.gpfm.encoder.script.Engines;
import io.github.gpfm.eval.EvaluationException;
import io.github.gpfm.eval.EvaluationFixtures;
import io.github.gpfm.eval.data.LabelledFeatures;
import io.github.gpfm.eval.metric.ClassificationReport;
import io.github.gpfm.eval.metric.ConfusionMatrix;
import io.github.gpfm.eval.probe.ClosedFormProbe;
import io.github.gpfm.eval.probe.LogisticRegression;
import java.io.File;
import java.net.URL;
import java.net.URLClassLoader;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

/** ND4J and plain Java give the same; each works without the other. */
class LinearAlgebraTest {
  private static Matrix random(int rows, int columns, long seed) {
    SplittableRandom random = new SplittableRandom(seed);
    Matrix m = Matrix.zeros(rows, columns);
    for (int i = 0; i < m.values().length; i++) {
      m.values()[i] = (float) random.nextGaussian();
    }
    return m;
  }

  @Test
  void bothGiveTheSame() {
    LinearAlgebra nd4j = new Nd4jLinearAlgebra();
    LinearAlgebra plain = new PlainLinearAlgebra();
    for (boolean ta : new boolean[] {false, true}) {
      for (boolean tb : new boolean[] {false, true}) {
        Matrix a = ta ? random(7, 5, 1) : random(5, 7, 1);
        Matrix b = tb ? random(3, 7, 2) : random(7, 3, 2);
        assertArrayEquals(
            plain.multiply(a, ta, b, tb).values(), nd4j.multiply(a, ta, b, tb).values(), 1e-5f);
      }
    }
    double[][] spd = {{4, 1, 0.5}, {1, 3, 0.2}, {0.5, 0.2, 2}};
    double[][] right = {{1, 2}, {3, 4}, {5, 6}};
    double[][] x = plain.solve(spd, right);
    double[][] y = nd4j.solve(spd, right);
    LinearAlgebra.Eigen p = plain.eigen(spd);
    LinearAlgebra.Eigen n = nd4j.eigen(spd);
    assertArrayEquals(p.values(), n.values(), 1e-6);
    for (int i = 0; i < 3; i++) {
      assertArrayEquals(x[i], y[i], 1e-6);
      double sign = Math.signum(p.vectors()[i][0] * n.vectors()[i][0]);
      for (int j = 0; j < 3; j++) {
        assertEquals(p.vectors()[i][j], sign * n.vectors()[i][j], 1e-6);
      }
    }
    assertThrows(
        EvaluationException.class,
        () -> nd4j.multiply(random(2, 3, 1), false, random(2, 3, 1), false));
  }

  @Test
  void livesInOneJvmWithPyTorch() {
    try (NDManager manager = Engines.newManager(Engines.defaultDevice())) {
      float product =
          manager.create(new float[] {1, 2}).dot(manager.create(new float[] {3, 4})).getFloat();
      Matrix a = Matrix.of(1, 2, new float[] {1, 2});
      Matrix b = Matrix.of(1, 2, new float[] {3, 4});
      assertEquals(product, new Nd4jLinearAlgebra().multiply(a, false, b, true).get(0, 0));
    }
  }

  @Test
  void withoutNd4jPlainJavaTakesItsPlace() throws Exception {
    List<URL> urls = new ArrayList<>();
    for (String entry : System.getProperty("java.class.path").split(File.pathSeparator)) {
      if (!entry.contains("nd4j")) {
        urls.add(new File(entry).toURI().toURL());
      }
    }
    try (URLClassLoader loader =
        new URLClassLoader(urls.toArray(URL[]::new), ClassLoader.getPlatformClassLoader())) {
      Class<?> type = loader.loadClass(LinearAlgebra.class.getName());
      Object inUse = type.getMethod("get").invoke(null);
      assertEquals("plain", type.getMethod("name").invoke(inUse));
    }
  }

  @Test
  void componentsAndClosedFormProbes() {
    Matrix m = random(60, 4, 5);
    int[] labels = new int[60];
    for (int r = 0; r < 60; r++) {
      labels[r] = r % 2;
      m.set(r, 2, m.get(r, 2) + 8 * labels[r]);
    }
    Pca pca = Pca.of(m, 2);
    assertTrue(pca.variance()[0] > 10 && pca.variance()[1] < 3);
    assertEquals(1, Math.abs(pca.components().get(0, 2)), 0.05);
    LabelledFeatures data = EvaluationFixtures.labelled("made", m, labels, 2);
    for (double[][] scores :
        List.of(
            ClosedFormProbe.ridge(data, 1).scores(m),
            LogisticRegression.train(data, 1).probabilities(m))) {
      int[] called = ClassificationReport.argmax(scores);
      assertEquals(1, ConfusionMatrix.of(labels, called, 2).accuracy());
    }
  }
}
