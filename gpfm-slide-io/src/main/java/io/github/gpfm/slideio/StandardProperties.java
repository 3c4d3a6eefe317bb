package io.github.gpfm.slideio;

import io.github.gpfm.api.Slide;
import java.awt.Dimension;
import java.awt.Rectangle;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * OpenSlide's standard properties ({@code openslide.*}) with their types, beyond those that {@link
 * Slide} itself tells: {@link Slide#vendor()}, {@link Slide#mpp()}, {@link Slide#objectivePower()},
 * {@link Slide#levels()}. A property that is missing or does not parse is empty.
 */
public final class StandardProperties {
  private final Map<String, String> properties;

  private StandardProperties(Map<String, String> properties) {
    this.properties = properties;
  }

  /**
   * Those of a slide of any reader.
   *
   * @throws io.github.gpfm.api.SlideClosedException if it is closed
   */
  public static StandardProperties of(Slide slide) {
    return new StandardProperties(slide.properties());
  }

  /** {@code openslide.comment}: the file's free text, a TIFF's image description. */
  public Optional<String> comment() {
    return Optional.ofNullable(properties.get("openslide.comment"));
  }

  /** {@code openslide.quickhash-1}: tells slides apart without reading them whole, hexadecimal. */
  public Optional<String> quickHash() {
    return Optional.ofNullable(properties.get("openslide.quickhash-1"));
  }

  /**
   * {@code openslide.background-color}, {@code 0xRRGGBB}: to show where the slide has no pixels.
   */
  public OptionalInt backgroundColor() {
    String colour = properties.getOrDefault("openslide.background-color", "");
    return colour.matches("[0-9A-Fa-f]{6}")
        ? OptionalInt.of(Integer.parseInt(colour, 16))
        : OptionalInt.empty();
  }

  /**
   * {@code openslide.bounds-x/y/width/height}: the rectangle that holds all scanned pixels, in
   * level-0 pixels.
   */
  public Optional<Rectangle> bounds() {
    OptionalInt x = number("openslide.bounds-x");
    OptionalInt y = number("openslide.bounds-y");
    Optional<Dimension> size = size("openslide.bounds-");
    return x.isPresent() && y.isPresent()
        ? size.map(s -> new Rectangle(x.getAsInt(), y.getAsInt(), s.width, s.height))
        : Optional.empty();
  }

  /**
   * {@code openslide.level[N].tile-width/height}: reads of whole tiles are the fastest.
   *
   * @param level from 0; one that does not exist has no tiles
   */
  public Optional<Dimension> tileSize(int level) {
    return size("openslide.level[" + level + "].tile-");
  }

  private Optional<Dimension> size(String prefix) {
    OptionalInt width = number(prefix + "width");
    OptionalInt height = number(prefix + "height");
    boolean sensible = width.orElse(0) > 0 && height.orElse(0) > 0;
    return sensible
        ? Optional.of(new Dimension(width.getAsInt(), height.getAsInt()))
        : Optional.empty();
  }

  /** A whole number that an int holds. */
  private OptionalInt number(String key) {
    String value = properties.getOrDefault(key, "");
    return value.matches("-?\\d{1,9}")
        ? OptionalInt.of(Integer.parseInt(value))
        : OptionalInt.empty();
  }
}
