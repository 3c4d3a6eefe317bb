package io.github.gpfm.slideio.internal.builtin;

/**
 * An image that was decoded when it was opened, handed out in tiles.
 *
 * @param width pixels
 * @param height pixels
 * @param argb height x width premultiplied ARGB; not copied
 */
public record MemoryImage(long width, long height, int[] argb) implements TileSource {
  private static final int EDGE = 512;

  @Override
  public int tileWidth() {
    return (int) Math.min(EDGE, width);
  }

  @Override
  public int tileHeight() {
    return (int) Math.min(EDGE, height);
  }

  @Override
  public boolean decode(long column, long row, int[] tile) {
    int left = (int) column * tileWidth();
    int top = (int) row * tileHeight();
    int columns = (int) Math.min(tileWidth(), width - left);
    int rows = (int) Math.min(tileHeight(), height - top);
    for (int y = 0; y < rows; y++) {
      System.arraycopy(argb, (int) ((top + y) * width + left), tile, y * tileWidth(), columns);
    }
    return true;
  }
}
