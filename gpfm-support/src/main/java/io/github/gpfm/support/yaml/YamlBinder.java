package io.github.gpfm.support.yaml;

import io.github.gpfm.api.InvalidOptionException;
import io.github.gpfm.support.KebabCase;
import java.nio.file.Path;
import java.util.Collection;
import java.util.Collections;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Makes records of YAML sections by the rules of this package. What does not fit is named with
 * file, line and dotted path, an unknown key with the one that was probably meant.
 *
 * <p>Components may be records, {@code String}, {@code Path}, {@code int}, {@code long}, {@code
 * double}, {@code boolean} and their boxes, enums (constants in kebab case), {@code List}, {@code
 * Map} by text, {@code Optional} of these, and whatever {@link #with} and {@link #variants} add.
 *
 * <p>Immutable and thread-safe; the {@code with}-like methods return another binder.
 */
public final class YamlBinder {
  private static final Logger LOG = LoggerFactory.getLogger(YamlBinder.class);

  /**
   * Makes a value of a type of its own.
   *
   * @param <T> that type
   */
  @FunctionalInterface
  public interface Converter<T> {
    /**
     * @param node never null in the sense of YAML
     * @param path its dotted path
     * @throws InvalidOptionException made by {@link YamlBinder#wrong} if it does not fit
     */
    T convert(YamlNode node, String path);
  }

  /** The records among which a key chooses. */
  record Variants(String key, Map<String, Class<?>> types) {}

  private final Map<Class<?>, Converter<?>> converters;
  private final Map<Class<?>, Variants> variants;
  private final Set<Spelling> formerly;
  private final boolean singleAsList;
  private final Path base;
  private final Consumer<String> notes;

  private YamlBinder(
      Map<Class<?>, Converter<?>> converters,
      Map<Class<?>, Variants> variants,
      Set<Spelling> formerly,
      boolean singleAsList,
      Path base,
      Consumer<String> notes) {
    this.converters = converters;
    this.variants = variants;
    this.formerly = formerly;
    this.singleAsList = singleAsList;
    this.base = base;
    this.notes = notes;
  }

  /** Kebab case only, no types but those above, paths as they are. */
  public static YamlBinder strict() {
    return new YamlBinder(
        Map.of(), Map.of(), EnumSet.noneOf(Spelling.class), false, Path.of(""), LOG::warn);
  }

  /** Reads the former spelling of keys and constants too, with a note. */
  public YamlBinder formerly(Spelling spelling) {
    Set<Spelling> all = EnumSet.of(spelling);
    all.addAll(formerly);
    return new YamlBinder(converters, variants, all, singleAsList, base, notes);
  }

  /** Makes values of a type, in place of this binder's own way if it has one. */
  public <T> YamlBinder with(Class<T> type, Converter<T> converter) {
    Map<Class<?>, Converter<?>> all = new LinkedHashMap<>(converters);
    all.put(type, converter);
    return new YamlBinder(all, variants, formerly, singleAsList, base, notes);
  }

  /**
   * Makes one of several records, which a key of the section chooses.
   *
   * @param type what they have in common
   * @param key the key that chooses, itself no component
   * @param types record by the key's value
   */
  public <T> YamlBinder variants(
      Class<T> type, String key, Map<String, ? extends Class<? extends T>> types) {
    Map<Class<?>, Variants> all = new LinkedHashMap<>(variants);
    all.put(type, new Variants(key, Collections.unmodifiableMap(new LinkedHashMap<>(types))));
    return new YamlBinder(converters, all, formerly, singleAsList, base, notes);
  }

  /** Takes a single value where a list is due as a list of one. */
  public YamlBinder singleAsList() {
    return new YamlBinder(converters, variants, formerly, true, base, notes);
  }

  /** Relative paths start from this folder. */
  public YamlBinder base(Path folder) {
    return new YamlBinder(converters, variants, formerly, singleAsList, folder, notes);
  }

  /** Who is told of former spellings; the log, unless this is called. */
  public YamlBinder notes(Consumer<String> listener) {
    return new YamlBinder(converters, variants, formerly, singleAsList, base, listener);
  }

  /**
   * The record that a section describes.
   *
   * @throws InvalidOptionException one sentence with place and dotted path of what is wrong
   */
  public <T> T bind(YamlNode section, Class<T> type) {
    return bind(section, type, "");
  }

  /**
   * The same of a part of a document.
   *
   * @param path the part's own dotted path, for messages
   */
  public <T> T bind(YamlNode section, Class<T> type, String path) {
    Binding binding = new Binding(this);
    Object bound = binding.value(section, type, path);
    binding.tellNotes();
    return type.cast(bound);
  }

  /**
   * Lays a section over another, node by node: sections are merged, everything else of {@code over}
   * takes the place of what {@code base} has. A former spelling replaces the present one.
   *
   * @param whole dotted paths of sections that are replaced and not merged
   */
  public YamlNode.Section overlay(YamlNode.Section base, YamlNode.Section over, Set<String> whole) {
    return overlay(base, over, whole, "");
  }

  private YamlNode.Section overlay(
      YamlNode.Section under, YamlNode.Section over, Set<String> whole, String path) {
    Map<String, YamlNode.Entry> merged = new LinkedHashMap<>(under.entries());
    over.entries()
        .forEach(
            (key, entry) -> {
              String name = under.entries().containsKey(key) ? key : present(key);
              YamlNode.Entry old = under.entries().get(name);
              YamlNode value = entry.value();
              String inner = Binding.join(path, name);
              if (old != null
                  && !whole.contains(inner)
                  && old.value() instanceof YamlNode.Section lower
                  && value instanceof YamlNode.Section upper) {
                value = overlay(lower, upper, whole, inner);
              }
              if (!name.equals(key)) {
                merged.remove(name);
              }
              merged.put(key, new YamlNode.Entry(entry.keyPlace(), value));
            });
    return new YamlNode.Section(merged, over.place());
  }

  /**
   * What to throw where a value does not fit.
   *
   * @param path its dotted path
   * @param expected for instance {@code "a whole number"}
   */
  public static InvalidOptionException wrong(YamlNode node, String path, String expected) {
    String found =
        switch (Kind.of(node)) {
          case NOTHING -> "has no value; it must be " + expected + ".";
          case SECTION -> "must be " + expected + ", not a section.";
          case LIST ->
              "must be " + expected + (expected.startsWith("a list") ? "." : ", not a list.");
          case PLAIN -> "must be " + expected + ", not '" + text(node) + "'.";
          case QUOTED -> "must be " + expected + ", not the text '" + text(node) + "' in quotes.";
        };
    return new InvalidOptionException(
        "%s: %s %s".formatted(node.place(), path.isEmpty() ? "it" : path, found));
  }

  /**
   * What to throw where a value is none of those there are; the one that was probably meant is
   * named.
   *
   * @param path its dotted path
   * @param names the values there are
   */
  public static InvalidOptionException wrongChoice(
      YamlNode node, String path, Collection<String> names) {
    String given = node instanceof YamlNode.Scalar && !node.isNull() ? text(node) : "";
    String nearest =
        given.isEmpty()
            ? ""
            : NearestName.of(given, names).map(" (probably '%s')"::formatted).orElse("");
    return wrong(node, path, "one of " + String.join(", ", names) + nearest);
  }

  private enum Kind {
    NOTHING,
    SECTION,
    LIST,
    PLAIN,
    QUOTED;

    static Kind of(YamlNode node) {
      if (node.isNull()) {
        return NOTHING;
      } else if (node instanceof YamlNode.Section) {
        return SECTION;
      } else if (node instanceof YamlNode.Scalar scalar) {
        return scalar.plain() ? PLAIN : QUOTED;
      }
      return LIST;
    }
  }

  private static String text(YamlNode node) {
    return node instanceof YamlNode.Scalar scalar ? YamlPlace.shown(scalar.text()) : "";
  }

  /** The present spelling of a key, if this binder reads the one it has; else the key itself. */
  String present(String key) {
    return formerly.stream().anyMatch(spelling -> spelling.matches(key)) ? KebabCase.of(key) : key;
  }

  Map<Class<?>, Converter<?>> converters() {
    return converters;
  }

  Map<Class<?>, Variants> variants() {
    return variants;
  }

  boolean takesSingleAsList() {
    return singleAsList;
  }

  Path base() {
    return base;
  }

  Consumer<String> notes() {
    return notes;
  }
}
