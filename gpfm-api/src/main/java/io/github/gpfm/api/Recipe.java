package io.github.gpfm.api;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What a result is made of: entries by dotted name, sorted. An entry either decides the result or
 * is a note, whose name begins with {@value #NOTE} and which may differ between equal results
 * (threads, batch size, file names). Files count by the SHA-256 of their content, not by their
 * name.
 *
 * <p>A recipe is kept with the result ({@link Provenance#entries()}); the same work gives the same
 * {@link #canonical()} text. Immutable.
 */
public final class Recipe {
  /** How the names of entries begin that do not decide the result. */
  public static final String NOTE = "run.";

  /** The entry that holds {@link #FORM_NOW}. */
  public static final String FORM = "recipe";

  /** Changes when equal entries would no longer mean equal results. */
  public static final String FORM_NOW = "2";

  private static final Pattern FILE = Pattern.compile("(?s)(.*) \\(sha256 ([0-9a-f]{64})\\)");
  private static final Pattern HASH = Pattern.compile("[0-9a-f]{64}");
  private static final int SHOWN_DIGITS = 8;

  /** Gives a file's hash, from a cache or by reading it. */
  @FunctionalInterface
  public interface Hasher {
    /**
     * @param file a regular file
     * @return SHA-256, lower-case hexadecimal
     * @throws GpfmException if it cannot be read
     */
    String sha256(Path file);
  }

  /**
   * An entry in which two recipes differ.
   *
   * @param name of the entry
   * @param before its value in the older recipe
   * @param after its value in the newer one
   */
  public record Difference(String name, Optional<String> before, Optional<String> after) {
    /** {@code roi: areas-a.geojson (3f2a71c0…) → areas-b.geojson (91cc02de…)}. */
    @Override
    public String toString() {
      return name + ": " + shown(before) + " → " + shown(after);
    }

    private static String shown(Optional<String> value) {
      if (value.isEmpty()) {
        return "nothing";
      }
      Matcher file = FILE.matcher(value.get());
      if (HASH.matcher(value.get()).matches()) {
        return value.get().substring(0, SHOWN_DIGITS) + "…";
      }
      return file.matches()
          ? file.group(1) + " (" + file.group(2).substring(0, SHOWN_DIGITS) + "…)"
          : value.get();
    }
  }

  private final SortedMap<String, String> entries;

  private Recipe(Map<String, String> entries) {
    this.entries = Collections.unmodifiableSortedMap(new TreeMap<>(entries));
  }

  /** A recipe read back: the entries that a result carries. */
  public static Recipe of(Map<String, String> entries) {
    return new Recipe(entries);
  }

  /**
   * Starts a recipe of the present {@link #FORM}.
   *
   * @param hasher hashes the files it names
   */
  public static Builder builder(Hasher hasher) {
    return new Builder(hasher);
  }

  /** All entries, notes included; unmodifiable. */
  public SortedMap<String, String> entries() {
    return entries;
  }

  /** The value of an entry. */
  public Optional<String> get(String name) {
    return Optional.ofNullable(entries.get(name));
  }

  /** Whether it says everything that decides a result today; those of 0.1.0 do not. */
  public boolean isComplete() {
    return FORM_NOW.equals(entries.get(FORM));
  }

  /** The same text for the same work: a line an entry, notes and file names left out. */
  public String canonical() {
    StringBuilder text = new StringBuilder();
    deciding()
        .forEach(
            (name, value) ->
                text.append(name)
                    .append(": ")
                    .append(value.replace("\\", "\\\\").replace("\n", "\\n"))
                    .append('\n'));
    return text.toString();
  }

  /** Entries in which this recipe differs from an older one and that decide the result, by name. */
  public List<Difference> differencesFrom(Recipe older) {
    SortedMap<String, String> before = older.deciding();
    SortedMap<String, String> after = deciding();
    TreeSet<String> names = new TreeSet<>(before.keySet());
    names.addAll(after.keySet());
    List<Difference> differences = new ArrayList<>();
    for (String name : names) {
      if (!Objects.equals(before.get(name), after.get(name))) {
        differences.add(new Difference(name, older.get(name), get(name)));
      }
    }
    return differences;
  }

  /** Whether an entry decides the same in both recipes. */
  public boolean sameEntry(Recipe other, String name) {
    return Objects.equals(deciding().get(name), other.deciding().get(name));
  }

  private SortedMap<String, String> deciding() {
    SortedMap<String, String> deciding = new TreeMap<>();
    entries.forEach(
        (name, value) -> {
          if (!name.startsWith(NOTE)) {
            Matcher file = FILE.matcher(value);
            deciding.put(name, file.matches() ? "sha256 " + file.group(2) : value);
          }
        });
    return deciding;
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof Recipe recipe && entries.equals(recipe.entries);
  }

  @Override
  public int hashCode() {
    return entries.hashCode();
  }

  @Override
  public String toString() {
    return "Recipe" + entries;
  }

  /** Gathers entries. Not thread-safe. */
  public static final class Builder {
    private final Hasher hasher;
    private final String prefix;
    private final Map<String, String> entries;

    private Builder(Hasher hasher) {
      this(hasher, "", new TreeMap<>());
      entries.put(FORM, FORM_NOW);
    }

    private Builder(Hasher hasher, String prefix, Map<String, String> entries) {
      this.hasher = hasher;
      this.prefix = prefix;
      this.entries = entries;
    }

    /**
     * An entry that decides the result.
     *
     * @param value its text must be the same for equal values and different for different ones
     * @throws IllegalArgumentException if the name is taken
     */
    public Builder add(String name, Object value) {
      return put(prefix + name, String.valueOf(value));
    }

    /** An entry that does not decide the result. */
    public Builder note(String name, Object value) {
      return put(NOTE + prefix + name, String.valueOf(value));
    }

    /**
     * A file whose content decides the result.
     *
     * @throws GpfmException if it cannot be read
     */
    public Builder file(String name, Path file) {
      return hash(name, String.valueOf(file.getFileName()), hasher.sha256(file));
    }

    /**
     * Content whose hash is known.
     *
     * @param label what a person calls it, for instance a file name; does not decide
     * @param sha256 lower-case hexadecimal
     */
    public Builder hash(String name, String label, String sha256) {
      return put(prefix + name, label + " (sha256 " + sha256 + ")");
    }

    /** The hash of a file, for those that combine several. */
    public String sha256(Path file) {
      return hasher.sha256(file);
    }

    /** What a part says of itself, under names that begin with {@code name.}. */
    public Builder part(String name, Described part) {
      part.describe(new Builder(hasher, prefix + name + ".", entries));
      return this;
    }

    /** What a part says of itself, without a name of its own. */
    public Builder with(Described part) {
      part.describe(this);
      return this;
    }

    private Builder put(String name, String value) {
      String former = entries.putIfAbsent(name, value);
      if (former != null && !former.equals(value)) {
        throw new IllegalArgumentException(
            "entry '" + name + "' is given twice: " + former + " and " + value);
      }
      return this;
    }

    /** The recipe so far. */
    public Recipe build() {
      return new Recipe(entries);
    }
  }
}
