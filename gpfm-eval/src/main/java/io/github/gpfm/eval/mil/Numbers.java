package io.github.gpfm.eval.mil;

import io.github.gpfm.eval.EvaluationException;
import java.util.Arrays;
import java.util.stream.Collectors;

/** Numbers as text that reads back exactly. */
final class Numbers {
  private Numbers() {}

  static String join(double... values) {
    return Arrays.stream(values).mapToObj(Double::toString).collect(Collectors.joining(","));
  }

  static double[] parse(String text) {
    try {
      return text.isEmpty()
          ? new double[0]
          : Arrays.stream(text.split(",")).mapToDouble(Double::parseDouble).toArray();
    } catch (NumberFormatException e) {
      throw new EvaluationException("'" + text + "' is not a list of numbers", e);
    }
  }
}
