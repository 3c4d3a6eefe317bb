package io.github.gpfm.tiling.internal;

import io.github.gpfm.api.InvalidOptionException;
import io.github.gpfm.api.Slide;
import io.github.gpfm.api.SlideLevel;
import java.util.ArrayList;
import java.util.List;

/**
 * A level as the official patcher sees it ({@code WholeSlideImage}, {@code ImgReader}).
 *
 * <p>A pyramid's levels are taken as they are. A slide of one level is given virtual levels of
 * downsample 1, 2, 4, 8 and 16, which are read from level 0 and resized.
 *
 * @param index its number among the slide's levels
 * @param width pixels
 * @param height pixels
 * @param downsampleX width of level 0 divided by its width
 * @param downsampleY height of level 0 divided by its height
 * @param virtual whether its pixels are made from level 0
 */
public record PatcherLevel(
    int index, long width, long height, double downsampleX, double downsampleY, boolean virtual) {
  private static final int VIRTUAL_LEVELS = 5;

  /** The levels of a slide, largest first. */
  public static List<PatcherLevel> of(Slide slide) {
    long w0 = slide.width();
    long h0 = slide.height();
    List<PatcherLevel> levels = new ArrayList<>();
    if (slide.levels().size() > 1) {
      for (SlideLevel level : slide.levels()) {
        levels.add(level(level.index(), w0, h0, level.width(), level.height(), false));
      }
      return levels;
    }
    for (int i = 0; i < VIRTUAL_LEVELS && w0 >> i > 0 && h0 >> i > 0; i++) {
      levels.add(level(i, w0, h0, w0 >> i, h0 >> i, i > 0));
    }
    return levels;
  }

  /**
   * The level with the given number.
   *
   * @param parameter name of the parameter it came from, for the message
   * @throws InvalidOptionException if the slide has no such level
   */
  public static PatcherLevel of(Slide slide, int index, String parameter) {
    List<PatcherLevel> levels = of(slide);
    if (index < 0 || index >= levels.size()) {
      throw new InvalidOptionException(
              parameter
                  + " "
                  + index
                  + " does not exist in "
                  + slide.path()
                  + ", whose levels are 0 to "
                  + (levels.size() - 1)
                  + ".")
          .about(parameter);
    }
    return levels.get(index);
  }

  /** The level best for a downsample of 64, by OpenSlide's rule or that for virtual levels. */
  public static PatcherLevel bestForSegmentation(Slide slide) {
    List<PatcherLevel> levels = of(slide);
    if (slide.levels().size() > 1) {
      return levels.get(slide.bestLevelForDownsample(64));
    }
    // The official rule for virtual levels compares the squared downsample.
    PatcherLevel best = levels.get(0);
    for (PatcherLevel level : levels) {
      if (Math.abs(level.downsampleX * level.downsampleX - 64)
          < Math.abs(best.downsampleX * best.downsampleX - 64)) {
        best = level;
      }
    }
    return best;
  }

  private static PatcherLevel level(
      int index, long w0, long h0, long width, long height, boolean virtual) {
    return new PatcherLevel(
        index, width, height, (double) w0 / width, (double) h0 / height, virtual);
  }
}
