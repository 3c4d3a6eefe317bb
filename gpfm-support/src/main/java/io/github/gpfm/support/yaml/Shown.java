package io.github.gpfm.support.yaml;

/** Text of a file as it may stand in a message: short, and without control characters. */
final class Shown {
  private static final int LENGTH = 80;

  private Shown() {}

  static String of(String text) {
    StringBuilder shown = new StringBuilder();
    text.codePoints()
        .limit(LENGTH)
        .forEach(
            c -> {
              if (Character.isISOControl(c) || Character.getType(c) == Character.FORMAT) {
                shown.append("\\u%04x".formatted(c));
              } else {
                shown.appendCodePoint(c);
              }
            });
    return text.codePointCount(0, text.length()) > LENGTH ? shown + "…" : shown.toString();
  }
}
