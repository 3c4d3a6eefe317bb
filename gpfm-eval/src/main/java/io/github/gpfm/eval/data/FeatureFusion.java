package io.github.gpfm.eval.data;

import io.github.gpfm.eval.EvaluationException;
import io.github.gpfm.eval.linalg.Matrix;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.stream.IntStream;

/** How the features of several encoders of the same tiles become one. */
public enum FeatureFusion {
  /** Side by side. */
  CONCATENATION,
  /** Their mean; all must be of one length. */
  AVERAGE,
  /** Side by side, for the head that tells the encoders apart. */
  SHAZAM;

  /**
   * Fuses the rows of tables of the same rows.
   *
   * @param name of the bag, for messages
   * @param parts one table an encoder, one row a tile, in the same order
   * @throws EvaluationException if the numbers of rows differ, or the lengths of what is averaged
   */
  public Matrix join(String name, List<Matrix> parts) {
    int rows = parts.get(0).rows();
    if (parts.stream().anyMatch(p -> p.rows() != rows)) {
      throw new EvaluationException(
          "the encoders have different numbers of tiles of '%s': %s"
              .formatted(name, parts.stream().map(Matrix::rows).toList()));
    }
    return this == AVERAGE ? mean(name, parts) : sideBySide(parts, rows);
  }

  private static Matrix sideBySide(List<Matrix> parts, int rows) {
    Matrix all = Matrix.zeros(rows, parts.stream().mapToInt(Matrix::columns).sum());
    int from = 0;
    for (Matrix part : parts) {
      int width = part.columns();
      for (int r = 0; r < rows; r++) {
        System.arraycopy(part.values(), r * width, all.values(), r * all.columns() + from, width);
      }
      from += width;
    }
    return all;
  }

  private static Matrix mean(String name, List<Matrix> parts) {
    Matrix mean = parts.get(0).copy();
    if (parts.stream().anyMatch(p -> p.columns() != mean.columns())) {
      throw new EvaluationException(
          "the encoders' features of '%s' have different lengths and no mean: %s; concatenate them"
              .formatted(name, parts.stream().map(Matrix::columns).toList()));
    }
    float[] values = mean.values();
    for (int i = 0; i < values.length; i++) {
      double sum = 0;
      for (Matrix part : parts) {
        sum += part.values()[i];
      }
      values[i] = (float) (sum / parts.size());
    }
    return mean;
  }

  /**
   * Fuses bags of one slide. Where all know their coordinates, tiles are matched by them; otherwise
   * they are taken to stand in the same order.
   *
   * @throws EvaluationException if the tiles are not the same
   */
  public FeatureBag join(List<FeatureBag> bags) {
    FeatureBag first = bags.get(0);
    boolean placed = bags.stream().allMatch(b -> b.coords().length > 0);
    List<Matrix> parts =
        bags.stream().map(b -> placed && b != first ? inOrder(first, b) : b.features()).toList();
    OptionalDouble size =
        bags.stream().map(FeatureBag::tileSize).allMatch(first.tileSize()::equals)
            ? first.tileSize()
            : OptionalDouble.empty();
    return new FeatureBag(
        first.id(), join(first.id(), parts), placed ? first.coords() : new long[0], size);
  }

  private static Matrix inOrder(FeatureBag first, FeatureBag other) {
    if (Arrays.equals(first.coords(), other.coords())) {
      return other.features();
    }
    Map<List<Long>, Integer> rows = new HashMap<>();
    for (int i = 0; i < other.features().rows(); i++) {
      rows.put(place(other, i), i);
    }
    int[] order =
        IntStream.range(0, first.features().rows())
            .map(i -> rows.getOrDefault(place(first, i), -1))
            .toArray();
    long found = Arrays.stream(order).filter(i -> i >= 0).distinct().count();
    if (found < order.length || order.length != other.features().rows()) {
      throw new EvaluationException(
          "the encoders' tiles of '%s' stand at different places: %d of %d and %d are the same"
              .formatted(first.id(), found, order.length, other.features().rows()));
    }
    return other.features().select(order);
  }

  private static List<Long> place(FeatureBag bag, int tile) {
    return List.of(bag.coords()[2 * tile], bag.coords()[2 * tile + 1]);
  }
}
