package io.github.gpfm.eval.data;

import io.github.gpfm.eval.EvaluationException;
import io.github.gpfm.eval.linalg.Matrix;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.Consumer;
import java.util.stream.IntStream;

/**
 * Features of tiles with a class each.
 *
 * @param name what these are, for messages, for instance {@code kather8/train}
 * @param ids name of each tile
 * @param features one row a tile
 * @param labels class of each tile, 0 to {@code classes.size()-1}
 * @param classes class names
 */
public record LabelledFeatures(
    String name, List<String> ids, Matrix features, int[] labels, List<String> classes) {
  /**
   * Checks that the parts belong together and every feature is finite.
   *
   * @throws EvaluationException naming the first case at fault
   */
  public LabelledFeatures {
    ids = List.copyOf(ids);
    classes = List.copyOf(classes);
    if (features.rows() != labels.length || ids.size() != labels.length) {
      throw new EvaluationException(
          "'"
              + name
              + "' has "
              + features.rows()
              + " features, "
              + ids.size()
              + " names and "
              + labels.length
              + " labels");
    }
    for (int i = 0; i < labels.length; i++) {
      if (labels[i] < 0 || labels[i] >= classes.size()) {
        throw new EvaluationException(
            "tile '"
                + ids.get(i)
                + "' of '"
                + name
                + "' has label "
                + labels[i]
                + ", but there are "
                + classes.size()
                + " classes");
      }
      if (!isFinite(features, i)) {
        throw new EvaluationException(
            "the feature of tile '" + ids.get(i) + "' of '" + name + "' holds NaN or infinity");
      }
    }
  }

  /**
   * As the constructor, but a tile whose feature holds NaN or infinity is left out.
   *
   * @param leftOut takes one sentence for each such tile
   * @throws EvaluationException if no tile remains, or the parts do not belong together
   */
  public static LabelledFeatures finite(
      String name,
      List<String> ids,
      Matrix features,
      int[] labels,
      List<String> classes,
      Consumer<String> leftOut) {
    int[] kept = IntStream.range(0, features.rows()).filter(r -> isFinite(features, r)).toArray();
    if (kept.length == features.rows()
        || ids.size() != features.rows()
        || labels.length != features.rows()) {
      return new LabelledFeatures(name, ids, features, labels, classes);
    }
    if (kept.length == 0) {
      throw new EvaluationException(
          "the features of all tiles of '" + name + "' hold NaN or infinity");
    }
    IntStream.range(0, features.rows())
        .filter(r -> !isFinite(features, r))
        .forEach(
            r ->
                leftOut.accept(
                    "the feature of tile '"
                        + ids.get(r)
                        + "' of '"
                        + name
                        + "' holds NaN or infinity; the tile was left out"));
    return new LabelledFeatures(
        name,
        Arrays.stream(kept).mapToObj(ids::get).toList(),
        features.select(kept),
        Arrays.stream(kept).map(r -> labels[r]).toArray(),
        classes);
  }

  /** Number of tiles. */
  public int size() {
    return labels.length;
  }

  /** Length of one feature. */
  public int dimension() {
    return features.columns();
  }

  /** The tiles of the given indices. */
  public LabelledFeatures select(String subset, int... indices) {
    return new LabelledFeatures(
        subset,
        Arrays.stream(indices).mapToObj(ids::get).toList(),
        features.select(indices),
        Arrays.stream(indices).map(i -> labels[i]).toArray(),
        classes);
  }

  /**
   * The same tiles, their classes numbered by another list.
   *
   * @param names class names, among them all of this one's
   */
  public LabelledFeatures withClasses(List<String> names) {
    int[] renumbered = Arrays.stream(labels).map(l -> names.indexOf(classes.get(l))).toArray();
    return new LabelledFeatures(name, ids, features, renumbered, names);
  }

  /**
   * Says which classes have no tile.
   *
   * @return class names, empty if all occur
   */
  public List<String> absentClasses() {
    boolean[] seen = new boolean[classes.size()];
    for (int label : labels) {
      seen[label] = true;
    }
    List<String> absent = new ArrayList<>();
    for (int c = 0; c < seen.length; c++) {
      if (!seen[c]) {
        absent.add(classes.get(c));
      }
    }
    return absent;
  }

  /**
   * Checks that both sides come from encoders of one width.
   *
   * @throws EvaluationException if not
   */
  public void checkSameDimension(LabelledFeatures other) {
    if (dimension() != other.dimension()) {
      throw new EvaluationException(
          "'"
              + name
              + "' has features of "
              + dimension()
              + " dimensions, '"
              + other.name
              + "' of "
              + other.dimension()
              + "; both must come from one encoder");
    }
  }

  /** Whether a row holds neither NaN nor infinity. */
  public static boolean isFinite(Matrix features, int row) {
    for (int c = 0; c < features.columns(); c++) {
      if (!Float.isFinite(features.get(row, c))) {
        return false;
      }
    }
    return true;
  }
}
