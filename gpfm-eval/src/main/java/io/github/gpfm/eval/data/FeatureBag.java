package io.github.gpfm.eval.data;

import io.github.gpfm.eval.EvaluationException;
import io.github.gpfm.eval.linalg.Matrix;
import java.util.OptionalDouble;

/**
 * The tile features of one slide or patient.
 *
 * @param id slide or patient
 * @param features one row a tile, at least one
 * @param coords x0, y0, x1, y1, … in level-0 pixels; empty if unknown
 * @param tileSize edge of a tile in level-0 pixels, where the file says it
 */
public record FeatureBag(String id, Matrix features, long[] coords, OptionalDouble tileSize) {
  /** A bag whose tile size is not known. */
  public FeatureBag(String id, Matrix features, long[] coords) {
    this(id, features, coords, OptionalDouble.empty());
  }

  /**
   * Checks the bag.
   *
   * @throws EvaluationException if it is empty or holds a value that is not finite
   */
  public FeatureBag {
    if (features.rows() == 0) {
      throw new EvaluationException("the bag of '" + id + "' is empty");
    }
    for (int r = 0; r < features.rows(); r++) {
      if (!LabelledFeatures.isFinite(features, r)) {
        throw new EvaluationException(
            "tile " + r + " of the bag of '" + id + "' holds NaN or infinity");
      }
    }
    if (coords.length != 0 && coords.length != 2 * features.rows()) {
      throw new EvaluationException(
          "the bag of '"
              + id
              + "' has "
              + features.rows()
              + " tiles and "
              + coords.length / 2
              + " coordinates");
    }
    coords = coords.clone();
  }
}
