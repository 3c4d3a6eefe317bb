package io.github.gpfm.eval.data;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.gpfm.eval.EvaluationException;
import io.github.gpfm.eval.linalg.Matrix;
import java.util.List;
import java.util.OptionalDouble;
import org.junit.jupiter.api.Test;

class FeatureFusionTest {
  private static FeatureBag bag(int width, long[] coords, float... values) {
    return new FeatureBag(
        "s1", Matrix.of(values.length / width, width, values), coords, OptionalDouble.of(512));
  }

  @Test
  void tilesAreMatchedByTheirPlaces() {
    FeatureBag one = bag(1, new long[] {0, 0, 512, 0}, 1, 2);
    FeatureBag other = bag(2, new long[] {512, 0, 0, 0}, 30, 31, 40, 41);
    FeatureBag joined = FeatureFusion.CONCATENATION.join(List.of(one, other));
    assertArrayEquals(new float[] {1, 40, 41, 2, 30, 31}, joined.features().values());
    assertArrayEquals(one.coords(), joined.coords());
    assertEquals(OptionalDouble.of(512), joined.tileSize());
    FeatureBag turned = bag(1, new long[] {512, 0, 0, 0}, 5, 7);
    assertArrayEquals(
        new float[] {4, 3.5f},
        FeatureFusion.AVERAGE.join(List.of(one, turned)).features().values());
  }

  @Test
  void withoutPlacesTheOrderCounts() {
    FeatureBag one = bag(1, new long[0], 1, 2);
    FeatureBag other = bag(1, new long[] {512, 0, 0, 0}, 3, 4);
    FeatureBag joined = FeatureFusion.SHAZAM.join(List.of(one, other));
    assertArrayEquals(new float[] {1, 3, 2, 4}, joined.features().values());
    assertEquals(0, joined.coords().length);
  }

  @Test
  void otherTilesAreRefused() {
    FeatureBag one = bag(1, new long[] {0, 0, 512, 0}, 1, 2);
    refused("1 of 2 and 2 are the same", one, bag(1, new long[] {0, 0, 0, 512}, 1, 2));
    refused("2 of 2 and 3 are the same", one, bag(1, new long[] {0, 0, 512, 0, 9, 9}, 1, 2, 3));
    refused("numbers of tiles of 's1': [2, 1]", one, bag(1, new long[0], 1));
    EvaluationException widths =
        assertThrows(
            EvaluationException.class,
            () -> FeatureFusion.AVERAGE.join(List.of(one, bag(2, one.coords(), 1, 2, 3, 4))));
    assertTrue(widths.getMessage().contains("[1, 2]"), widths.getMessage());
  }

  private static void refused(String sentence, FeatureBag one, FeatureBag other) {
    EvaluationException e =
        assertThrows(
            EvaluationException.class, () -> FeatureFusion.CONCATENATION.join(List.of(one, other)));
    assertTrue(e.getMessage().contains(sentence), e.getMessage());
  }
}
