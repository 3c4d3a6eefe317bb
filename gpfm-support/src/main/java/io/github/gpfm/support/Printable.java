package io.github.gpfm.support;

/**
 * Text from files and file names, made fit for a terminal and a log: control characters, escape
 * sequences, line ends and characters that turn the direction of writing are shown as what they
 * are.
 */
public final class Printable {
  private Printable() {}

  /** The text with everything that is not printed replaced by an escape such as {@code \x1b}. */
  public static String of(String text) {
    return escape(text, false);
  }

  /** {@link #of}, but that tabs stay, for a line that is laid out already. */
  public static String tabbed(String text) {
    return escape(text, true);
  }

  /**
   * A JSON text that means the same and holds nothing hidden but line ends between its values.
   *
   * @param json well-formed
   */
  public static String json(String json) {
    StringBuilder shown = new StringBuilder(json.length());
    for (char c : json.toCharArray()) {
      if (c == '\n' || c == '\r' || c == '\t' || Character.isSurrogate(c) || !hidden(c)) {
        shown.append(c);
      } else {
        shown.append(String.format("\\u%04x", (int) c));
      }
    }
    return shown.toString();
  }

  /**
   * {@link #of} of a text's start.
   *
   * @param length characters, at most; a longer text ends in an ellipsis
   */
  public static String line(String text, int length) {
    String shown = text.length() <= length ? text : text.substring(0, length) + "...";
    return of(shown);
  }

  private static String escape(String text, boolean keepTabs) {
    if (text.codePoints().noneMatch(c -> hidden(c) && !(keepTabs && c == '\t'))) {
      return text;
    }
    StringBuilder shown = new StringBuilder(text.length() + 16);
    text.codePoints()
        .forEach(
            c -> {
              if (!hidden(c) || (keepTabs && c == '\t')) {
                shown.appendCodePoint(c);
              } else if (c == '\n') {
                shown.append("\\n");
              } else if (c == '\r') {
                shown.append("\\r");
              } else if (c == '\t') {
                shown.append("\\t");
              } else {
                shown.append(String.format(c < 256 ? "\\x%02x" : "\\u%04x", c));
              }
            });
    return shown.toString();
  }

  private static boolean hidden(int c) {
    return switch (Character.getType(c)) {
      case Character.CONTROL,
          Character.FORMAT,
          Character.LINE_SEPARATOR,
          Character.PARAGRAPH_SEPARATOR,
          Character.SURROGATE,
          Character.PRIVATE_USE,
          Character.UNASSIGNED ->
          true;
      default -> false;
    };
  }
}
