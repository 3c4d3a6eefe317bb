package io.github.gpfm.tiling.given;

import io.github.gpfm.api.Recipe;
import io.github.gpfm.api.Slide;
import io.github.gpfm.api.TilingException;
import io.github.gpfm.support.Sha256;
import io.github.gpfm.tiling.segment.TissueSegmenter;
import io.github.gpfm.tiling.tissue.Contour;
import io.github.gpfm.tiling.tissue.Tissue;
import io.github.gpfm.tiling.tissue.TissueRegion;
import java.util.Arrays;

/**
 * Tissue that is there already, whoever found it; for one slide.
 *
 * @param tissue in level-0 pixels of that slide
 */
public record GivenTissue(Tissue tissue) implements TissueSegmenter {
  @Override
  public String name() {
    return "given";
  }

  /** One entry, {@code tissue}: the hash of all outlines. */
  @Override
  public void describe(Recipe.Builder recipe) {
    Sha256 hash = new Sha256();
    hash.add(tissue.downsampleX() + " " + tissue.downsampleY() + "\n");
    for (TissueRegion region : tissue.regions()) {
      hash.add("outline" + points(region.outline()));
      region.holes().forEach(hole -> hash.add("hole" + points(hole)));
    }
    recipe.hash("tissue", tissue.regions().size() + " pieces", hash.hex());
  }

  private static String points(Contour contour) {
    return Arrays.toString(contour.points()) + "\n";
  }

  /**
   * The tissue.
   *
   * @throws TilingException if the slide has another size than the one the tissue is of
   */
  @Override
  public Tissue segment(Slide slide) {
    if (tissue.slideWidth() != slide.width() || tissue.slideHeight() != slide.height()) {
      throw new TilingException(
          "The given tissue is of a slide of %dx%d pixels, but %s has %dx%d."
              .formatted(
                  tissue.slideWidth(),
                  tissue.slideHeight(),
                  slide.path(),
                  slide.width(),
                  slide.height()));
    }
    return tissue;
  }
}
