package io.github.gpfm.support.yaml;

/**
 * How much a document may hold.
 *
 * @param bytes size of the text
 * @param depth sections and lists inside each other
 * @param aliases references to sections and lists by {@code *name}
 * @param values values in all, each counted as often as aliases repeat it
 */
public record YamlLimits(int bytes, int depth, int aliases, int values) {
  /** Far above any configuration, far below what a small machine can hold. */
  public static final YamlLimits DEFAULT = new YamlLimits(4 << 20, 40, 1000, 200_000);
}
