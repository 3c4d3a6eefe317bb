package io.github.gpfm.support.yaml;

import io.github.gpfm.support.KebabCase;
import java.lang.reflect.Method;
import java.lang.reflect.RecordComponent;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.yaml.snakeyaml.DumperOptions;
import org.yaml.snakeyaml.Yaml;

/** Writes records as {@link YamlBinder} reads them. An empty {@code Optional} is left out. */
public final class YamlWriter {
  private YamlWriter() {}

  /** The record as YAML, a line a value, in the order of the components. */
  public static String write(Record value) {
    DumperOptions options = new DumperOptions();
    options.setDefaultFlowStyle(DumperOptions.FlowStyle.BLOCK);
    return new Yaml(options).dump(map(value));
  }

  /**
   * The record as a tree.
   *
   * @param source as messages name it
   */
  public static YamlNode.Section tree(String source, Record value) {
    return (YamlNode.Section) node(map(value), new YamlPlace(source, 0));
  }

  private static Map<String, Object> map(Object value) {
    Map<String, Object> map = new LinkedHashMap<>();
    for (RecordComponent component : value.getClass().getRecordComponents()) {
      Object of = component(value, component);
      if (component.isAnnotationPresent(Inline.class)) {
        map.putAll(map(of));
      } else if (!Optional.empty().equals(of)) {
        map.put(KebabCase.of(component.getName()), plain(of));
      }
    }
    return map;
  }

  private static Object plain(Object value) {
    if (value instanceof Optional<?> optional) {
      return plain(optional.orElseThrow());
    } else if (value instanceof Record) {
      return map(value);
    } else if (value instanceof Enum<?> constant) {
      return KebabCase.of(constant.name());
    } else if (value instanceof Map<?, ?> map) {
      Map<String, Object> copy = new LinkedHashMap<>();
      map.forEach((key, of) -> copy.put((String) key, plain(of)));
      return copy;
    } else if (value instanceof List<?> list) {
      List<Object> copy = new ArrayList<>();
      list.forEach(item -> copy.add(plain(item)));
      return copy;
    } else if (value instanceof Number || value instanceof Boolean) {
      return value;
    }
    return value.toString();
  }

  private static Object component(Object value, RecordComponent component) {
    try {
      Method accessor = component.getAccessor();
      accessor.setAccessible(true);
      return accessor.invoke(value);
    } catch (ReflectiveOperationException e) {
      throw new IllegalStateException("the accessor of " + component + " failed", e);
    }
  }

  private static YamlNode node(Object plain, YamlPlace place) {
    if (plain instanceof Map<?, ?> map) {
      Map<String, YamlNode.Entry> entries = new LinkedHashMap<>();
      map.forEach(
          (key, of) -> entries.put((String) key, new YamlNode.Entry(place, node(of, place))));
      return new YamlNode.Section(entries, place);
    } else if (plain instanceof List<?> list) {
      return new YamlNode.Items(list.stream().map(item -> node(item, place)).toList(), place);
    }
    return new YamlNode.Scalar(plain.toString(), !(plain instanceof String), place);
  }
}
