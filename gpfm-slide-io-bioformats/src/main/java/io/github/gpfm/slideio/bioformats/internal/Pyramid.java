package io.github.gpfm.slideio.bioformats.internal;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/** Finds the levels of a pyramid among images that a file lists one by one. */
final class Pyramid {
  private Pyramid() {}

  /**
   * The base and those of the following images that are smaller copies of it by their shape: sizes
   * that one downsample explains up to rounding, samples of the same form, and tiled if the base is
   * (a thumbnail stored in strips is none). An image of the base's shape that is not smaller begins
   * the next pyramid; of two of the same size the first counts.
   *
   * @param base level 0
   * @param following images after the base, in file order
   * @return largest first
   */
  static List<ImagePage> levels(ImagePage base, List<ImagePage> following) {
    List<ImagePage> levels = new ArrayList<>(List.of(base));
    for (ImagePage page : following) {
      if (!sameShape(base, page)) {
        continue;
      }
      if (page.area() >= base.area()) {
        break;
      }
      if (levels.stream().noneMatch(level -> level.area() == page.area())) {
        levels.add(page);
      }
    }
    levels.sort(Comparator.comparingLong(ImagePage::area).reversed());
    return List.copyOf(levels);
  }

  private static boolean sameShape(ImagePage base, ImagePage page) {
    boolean alikeTiled = !base.tiled() || page.tiled() || page.tileWidth() == base.tileWidth();
    return alikeTiled
        && page.pixels().sameFormAs(base.pixels())
        && lowest(base.width(), page.width()) < highest(base.height(), page.height())
        && lowest(base.height(), page.height()) < highest(base.width(), page.width());
  }

  /** The downsamples above this and below {@link #highest} give the size, rounded either way. */
  private static double lowest(int full, int reduced) {
    return (double) full / (reduced + 1);
  }

  private static double highest(int full, int reduced) {
    return reduced == 1 ? Double.POSITIVE_INFINITY : (double) full / (reduced - 1);
  }
}
