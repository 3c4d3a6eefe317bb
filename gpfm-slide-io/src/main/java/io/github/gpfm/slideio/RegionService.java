package io.github.gpfm.slideio;

import io.github.gpfm.api.InvalidOptionException;
import io.github.gpfm.api.Slide;
import io.github.gpfm.api.SlideException;
import io.github.gpfm.api.SlideLevel;
import io.github.gpfm.api.Tile;
import io.github.gpfm.slideio.internal.region.BlockCache;
import io.github.gpfm.slideio.internal.region.Resampler;
import io.github.gpfm.slideio.internal.region.SrgbTransform;
import io.github.gpfm.support.DaemonThreads;
import java.awt.image.BufferedImage;
import java.awt.image.DataBufferInt;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/**
 * Regions of a slide of any reader, with a cache bounded in bytes, parallel decoding, sRGB output,
 * any downsample, and a background for transparent pixels.
 *
 * <pre>{@code
 * try (Slide slide = Slides.open(path);
 *     RegionService regions = RegionService.on(slide).cacheBytes(1L << 28).srgb(true).build()) {
 *   List<BufferedImage> images = regions.readRegions(tiles);
 * }
 * }</pre>
 *
 * <p>Safe for many threads. Closing it stops its threads and forgets its pixels; the slide stays
 * open and belongs to the caller.
 */
public final class RegionService implements AutoCloseable {
  private static final long MAX_SOURCE_PIXELS = 1L << 24;

  private final Slide slide;
  private final long cacheBytes;
  private final BlockCache cache;
  private final Optional<SrgbTransform> toSrgb;
  private final OptionalInt background;
  private final ExecutorService workers;

  private RegionService(Builder builder) {
    slide = builder.slide;
    cacheBytes = builder.cacheBytes;
    cache = new BlockCache(slide, builder.cacheBytes);
    toSrgb = builder.srgb ? SrgbTransform.of(slide) : Optional.empty();
    background = builder.background;
    workers = Executors.newFixedThreadPool(builder.threads, new DaemonThreads("gpfm-regions"));
  }

  /** Starts building a service for a slide. */
  public static Builder on(Slide slide) {
    return new Builder(slide);
  }

  /** Settings of a {@link RegionService}. */
  public static final class Builder {
    private final Slide slide;
    private long cacheBytes = 256L << 20;
    private int threads = Runtime.getRuntime().availableProcessors();
    private boolean srgb;
    private OptionalInt background = OptionalInt.empty();

    private Builder(Slide slide) {
      this.slide = slide;
    }

    /**
     * @param bytes of decoded pixels that may be kept; 256 MiB unless set
     */
    public Builder cacheBytes(long bytes) {
      if (bytes < 0) {
        throw new InvalidOptionException("A cache has 0 bytes or more, not " + bytes + ".");
      }
      cacheBytes = bytes;
      return this;
    }

    /**
     * @param count threads that decode for {@link RegionService#readRegions}; the processors unless
     *     set
     */
    public Builder threads(int count) {
      if (count < 1) {
        throw new InvalidOptionException("Decoding needs 1 thread or more, not " + count + ".");
      }
      threads = count;
      return this;
    }

    /**
     * @param convert whether colours are converted from the slide's ICC profile to sRGB; a slide
     *     without profile is taken to be sRGB
     */
    public Builder srgb(boolean convert) {
      srgb = convert;
      return this;
    }

    /**
     * @param rgb colour, {@code 0xRRGGBB}, that shows where the slide is transparent
     */
    public Builder background(int rgb) {
      background = OptionalInt.of(rgb & 0xffffff);
      return this;
    }

    /** Shows the slide's own background colour (white if it names none) where it is transparent. */
    public Builder slideBackground() {
      return background(StandardProperties.of(slide).backgroundColor().orElse(0xffffff));
    }

    /**
     * Builds it.
     *
     * @throws io.github.gpfm.api.SlideFormatException if sRGB is asked for and the slide's profile
     *     is damaged
     */
    public RegionService build() {
      return new RegionService(this);
    }
  }

  /**
   * Reads one region: the pixels of {@link Slide#readRegion}, then colours and background.
   *
   * @return {@link BufferedImage#TYPE_INT_ARGB}; opaque if there is a background
   */
  public BufferedImage read(Tile region) {
    return finish(cache.read(region));
  }

