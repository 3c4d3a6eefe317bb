package io.github.gpfm.encoder.text;

import io.github.gpfm.api.InvalidOptionException;
import io.github.gpfm.support.yaml.Default;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Classes described in words. Every name of a class is put into every template in place of {@code
 * {}}; a class is the mean of all its texts.
 *
 * @param templates at least one, each with <code>{}</code>
 * @param classes names of every class, by the class
 */
public record ZeroShotClasses(
    @Default("['{}']") List<String> templates, Map<String, List<String>> classes) {
  private static final String PLACE = "{}";

  /**
   * Checks that there are two classes or more, each with a name, and that templates have a place.
   *
   * @throws InvalidOptionException naming what is at fault
   */
  public ZeroShotClasses {
    templates = List.copyOf(templates);
    classes = Collections.unmodifiableMap(new LinkedHashMap<>(classes));
    if (classes.size() < 2) {
      throw new InvalidOptionException(
          "Zero-shot classification needs two classes or more, not " + classes.size() + ".");
    }
    classes.forEach(
        (name, words) -> {
          if (words.isEmpty()) {
            throw new InvalidOptionException("Class '" + name + "' is not described by a word.");
          }
        });
    for (String template : templates) {
      if (!template.contains(PLACE)) {
        throw new InvalidOptionException(
            "Template '" + template + "' has no {} in which a class's name would stand.");
      }
    }
    if (templates.isEmpty()) {
      throw new InvalidOptionException("Zero-shot classification needs a template, like '{}'.");
    }
  }

  /** Names of the classes, in order. */
  public List<String> names() {
    return List.copyOf(classes.keySet());
  }

  /** All texts of a class. */
  List<String> texts(String name) {
    List<String> texts = new ArrayList<>();
    for (String word : classes.getOrDefault(name, List.of())) {
      for (String template : templates) {
        texts.add(template.replace(PLACE, word));
      }
    }
    return texts;
  }
}
