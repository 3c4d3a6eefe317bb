package io.github.gpfm.eval.retrieval;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.gpfm.eval.EvaluationException;
import io.github.gpfm.eval.linalg.Matrix;
import java.awt.image.BufferedImage;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class FeatureIndexTest {
  @Test
  void approximateFindsWhatExactFinds() {
    SplittableRandom random = new SplittableRandom(1);
    Matrix m = Matrix.zeros(400, 8);
    for (int i = 0; i < m.values().length; i++) {
      m.values()[i] = (float) random.nextGaussian();
    }
    List<String> ids = IntStream.range(0, 400).mapToObj(i -> "tile " + i).toList();
    try (FeatureIndex exact = FeatureIndex.exact(ids, m);
        FeatureIndex approximate = FeatureIndex.approximate(ids, m)) {
      int same = 0;
      for (int q = 0; q < 50; q++) {
        List<Neighbour> truth = exact.nearest(m.row(q), 5);
        assertEquals(q, truth.get(0).index());
        assertEquals(0, truth.get(0).distance());
        List<Neighbour> found = approximate.nearest(m.row(q), 5);
        same += (int) found.stream().filter(truth::contains).count();
      }
      assertTrue(same >= 245, "recall " + same / 250.0);
      assertThrows(EvaluationException.class, () -> exact.nearest(new float[3], 5));
      assertThrows(
          EvaluationException.class,
          () -> exact.nearest(new float[] {Float.NaN, 0, 0, 0, 0, 0, 0, 0}, 5));
    }
  }

  @Test
  void montageShowsQueriesAndNeighbours() {
    BufferedImage tile = new BufferedImage(16, 16, BufferedImage.TYPE_INT_RGB);
    NeighbourMontage.Cell cell = new NeighbourMontage.Cell(tile, "a tile with a long name", true);
    BufferedImage picture = new NeighbourMontage().add(cell, List.of(cell, cell)).image();
    assertTrue(picture.getWidth() > 3 * 128 && picture.getHeight() > 128);
    assertEquals(0xFF000000, picture.getRGB(60, 60));
  }
}
