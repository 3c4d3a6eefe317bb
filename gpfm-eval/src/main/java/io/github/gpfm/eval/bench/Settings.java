package io.github.gpfm.eval.bench;

import io.github.gpfm.eval.EvaluationException;
import java.nio.file.Path;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * A block of a configuration, with typed access whose errors name the block and the key.
 *
 * @param where name of the block for messages
 * @param values keys and values as YAML gives them
 * @param base folder that relative paths start from
 */
public record Settings(String where, Map<String, Object> values, Path base) {
  /** Copies the values. */
  public Settings {
    values = Collections.unmodifiableMap(new LinkedHashMap<>(values));
  }

  /** Whether the key has a value. */
  public boolean has(String key) {
    return values.get(key) != null;
  }

  /** A value as text. */
  public Optional<String> text(String key) {
    return Optional.ofNullable(values.get(key)).map(String::valueOf);
  }

  /** A value that must be there. */
  public String require(String key) {
    return text(key).orElseThrow(() -> new EvaluationException(where + " lacks '" + key + "'"));
  }

  /** A path, relative to the configuration. */
  public Optional<Path> path(String key) {
    return text(key).map(base::resolve);
  }

  /** A number. */
  public double number(String key, double fallback) {
    Object value = values.get(key);
    if (value == null) {
      return fallback;
    }
    if (value instanceof Number number) {
      return number.doubleValue();
    }
    try {
      return Double.parseDouble(value.toString());
    } catch (NumberFormatException e) {
      throw new EvaluationException(
          where + " has '" + value + "' for '" + key + "' where a number is due", e);
    }
  }

  /** A whole number. */
  public int integer(String key, int fallback) {
    return (int) number(key, fallback);
  }

  /** A list, empty if the key is absent. */
  public List<?> list(String key) {
    Object value = values.get(key);
    if (value == null) {
      return List.of();
    }
    if (value instanceof List<?> list) {
      return list;
    }
    throw new EvaluationException(where + " needs a list for '" + key + "'");
  }

  static Settings of(String where, @Nullable Object value, Path base) {
    if (value instanceof Map<?, ?> map) {
      Map<String, Object> values = new LinkedHashMap<>();
      map.forEach((k, v) -> values.put(String.valueOf(k), v));
      return new Settings(where, values, base);
    }
    throw new EvaluationException(where + " is no block of keys and values");
  }

  /** Text that changes when any value does. */
  String canonical() {
    return new TreeMap<>(values).toString();
  }
}
