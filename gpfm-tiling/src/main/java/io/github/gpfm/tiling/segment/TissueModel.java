package io.github.gpfm.tiling.segment;

import io.github.gpfm.api.Described;
import java.awt.image.BufferedImage;
import java.util.List;

/**
 * A segmentation network as {@link ModelSegmenter} sees it: square tiles in, a tissue probability
 * for each of their pixels out. Implementations may be called from many threads at once.
 */
public interface TissueModel extends AutoCloseable, Described {
  /** Name for records, for instance the weights' file name. */
  String name();

  /** Edge of the tiles it takes, pixels. */
  int tileSize();

  /** Resolution of the tiles it takes, µm per pixel. */
  double mpp();

  /** Pixels at every edge of a tile that are judged better by the tile beside it. */
  default int halo() {
    return tileSize() / 16;
  }

  /**
   * Segments tiles.
   *
   * @param tiles each {@code tileSize} x {@code tileSize}, {@link BufferedImage#TYPE_INT_RGB}
   * @return for each tile {@code tileSize * tileSize} probabilities of tissue, 0 to 1, row-major
   */
  List<float[]> probabilities(List<BufferedImage> tiles);

  /** Releases the network. */
  @Override
  void close();
}
