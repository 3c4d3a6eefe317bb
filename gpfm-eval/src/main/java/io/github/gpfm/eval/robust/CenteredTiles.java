package io.github.gpfm.eval.robust;

import io.github.gpfm.eval.EvaluationException;
import io.github.gpfm.eval.data.LabelledFeatures;
import io.github.gpfm.eval.linalg.Matrix;
import java.util.Arrays;
import java.util.List;
import java.util.TreeSet;
import java.util.stream.IntStream;

/**
 * Features of tiles with a biological class, the center and the slide each comes from.
 *
 * @param tiles features and classes
 * @param centers center of each tile
 * @param slides slide of each tile: tiles of one slide are no neighbors
 */
public record CenteredTiles(LabelledFeatures tiles, List<String> centers, List<String> slides) {
  /** Checks that there is one center and slide a tile. */
  public CenteredTiles {
    centers = List.copyOf(centers);
    slides = List.copyOf(slides);
    if (centers.size() != tiles.size() || slides.size() != tiles.size()) {
      throw new EvaluationException(
          "'%s' has %d tiles, %d centers and %d slides"
              .formatted(tiles.name(), tiles.size(), centers.size(), slides.size()));
    }
  }

  /** The centers, each once, in order of their names. */
  public List<String> centerNames() {
    return List.copyOf(new TreeSet<>(centers));
  }

  /** Some of the tiles. */
  public CenteredTiles select(int... rows) {
    return new CenteredTiles(
        tiles.select(tiles.name(), rows),
        Arrays.stream(rows).mapToObj(centers::get).toList(),
        Arrays.stream(rows).mapToObj(slides::get).toList());
  }

  /** The same tiles with other features. */
  public CenteredTiles withFeatures(Matrix features) {
    return new CenteredTiles(
        new LabelledFeatures(tiles.name(), tiles.ids(), features, tiles.labels(), tiles.classes()),
        centers,
        slides);
  }

  /** Rows of a class from a center, in order. */
  public int[] rows(int label, String center) {
    return IntStream.range(0, tiles.size())
        .filter(i -> tiles.labels()[i] == label && centers.get(i).equals(center))
        .toArray();
  }

  /** Features divided by their Euclidean norm. */
  static Matrix normalized(Matrix features) {
    Matrix result = features.copy();
    for (int r = 0; r < features.rows(); r++) {
      double squares = 0;
      for (int c = 0; c < features.columns(); c++) {
        squares += (double) features.get(r, c) * features.get(r, c);
      }
      double norm = squares == 0 ? 1 : Math.sqrt(squares);
      for (int c = 0; c < features.columns(); c++) {
        result.set(r, c, (float) (features.get(r, c) / norm));
      }
    }
    return result;
  }
}
