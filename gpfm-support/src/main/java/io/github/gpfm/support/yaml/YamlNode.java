package io.github.gpfm.support.yaml;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** A value of a YAML document that knows its place. Immutable; aliases and merges are resolved. */
public sealed interface YamlNode {
  /** Where it stands. */
  YamlPlace place();

  /** Whether it is empty, {@code ~} or {@code null}. */
  default boolean isNull() {
    return false;
  }

  /**
   * A single value; what it means depends on what is due.
   *
   * @param text without quotes
   * @param plain whether it stood without quotes, so that it may be a number, true, false or null
   * @param place where it stands
   */
  record Scalar(String text, boolean plain, YamlPlace place) implements YamlNode {
    @Override
    public boolean isNull() {
      return plain && Scalars.isNull(text);
    }
  }

  /**
   * A list.
   *
   * @param values its items
   * @param place where it starts
   */
  record Items(List<YamlNode> values, YamlPlace place) implements YamlNode {
    /** Copies the list. */
    public Items {
      values = List.copyOf(values);
    }
  }

  /**
   * Keys and values, in the order of the document.
   *
   * @param entries by key
   * @param place where it starts
   */
  record Section(Map<String, Entry> entries, YamlPlace place) implements YamlNode {
    /** Copies the map. */
    public Section {
      entries = Collections.unmodifiableMap(new LinkedHashMap<>(entries));
    }

    /** The value of a key; empty where there is none or it is null. */
    public Optional<YamlNode> find(String key) {
      return Optional.ofNullable(entries.get(key)).map(Entry::value).filter(v -> !v.isNull());
    }

    /** The same with a key's value replaced or added at the end. */
    public Section with(String key, YamlNode value) {
      Map<String, Entry> copy = new LinkedHashMap<>(entries);
      copy.put(key, new Entry(value.place(), value));
      return new Section(copy, place);
    }

    /** The same without a key. */
    public Section without(String key) {
      Map<String, Entry> copy = new LinkedHashMap<>(entries);
      copy.remove(key);
      return new Section(copy, place);
    }
  }

  /**
   * A value and the place of its key.
   *
   * @param keyPlace where the key stands
   * @param value what it has
   */
  record Entry(YamlPlace keyPlace, YamlNode value) {}
}
