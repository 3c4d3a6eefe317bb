package io.github.gpfm.api;

import java.awt.image.BufferedImage;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.Set;

/**
 * An open whole-slide image: a pyramid of levels, pixels on request, and what the file says about
 * itself.
 *
 * <p>Every method may be called from many threads at once. {@link #close()} waits for reads in
 * progress; any later call throws {@link SlideClosedException}.
 */
public interface Slide extends AutoCloseable {
  /** The file or folder this slide was opened from. */
  Path path();

  /** Name of the reader that opened it, for instance {@code openslide} or {@code builtin}. */
  String reader();

  /**
   * The format's vendor by OpenSlide's names, for instance {@code aperio}, {@code generic-tiff}.
   */
  String vendor();

  /** Levels, largest first; never empty. */
  List<SlideLevel> levels();

  /** Resolution of level 0 with its evidence; empty when the file gives none and none was given. */
  Optional<Mpp> mpp();

  /**
   * A resolution that the file states and that was not believed, for instance that of a print, as a
   * clause; empty if there is none.
   */
  default Optional<String> refusedMpp() {
    return Optional.empty();
  }

  /** Objective power (20, 40, …) as the file states it. */
  OptionalDouble objectivePower();

  /** Every property of the file by OpenSlide's key names, sorted by key; unmodifiable. */
  Map<String, String> properties();

  /**
   * Names of the associated images, for instance {@code label}, {@code macro}, {@code thumbnail}.
   */
  Set<String> associatedImageNames();

  /**
   * Reads an associated image.
   *
   * @param name one of {@link #associatedImageNames()}
   * @return {@link BufferedImage#TYPE_INT_ARGB}, not premultiplied
   * @throws SlideException if there is no such image or it cannot be read
   */
  BufferedImage associatedImage(String name);

  /** The ICC profile that the file holds for its main image, as raw bytes. */
  Optional<byte[]> iccProfile();

  /**
   * Reads a region with OpenSlide's meaning of coordinates.
   *
   * @param x left edge in <em>level-0</em> pixels; may be negative or outside
   * @param y top edge in <em>level-0</em> pixels; may be negative or outside
   * @param level the level to read from, 0 ≤ level &lt; {@code levels().size()}
   * @param width pixels of the <em>given level</em>, at least 1
   * @param height pixels of the <em>given level</em>, at least 1
   * @return {@link BufferedImage#TYPE_INT_ARGB}, not premultiplied; pixels outside the slide are
   *     0,0,0,0
   * @throws IllegalArgumentException if level, width or height is out of range
   * @throws SlideClosedException after {@link #close()}
   * @throws SlideException if the file cannot be read there
   */
  BufferedImage readRegion(long x, long y, int level, int width, int height);

  /**
   * {@link #readRegion(long, long, int, int, int)} into an array of the caller's, which may be used
   * again for the next region.
   *
   * @param argb width x height elements, overwritten: 0xAARRGGBB, not premultiplied
   * @return {@code argb}
   */
  default int[] readRegion(long x, long y, int level, int width, int height, int[] argb) {
    if (argb.length != (long) width * height) {
      throw new IllegalArgumentException(
          "argb must have " + (long) width * height + " elements, not " + argb.length);
    }
    return readRegion(x, y, level, width, height).getRGB(0, 0, width, height, argb, 0, width);
  }

  /**
   * {@link #readRegion(long, long, int, int, int)} for writers and networks that take no
   * transparency: pixels are composed on white, those outside the slide are white.
   *
   * @return {@link BufferedImage#TYPE_INT_RGB}, which {@code ImageIO} writes as JPEG
   */
  default BufferedImage readRgb(long x, long y, int level, int width, int height) {
    BufferedImage image = new BufferedImage(width, height, BufferedImage.TYPE_INT_RGB);
    int[] pixels =
        readRegion(x, y, level, width, height, new int[Math.multiplyExact(width, height)]);
    for (int i = 0; i < pixels.length; i++) {
      pixels[i] = SlideThumbnail.onWhite(pixels[i]);
    }
    image.setRGB(0, 0, width, height, pixels, 0, width);
    return image;
  }

  /**
   * The whole slide as a small picture, each pixel the mean of those it covers.
   *
   * @param maxEdge longest edge, pixels, at least 1; smaller slides keep their size
   * @return {@link BufferedImage#TYPE_INT_RGB}, transparency composed on white
   * @throws InvalidOptionException if {@code maxEdge} is out of range
   * @throws SlideException if the file cannot be read
   */
  default BufferedImage thumbnail(int maxEdge) {
    return SlideThumbnail.draw(this, maxEdge);
  }

  /** Releases the file and native memory once reads in progress have ended; may be called twice. */
  @Override
  void close();

  /** Width of level 0, pixels. */
  default long width() {
    return levels().get(0).width();
  }

  /** Height of level 0, pixels. */
  default long height() {
    return levels().get(0).height();
  }

  /**
   * The level to read from when a downsample is wanted: the smallest level that is at least as
   * detailed (OpenSlide's {@code openslide_get_best_level_for_downsample}).
   *
   * @param downsample wanted level-0 pixels per pixel, positive
   */
  default int bestLevelForDownsample(double downsample) {
    List<SlideLevel> levels = levels();
    if (downsample < levels.get(0).downsample()) {
      return 0;
    }
    for (int i = 1; i < levels.size(); i++) {
      if (downsample < levels.get(i).downsample()) {
        return i - 1;
      }
    }
    return levels.size() - 1;
  }

  /**
   * The resolution, or an error that tells how to give one.
   *
   * @throws MppUnknownException if {@link #mpp()} is empty
   */
  default Mpp requireMpp() {
    return mpp()
        .orElseThrow(
            () ->
                new MppUnknownException(
                        path(),
                        path()
                            + (refusedMpp()
                                .map(refused -> " states " + refused + ", not its own")
                                .orElse(" does not state its resolution"))
                            + ": give it (SlideOptions.withMpp), in micrometres per level-0 pixel.")
                    .about("SlideOptions.mpp"));
  }
}
