package io.github.gpfm.eval.probe;

import io.github.gpfm.encoder.weights.Safetensors;
import io.github.gpfm.encoder.weights.WeightFile;
import io.github.gpfm.encoder.weights.WeightTensor;
import io.github.gpfm.eval.EvaluationException;
import io.github.gpfm.eval.data.FeatureBag;
import io.github.gpfm.eval.linalg.Matrix;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * A linear model on the mean of a bag's features, which can be kept and read back exactly.
 *
 * @param weight outputs x dimension, in single precision as it is kept
 * @param bias one value an output
 * @param outputNames classes or targets; empty for a risk
 * @param facts numbers kept beside it, for instance the times of a survival model
 */
public record LinearHead(
    Matrix weight, float[] bias, List<String> outputNames, Map<String, double[]> facts) {
  private static final String FACT = "linear.fact.";
  private static final String KIND = "linear.kind";
  private static final String MEAN = "mean-pooled";

  /** Checks that there is one bias an output. */
  public LinearHead {
    if (weight.rows() != bias.length) {
      throw new EvaluationException(
          weight.rows() + " rows of weights do not fit " + bias.length + " biases");
    }
    outputNames = List.copyOf(outputNames);
    facts = Map.copyOf(facts);
  }

  /** A model with its weights rounded to single precision. */
  public static LinearHead of(
      double[][] weight, double[] bias, List<String> outputNames, Map<String, double[]> facts) {
    Matrix rounded = Matrix.zeros(weight.length, weight[0].length);
    float[] shift = new float[bias.length];
    for (int k = 0; k < weight.length; k++) {
      shift[k] = (float) bias[k];
      for (int c = 0; c < weight[k].length; c++) {
        rounded.set(k, c, (float) weight[k][c]);
      }
    }
    return new LinearHead(rounded, shift, outputNames, facts);
  }

  /** The mean of a bag's features. */
  public static float[] mean(FeatureBag bag) {
    Matrix features = bag.features();
    double[] sum = new double[features.columns()];
    float[] values = features.values();
    for (int i = 0; i < values.length; i++) {
      sum[i % sum.length] += values[i];
    }
    float[] mean = new float[sum.length];
    for (int c = 0; c < mean.length; c++) {
      mean[c] = (float) (sum[c] / features.rows());
    }
    return mean;
  }

  /** What the model says of a bag, one value an output. */
  public double[] output(FeatureBag bag) {
    float[] mean = mean(bag);
    if (mean.length != weight.columns()) {
      throw new EvaluationException(
          "the bag of '%s' has features of %d dimensions; the head takes %d"
              .formatted(bag.id(), mean.length, weight.columns()));
    }
    double[] output = new double[bias.length];
    for (int k = 0; k < output.length; k++) {
      output[k] = bias[k];
      for (int c = 0; c < mean.length; c++) {
        output[k] += (double) weight.get(k, c) * mean[c];
      }
    }
    return output;
  }

  /** Numbers kept beside the model; empty if there are none of that name. */
  public double[] fact(String name) {
    return facts.getOrDefault(name, new double[0]).clone();
  }

  /** Whether a file holds such a head. */
  public static boolean isIn(Path file) {
    return MEAN.equals(WeightFile.open(file).metadata().get(KIND));
  }

  /**
   * Writes weights in single precision, facts in the metadata.
   *
   * @param beside more metadata; this head's own stand where the names are the same
   */
  public void save(Path file, Map<String, String> beside) {
    Map<String, String> metadata = new TreeMap<>(beside);
    metadata.put(KIND, MEAN);
    metadata.put("linear.output_names", String.join("\n", outputNames));
    facts.forEach((name, values) -> metadata.put(FACT + name, join(values)));
    long outputs = bias.length;
    Safetensors.write(
        file,
        List.of(
            WeightTensor.ofFloats(
                "weight", List.of(outputs, (long) weight.columns()), weight.values()),
            WeightTensor.ofFloats("bias", List.of(outputs), bias)),
        metadata);
  }

  /**
   * Reads what {@link #save} wrote.
   *
   * @throws EvaluationException if it is no such head
   */
  public static LinearHead load(Path file) {
    WeightFile saved = WeightFile.open(file);
    Map<String, String> metadata = saved.metadata();
    if (!MEAN.equals(metadata.get(KIND))) {
      throw new EvaluationException("'" + file + "' is no linear head of a benchmark");
    }
    try {
      Map<String, double[]> facts = new TreeMap<>();
      metadata.forEach(
          (key, value) -> {
            if (key.startsWith(FACT)) {
              facts.put(key.substring(FACT.length()), parse(value));
            }
          });
      String names = metadata.getOrDefault("linear.output_names", "");
      WeightTensor weight = saved.tensor("weight");
      return new LinearHead(
          Matrix.of((int) weight.size(0), (int) weight.size(1), weight.toFloats()),
          saved.tensor("bias").toFloats(),
          names.isEmpty() ? List.of() : List.of(names.split("\n")),
          facts);
    } catch (NumberFormatException e) {
      throw new EvaluationException("the head '" + file + "' is damaged", e);
    }
  }

  private static String join(double[] values) {
    return String.join(",", Arrays.stream(values).mapToObj(Double::toString).toList());
  }

  private static double[] parse(String text) {
    return text.isEmpty()
        ? new double[0]
        : Arrays.stream(text.split(",")).mapToDouble(Double::parseDouble).toArray();
  }
}
