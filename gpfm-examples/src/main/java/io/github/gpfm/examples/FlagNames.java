package io.github.gpfm.examples;

import io.github.gpfm.api.GpfmException;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** What the commands call the library's parameters. */
final class FlagNames {
  /** Those whose flag is not their name with hyphens. */
  static final Map<String, String> OTHERS =
      Map.ofEntries(
          Map.entry("SlideOptions.mpp", "--slide-mpp"),
          Map.entry("SlideOptions.incomplete", "--allow-incomplete"),
          Map.entry("TileLimit.count", "--max-tiles"),
          Map.entry("TileChoice.count", "--sample"),
          Map.entry("MinTissueFraction.fraction", "--min-tissue"),
          Map.entry("Staging.bytes", "--stage-bytes"),
          Map.entry("contourTest", "--contour-fn"),
          Map.entry("output", "--out"),
          Map.entry("power", "--magnification"),
          Map.entry("scores", "--qc"),
          Map.entry("threads", "--workers"));

  private FlagNames() {}

  /** The flag of a parameter, for instance {@code --tile-size} of {@code tileSize}. */
  static String of(String parameter) {
    String other = OTHERS.get(parameter);
    return other != null
        ? other
        : "--" + parameter.replaceAll("([A-Z])", "-$1").toLowerCase(Locale.ROOT);
  }

  /**
   * A sentence with the flags of the parameters that it is about, where it does not name them.
   *
   * @param sentence with its full stop
   * @param failure which it is from; one that it was caused by may have stated them
   */
  static String added(String sentence, Throwable failure) {
    Set<String> flags = new LinkedHashSet<>();
    for (Throwable at = failure; at != null; at = at.getCause()) {
      parameters(at).stream()
          .map(FlagNames::of)
          .filter(f -> !names(sentence, f))
          .forEach(flags::add);
    }
    return flags.isEmpty()
        ? sentence
        : "%s (%s)%s"
            .formatted(
                sentence.substring(0, sentence.length() - 1),
                String.join(", ", flags),
                sentence.substring(sentence.length() - 1));
  }

  private static boolean names(String sentence, String flag) {
    return sentence.matches("(?s).*(?<![\\w-])" + flag + "(?![\\w-]).*");
  }

  private static List<String> parameters(@Nullable Throwable failure) {
    return failure instanceof GpfmException known ? known.parameters() : List.of();
  }
}
