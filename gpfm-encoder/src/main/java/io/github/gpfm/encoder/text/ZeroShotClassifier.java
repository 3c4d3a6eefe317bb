package io.github.gpfm.encoder.text;

import io.github.gpfm.api.SlideEncoderMismatchException;
import io.github.gpfm.api.SlideFeatures;
import io.github.gpfm.api.TextEncoder;
import java.util.ArrayList;
import java.util.List;

/**
 * Tells tiles apart by classes that are described in words: the softmax of the scaled cosines of a
 * tile's feature and the classes' (Radford et al., arXiv 2103.00020). Immutable, thread-safe; the
 * text encoder may be closed once it is built.
 */
public final class ZeroShotClassifier {
  private final String model;
  private final String imageFeature;
  private final double scale;
  private final List<String> names;
  private final List<float[]> classes;

  private ZeroShotClassifier(
      String model, String imageFeature, double scale, List<String> names, List<float[]> classes) {
    this.model = model;
    this.imageFeature = imageFeature;
    this.scale = scale;
    this.names = names;
    this.classes = classes;
  }

  /** Embeds the classes' texts: a class is the mean of its texts' features, at unit length. */
  public static ZeroShotClassifier of(TextEncoder encoder, ZeroShotClasses described) {
    List<float[]> classes = new ArrayList<>();
    for (String name : described.names()) {
      float[] mean = new float[encoder.dimension()];
      for (float[] text : encoder.embed(described.texts(name))) {
        for (int i = 0; i < mean.length; i++) {
          mean[i] += text[i];
        }
      }
      classes.add(unit(mean));
    }
    return new ZeroShotClassifier(
        encoder.name(), encoder.imageFeature(), encoder.scale(), described.names(), classes);
  }

  /** Names of the classes, in the order of the probabilities. */
  public List<String> names() {
    return names;
  }

  /**
   * Cosines of every tile with every class.
   *
   * @return tiles x classes
   * @throws SlideEncoderMismatchException if the tiles are not the model's image features
   */
  public float[][] cosines(SlideFeatures tiles) {
    require(tiles, model, imageFeature, classes.get(0).length);
    float[][] cosines = new float[tiles.count()][];
    float[] values = tiles.values();
    int dimension = tiles.dimension();
    for (int tile = 0; tile < cosines.length; tile++) {
      cosines[tile] = new float[classes.size()];
      for (int c = 0; c < classes.size(); c++) {
        cosines[tile][c] = (float) cosine(values, tile * dimension, classes.get(c));
      }
    }
    return cosines;
  }

  /** Probabilities of the classes from the cosines of a tile or a slide. */
  public double[] probabilities(float[] cosines) {
    double most = Double.NEGATIVE_INFINITY;
    for (float cosine : cosines) {
      most = Math.max(most, scale * cosine);
    }
    double[] probabilities = new double[cosines.length];
    double sum = 0;
    for (int c = 0; c < cosines.length; c++) {
      probabilities[c] = Math.exp(scale * cosines[c] - most);
      sum += probabilities[c];
    }
    for (int c = 0; c < cosines.length; c++) {
      probabilities[c] /= sum;
    }
    return probabilities;
  }

  /**
   * A slide's score for every class: the mean of the highest cosines, as CONCH's authors pool them
   * (MI-Zero, Lu et al., arXiv 2306.07831).
   *
   * @param cosines tiles x classes
   * @param top how many of the tiles count, at least 1; all where there are fewer
   */
  public float[] slideScore(float[][] cosines, int top) {
    float[] score = new float[classes.size()];
    int count = Math.min(top, cosines.length);
    for (int c = 0; c < score.length; c++) {
      float[] column = new float[cosines.length];
      for (int tile = 0; tile < cosines.length; tile++) {
        column[tile] = cosines[tile][c];
      }
      java.util.Arrays.sort(column);
      double sum = 0;
      for (int i = 0; i < count; i++) {
        sum += column[column.length - 1 - i];
      }
      score[c] = (float) (sum / count);
    }
    return score;
  }

  /**
   * Checks that tiles can be compared with a text encoder's features.
   *
   * @throws SlideEncoderMismatchException naming both sides
   */
  public static void require(SlideFeatures tiles, TextEncoder encoder) {
    require(tiles, encoder.name(), encoder.imageFeature(), encoder.dimension());
  }

  private static void require(
      SlideFeatures tiles, String model, String imageFeature, int dimension) {
    boolean fits =
        tiles.encoder().equalsIgnoreCase(model)
            && (tiles.feature().isEmpty() || tiles.feature().equals(imageFeature))
            && tiles.dimension() == dimension;
    if (!fits) {
      throw new SlideEncoderMismatchException(
          "The words of '%s' can be compared with its own feature %s (%d values) only; the tiles of '%s' are %s: embed the slide with --model %s."
              .formatted(
                  model,
                  imageFeature,
                  dimension,
                  tiles.name(),
                  (tiles.encoder().isEmpty() ? "of an unknown encoder" : "of " + tiles.encoder())
                      + " ("
                      + tiles.feature()
                      + ", "
                      + tiles.dimension()
                      + ")",
                  model));
    }
  }

  /** Cosine of a row of values and a feature of unit length. */
  public static double cosine(float[] values, int from, float[] unit) {
    double dot = 0;
    double square = 0;
    for (int i = 0; i < unit.length; i++) {
      dot += (double) values[from + i] * unit[i];
      square += (double) values[from + i] * values[from + i];
    }
    return square == 0 ? 0 : dot / Math.sqrt(square);
  }

  private static float[] unit(float[] values) {
    double square = 0;
    for (float value : values) {
      square += (double) value * value;
    }
    float[] result = new float[values.length];
    for (int i = 0; i < values.length; i++) {
      result[i] = (float) (values[i] / Math.sqrt(Math.max(square, 1e-24)));
    }
    return result;
  }
}
