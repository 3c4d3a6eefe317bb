package io.github.gpfm.support.yaml;

import java.util.regex.Pattern;

/** How the keys of a kind of file were spelt before kebab case was the rule. */
public enum Spelling {
  /** In kebab case. */
  KEBAB("[a-z0-9]+(-[a-z0-9]+)*"),
  /** {@code learning_rate}. */
  SNAKE("[a-z0-9]+(_[a-z0-9]+)*"),
  /** {@code learningRate}. */
  CAMEL("[a-z0-9]+([A-Z][a-z0-9]*)*");

  private final Pattern form;

  Spelling(String form) {
    this.form = Pattern.compile(form);
  }

  boolean matches(String key) {
    return form.matcher(key).matches();
  }
}
