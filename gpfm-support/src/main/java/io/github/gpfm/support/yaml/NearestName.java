package io.github.gpfm.support.yaml;

import io.github.gpfm.support.KebabCase;
import java.util.Collection;
import java.util.Comparator;
import java.util.Optional;

/** The name that was probably meant. */
public final class NearestName {
  private static final int LONGEST = 100;
  private static final int SHORTEST_START = 3;
  private static final int SLIPS_FROM = 5;
  private static final int MOST_SLIPS = 2;

  private NearestName() {}

  /**
   * The known name with the fewest changes to it, unless half of it would have to change; then one
   * that has the wrong name among its words, as {@code base-lr} has {@code lr}, or that one of the
   * two begins with, as {@code owned} does with {@code own}. Capitals do not matter.
   */
  public static Optional<String> of(String wrong, Collection<String> known) {
    String meant = KebabCase.of(wrong);
    if (meant.isEmpty() || meant.length() > LONGEST) {
      return Optional.empty();
    }
    return known.stream()
        .filter(name -> distance(meant, KebabCase.of(name)) <= mostChanges(meant, name))
        .min(Comparator.comparingInt(name -> distance(meant, KebabCase.of(name))))
        .or(() -> known.stream().filter(name -> hasWords(name, meant)).findFirst())
        .or(() -> known.stream().filter(name -> isStart(name, meant)).findFirst());
  }

  /**
   * The known name that a name is but for a slip: another spelling of it, or two changes at most to
   * one of five letters or more. For places where other names are allowed.
   */
  public static Optional<String> slipOf(String name, Collection<String> known) {
    String meant = KebabCase.of(name);
    return known.stream()
        .filter(
            one -> {
              String other = KebabCase.of(one);
              int changes = meant.length() > LONGEST ? LONGEST : distance(meant, other);
              return changes == 0 || (other.length() >= SLIPS_FROM && changes <= MOST_SLIPS);
            })
        .min(Comparator.comparingInt(one -> distance(meant, KebabCase.of(one))));
  }

  private static boolean isStart(String name, String meant) {
    String other = KebabCase.of(name);
    return Math.min(other.length(), meant.length()) >= SHORTEST_START
        && (other.startsWith(meant) || meant.startsWith(other));
  }

  private static int mostChanges(String meant, String name) {
    return Math.max(1, Math.min(meant.length(), name.length()) / 2);
  }

  private static boolean hasWords(String name, String words) {
    return ("-" + name + "-").contains("-" + words + "-");
  }

  /** "; did you mean 'NAME'?" or nothing, and the names there are. */
  static String hint(String wrong, Collection<String> known) {
    String names = known.isEmpty() ? "nothing" : String.join(", ", known);
    return of(wrong, known)
        .map(name -> "; did you mean '%s'? Known here are %s.".formatted(name, names))
        .orElse("; known here are %s.".formatted(names));
  }

  /** Insertions, deletions, replacements and swaps of neighbours (optimal string alignment). */
  static int distance(String a, String b) {
    int[][] d = new int[a.length() + 1][b.length() + 1];
    for (int i = 0; i <= a.length(); i++) {
      for (int j = 0; j <= b.length(); j++) {
        if (i == 0 || j == 0) {
          d[i][j] = i + j;
          continue;
        }
        int replaced = d[i - 1][j - 1] + (a.charAt(i - 1) == b.charAt(j - 1) ? 0 : 1);
        d[i][j] = Math.min(replaced, Math.min(d[i - 1][j], d[i][j - 1]) + 1);
        if (i > 1
            && j > 1
            && a.charAt(i - 1) == b.charAt(j - 2)
            && a.charAt(i - 2) == b.charAt(j - 1)) {
          d[i][j] = Math.min(d[i][j], d[i - 2][j - 2] + 1);
        }
      }
    }
    return d[a.length()][b.length()];
  }
}
