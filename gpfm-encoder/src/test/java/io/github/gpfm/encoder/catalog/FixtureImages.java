package io.github.gpfm.encoder.catalog;

import com.google.gson.JsonObject;
import io.github.gpfm.encoder.weights.WeightFile;
import io.github.gpfm.encoder.weights.WeightTensor;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The network inputs that a fixture's outputs were computed from, as its metadata describe them in
 * words: an image of the shared file, a part of W (image 1 repeated beyond its edges), every pixel
 * repeated, other normalisation constants.
 */
final class FixtureImages {
  private static final List<Double> IMAGENET_MEAN = List.of(0.485, 0.456, 0.406);
  private static final List<Double> IMAGENET_STD = List.of(0.229, 0.224, 0.225);
  private static final Pattern ROWS = Pattern.compile("rows(?: and columns)? (\\d+)\\.\\.(\\d+)");
  private static final Pattern COLUMNS = Pattern.compile("columns (\\d+)\\.\\.(\\d+)");
  private static final Pattern NAMED = Pattern.compile("inputs/(image_\\d+)");

  /** Pixels in 0..255, [count, rows, columns, 3]. */
  record Pixels(int count, int rows, int columns, int[] values) {
    int at(int image, int row, int column, int channel) {
      return values[((image * rows + row) * columns + column) * 3 + channel];
    }
  }

  /** Normalised, [count, 3, rows, columns]. */
  record Input(int count, int rows, int columns, float[] values) {}

  private final WeightFile images;

  FixtureImages(WeightFile images) {
    this.images = images;
  }

  private Pixels named(String name) {
    WeightTensor tensor = images.tensor(name);
    long[] values = tensor.toLongs();
    int[] pixels = new int[values.length];
    for (int i = 0; i < values.length; i++) {
      pixels[i] = (int) values[i];
    }
    List<Long> shape = tensor.shape();
    return new Pixels(
        shape.get(0).intValue(), shape.get(1).intValue(), shape.get(2).intValue(), pixels);
  }

  /**
   * @param words for instance {@code rows and columns 2..253 of W}
   * @param tag what stands after the output's name, the edge of W where the words are only W
   */
  Input input(String words, String tag, JsonObject config) {
    boolean imageNet = words.contains("ImageNet") || !config.has("mean");
    List<Double> mean = imageNet ? IMAGENET_MEAN : FixtureModel.doubles(config, "mean");
    List<Double> std = imageNet ? IMAGENET_STD : FixtureModel.doubles(config, "std");
    return normalised(pixels(words, tag), mean, std);
  }

  private Pixels pixels(String words, String tag) {
    Matcher named = NAMED.matcher(words);
    boolean w = !named.find();
    Pixels source = named(w ? images.tensors().keySet().iterator().next() : named.group(1));
    int firstImage = w ? 1 : 0;
    int count = w || words.contains("image 0") ? 1 : source.count();
    int scale = words.contains("every pixel repeated 2x2") ? 2 : 1;
    int[] rows = range(ROWS, words, w ? Integer.parseInt(edge(tag)) : source.rows() * scale);
    int[] columns = range(COLUMNS, words, rows[1] - rows[0]);
    if (words.contains("rows and columns")) {
      columns = rows;
    }
    int height = rows[1] - rows[0];
    int width = columns[1] - columns[0];
    int[] values = new int[count * height * width * 3];
    int at = 0;
    for (int image = firstImage; image < firstImage + count; image++) {
      for (int r = rows[0]; r < rows[1]; r++) {
        for (int c = columns[0]; c < columns[1]; c++) {
          for (int channel = 0; channel < 3; channel++) {
            int row = r / scale % source.rows();
            int column = c / scale % source.columns();
            values[at++] = source.at(image, row, column, channel);
          }
        }
      }
    }
    return new Pixels(count, height, width, values);
  }

  private static String edge(String tag) {
    return tag.matches("\\d+") ? tag : "0";
  }

  private static int[] range(Pattern pattern, String words, int whole) {
    Matcher matcher = pattern.matcher(words);
    return matcher.find()
        ? new int[] {Integer.parseInt(matcher.group(1)), Integer.parseInt(matcher.group(2)) + 1}
        : new int[] {0, whole};
  }

  /** The pictures of the project's own fixtures, by their formula; no file is needed. */
  static Input formula(int rows, int columns, JsonObject config) {
    int[] values = new int[2 * rows * columns * 3];
    int at = 0;
    for (int b = 0; b < 2; b++) {
      for (int r = 0; r < rows; r++) {
        for (int c = 0; c < columns; c++) {
          for (int k = 0; k < 3; k++) {
            values[at++] =
                (7 * r + 13 * c + 29 * k + 57 * b + r * c / 37 + 11 * (r / 16) * (c / 16)) % 256;
          }
        }
      }
    }
    return normalised(
        new Pixels(2, rows, columns, values),
        FixtureModel.doubles(config, "mean"),
        FixtureModel.doubles(config, "std"));
  }

  private static Input normalised(Pixels pixels, List<Double> mean, List<Double> std) {
    int area = pixels.rows() * pixels.columns();
    float[] values = new float[pixels.count() * 3 * area];
    for (int image = 0; image < pixels.count(); image++) {
      for (int channel = 0; channel < 3; channel++) {
        float m = mean.get(channel).floatValue();
        float s = std.get(channel).floatValue();
        for (int i = 0; i < area; i++) {
          int value = pixels.values()[(image * area + i) * 3 + channel];
          values[(image * 3 + channel) * area + i] = (value / 255f - m) / s;
        }
      }
    }
    return new Input(pixels.count(), pixels.rows(), pixels.columns(), values);
  }

  /** What the metadata say of an output: the words whose key, a pattern with {@code *}, fits it. */
  static String words(Map<String, String> outputs, String name) {
    return outputs.entrySet().stream()
        .filter(
            entry ->
                name.matches(
                    ".*"
                        + Pattern.quote(entry.getKey()).replace("*", "\\E.*\\Q")
                        + "(_first\\d+)?"))
        .filter(entry -> entry.getValue().matches("(inputs/|rows |W|image 0 of inputs/).*"))
        .map(Map.Entry::getValue)
        .findFirst()
        .orElse(outputs.getOrDefault("all", "inputs/image_224"));
  }
}
