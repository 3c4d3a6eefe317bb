package io.github.gpfm.slideio.bioformats.internal;

/** Makes a clause of what Bio-Formats throws. */
final class Failures {
  private static final int LONGEST = 300;

  private Failures() {}

  /** The message on one line without a full stop, or the kind of failure if there is none. */
  static String clause(Throwable failure) {
    String message = failure.getMessage();
    String kind = failure.getClass().getSimpleName();
    if (message == null || message.isBlank()) {
      return kind;
    }
    String line = message.strip().replaceAll("\\s*[\\r\\n]+\\s*", " ");
    line = line.endsWith(".") ? line.substring(0, line.length() - 1) : line;
    if (line.length() > LONGEST) {
      line = line.substring(0, LONGEST) + "…";
    }
    // "Index 5 out of bounds" alone tells nobody anything.
    return failure instanceof RuntimeException || failure instanceof Error
        ? kind + ": " + line
        : line;
  }
}
