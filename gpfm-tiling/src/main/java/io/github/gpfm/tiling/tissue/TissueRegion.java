package io.github.gpfm.tiling.tissue;

import java.util.List;

/**
 * One piece of tissue.
 *
 * @param outline its outer contour
 * @param holes contours of the holes that were kept, largest first; unmodifiable
 */
public record TissueRegion(Contour outline, List<Contour> holes) {
  /** Copies the holes. */
  public TissueRegion {
    holes = List.copyOf(holes);
  }

  /** Area of the outline less its holes, square level-0 pixels. */
  public double area() {
    return outline.area() - holes.stream().mapToDouble(Contour::area).sum();
  }
}
