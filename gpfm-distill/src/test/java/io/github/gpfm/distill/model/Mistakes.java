package io.github.gpfm.distill.model;

import io.github.gpfm.distill.config.DistillConfig;
import java.lang.reflect.RecordComponent;
import java.util.Arrays;

/** Changes one value of a configuration: {@code section.component=value}. */
final class Mistakes {
  private Mistakes() {}

  static DistillConfig apply(DistillConfig config, String change) {
    String[] parts = change.split("[.=]", 3);
    return (DistillConfig) with(config, parts[0], section -> with(section, parts[1], parts[2]));
  }

  private static Object with(Object value, String name, String text) {
    return with(value, name, old -> parse(old, text));
  }

  private static Object with(
      Object value, String name, java.util.function.UnaryOperator<Object> change) {
    try {
      RecordComponent[] components = value.getClass().getRecordComponents();
      Object[] values = new Object[components.length];
      boolean found = false;
      for (int i = 0; i < values.length; i++) {
        values[i] = components[i].getAccessor().invoke(value);
        if (components[i].getName().equals(name)) {
          values[i] = change.apply(values[i]);
          found = true;
        }
      }
      if (!found) {
        throw new IllegalArgumentException("no component " + name);
      }
      Class<?>[] types =
          Arrays.stream(components).map(RecordComponent::getType).toArray(Class<?>[]::new);
      return value.getClass().getDeclaredConstructor(types).newInstance(values);
    } catch (ReflectiveOperationException e) {
      throw new IllegalStateException(e);
    }
  }

  private static Object parse(Object old, String text) {
    if (old instanceof Integer) {
      return Integer.valueOf(text);
    } else if (old instanceof Double) {
      return Double.valueOf(text);
    } else if (old instanceof Boolean) {
      return Boolean.valueOf(text);
    } else if (old instanceof Enum<?> e) {
      return Arrays.stream(e.getDeclaringClass().getEnumConstants())
          .filter(constant -> constant.toString().equals(text))
          .findFirst()
          .orElseThrow();
    }
    return text;
  }
}
