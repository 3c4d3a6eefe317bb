package io.github.gpfm.eval.bench;

import io.github.gpfm.api.InvalidOptionException;
import io.github.gpfm.support.KebabCase;
import io.github.gpfm.support.yaml.YamlBinder;
import io.github.gpfm.support.yaml.YamlNode;
import java.util.Map;
import java.util.Optional;

/**
 * An encoder's or a task's block of a configuration, and its place.
 *
 * @param section what the user wrote
 * @param path its dotted path
 */
record ConfigBlock(YamlNode.Section section, String path) {
  /** What to throw where a value does not fit the others, or is missing. */
  InvalidOptionException wrong(String key, String expected) {
    Optional<YamlNode.Entry> given = entry(key);
    if (given.isPresent()) {
      return YamlBinder.wrong(given.get().value(), shown(key), expected);
    }
    return new InvalidOptionException(
        "%s: %s is missing; it must be %s.".formatted(section.place(), shown(key), expected));
  }

  /** The key with a value, in whichever spelling it was given. */
  Optional<YamlNode.Entry> entry(String key) {
    return section.entries().entrySet().stream()
        .filter(e -> e.getKey().equals(key) || KebabCase.of(e.getKey()).equals(key))
        .map(Map.Entry::getValue)
        .filter(e -> !e.value().isNull())
        .findFirst();
  }

  String shown(String key) {
    return path + "." + key;
  }
}