  /**
   * Reads many regions in parallel.
   *
   * @return the images in the order of the regions
   */
  public List<BufferedImage> readRegions(List<Tile> regions) {
    List<CompletableFuture<BufferedImage>> futures = new ArrayList<>(regions.size());
    for (Tile region : regions) {
      futures.add(CompletableFuture.supplyAsync(() -> read(region), workers));
    }
    List<BufferedImage> images = new ArrayList<>(regions.size());
    try {
      for (CompletableFuture<BufferedImage> future : futures) {
        images.add(future.join());
      }
      return images;
    } catch (CompletionException e) {
      futures.forEach(future -> future.cancel(false));
      if (e.getCause() instanceof RuntimeException cause) {
        throw cause;
      }
      throw e;
    }
  }

  /**
   * Decodes regions into the cache in their order, in the background, until half the cache is
   * filled; the rest is decoded when read.
   *
   * @return how many regions were decoded, once done; cancelling it stops it. A region that cannot
   *     be read ends it without an error: reading that region will tell
   */
  public Future<Integer> prefetch(List<Tile> regions) {
    return workers.submit(
        () -> {
          long filled = 0;
          int done = 0;
          for (Tile region : regions) {
            filled += 4L * region.width() * region.height();
            if (filled > cacheBytes / 2 || Thread.currentThread().isInterrupted()) {
              break;
            }
            try {
              cache.read(region);
            } catch (SlideException | IllegalArgumentException e) {
              break;
            }
            done++;
          }
          return done;
        });
  }

  /**
   * Reads at any downsample: from the smallest level that is at least as detailed, averaged over
   * the area that each pixel spans; enlarged bicubically where even level 0 is coarser.
   *
   * @param x left edge, level-0 pixels
   * @param y top edge, level-0 pixels
   * @param downsample level-0 pixels per pixel returned, positive
   * @param width pixels returned
   * @param height pixels returned
   */
  public BufferedImage readAtDownsample(long x, long y, double downsample, int width, int height) {
    if (!(downsample > 0) || Double.isInfinite(downsample)) {
      throw new IllegalArgumentException("downsample must be positive, not " + downsample);
    }
    SlideLevel level = slide.levels().get(slide.bestLevelForDownsample(downsample));
    double scale = downsample / level.downsample();
    if (Math.abs(scale - 1) < 1e-9) {
      return read(new Tile(x, y, level.index(), width, height));
    }
    BufferedImage image = new BufferedImage(width, height, BufferedImage.TYPE_INT_ARGB);
    int[] target = pixels(image);
    int sourceWidth = (int) Math.ceil(width * scale) + 2;
    int band = (int) Math.max(1, Math.min(height, MAX_SOURCE_PIXELS / (sourceWidth * scale)));
    for (int row = 0; row < height; row += band) {
      int rows = Math.min(band, height - row);
      double exact = y + row * downsample;
      long top = (long) Math.floor(exact);
      double offset = (exact - top) / level.downsample();
      int sourceHeight = (int) Math.ceil(offset + rows * scale) + 2;
      BufferedImage source = slide.readRegion(x, top, level.index(), sourceWidth, sourceHeight);
      int[] part =
          Resampler.resample(
              pixels(source), sourceWidth, sourceHeight, scale, 0, offset, width, rows);
      System.arraycopy(part, 0, target, row * width, part.length);
    }
    return finish(image);
  }

  /** Share of the cache's lookups that found their pixels, 0 to 1. */
  public double cacheHitRate() {
    return cache.hitRate();
  }

  @Override
  public void close() {
    workers.shutdownNow();
    cache.clear();
  }

  private BufferedImage finish(BufferedImage image) {
    int[] pixels = pixels(image);
    toSrgb.ifPresent(transform -> transform.apply(pixels, image.getWidth(), image.getHeight()));
    if (background.isPresent()) {
      compose(pixels, background.getAsInt());
    }
    return image;
  }

  private static void compose(int[] pixels, int colour) {
    for (int i = 0; i < pixels.length; i++) {
      int alpha = pixels[i] >>> 24;
      if (alpha != 255) {
        int mixed = 0xff000000;
        for (int shift = 0; shift < 24; shift += 8) {
          int over = (pixels[i] >> shift & 255) * alpha + (colour >> shift & 255) * (255 - alpha);
          mixed |= (over + 127) / 255 << shift;
        }
        pixels[i] = mixed;
      }
    }
  }

  private static int[] pixels(BufferedImage image) {
    return ((DataBufferInt) image.getRaster().getDataBuffer()).getData();
  }
}
