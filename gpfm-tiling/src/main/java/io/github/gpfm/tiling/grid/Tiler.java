package io.github.gpfm.tiling.grid;

import io.github.gpfm.api.Described;
import io.github.gpfm.api.Slide;
import io.github.gpfm.api.TileGrid;
import io.github.gpfm.tiling.tissue.Tissue;
import java.nio.file.Path;

/**
 * Lays tiles over the tissue of a slide.
 *
 * <p>Tilers are immutable and may be used by many threads at once; the same input gives the same
 * tiles in the same order.
 *
 * <p>Open for implementation: {@link #describe} must name everything that decides the tiles, files
 * by their content, since results are kept as long as that is the same.
 */
public interface Tiler extends Described {
  /** Short lower-case name, for instance {@code grid}. */
  String name();

  /**
   * The tiler of one slide, where slides differ, for instance by a file of coordinates each. What
   * it describes of itself must be what decides that slide's tiles.
   *
   * @param slide the slide's file or folder
   * @throws io.github.gpfm.api.GpfmException if there is none for this slide
   */
  default Tiler forSlide(Path slide) {
    return this;
  }

  /**
   * Lays the tiles.
   *
   * @param slide the slide
   * @param tissue its tissue
   * @return the tiles; without any when there is too little tissue
   * @throws io.github.gpfm.api.InvalidOptionException if the options do not fit the slide
   * @throws io.github.gpfm.api.MppUnknownException if a resolution is asked for and the slide does
   *     not state its own
   */
  TileGrid tile(Slide slide, Tissue tissue);
}
