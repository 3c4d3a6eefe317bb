package io.github.gpfm.encoder.catalog;

import io.github.gpfm.api.GpfmException;
import java.lang.reflect.Constructor;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.RecordComponent;
import java.lang.reflect.Type;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Makes records of what a YAML document says, strictly: a key that is no component, a value of
 * another type, or a number that is missing is refused by name. Lists, maps and booleans may be
 * left out; they are then empty and false.
 */
final class YamlRecords {
  /** Makes a value of a type of its own. */
  @FunctionalInterface
  interface Converter {
    Object convert(Object value, String where);
  }

  private final Map<Class<?>, Converter> converters = new LinkedHashMap<>();

  <T> YamlRecords with(Class<T> type, Converter converter) {
    converters.put(type, converter);
    return this;
  }

  /**
   * @param where names the place in messages, for instance {@code models[3].preprocessing}
   * @throws CatalogException naming the place and what is wrong there
   */
  <T> T read(Object value, Class<T> type, String where) {
    Map<String, Object> fields = map(value, where);
    RecordComponent[] components = type.getRecordComponents();
    Set<String> known = new LinkedHashSet<>();
    Class<?>[] types = new Class<?>[components.length];
    Object[] arguments = new Object[components.length];
    for (int i = 0; i < components.length; i++) {
      String name = components[i].getName();
      known.add(name);
      types[i] = components[i].getType();
      arguments[i] =
          component(components[i].getGenericType(), fields.get(name), where + "." + name);
    }
    for (String name : fields.keySet()) {
      if (!known.contains(name)) {
        throw new CatalogException(
            "%s has no '%s'; it may have %s.".formatted(where, name, String.join(", ", known)));
      }
    }
    return construct(type, types, arguments, where);
  }

  private static <T> T construct(Class<T> type, Class<?>[] types, Object[] values, String where) {
    try {
      Constructor<T> constructor = type.getDeclaredConstructor(types);
      constructor.setAccessible(true);
      return constructor.newInstance(values);
    } catch (InvocationTargetException e) {
      if (e.getCause() instanceof GpfmException problem) {
        throw new CatalogException(where + ": " + problem.getMessage(), problem);
      }
      throw new CatalogException(where + " cannot be used: " + e.getCause(), e.getCause());
    } catch (ReflectiveOperationException e) {
      throw new IllegalStateException("record " + type + " has its canonical constructor", e);
    }
  }

  private Object component(Type type, @Nullable Object value, String where) {
    if (type instanceof ParameterizedType generic) {
      Type element = generic.getActualTypeArguments()[generic.getActualTypeArguments().length - 1];
      if (generic.getRawType() == List.class) {
        List<Object> items = new ArrayList<>();
        List<?> given = value == null ? List.of() : list(value, where);
        for (int i = 0; i < given.size(); i++) {
          items.add(component(element, given.get(i), where + "[" + i + "]"));
        }
        return items;
      }
      Map<String, Object> entries = new LinkedHashMap<>();
      if (value != null) {
        map(value, where)
            .forEach((key, item) -> entries.put(key, component(element, item, where + "." + key)));
      }
      return entries;
    }
    return scalar((Class<?>) type, value, where);
  }

  private Object scalar(Class<?> type, @Nullable Object value, String where) {
    if (value == null) {
      if (type == boolean.class) {
        return false;
      }
      throw new CatalogException(where + " is missing.");
    }
    Converter converter = converters.get(type);
    if (converter != null) {
      return converter.convert(value, where);
    } else if (type.isRecord()) {
      return read(value, type, where);
    } else if (type.isEnum()) {
      return constant(type, value, where);
    } else if ((type == int.class || type == Integer.class) && value instanceof Integer) {
      return value;
    } else if ((type == double.class || type == Double.class) && value instanceof Number number) {
      return number.doubleValue();
    } else if (type == boolean.class && value instanceof Boolean) {
      return value;
    } else if (type == String.class && value instanceof String text && !text.isBlank()) {
      return text.strip();
    }
    throw new CatalogException("%s must be %s, not '%s'.".formatted(where, describe(type), value));
  }

  private static Object constant(Class<?> type, Object value, String where) {
    List<String> names = new ArrayList<>();
    for (Object constant : type.getEnumConstants()) {
      String name = Sizes.label((Enum<?>) constant);
      if (name.equals(value.toString().toLowerCase(Locale.ROOT))) {
        return constant;
      }
      names.add(name);
    }
    throw new CatalogException(
        "%s must be one of %s, not '%s'.".formatted(where, String.join(", ", names), value));
  }

  private static String describe(Class<?> type) {
    if (type == int.class || type == Integer.class) {
      return "a whole number";
    } else if (type == double.class || type == Double.class) {
      return "a number (write 1.0e-6 with the point)";
    }
    return type == boolean.class ? "true or false" : "a text";
  }

  static List<?> list(Object value, String where) {
    if (value instanceof List<?> list) {
      return list;
    }
    // One text stands for a list of one.
    if (value instanceof String) {
      return Arrays.asList(value);
    }
    throw new CatalogException(where + " must be a list, not '" + value + "'.");
  }

  static Map<String, Object> map(Object value, String where) {
    if (!(value instanceof Map<?, ?> map)) {
      throw new CatalogException(where + " must have named entries, not '" + value + "'.");
    }
    Map<String, Object> entries = new LinkedHashMap<>();
    map.forEach((key, item) -> entries.put(String.valueOf(key), item));
    return entries;
  }
}
