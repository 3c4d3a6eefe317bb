package io.github.gpfm.tiling.grid;

import io.github.gpfm.api.Described;
import io.github.gpfm.api.Slide;
import io.github.gpfm.api.TileGrid;
import io.github.gpfm.tiling.tissue.Tissue;

/**
 * Lays tiles over the tissue of a slide.
 *
 * <p>Tilers are immutable and may be used by many threads at once; the same input gives the same
 * tiles in the same order.
 */
public sealed interface Tiler extends Described permits ClamTiler, GridTiler {
  /** Short lower-case name, for instance {@code grid}. */
  String name();

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
