package io.github.gpfm.tiling.grid;

import io.github.gpfm.api.Described;
import io.github.gpfm.api.Recipe;
import io.github.gpfm.support.Sha256;
import io.github.gpfm.tiling.internal.Areas;
import java.util.List;
import java.util.Optional;
import org.locationtech.jts.algorithm.locate.IndexedPointInAreaLocator;
import org.locationtech.jts.geom.Coordinate;
import org.locationtech.jts.geom.Geometry;
import org.locationtech.jts.geom.Location;

/**
 * Where tiles may lie: inside the areas to include, if there are any, and not inside those to
 * exclude. Tiles are judged by their centre. Thread-safe.
 */
public final class RegionOfInterest implements Described {
  private final Optional<IndexedPointInAreaLocator> include;
  private final Optional<IndexedPointInAreaLocator> exclude;
  private final String name;
  private final String sha256;

  private RegionOfInterest(
      Optional<IndexedPointInAreaLocator> include,
      Optional<IndexedPointInAreaLocator> exclude,
      String name,
      String sha256) {
    this.include = include;
    this.exclude = exclude;
    this.name = name;
    this.sha256 = sha256;
  }

  /**
   * Areas may cross themselves and each other; what they enclose belongs to them.
   *
   * @param include areas in level-0 pixels; everywhere when there is none
   * @param exclude areas in level-0 pixels
   * @throws io.github.gpfm.api.TilingException if a coordinate is not a number, or the outlines
   *     cross so often that joining them would not end
   */
  public static RegionOfInterest of(List<Geometry> include, List<Geometry> exclude) {
    return new RegionOfInterest(
        locator(include), locator(exclude), "areas", Sha256.of(include + "\n" + exclude));
  }

  /** These areas under the name that people know them by, for instance their file's. */
  public RegionOfInterest named(String newName) {
    return new RegionOfInterest(include, exclude, newName, sha256);
  }

  /** Whether a point, in level-0 pixels, may be the centre of a tile. */
  public boolean contains(double x, double y) {
    Coordinate point = new Coordinate(x, y);
    return (include.isEmpty() || include.get().locate(point) != Location.EXTERIOR)
        && (exclude.isEmpty() || exclude.get().locate(point) == Location.EXTERIOR);
  }

  /** One entry, {@code roi}: the name, and the hash of the areas' coordinates. */
  @Override
  public void describe(Recipe.Builder recipe) {
    recipe.hash("roi", name, sha256);
  }

  /** The same text for the same areas. */
  @Override
  public String toString() {
    return "RegionOfInterest[" + name + ", " + sha256 + "]";
  }

  private static Optional<IndexedPointInAreaLocator> locator(List<Geometry> areas) {
    if (areas.isEmpty()) {
      return Optional.empty();
    }
    return Optional.of(new IndexedPointInAreaLocator(Areas.union(areas)));
  }
}
