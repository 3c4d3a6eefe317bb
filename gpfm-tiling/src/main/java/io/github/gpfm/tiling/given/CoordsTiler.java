package io.github.gpfm.tiling.given;

import io.github.gpfm.api.Recipe;
import io.github.gpfm.api.Slide;
import io.github.gpfm.api.TileGrid;
import io.github.gpfm.api.TilingException;
import io.github.gpfm.tiling.format.CoordsH5;
import io.github.gpfm.tiling.format.SlideName;
import io.github.gpfm.tiling.format.StoredCoords;
import io.github.gpfm.tiling.grid.Tiler;
import io.github.gpfm.tiling.tissue.Tissue;
import java.nio.file.Path;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The tiles of coordinate files as CLAM, TRIDENT and this library write them, in the file's order;
 * tissue is not asked.
 *
 * @param coords the file, or a folder with one for each slide: {@code NAME.h5}, {@code
 *     NAME_patches.h5}, or one of these in its folder {@code patches}
 * @param expected what the files must agree with
 */
public record CoordsTiler(Path coords, ExpectedTiles expected) implements Tiler {
  private static final Logger LOG = LoggerFactory.getLogger(CoordsTiler.class);

  private static final List<String> NAMES =
      List.of("%s.h5", "%s_patches.h5", "patches/%s.h5", "patches/%s_patches.h5");

  /** Whatever the files say. */
  public CoordsTiler(Path coords) {
    this(coords, ExpectedTiles.ANY);
  }

  @Override
  public String name() {
    return "coords";
  }

  @Override
  public Tiler forSlide(Path slide) {
    Path file = SlideOwnFile.of(coords, slide, "coordinates", NAMES);
    return file.equals(coords) ? this : new CoordsTiler(file, expected);
  }

  /** The file by its content; of a folder, whose files differ by slide, only the name. */
  @Override
  public void describe(Recipe.Builder recipe) {
    SlideOwnFile.describe(recipe, "coords", coords);
  }

  /**
   * Reads the tiles.
   *
   * @throws TilingException if the file is missing or damaged, lacks what its layout needs, is not
   *     of this slide, or is not as expected
   */
  @Override
  public TileGrid tile(Slide slide, Tissue tissue) {
    Path file = SlideOwnFile.of(coords, slide.path(), "coordinates", NAMES);
    StoredCoords stored = CoordsH5.read(file);
    warnOfOtherName(stored, slide);
    stored.requireSizeOf(slide);
    TileGrid grid = stored.grid(slide);
    GivenTiles.requireOn(slide, grid, "The tiles of " + file);
    expected.check(stored, grid, slide);
    return grid;
  }

  private static void warnOfOtherName(StoredCoords stored, Slide slide) {
    String name = SlideName.of(slide.path());
    if (stored.attributes().get("name") instanceof String other && !other.equals(name)) {
      LOG.warn("{} was made of slide {}, and is used for {}.", stored.file(), other, name);
    }
  }
}
