package io.github.gpfm.encoder.catalog;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.LongStream;

/** Collects the names and shapes of an architecture's tensors, in order. */
final class TensorShapes {
  private final Map<String, List<Long>> shapes = new LinkedHashMap<>();

  TensorShapes add(String name, long... shape) {
    shapes.put(name, LongStream.of(shape).boxed().toList());
    return this;
  }

  /** {@code name.weight} and {@code name.bias}, both of {@code width} values. */
  TensorShapes norm(String name, long width) {
    return add(name + ".weight", width).add(name + ".bias", width);
  }

  /** {@code name.weight} [out, in] and {@code name.bias} [out]. */
  TensorShapes linear(String name, long out, long in) {
    return add(name + ".weight", out, in).add(name + ".bias", out);
  }

  /** A batch norm's parameters and running statistics. */
  TensorShapes batchNorm(String name, long width) {
    return norm(name, width).add(name + ".running_mean", width).add(name + ".running_var", width);
  }

  Map<String, List<Long>> toMap() {
    return shapes;
  }
}
