package io.github.gpfm.support.yaml;

import io.github.gpfm.support.Printable;

/**
 * Where a value stands.
 *
 * @param source as messages name it, for instance {@code 'tasks.yaml'} or {@code --set
 *     optim.epochs}
 * @param line from 1; 0 where lines mean nothing
 */
public record YamlPlace(String source, int line) {
  private static final int LONGEST = 80;

  /** Text of a document as it may stand in a message. */
  static String shown(String text) {
    return Printable.line(text, LONGEST);
  }

  /** ", first in line 3", or nothing where lines mean nothing. */
  String firstInLine() {
    return line == 0 ? "" : ", first in line " + line;
  }

  @Override
  public String toString() {
    return line == 0 ? source : source + ", line " + line;
  }
}
