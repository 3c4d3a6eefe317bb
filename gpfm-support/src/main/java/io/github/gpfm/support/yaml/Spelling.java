package io.github.gpfm.support.yaml;

import java.util.Locale;
import java.util.regex.Pattern;

/** How the keys of a kind of file were spelt before kebab case was the rule. */
public enum Spelling {
  /** In kebab case. */
  KEBAB("[a-z0-9]+(-[a-z0-9]+)*"),
  /** {@code learning_rate}. */
  SNAKE("[a-z0-9]+(_[a-z0-9]+)*"),
  /** {@code learningRate}. */
  CAMEL("[a-z0-9]+([A-Z][a-z0-9]*)*");

  private static final Pattern CAPITAL = Pattern.compile("(?<=[a-z0-9])(?=[A-Z])");

  private final Pattern form;

  Spelling(String form) {
    this.form = Pattern.compile(form);
  }

  boolean matches(String key) {
    return form.matcher(key).matches();
  }

  /** {@code baseLr}, {@code base_lr} and {@code BASE_LR} become {@code base-lr}. */
  static String kebab(String name) {
    String words =
        name.equals(name.toUpperCase(Locale.ROOT)) ? name : CAPITAL.matcher(name).replaceAll("-");
    return words.toLowerCase(Locale.ROOT).replace('_', '-');
  }
}
