package io.github.gpfm.support.yaml;

/**
 * Where a value stands.
 *
 * @param source as messages name it, for instance {@code 'tasks.yaml'} or {@code --set
 *     optim.epochs}
 * @param line from 1; 0 where lines mean nothing
 */
public record YamlPlace(String source, int line) {
  /** ", first in line 3", or nothing where lines mean nothing. */
  String firstInLine() {
    return line == 0 ? "" : ", first in line " + line;
  }

  @Override
  public String toString() {
    return line == 0 ? source : source + ", line " + line;
  }
}
