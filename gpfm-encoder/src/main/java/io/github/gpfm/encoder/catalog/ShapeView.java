package io.github.gpfm.encoder.catalog;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Reads sizes off named shapes and remembers whether any was not there. */
final class ShapeView {
  private final Map<String, List<Long>> shapes;
  private boolean incomplete;

  ShapeView(Map<String, List<Long>> shapes) {
    this.shapes = shapes;
  }

  /** Size of an axis; 1, and the view incomplete, if there is no such tensor or axis. */
  int size(String name, int axis) {
    List<Long> shape = shapes.get(name);
    if (shape == null
        || axis >= shape.size()
        || shape.get(axis) <= 0
        || shape.get(axis) > Integer.MAX_VALUE) {
      incomplete = true;
      return 1;
    }
    return shape.get(axis).intValue();
  }

  /** The shapes whose names begin with a prefix, by the rest of their names. */
  static Map<String, List<Long>> under(Map<String, List<Long>> shapes, String prefix) {
    Map<String, List<Long>> found = new LinkedHashMap<>();
    shapes.forEach(
        (name, shape) -> {
          if (name.startsWith(prefix)) {
            found.put(name.substring(prefix.length()), shape);
          }
        });
    return found;
  }

  boolean has(String name) {
    return shapes.containsKey(name);
  }

  /** How many of {@code pattern} with 0, 1, 2, … in place of its number are there. */
  int count(String pattern) {
    int n = 0;
    while (shapes.containsKey(pattern.formatted(n))) {
      n++;
    }
    return n;
  }

  boolean incomplete() {
    return incomplete;
  }
}
