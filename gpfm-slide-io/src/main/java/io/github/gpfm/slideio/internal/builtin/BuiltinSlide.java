package io.github.gpfm.slideio.internal.builtin;

import io.github.gpfm.api.SlideException;
import io.github.gpfm.api.SlideOptions;
import io.github.gpfm.slideio.internal.PremultipliedArgb;
import io.github.gpfm.slideio.internal.io.SlideFile;
import io.github.gpfm.slideio.spi.AbstractSlide;
import io.github.gpfm.slideio.spi.SlideDescription;
import java.awt.image.BufferedImage;
import java.awt.image.DataBufferInt;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;

/** A slide read without native libraries. Decoded tiles are kept up to a number of bytes. */
final class BuiltinSlide extends AbstractSlide {
  static final String NAME = "builtin";

  /** System property: bytes of decoded tiles kept a slide. */
  static final String CACHE_PROPERTY = "gpfm.builtin.cacheBytes";

  private static final long DEFAULT_CACHE = 32L << 20;

  private final SlideContent content;
  private final TileCache cache;
  private final List<CachedTiles> levels = new ArrayList<>();

  private BuiltinSlide(Path path, SlideContent content, SlideDescription description) {
    super(path, NAME, description);
    this.content = content;
    this.cache = new TileCache(cacheBytes());
    for (int level = 0; level < content.levels().size(); level++) {
      levels.add(new CachedTiles(level, content.levels().get(level), cache));
    }
  }

  static BuiltinSlide of(Path path, SlideContent content, SlideOptions options) {
    return new BuiltinSlide(path, content, content.describe(options));
  }

  private static long cacheBytes() {
    return Math.max(0, Long.getLong(CACHE_PROPERTY, DEFAULT_CACHE));
  }

  @Override
  protected BufferedImage read(long x, long y, int level, int width, int height) {
    try {
      return image(levels.get(level), downsample(level), x, y, width, height);
    } catch (OutOfMemoryError e) {
      throw tooLarge(width, height, e);
    }
  }

  @Override
  protected void read(long x, long y, int level, int width, int height, int[] argb) {
    try {
      draw(levels.get(level), downsample(level), x, y, width, height, argb);
    } catch (OutOfMemoryError e) {
      throw tooLarge(width, height, e);
    }
  }

  private double downsample(int level) {
    return levels().get(level).downsample();
  }

  private SlideException tooLarge(int width, int height, OutOfMemoryError cause) {
    return new SlideException(
        path(),
        "There is not enough memory to read "
            + width
            + " x "
            + height
            + " pixels of "
            + path()
            + ": read smaller regions or give Java more with -Xmx.",
        cause);
  }

  @Override
  protected BufferedImage readAssociated(String name) {
    return Objects.requireNonNull(content.associated().get(name)).get();
  }

  @Override
  protected Optional<byte[]> readIccProfile() {
    return content.iccProfile().map(byte[]::clone);
  }

  @Override
  protected void release() {
    cache.clear();
    content.files().forEach(SlideFile::close);
  }

  /** A region as an image that is not premultiplied; the tiles are drawn into its own pixels. */
  static BufferedImage image(
      CachedTiles tiles, double downsample, long x, long y, int width, int height) {
    BufferedImage image = new BufferedImage(width, height, BufferedImage.TYPE_INT_ARGB);
    int[] pixels = ((DataBufferInt) image.getRaster().getDataBuffer()).getData();
    draw(tiles, downsample, x, y, width, height, pixels);
    return image;
  }

  private static void draw(
      CachedTiles tiles, double downsample, long x, long y, int width, int height, int[] argb) {
    RegionCompositor.compose(tiles, downsample, x, y, width, height, argb);
    PremultipliedArgb.toStraight(argb);
  }
}
