package io.github.gpfm.eval;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import io.github.gpfm.encoder.weights.WeightFile;
import io.github.gpfm.encoder.weights.WeightTensor;
import io.github.gpfm.eval.data.LabelledFeatures;
import io.github.gpfm.eval.linalg.Matrix;
import io.github.gpfm.testkit.Fixtures;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;

/** Reads evaluation fixtures into arrays. */
public final class EvaluationFixtures {
  private EvaluationFixtures() {}

  /** Opens {@code evaluation/NAME.safetensors} or skips the test. */
  public static WeightFile open(String name) {
    return WeightFile.open(Fixtures.parity("evaluation/" + name + ".safetensors"));
  }

  /** A two-dimensional tensor. */
  public static Matrix matrix(WeightFile file, String name) {
    WeightTensor tensor = file.tensor(name);
    return Matrix.of((int) tensor.size(0), (int) tensor.size(1), tensor.toFloats());
  }

  /** Rows as double. */
  public static NDArray array(NDManager scope, Matrix m) {
    return scope.create(m.values(), new Shape(m.rows(), m.columns()));
  }

  public static double[][] rows(Matrix m) {
    return IntStream.range(0, m.rows()).mapToObj(r -> doubles(m.row(r))).toArray(double[][]::new);
  }

  /** Integers. */
  public static int[] ints(WeightFile file, String name) {
    return Arrays.stream(file.tensor(name).toLongs()).mapToInt(Math::toIntExact).toArray();
  }

  /** Values as double, at full precision. */
  public static double[] doubles(WeightFile file, String name) {
    WeightTensor tensor = file.tensor(name);
    if (tensor.dtype().size() < 8) {
      return doubles(tensor.toFloats());
    }
    double[] values = new double[(int) tensor.count()];
    tensor.toBuffer().asDoubleBuffer().get(values);
    return values;
  }

  private static double[] doubles(float[] values) {
    return IntStream.range(0, values.length).mapToDouble(i -> values[i]).toArray();
  }

  /** Non-zero is true. */
  public static boolean[] booleans(double[] values) {
    boolean[] result = new boolean[values.length];
    for (int i = 0; i < result.length; i++) {
      result[i] = values[i] != 0;
    }
    return result;
  }

  /** Features with labels and generated names. */
  public static LabelledFeatures labelled(String name, Matrix features, int[] labels, int classes) {
    List<String> ids = IntStream.range(0, labels.length).mapToObj(i -> name + i).toList();
    List<String> classNames = IntStream.range(0, classes).mapToObj(c -> "class " + c).toList();
    return new LabelledFeatures(name, ids, features, labels, classNames);
  }
}
