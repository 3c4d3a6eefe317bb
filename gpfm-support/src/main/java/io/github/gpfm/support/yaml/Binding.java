package io.github.gpfm.support.yaml;

import io.github.gpfm.api.GpfmException;
import io.github.gpfm.api.InvalidOptionException;
import io.github.gpfm.support.KebabCase;
import java.lang.reflect.Constructor;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.RecordComponent;
import java.lang.reflect.Type;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** One document on its way to records. */
final class Binding {
  private final YamlBinder binder;
  private final ScalarBinding scalars;
  private final Set<String> formerSpellings = new LinkedHashSet<>();
  private @Nullable String firstSource;

  Binding(YamlBinder binder) {
    this.binder = binder;
    this.scalars = new ScalarBinding(binder.base());
  }

  /** The value of a component; the node is there, though it may be null in the sense of YAML. */
  Object value(YamlNode node, Type type, String path) {
    if (type instanceof ParameterizedType generic) {
      return container(node, generic, path);
    }
    Class<?> raw = (Class<?>) type;
    YamlBinder.Converter<?> converter = binder.converters().get(raw);
    YamlBinder.Variants variants = binder.variants().get(raw);
    if (converter != null) {
      if (node.isNull()) {
        throw YamlBinder.wrong(node, path, "given");
      }
      return converter.convert(node, path);
    } else if (variants != null) {
      return variant(section(node, path), variants, path);
    } else if (raw.isRecord()) {
      return record(section(node, path), raw, path);
    } else if (raw.isEnum()) {
      return constant(node, raw, path);
    }
    return scalars.value(node, raw, path);
  }

  void tellNotes() {
    if (!formerSpellings.isEmpty()) {
      binder
          .notes()
          .accept(
              "%s: former spellings were read; write %s"
                  .formatted(firstSource, String.join(", ", formerSpellings)));
    }
  }

  static String join(String path, String key) {
    return path.isEmpty() ? key : path + "." + key;
  }

  private static YamlNode.Section section(YamlNode node, String path) {
    if (node instanceof YamlNode.Section section) {
      return section;
    }
    throw YamlBinder.wrong(node, path, "a section of options");
  }

  private Object container(YamlNode node, ParameterizedType type, String path) {
    Type[] arguments = type.getActualTypeArguments();
    Type element = arguments[arguments.length - 1];
    if (type.getRawType() == Optional.class) {
      return node.isNull() ? Optional.empty() : Optional.of(value(node, element, path));
    } else if (type.getRawType() == List.class) {
      return list(node, element, path);
    } else if (type.getRawType() == Map.class && arguments[0] == String.class) {
      Map<String, Object> values = new LinkedHashMap<>();
      section(node, path)
          .entries()
          .forEach(
              (key, entry) ->
                  values.put(key, value(entry.value(), element, join(path, YamlPlace.shown(key)))));
      return Collections.unmodifiableMap(values);
    }
    throw new IllegalStateException("no rule for components of type " + type);
  }

  private List<Object> list(YamlNode node, Type element, String path) {
    List<Object> values = new ArrayList<>();
    if (node instanceof YamlNode.Items items) {
      for (int i = 0; i < items.values().size(); i++) {
        YamlNode item = items.values().get(i);
        values.add(value(item, element, path + label(item, i)));
      }
    } else if (binder.takesSingleAsList() && !node.isNull() && node instanceof YamlNode.Scalar) {
      values.add(value(node, element, path));
    } else {
      throw YamlBinder.wrong(node, path, "a list");
    }
    return Collections.unmodifiableList(values);
  }

  /** {@code [3]}, or the item's name where it has one. */
  private static String label(YamlNode item, int index) {
    if (item instanceof YamlNode.Section section
        && section.find("name").orElse(item) instanceof YamlNode.Scalar name) {
      return " '" + YamlPlace.shown(name.text()) + "'";
    }
    return "[" + index + "]";
  }

  private Object variant(YamlNode.Section section, YamlBinder.Variants variants, String path) {
    String key = variants.key();
    if (section.find(key).isEmpty()) {
      Set<String> known = new LinkedHashSet<>(Set.of(key));
      variants.types().values().forEach(type -> addKeys(type, known));
      // A misspelt key is more to the point than one that is missing.
      renamed(section, known, path);
    }
    YamlNode chosen = section.find(key).orElseThrow(() -> missing(section, join(path, key)));
    String given = chosen instanceof YamlNode.Scalar scalar ? scalar.text() : "";
    String name = variants.types().containsKey(given) ? given : KebabCase.of(given);
    Class<?> type = variants.types().get(name);
    if (type == null) {
      throw YamlBinder.wrongChoice(chosen, join(path, key), List.copyOf(variants.types().keySet()));
    }
    if (!name.equals(given)) {
      note(chosen.place(), given, name);
    }
    Set<String> known = new LinkedHashSet<>(Set.of(key));
    addKeys(type, known);
    checkOwners(section, variants, known, "'" + key + ": " + name + "'", path);
    return fields(renamed(section, known, path), type, path);
  }

