package io.github.gpfm.distill.config;

import io.github.gpfm.api.InvalidOptionException;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.RecordComponent;
import java.lang.reflect.Type;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Between YAML's maps and records: keys are component names in kebab case, every key must be known
 * and every component given.
 */
final class RecordBinder {
  private final String source;

  RecordBinder(String source) {
    this.source = source;
  }

  /** The record that a map describes. */
  <T> T bind(Map<?, ?> map, Class<T> type) {
    return type.cast(bindRecord(map, type, ""));
  }

  /** The map that describes a record. */
  static Map<String, Object> unbind(Object value) {
    Map<String, Object> map = new LinkedHashMap<>();
    for (RecordComponent component : value.getClass().getRecordComponents()) {
      map.put(kebab(component.getName()), plain(component(value, component)));
    }
    return map;
  }

  private static Object plain(Object value) {
    if (value instanceof Record) {
      return unbind(value);
    } else if (value instanceof Enum<?> constant) {
      return kebab(constant.name());
    } else if (value instanceof Map<?, ?> map) {
      Map<String, Object> copy = new LinkedHashMap<>();
      map.forEach((k, v) -> copy.put((String) k, plain(v)));
      return copy;
    }
    return value;
  }

  private static Object component(Object value, RecordComponent component) {
    try {
      return component.getAccessor().invoke(value);
    } catch (ReflectiveOperationException e) {
      throw new IllegalStateException(e);
    }
  }

  private Object bindRecord(@Nullable Object value, Class<?> type, String path) {
    if (!(value instanceof Map<?, ?> map)) {
      throw wrong(path, "a section", value);
    }
    RecordComponent[] components = type.getRecordComponents();
    List<String> known =
        Arrays.stream(components).map(component -> kebab(component.getName())).toList();
    for (Object key : map.keySet()) {
      if (!known.contains(key)) {
        throw new InvalidOptionException(
            "%s: unknown option '%s%s'; known here are %s."
                .formatted(source, path, key, String.join(", ", known)));
      }
    }
    Object[] values = new Object[components.length];
    Class<?>[] types = new Class<?>[components.length];
    for (int i = 0; i < components.length; i++) {
      String key = known.get(i);
      if (!map.containsKey(key)) {
        throw new InvalidOptionException(
            "%s: option '%s%s' is missing; give it or start from a preset."
                .formatted(source, path, key));
      }
      types[i] = components[i].getType();
      values[i] = bindValue(map.get(key), components[i].getGenericType(), path + key);
    }
    try {
      return type.getDeclaredConstructor(types).newInstance(values);
    } catch (ReflectiveOperationException e) {
      throw new IllegalStateException(e);
    }
  }

  private Object bindValue(@Nullable Object value, Type type, String path) {
    if (type instanceof ParameterizedType generic) {
      Type element = generic.getActualTypeArguments()[generic.getActualTypeArguments().length - 1];
      if (generic.getRawType() == List.class && value instanceof List<?> list) {
        List<Object> bound = new ArrayList<>();
        list.forEach(item -> bound.add(bindValue(item, element, path)));
        return List.copyOf(bound);
      } else if (generic.getRawType() == Map.class && value instanceof Map<?, ?> map) {
        Map<String, Object> bound = new LinkedHashMap<>();
        map.forEach((k, v) -> bound.put(String.valueOf(k), bindValue(v, element, path + "." + k)));
        return Collections.unmodifiableMap(bound);
      }
      throw wrong(path, generic.getRawType() == List.class ? "a list" : "a section", value);
    }
    Class<?> raw = (Class<?>) type;
    if (raw.isRecord()) {
      return bindRecord(value, raw, path + ".");
    } else if (raw.isEnum()) {
      return bindEnum(value, raw, path);
    } else if (raw == boolean.class && value instanceof Boolean) {
      return value;
    } else if (raw == String.class && value != null) {
      return String.valueOf(value);
    } else if ((raw == double.class || raw == Double.class) && value instanceof Number number) {
      return number.doubleValue();
    } else if (raw == int.class && value instanceof Integer) {
      return value;
    } else if (raw == long.class && (value instanceof Integer || value instanceof Long)) {
      return ((Number) value).longValue();
    }
    if (raw == boolean.class) {
      throw wrong(path, "true or false", value);
    } else if (raw == String.class) {
      throw wrong(path, "text", value);
    }
    throw wrong(path, raw == int.class || raw == long.class ? "a whole number" : "a number", value);
  }

  private Object bindEnum(@Nullable Object value, Class<?> type, String path) {
    for (Object constant : type.getEnumConstants()) {
      if (kebab(((Enum<?>) constant).name()).equals(String.valueOf(value))) {
        return constant;
      }
    }
    String choices =
        Arrays.stream(type.getEnumConstants())
            .map(constant -> kebab(((Enum<?>) constant).name()))
            .collect(Collectors.joining(", "));
    throw wrong(path, "one of " + choices, value);
  }

  private InvalidOptionException wrong(String path, String expected, @Nullable Object value) {
    return new InvalidOptionException(
        "%s: option '%s' must be %s, not '%s'."
            .formatted(source, path.replaceAll("\\.$", ""), expected, value));
  }

  /** {@code baseLr} and {@code BASE_LR} become {@code base-lr}. */
  private static String kebab(String name) {
    if (name.equals(name.toUpperCase(Locale.ROOT))) {
      return name.toLowerCase(Locale.ROOT).replace('_', '-');
    }
    return name.replaceAll("([A-Z])", "-$1").toLowerCase(Locale.ROOT);
  }
}
