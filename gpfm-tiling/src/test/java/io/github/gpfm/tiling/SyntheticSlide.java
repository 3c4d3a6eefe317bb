package io.github.gpfm.tiling;

import io.github.gpfm.api.Mpp;
import io.github.gpfm.api.MppSource;
import io.github.gpfm.api.Slide;
import io.github.gpfm.api.SlideClosedException;
import io.github.gpfm.api.SlideException;
import io.github.gpfm.api.SlideLevel;
import java.awt.image.BufferedImage;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.Set;

/**
 * A slide of any size computed from a function of level-0 coordinates, so that tests need no file
 * and no memory for it.
 */
public class SyntheticSlide implements Slide {
  /** The colour of a level-0 pixel. */
  @FunctionalInterface
  public interface Painter {
    /**
     * @return 0xRRGGBB
     */
    int rgb(long x, long y);
  }

  private final List<SlideLevel> levels = new ArrayList<>();
  private final Painter painter;
  private final Optional<Mpp> mpp;
  private volatile boolean closed;

  /**
   * @param downsamples of the levels; the first is 1
   */
  public SyntheticSlide(long width, long height, double mpp, Painter painter, int... downsamples) {
    this.painter = painter;
    this.mpp =
        Double.isNaN(mpp) ? Optional.empty() : Optional.of(new Mpp(mpp, mpp, MppSource.USER));
    for (int i = 0; i < downsamples.length; i++) {
      levels.add(
          new SlideLevel(i, width / downsamples[i], height / downsamples[i], downsamples[i]));
    }
  }

  /** Pink discs on white. */
  public static Painter discs(double radius, long... centres) {
    return (x, y) -> {
      for (int i = 0; i < centres.length; i += 2) {
        double dx = x - centres[i];
        double dy = y - centres[i + 1];
        if (dx * dx + dy * dy < radius * radius) {
          return 0xc06090;
        }
      }
      return 0xf4f4f4;
    };
  }

  @Override
  public Path path() {
    return Path.of("synthetic.tif");
  }

  @Override
  public String reader() {
    return "synthetic";
  }

  @Override
  public String vendor() {
    return "synthetic";
  }

  @Override
  public List<SlideLevel> levels() {
    return levels;
  }

  @Override
  public Optional<Mpp> mpp() {
    return mpp;
  }

  @Override
  public OptionalDouble objectivePower() {
    return OptionalDouble.empty();
  }

  @Override
  public Map<String, String> properties() {
    return Map.of();
  }

  @Override
  public Set<String> associatedImageNames() {
    return Set.of();
  }

  @Override
  public BufferedImage associatedImage(String name) {
    throw new SlideException(path(), "no image " + name);
  }

  @Override
  public Optional<byte[]> iccProfile() {
    return Optional.empty();
  }

  @Override
  public BufferedImage readRegion(long x, long y, int level, int width, int height) {
    if (closed) {
      throw new SlideClosedException(path(), "closed");
    }
    long downsample = Math.round(levels.get(level).downsample());
    BufferedImage image = new BufferedImage(width, height, BufferedImage.TYPE_INT_ARGB);
    int[] row = new int[width];
    for (int j = 0; j < height; j++) {
      // A pixel of a level shows the middle of what it covers.
      long py = y + j * downsample + downsample / 2;
      for (int i = 0; i < width; i++) {
        long px = x + i * downsample + downsample / 2;
        boolean inside = px >= 0 && py >= 0 && px < width() && py < height();
        row[i] = inside ? 0xff000000 | painter.rgb(px, py) : 0;
      }
      image.setRGB(0, j, width, 1, row, 0, width);
    }
    return image;
  }

  @Override
  public void close() {
    closed = true;
  }
}
