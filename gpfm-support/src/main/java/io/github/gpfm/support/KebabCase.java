package io.github.gpfm.support;

import java.util.Locale;
import java.util.regex.Pattern;

/** The spelling of options: words in lower case with dashes between them. */
public final class KebabCase {
  private static final Pattern CAPITAL = Pattern.compile("(?<=[a-z0-9])(?=[A-Z])");

  private KebabCase() {}

  /** {@code baseLr}, {@code base_lr} and {@code BASE_LR} become {@code base-lr}. */
  public static String of(String name) {
    String words =
        name.equals(name.toUpperCase(Locale.ROOT)) ? name : CAPITAL.matcher(name).replaceAll("-");
    return words.toLowerCase(Locale.ROOT).replace('_', '-');
  }
}
