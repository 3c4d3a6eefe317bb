package io.github.gpfm.encoder.catalog;

import java.util.Locale;

/** Checks on the sizes of architectures, and how they are spoken of. */
final class Sizes {
  private Sizes() {}

  /** Checks name, value pairs. */
  static void positive(Object... namesAndValues) {
    for (int i = 0; i < namesAndValues.length; i += 2) {
      if ((int) namesAndValues[i + 1] <= 0) {
        throw new CatalogException(
            namesAndValues[i] + " must be positive, not " + namesAndValues[i + 1] + ".");
      }
    }
  }

  static void divides(String partName, int part, String wholeName, int whole) {
    if (whole % part != 0) {
      throw new CatalogException(
          "%s %d does not divide %s %d.".formatted(partName, part, wholeName, whole));
    }
  }

  /**
   * Heads of a transformer of which only the width is known: 64 values a head is usual, 16 below a
   * width of 192.
   */
  static int likelyHeads(int width) {
    int perHead = width >= 192 ? 64 : 16;
    return width % perHead == 0 ? width / perHead : 1;
  }

  /** {@code QUICK_GELU} as {@code quick-gelu}. */
  static String label(Enum<?> value) {
    return value.name().toLowerCase(Locale.ROOT).replace('_', '-');
  }
}
