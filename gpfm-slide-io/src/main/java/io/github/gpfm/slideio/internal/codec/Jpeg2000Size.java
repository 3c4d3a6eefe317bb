package io.github.gpfm.slideio.internal.codec;

import java.nio.ByteBuffer;

/**
 * What the SIZ marker of a JPEG 2000 codestream states.
 *
 * @param left where the image starts on the reference grid
 * @param top where the image starts on the reference grid
 * @param width pixels
 * @param height pixels
 * @param components 1 to 4
 * @param tileWidth pixels of a tile, at most the image's width
 * @param tileHeight pixels of a tile, at most the image's height
 * @param tiles how many there are
 * @param chromaX pixels that a sample of the second and third component spans across, 1 or 2
 * @param chromaY pixels that a sample of the second and third component spans down, 1 or 2
 */
record Jpeg2000Size(
    int left,
    int top,
    int width,
    int height,
    int components,
    int tileWidth,
    int tileHeight,
    int tiles,
    int chromaX,
    int chromaY) {
  private static final int SIZ = 0xff51;
  private static final int MAX_TILES = 4096;
  private static final int SMALLEST_TILE_PART = 14;

  /** Blank images of one packet a resolution are denser than any picture. */
  private static final int DENSEST = 1 << 14;

  private static final int SMALL = 1 << 20;

  /**
   * Reads the marker.
   *
   * @param stream from the SOC marker on
   * @throws CodecException if it is damaged or of a kind that is not read
   */
  static Jpeg2000Size parse(byte[] stream) throws CodecException {
    if (stream.length < 42) {
      throw new CodecException("the JPEG 2000 header is cut off");
    }
    ByteBuffer siz = ByteBuffer.wrap(stream);
    if ((siz.getShort(2) & 0xffff) != SIZ) {
      throw new CodecException("the JPEG 2000 header is damaged");
    }
    long left = unsigned(siz, 16);
    long top = unsigned(siz, 20);
    long width = unsigned(siz, 8) - left;
    long height = unsigned(siz, 12) - top;
    if (width < 1
        || height < 1
        || left + width > Integer.MAX_VALUE
        || top + height > Integer.MAX_VALUE
        || width > JpegDecoder.MAX_PIXELS / height) {
      throw new CodecException(
          "the JPEG 2000 data has the impossible size " + width + " x " + height);
    }
    if (width * height > SMALL + (long) DENSEST * stream.length) {
      throw new CodecException("the JPEG 2000 data is too short for its size");
    }
    long tiles = tiles(siz, left + width, top + height);
    if (tiles < 1 || tiles > MAX_TILES || tiles * SMALLEST_TILE_PART > stream.length) {
      throw new CodecException("the JPEG 2000 data has an impossible number of tiles");
    }
    int components = siz.getShort(40) & 0xffff;
    if (components < 1 || components > 4 || 42 + 3 * components > stream.length) {
      throw new CodecException("the JPEG 2000 data has " + components + " components");
    }
    int chromaX = components < 3 ? 1 : stream[46];
    int chromaY = components < 3 ? 1 : stream[47];
    for (int i = 0; i < components; i++) {
      boolean chroma = components == 3 && i > 0;
      if ((stream[42 + 3 * i] & 0xff) != 7) {
        throw new CodecException("the JPEG 2000 data has not 8 bits a sample");
      }
      if (stream[43 + 3 * i] != (chroma ? chromaX : 1)
          || stream[44 + 3 * i] != (chroma ? chromaY : 1)) {
        throw new CodecException("the JPEG 2000 data is subsampled in an unknown way");
      }
    }
    boolean whole = chromaX == 1 && chromaY == 1;
    boolean halved = chromaX >= 1 && chromaX <= 2 && chromaY >= 1 && chromaY <= 2;
    if (!whole && (!halved || left != 0 || top != 0)) {
      throw new CodecException("the JPEG 2000 data is subsampled in an unknown way");
    }
    return new Jpeg2000Size(
        (int) left,
        (int) top,
        (int) width,
        (int) height,
        components,
        (int) Math.min(width, unsigned(siz, 24)),
        (int) Math.min(height, unsigned(siz, 28)),
        (int) tiles,
        chromaX,
        chromaY);
  }

  /** Pixels that a sample of a component spans across. */
  int stepX(int component) {
    return component == 0 ? 1 : chromaX;
  }

  /** Pixels that a sample of a component spans down. */
  int stepY(int component) {
    return component == 0 ? 1 : chromaY;
  }

  /** Tiles of a grid that starts at or before the image; 0 if there is no such grid. */
  private static long tiles(ByteBuffer siz, long right, long bottom) {
    long width = unsigned(siz, 24);
    long height = unsigned(siz, 28);
    long fromLeft = right - unsigned(siz, 32);
    long fromTop = bottom - unsigned(siz, 36);
    boolean covers =
        width > 0
            && height > 0
            && unsigned(siz, 32) <= unsigned(siz, 16)
            && unsigned(siz, 36) <= unsigned(siz, 20)
            && unsigned(siz, 32) + width > unsigned(siz, 16)
            && unsigned(siz, 36) + height > unsigned(siz, 20);
    if (!covers) {
      return 0;
    }
    long across = (fromLeft + width - 1) / width;
    long down = (fromTop + height - 1) / height;
    return across > MAX_TILES || down > MAX_TILES ? 0 : across * down;
  }

  private static long unsigned(ByteBuffer buffer, int at) {
    return buffer.getInt(at) & 0xffffffffL;
  }
}
