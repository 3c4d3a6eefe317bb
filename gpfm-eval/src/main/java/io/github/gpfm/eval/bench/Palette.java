package io.github.gpfm.eval.bench;

/** One color an encoder, in the order of the configuration. */
final class Palette {
  private static final String[] COLORS = {
    "#4C78A8", "#E45756", "#54A24B", "#F2A93B", "#7E57C2", "#00897B", "#8D6E63", "#D81B60",
    "#607D8B"
  };

  private Palette() {}

  static String of(int encoder) {
    return COLORS[encoder % COLORS.length];
  }
}
