package io.github.gpfm.slideio.internal.codec;

/**
 * Reckons into how many precincts, packets and code-blocks coding parameters divide a JPEG 2000
 * picture, before the decoding library makes objects of them and walks through them.
 *
 * <p>A packet takes at least one byte, so that sound data cannot have more than it has bytes; the
 * bounds are wider than that.
 */
final class Jpeg2000Partition {
  private static final int MAX_LAYERS = 1024;

  /** The standard allows 32; an image of 2^20 pixels a side has no use for more. */
  private static final int MAX_LEVELS = 20;

  private static final int PACKETS_A_BYTE = 4;
  private static final int LEAST_PACKETS = 1 << 16;
  private static final long MAX_STEPS = 1 << 24;

  /** What the library keeps for one precinct, code-block, and layer of a code-block, in bytes. */
  private static final long PRECINCT = 600;

  private static final long BLOCK = 250;
  private static final long BLOCK_LAYER = 24;
  private static final long LEAST_MEMORY = 48L << 20;
  private static final long MEMORY_A_SAMPLE = 8;

  private final Jpeg2000Size size;
  private final int length;
  private int layers = 1;

  /**
   * @param size the picture's
   * @param length bytes of the codestream
   */
  Jpeg2000Partition(Jpeg2000Size size, int length) {
    this.size = size;
    this.length = length;
  }

  /** Notes the number of quality layers; the most of several statements counts. */
  void layers(int stated) throws CodecException {
    if (stated < 1 || stated > MAX_LAYERS) {
      throw new CodecException("the JPEG 2000 data has " + stated + " layers");
    }
    layers = Math.max(layers, stated);
  }

  /**
   * Checks coding parameters as if they were those of every component and tile.
   *
   * @param levels decompositions
   * @param blockWidth exponent of the code-blocks' width
   * @param blockHeight exponent of the code-blocks' height
   * @param precincts for each resolution from the lowest on the exponents of the precincts' width
   *     (low half-byte) and height; empty for the largest
   * @throws CodecException if they are impossible
   */
  void component(int levels, int blockWidth, int blockHeight, byte[] precincts)
      throws CodecException {
    if (blockWidth > 10 || blockHeight > 10 || blockWidth + blockHeight > 12) {
      throw new CodecException("the JPEG 2000 data has impossible code-blocks");
    }
    if (levels > MAX_LEVELS || (precincts.length > 0 && precincts.length <= levels)) {
      throw new CodecException("the JPEG 2000 data has impossible resolutions");
    }
    long allPrecincts = 0;
    long allBlocks = 0;
    long stepsAcross = 0;
    long stepsDown = 0;
    for (int resolution = 0; resolution <= levels; resolution++) {
      int exponents = precincts.length == 0 ? 0xff : precincts[resolution] & 0xff;
      int precinctWidth = exponents & 15;
      int precinctHeight = exponents >> 4;
      int band = resolution == 0 ? 0 : 1;
      if (precinctWidth < band || precinctHeight < band) {
        throw new CodecException("the JPEG 2000 data has impossible precincts");
      }
      int shift = levels - resolution;
      long across = pieces(size.tileWidth(), shift + precinctWidth);
      long down = pieces(size.tileHeight(), shift + precinctHeight);
      allPrecincts += across * down;
      stepsAcross = Math.max(stepsAcross, across);
      stepsDown = Math.max(stepsDown, down);
      long bands = resolution == 0 ? 1 : 3;
      allBlocks +=
          bands
              * pieces(size.tileWidth(), shift + band + Math.min(blockWidth, precinctWidth - band))
              * pieces(
                  size.tileHeight(), shift + band + Math.min(blockHeight, precinctHeight - band));
    }
    long planes = (long) size.components() * size.tiles();
    long packets = allPrecincts * layers * planes;
    long steps = stepsAcross * stepsDown * (levels + 1) * planes;
    if (packets > LEAST_PACKETS + (long) PACKETS_A_BYTE * length || steps > MAX_STEPS) {
      throw new CodecException("the JPEG 2000 data is divided into too many packets");
    }
    long memory =
        size.components() * (allPrecincts * PRECINCT + allBlocks * (BLOCK + BLOCK_LAYER * layers));
    long samples = (long) size.tileWidth() * size.tileHeight() * size.components();
    if (memory > LEAST_MEMORY + MEMORY_A_SAMPLE * samples) {
      throw new CodecException("the JPEG 2000 data is divided into too many code-blocks");
    }
  }

  /** Pieces of 2^exponent pixels that an extent touches at most, wherever it starts. */
  private static long pieces(long extent, int exponent) {
    return ((extent - 1) >> Math.min(62, exponent)) + 2;
  }
}