  /** A key that only other variants have is not misspelt: it says nothing here. */
  private void checkOwners(
      YamlNode.Section section,
      YamlBinder.Variants variants,
      Set<String> known,
      String chosen,
      String path) {
    section
        .entries()
        .forEach(
            (key, entry) -> {
              String name = binder.present(key);
              List<String> owners =
                  variants.types().entrySet().stream()
                      .filter(other -> keys(other.getValue()).contains(name))
                      .map(Map.Entry::getKey)
                      .toList();
              if (!known.contains(key) && !known.contains(name) && !owners.isEmpty()) {
                throw new InvalidOptionException(
                    "%s: unknown option %s with %s; it belongs to %s."
                        .formatted(
                            entry.keyPlace(),
                            join(path, YamlPlace.shown(key)),
                            chosen,
                            String.join(", ", owners)));
              }
            });
  }

  private Object record(YamlNode.Section section, Class<?> type, String path) {
    return fields(renamed(section, keys(type), path), type, path);
  }

  private static Set<String> keys(Class<?> type) {
    Set<String> keys = new LinkedHashSet<>();
    addKeys(type, keys);
    return keys;
  }

  private static void addKeys(Class<?> type, Set<String> known) {
    for (RecordComponent component : type.getRecordComponents()) {
      if (component.isAnnotationPresent(Inline.class)) {
        addKeys(component.getType(), known);
      } else {
        known.add(KebabCase.of(component.getName()));
      }
    }
  }

  /** The section under the names of today; a key that is unknown or given twice is refused. */
  private YamlNode.Section renamed(YamlNode.Section section, Set<String> known, String path) {
    Map<String, YamlNode.Entry> entries = new LinkedHashMap<>();
    section
        .entries()
        .forEach(
            (key, entry) -> {
              String name = known.contains(key) ? key : binder.present(key);
              if (!known.contains(name)) {
                throw new InvalidOptionException(
                    "%s: unknown option %s%s"
                        .formatted(
                            entry.keyPlace(),
                            join(path, YamlPlace.shown(key)),
                            NearestName.hint(key, known)));
              }
              YamlNode.Entry other = entries.put(name, entry);
              if (other != null) {
                throw new InvalidOptionException(
                    "%s: %s is given twice%s under another spelling; leave one out."
                        .formatted(
                            entry.keyPlace(), join(path, key), other.keyPlace().firstInLine()));
              }
              if (!name.equals(key)) {
                note(entry.keyPlace(), key, name);
              }
            });
    return new YamlNode.Section(entries, section.place());
  }

  private void note(YamlPlace place, String former, String present) {
    if (firstSource == null) {
      firstSource = place.source();
    }
    formerSpellings.add("'%s' for '%s'".formatted(present, former));
  }

  private Object fields(YamlNode.Section section, Class<?> type, String path) {
    RecordComponent[] components = type.getRecordComponents();
    Class<?>[] types = new Class<?>[components.length];
    Object[] values = new Object[components.length];
    for (int i = 0; i < components.length; i++) {
      types[i] = components[i].getType();
      values[i] =
          components[i].isAnnotationPresent(Inline.class)
              ? fields(section, types[i], path)
              : component(section, components[i], path);
    }
    return construct(section, type, types, values, path);
  }

  private Object component(YamlNode.Section section, RecordComponent component, String path) {
    String key = KebabCase.of(component.getName());
    Optional<YamlNode> given = section.find(key);
    Default fallback = component.getAnnotation(Default.class);
    if (given.isEmpty() && component.getType() == Optional.class) {
      return Optional.empty();
    } else if (given.isEmpty() && fallback != null) {
      given = Optional.of(YamlReader.value("the default of " + key, fallback.value()));
    }
    YamlNode node =
        given.orElseGet(
            () -> {
              YamlNode.Entry entry = section.entries().get(key);
              if (entry == null) {
                throw missing(section, join(path, key));
              }
              return entry.value();
            });
    String inner = join(path, key);
    Object bound = value(node, component.getGenericType(), inner);
    Constraints.check(component, node, inner, bound);
    return bound;
  }

  private static InvalidOptionException missing(YamlNode.Section section, String path) {
    return new InvalidOptionException("%s: %s is missing.".formatted(section.place(), path));
  }

  private static Object construct(
      YamlNode.Section section, Class<?> type, Class<?>[] types, Object[] values, String path) {
    try {
      Constructor<?> constructor = type.getDeclaredConstructor(types);
      constructor.setAccessible(true);
      return constructor.newInstance(values);
    } catch (InvocationTargetException e) {
      if (e.getCause() instanceof GpfmException problem) {
        throw new InvalidOptionException(
            "%s: %s%s"
                .formatted(
                    section.place(), path.isEmpty() ? "" : path + ": ", problem.getMessage()),
            problem);
      }
      throw new InvalidOptionException(
          "%s: %s cannot be used (%s)."
              .formatted(section.place(), path.isEmpty() ? "it" : path, e.getCause()),
          e.getCause());
    } catch (ReflectiveOperationException e) {
      throw new IllegalStateException(type + " has its canonical constructor", e);
    }
  }

  private Object constant(YamlNode node, Class<?> type, String path) {
    List<String> names = new ArrayList<>();
    String given = node instanceof YamlNode.Scalar scalar && !node.isNull() ? scalar.text() : "";
    for (Object constant : type.getEnumConstants()) {
      String name = KebabCase.of(((Enum<?>) constant).name());
      if (name.equals(given)) {
        return constant;
      }
      if (name.equals(KebabCase.of(given))) {
        note(node.place(), given, name);
        return constant;
      }
      names.add(name);
    }
    throw YamlBinder.wrongChoice(node, path, names);
  }
}
