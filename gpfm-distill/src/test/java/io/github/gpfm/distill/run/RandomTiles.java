package io.github.gpfm.distill.run;

import io.github.gpfm.tiling.dataset.TileDataset;
import java.awt.image.BufferedImage;
import java.util.Arrays;
import java.util.SplittableRandom;

/** Tiles of coloured blobs, drawn from their number. */
public final class RandomTiles implements TileDataset {
  private final int count;
  private final int size;

  public RandomTiles(int count, int size) {
    this.count = count;
    this.size = size;
  }

  @Override
  public int size() {
    return count;
  }

  @Override
  public BufferedImage image(int i) {
    SplittableRandom random = new SplittableRandom(i);
    BufferedImage image = new BufferedImage(size, size, BufferedImage.TYPE_INT_RGB);
    int[] rgb = new int[size * size];
    Arrays.fill(rgb, random.nextInt(1 << 24));
    for (int blob = 0; blob < 12; blob++) {
      int x0 = random.nextInt(size);
      int y0 = random.nextInt(size);
      int radius = 2 + random.nextInt(size / 4);
      int colour = random.nextInt(1 << 24);
      for (int y = Math.max(0, y0 - radius); y < Math.min(size, y0 + radius); y++) {
        for (int x = Math.max(0, x0 - radius); x < Math.min(size, x0 + radius); x++) {
          rgb[y * size + x] = colour;
        }
      }
    }
    image.setRGB(0, 0, size, size, rgb, 0, size);
    return image;
  }

  @Override
  public String key(int i) {
    return "tile-" + i;
  }

  @Override
  public void close() {}
}
