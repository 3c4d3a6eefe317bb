package io.github.gpfm.testkit;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.Yaml;
import org.yaml.snakeyaml.constructor.SafeConstructor;

/** A good YAML document with one key misspelt, for each of its keys in turn. */
public final class Misspellings {
  /**
   * A document with one mistake.
   *
   * @param key the key that was meant
   * @param wrong what stands there
   * @param yaml the document
   */
  public record Case(String key, String wrong, String yaml) {
    @Override
    public String toString() {
      return wrong;
    }
  }

  private final Predicate<String> free;
  private final List<Case> cases = new ArrayList<>();

  private Misspellings(Predicate<String> free) {
    this.free = free;
  }

  /**
   * @param yaml a document that is read without complaint
   * @param free keys whose sections have keys of the user's choice, which cannot be misspelt
   */
  public static List<Case> of(String yaml, Predicate<String> free) {
    Object document = new Yaml(new SafeConstructor(new LoaderOptions())).load(yaml);
    Misspellings all = new Misspellings(free);
    all.visit(document, document, false);
    return List.copyOf(all.cases);
  }

  private void visit(Object document, Object part, boolean inFreeSection) {
    if (part instanceof List<?> list) {
      list.forEach(item -> visit(document, item, false));
    } else if (part instanceof Map<?, ?>) {
      @SuppressWarnings("unchecked")
      Map<String, Object> section = (Map<String, Object>) part;
      for (String key : List.copyOf(section.keySet())) {
        if (!inFreeSection) {
          misspell(document, section, key);
        }
        Object value = section.get(key);
        if (value != null) {
          visit(document, value, free.test(key));
        }
      }
    }
  }

  private void misspell(Object document, Map<String, Object> section, String key) {
    String wrong = key + key.charAt(key.length() - 1);
    Map<String, Object> before = new LinkedHashMap<>(section);
    section.clear();
    before.forEach((name, value) -> section.put(name.equals(key) ? wrong : name, value));
    cases.add(new Case(key, wrong, new Yaml().dump(document)));
    section.clear();
    section.putAll(before);
  }
}
