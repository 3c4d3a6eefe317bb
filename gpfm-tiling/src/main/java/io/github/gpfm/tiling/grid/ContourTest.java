package io.github.gpfm.tiling.grid;

import io.github.gpfm.api.InvalidOptionException;
import io.github.gpfm.tiling.internal.RegionLocator;
import java.util.Arrays;
import java.util.Locale;

/**
 * When a tile belongs to a piece of tissue: the official patcher's contour functions. A point on
 * the contour counts as inside. Whatever the test, a tile whose centre lies inside a hole does not
 * belong.
 */
public enum ContourTest {
  /** At least one of four points, a quarter tile from the centre on both axes, is inside. */
  FOUR_PT,
  /** All of those four points are inside. */
  FOUR_PT_HARD,
  /** The centre is inside. */
  CENTER,
  /** The upper left corner is inside. */
  BASIC;

  /** The official name, for instance {@code four_pt}. */
  public String label() {
    return name().toLowerCase(Locale.ROOT);
  }

  /**
   * The test of the given official name.
   *
   * @throws InvalidOptionException if there is none
   */
  public static ContourTest of(String label) {
    for (ContourTest test : values()) {
      if (test.label().equalsIgnoreCase(label)) {
        return test;
      }
    }
    throw new InvalidOptionException(
            "A contour test must be one of "
                + String.join(", ", Arrays.stream(values()).map(ContourTest::label).toList())
                + ", not "
                + label
                + ".")
        .about("contourTest");
  }

  /**
   * Applies the test.
   *
   * @param region a piece of tissue
   * @param x left edge, level-0 pixels
   * @param y top edge, level-0 pixels
   * @param width of the tile, level-0 pixels
   * @param height of the tile, level-0 pixels
   */
  boolean accepts(RegionLocator region, long x, long y, long width, long height) {
    long halfX = Math.floorDiv(width, 2);
    long halfY = Math.floorDiv(height, 2);
    boolean inside =
        switch (this) {
          case BASIC -> region.covers(x, y);
          case CENTER -> region.covers(x + halfX, y + halfY);
          case FOUR_PT, FOUR_PT_HARD -> corners(region, x + halfX, y + halfY, halfX / 2, halfY / 2);
        };
    return inside && !region.inHole(x + width / 2.0, y + height / 2.0);
  }

  private boolean corners(RegionLocator region, long x, long y, long shiftX, long shiftY) {
    if (shiftX == 0) {
      return region.covers(x, y);
    }
    boolean a = region.covers(x - shiftX, y - shiftY);
    boolean b = region.covers(x + shiftX, y + shiftY);
    boolean c = region.covers(x + shiftX, y - shiftY);
    boolean d = region.covers(x - shiftX, y + shiftY);
    return this == FOUR_PT ? a || b || c || d : a && b && c && d;
  }
}
