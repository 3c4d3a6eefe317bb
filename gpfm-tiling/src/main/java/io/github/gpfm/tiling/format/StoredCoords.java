package io.github.gpfm.tiling.format;

import io.github.gpfm.api.GpfmException;
import io.github.gpfm.api.Provenance;
import io.github.gpfm.api.Slide;
import io.github.gpfm.api.TileGeometry;
import io.github.gpfm.api.TileGrid;
import io.github.gpfm.api.TilingException;
import io.github.gpfm.support.Budget;
import io.github.gpfm.support.ProvenanceJson;
import io.github.gpfm.tiling.internal.PatcherLevel;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * What a coordinates file holds.
 *
 * @param file where it was read from
 * @param coords x0, y0, x1, y1, … in level-0 pixels
 * @param attributes of the {@code coords} dataset: {@code Long}, {@code Double}, {@code String},
 *     {@code long[]} or {@code double[]}
 * @param scores one value a tile, by name
 */
public record StoredCoords(
    Path file,
    long[] coords,
    SortedMap<String, Object> attributes,
    SortedMap<String, double[]> scores) {

  /** Number of tiles. */
  public int size() {
    return coords.length / 2;
  }

  /**
   * The attributes without what the tiles were made of: as {@link CoordsH5#attributes} gave them.
   */
  public SortedMap<String, Object> ownAttributes() {
    SortedMap<String, Object> own = new TreeMap<>(attributes);
    own.remove(CoordsH5.PROVENANCE);
    return own;
  }

  /** What the tiles were made of, in files of this library. */
  public Optional<Provenance> provenance() {
    return attributes.get(CoordsH5.PROVENANCE) instanceof String text
        ? ProvenanceJson.read(text)
        : Optional.empty();
  }

  /**
   * The tiles, as they are to be read from their slide. A file written by this library gives back
   * the very grid. CLAM and TRIDENT do not all store the step between tiles: where it is missing,
   * it is the tile's size less the overlap, which is none for CLAM.
   *
   * @param slide the slide the coordinates belong to
   * @throws TilingException if the file lacks what its layout needs
   */
  public TileGrid grid(Slide slide) {
    return Budget.of(file, TilingException::new).open("coordinates of tiles", () -> gridOf(slide));
  }

  /**
   * The tiles of a file of this library, which says everything of them.
   *
   * @throws TilingException if the file is of another program
   */
  public TileGrid ownGrid() {
    TileGeometry geometry =
        ownGeometry()
            .orElseThrow(
                () ->
                    new TilingException(
                        file + " does not say how its tiles are read: was it made by gpfm?"));
    return TileGrid.of(geometry, coords);
  }

  private TileGrid gridOf(Slide slide) {
    Optional<TileGeometry> own = ownGeometry();
    TileGeometry geometry =
        own.isPresent()
            ? own.get()
            : attributes.containsKey("target_magnification")
                ? tridentGeometry(slide)
                : clamGeometry(slide);
    return TileGrid.of(geometry, coords);
  }

  private Optional<TileGeometry> ownGeometry() {
    if (!attributes.containsKey("gpfm_level0_size")) {
      return Optional.empty();
    }
    return Optional.of(
        new TileGeometry(
            (int) required("gpfm_level"),
            (int) required("gpfm_read_size"),
            (int) required("gpfm_tile_size"),
            required("gpfm_level0_size"),
            required("gpfm_level0_step"),
            required("gpfm_mpp"),
            attributes.containsKey("gpfm_aspect") ? required("gpfm_aspect") : 1));
  }

  private TileGeometry clamGeometry(Slide slide) {
    int level = (int) required("patch_level");
    int size = (int) required("patch_size");
    double custom = attributes.containsKey("custom_downsample") ? required("custom_downsample") : 1;
    double downsample =
        attributes.get("downsample") instanceof double[] pair && pair.length > 0
            ? pair[0]
            : slide.levels().get(checkedLevel(slide, level)).downsample();
    boolean virtual = level > 0 && slide.levels().size() == 1;
    int read = (int) Math.max(1, Math.round(size * custom * (virtual ? downsample : 1)));
    double edge = size * custom * downsample;
    return new TileGeometry(
        virtual ? 0 : checkedLevel(slide, level), read, size, edge, edge, mpp(slide, edge / size));
  }

  private TileGeometry tridentGeometry(Slide slide) {
    int size = (int) required("patch_size");
    double edge =
        attributes.containsKey("patch_size_level0")
            ? required("patch_size_level0")
            : size * required("level0_magnification") / required("target_magnification");
    double downsample = edge / size;
    int level = slide.bestLevelForDownsample(Math.max(1, downsample * 1.01));
    int read = (int) Math.max(1, Math.round(edge / slide.levels().get(level).downsample()));
    double overlap = attributes.containsKey("overlap") ? required("overlap") : 0;
    return new TileGeometry(
        level, read, size, edge, (size - overlap) * downsample, mpp(slide, downsample));
  }

  /**
   * Refuses the coordinates of a slide of another size, where the file says of what size its slide
   * was: TRIDENT's {@code level0_width} and {@code level0_height}, CLAM's {@code level_dim}.
   *
   * @throws TilingException naming both sizes
   */
  public void requireSizeOf(Slide slide) {
    if (attributes.containsKey("level0_width") && attributes.containsKey("level0_height")) {
      requireSame(
          (long) required("level0_width"),
          (long) required("level0_height"),
          slide.width(),
          slide.height(),
          "a slide",
          slide);
    }
    if (attributes.get("level_dim") instanceof long[] dimensions
        && dimensions.length == 2
        && attributes.containsKey("patch_level")) {
      int index = (int) required("patch_level");
      List<PatcherLevel> levels = PatcherLevel.of(slide);
      if (index < 0 || index >= levels.size()) {
        checkedLevel(slide, index);
      } else {
        PatcherLevel level = levels.get(index);
        requireSame(
            dimensions[0],
            dimensions[1],
            level.width(),
            level.height(),
            "a slide whose level " + index + " is",
            slide);
      }
    }
  }

  private void requireSame(
      long width, long height, long slideWidth, long slideHeight, String what, Slide slide) {
    if (width != slideWidth || height != slideHeight) {
      throw new TilingException(
          "%s holds the coordinates of %s %dx%d pixels, but that of %s is %dx%d: they are not this slide's."
              .formatted(file, what, width, height, slide.path(), slideWidth, slideHeight));
    }
  }

  /** An attribute that is a number. */
  public OptionalDouble number(String name) {
    Object value = attributes.get(name);
    if (value instanceof Number number) {
      return OptionalDouble.of(number.doubleValue());
    }
    if (value instanceof long[] array && array.length == 1) {
      return OptionalDouble.of(array[0]);
    }
    return OptionalDouble.empty();
  }

  private int checkedLevel(Slide slide, int level) {
    if (level < 0 || level >= slide.levels().size()) {
      throw new TilingException(
          file + " names level " + level + ", which " + slide.path() + " does not have.");
    }
    return level;
  }

  private static double mpp(Slide slide, double downsample) {
    return slide.mpp().map(value -> value.mean() * downsample).orElse(Double.NaN);
  }

  private double required(String name) {
    return number(name).orElseThrow(() -> missing(name));
  }

  private GpfmException missing(String name) {
    return new TilingException(
        file + " lacks the attribute '" + name + "' of its dataset 'coords': write it again.");
  }
}
