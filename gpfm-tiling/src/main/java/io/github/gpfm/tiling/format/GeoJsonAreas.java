package io.github.gpfm.tiling.format;

import io.github.gpfm.api.TilingException;
import io.github.gpfm.tiling.grid.RegionOfInterest;
import io.github.gpfm.tiling.internal.Areas;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;
import java.util.function.Supplier;
import org.locationtech.jts.geom.Geometry;

/**
 * The areas among a file's features.
 *
 * @param file for messages
 * @param included areas that count
 * @param excluded areas to leave out
 */
record GeoJsonAreas(Path file, List<Geometry> included, List<Geometry> excluded) {
  /**
   * Areas of a class named {@code Exclude}, or whose name ends with QuPath's mark, are excluded.
   */
  static GeoJsonAreas of(Path file, List<GeoJson.Feature> features) {
    return of(file, features, name -> !isExcluded(name), GeoJsonAreas::isExcluded);
  }

  /**
   * Parts features by their class.
   *
   * @throws TilingException if there is no area among them
   */
  static GeoJsonAreas of(
      Path file,
      List<GeoJson.Feature> features,
      Predicate<String> include,
      Predicate<String> exclude) {
    List<Geometry> included = new ArrayList<>();
    List<Geometry> excluded = new ArrayList<>();
    for (GeoJson.Feature feature : features) {
      if (feature.geometry().getDimension() < 2) {
        continue;
      }
      if (include.test(feature.className())) {
        included.add(feature.geometry());
      } else if (exclude.test(feature.className())) {
        excluded.add(feature.geometry());
      }
    }
    if (included.isEmpty() && excluded.isEmpty()) {
      throw new TilingException(
          file + " holds no area to include or exclude: draw areas, not lines or points.");
    }
    return new GeoJsonAreas(file, included, excluded);
  }

  private static boolean isExcluded(String name) {
    return name.equalsIgnoreCase("Exclude") || name.endsWith("*");
  }

  RegionOfInterest regionOfInterest() {
    return joined(() -> RegionOfInterest.of(included, excluded))
        .named(String.valueOf(file.getFileName()));
  }

  /** What is included and not excluded. */
  Geometry area() {
    return joined(() -> Areas.difference(Areas.union(included), Areas.union(excluded)));
  }

  private <T> T joined(Supplier<T> join) {
    try {
      return join.get();
    } catch (TilingException e) {
      throw new TilingException(file + ": " + e.getMessage(), e);
    }
  }
}
