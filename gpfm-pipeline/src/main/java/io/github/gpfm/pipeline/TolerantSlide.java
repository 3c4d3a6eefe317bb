package io.github.gpfm.pipeline;

import io.github.gpfm.api.Mpp;
import io.github.gpfm.api.Slide;
import io.github.gpfm.api.SlideFormatException;
import io.github.gpfm.api.SlideLevel;
import java.awt.image.BufferedImage;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A slide that is transparent where it is damaged, in pieces of {@value #PIECE} pixels of the level
 * read, so that tissue can be found and pictures drawn of the rest. A slide that vanished or was
 * replaced is an error here too. Closing is left to the owner of the slide within.
 */
final class TolerantSlide implements Slide {
  private static final Logger LOG = LoggerFactory.getLogger(TolerantSlide.class);
  private static final int PIECE = 128;

  /** What is damaged beyond this is not worth the time that looking for the rest would take. */
  private static final int MOST_PIECES = 1 << 14;

  private final Slide slide;
  private final AtomicInteger blank = new AtomicInteger();

  TolerantSlide(Slide slide) {
    this.slide = slide;
  }

  @Override
  public BufferedImage readRegion(long x, long y, int level, int width, int height) {
    try {
      return slide.readRegion(x, y, level, width, height);
    } catch (SlideFormatException e) {
      BufferedImage image = new BufferedImage(width, height, BufferedImage.TYPE_INT_ARGB);
      fill(image, new Piece(x, y, level), 0, 0, width, height);
      return image;
    }
  }

  private record Piece(long x, long y, int level) {}

  /** Reads what can be read of a part of the image; called where the part as a whole failed. */
  private void fill(BufferedImage image, Piece origin, int left, int top, int width, int height) {
    if (width <= PIECE && height <= PIECE) {
      return;
    }
    boolean wide = width >= height;
    int first = (wide ? width : height) / 2;
    read(image, origin, left, top, wide ? first : width, wide ? height : first);
    if (wide) {
      read(image, origin, left + first, top, width - first, height);
    } else {
      read(image, origin, left, top + first, width, height - first);
    }
  }

  private void read(BufferedImage image, Piece origin, int left, int top, int width, int height) {
    double downsample = slide.levels().get(origin.level()).downsample();
    long x = origin.x() + Math.round(left * downsample);
    long y = origin.y() + Math.round(top * downsample);
    try {
      BufferedImage part = slide.readRegion(x, y, origin.level(), width, height);
      int[] argb = part.getRGB(0, 0, width, height, null, 0, width);
      image.setRGB(left, top, width, height, argb, 0, width);
    } catch (SlideFormatException e) {
      if (width > PIECE || height > PIECE) {
        fill(image, origin, left, top, width, height);
        return;
      }
      int count = blank.incrementAndGet();
      if (count == 1) {
        LOG.warn("{} is damaged and blank there: {}", slide.path(), e.getMessage());
      } else if (count > MOST_PIECES) {
        throw e;
      }
    }
  }

  @Override
  public Path path() {
    return slide.path();
  }

  @Override
  public String reader() {
    return slide.reader();
  }

  @Override
  public String vendor() {
    return slide.vendor();
  }

  @Override
  public List<SlideLevel> levels() {
    return slide.levels();
  }

  @Override
  public Optional<Mpp> mpp() {
    return slide.mpp();
  }

  @Override
  public Optional<String> refusedMpp() {
    return slide.refusedMpp();
  }

  @Override
  public OptionalDouble objectivePower() {
    return slide.objectivePower();
  }

  @Override
  public Map<String, String> properties() {
    return slide.properties();
  }

  @Override
  public Set<String> associatedImageNames() {
    return slide.associatedImageNames();
  }

  @Override
  public BufferedImage associatedImage(String name) {
    return slide.associatedImage(name);
  }

  @Override
  public Optional<byte[]> iccProfile() {
    return slide.iccProfile();
  }

  @Override
  public void close() {}
}
