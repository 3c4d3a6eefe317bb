package org.example;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.gpfm.eval.data.LabelledFeatures;
import io.github.gpfm.eval.linalg.Matrix;
import io.github.gpfm.eval.metric.RocAuc;
import io.github.gpfm.eval.probe.KnnClassifier;
import java.util.List;
import org.junit.jupiter.api.Test;

class EvalTest {
  private static LabelledFeatures tiles(String name, float... angles) {
    float[][] rows = new float[angles.length][];
    int[] labels = new int[angles.length];
    for (int i = 0; i < angles.length; i++) {
      rows[i] = new float[] {(float) Math.cos(angles[i]), (float) Math.sin(angles[i])};
      labels[i] = angles[i] > 0.75f ? 1 : 0;
    }
    List<String> ids = java.util.stream.IntStream.range(0, angles.length).mapToObj(i -> name + i).toList();
    return new LabelledFeatures(name, ids, Matrix.ofRows(rows), labels, List.of("flat", "steep"));
  }

  @Test
  void nearestNeighbors() {
    LabelledFeatures train = tiles("train", 0, 0.1f, 0.2f, 1.3f, 1.4f, 1.5f);
    double[][] scores = KnnClassifier.paper().scores(train, tiles("test", 0.05f, 1.45f), 3);
    assertTrue(scores[0][0] > scores[0][1] && scores[1][1] > scores[1][0]);
    assertEquals(
        1, new RocAuc(new double[] {scores[0][1], scores[1][1]}, new boolean[] {false, true}).value());
  }
}
