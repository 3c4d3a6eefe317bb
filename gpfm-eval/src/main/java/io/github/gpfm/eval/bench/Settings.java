package io.github.gpfm.eval.bench;

import io.github.gpfm.eval.EvaluationException;
import io.github.gpfm.support.KebabCase;
import java.lang.reflect.RecordComponent;
import java.nio.file.Path;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.regex.Pattern;

/**
 * The keys of a block that were given, with the values they were bound to. What a key may be called
 * and what it may hold is the business of the records they come from; here it is only looked up.
 *
 * @param where name of the block for messages
 * @param values value by key, in kebab case: text, numbers, true or false, paths, patterns, choices
 *     (an enum's constants), lists of these
 */
public record Settings(String where, Map<String, Object> values) {
  /** Copies the values. */
  public Settings {
    values = Collections.unmodifiableMap(new LinkedHashMap<>(values));
  }

  /** The components of a bound record that have a value; those of inner records among them. */
  static Settings of(String where, Record bound) {
    Map<String, Object> values = new LinkedHashMap<>();
    collect(bound, values);
    return new Settings(where, values);
  }

  private static void collect(Record bound, Map<String, Object> values) {
    for (RecordComponent component : bound.getClass().getRecordComponents()) {
      try {
        component.getAccessor().setAccessible(true);
        Object value = component.getAccessor().invoke(bound);
        if (value instanceof Optional<?> optional) {
          optional.ifPresent(v -> values.put(KebabCase.of(component.getName()), v));
        } else if (value instanceof Record inner) {
          collect(inner, values);
        } else if (value != null) {
          values.put(KebabCase.of(component.getName()), value);
        }
      } catch (ReflectiveOperationException e) {
        throw new IllegalStateException("the record's own component cannot be read", e);
      }
    }
  }

  /** A value as configurations spell it: a choice by its name in kebab case. */
  static Object plain(Object value) {
    if (value instanceof Enum<?> choice) {
      return KebabCase.of(choice.name());
    }
    if (value instanceof Pattern pattern) {
      return pattern.pattern();
    }
    if (value instanceof Map<?, ?> map) {
      return new TreeMap<>(map);
    }
    return value instanceof List<?> list ? list.stream().map(Settings::plain).toList() : value;
  }

  /** Whether the key has a value. */
  public boolean has(String key) {
    return values.containsKey(key);
  }

  /** A value as text. */
  public Optional<String> text(String key) {
    return Optional.ofNullable(values.get(key)).map(value -> String.valueOf(plain(value)));
  }

  /** A choice. */
  <E extends Enum<E>> E choice(String key, E fallback) {
    Object value = values.get(key);
    return value == null ? fallback : fallback.getDeclaringClass().cast(value);
  }

  /** A pattern. */
  Optional<Pattern> pattern(String key) {
    return Optional.ofNullable(values.get(key)).map(Pattern.class::cast);
  }

  /** True or false. */
  boolean flag(String key, boolean fallback) {
    return values.get(key) instanceof Boolean flag ? flag : fallback;
  }

  /** A value that must be there. */
  public String require(String key) {
    return text(key).orElseThrow(() -> new EvaluationException(where + " lacks '" + key + "'"));
  }

  /** A path. */
  public Optional<Path> path(String key) {
    return Optional.ofNullable(values.get(key)).map(Path.class::cast);
  }

  /** A number. */
  public double number(String key, double fallback) {
    return values.get(key) instanceof Number number ? number.doubleValue() : fallback;
  }

  /** A whole number. */
  public int integer(String key, int fallback) {
    return values.get(key) instanceof Number number ? number.intValue() : fallback;
  }

  /** Texts by text, empty if the key is absent. */
  Map<String, String> texts(String key) {
    Map<String, String> texts = new LinkedHashMap<>();
    if (values.get(key) instanceof Map<?, ?> map) {
      map.forEach((name, text) -> texts.put(String.valueOf(name), String.valueOf(text)));
    }
    return texts;
  }

  /** A list, empty if the key is absent. */
  public List<?> list(String key) {
    return values.get(key) instanceof List<?> list ? list : List.of();
  }
}
