package io.github.gpfm.support;

import io.github.gpfm.api.Recipe;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * Whether a result is there already.
 *
 * @param kind what was found
 * @param differences entries that differ, for {@link Kind#OTHER}
 */
public record Decision(Kind kind, List<Recipe.Difference> differences) {
  /** What was found where a result should be. */
  public enum Kind {
    /** Nothing. */
    ABSENT,
    /** The result of the same work. */
    SAME,
    /** The result of other work; the differences say which. */
    OTHER,
    /** A result of a version up to 0.1.0, whose record does not say everything that decides it. */
    OLD,
    /** Something that this library did not write, or that cannot be read. */
    FOREIGN
  }

  private static final int MOST_SHOWN = 3;

  /** Copies the list. */
  public Decision {
    differences = List.copyOf(differences);
  }

  /**
   * Compares.
   *
   * @param wanted what is to be made
   * @param there whether anything is where the result should be
   * @param found what that says it was made of
   */
  public static Decision of(Recipe wanted, boolean there, Optional<Recipe> found) {
    if (!there) {
      return new Decision(Kind.ABSENT, List.of());
    } else if (found.isEmpty()) {
      return new Decision(Kind.FOREIGN, List.of());
    } else if (!found.get().isComplete()) {
      return new Decision(Kind.OLD, List.of());
    }
    List<Recipe.Difference> differences = wanted.differencesFrom(found.get());
    return new Decision(differences.isEmpty() ? Kind.SAME : Kind.OTHER, differences);
  }

  /** The differences in a line: the first few, changes before additions, and how many more. */
  public String describe() {
    String line =
        differences.stream()
            .sorted(Comparator.comparing(one -> one.before().isEmpty() || one.after().isEmpty()))
            .limit(MOST_SHOWN)
            .map(Object::toString)
            .collect(Collectors.joining("; "));
    int more = differences.size() - MOST_SHOWN;
    return more > 0 ? line + "; and " + more + " more" : line;
  }
}
