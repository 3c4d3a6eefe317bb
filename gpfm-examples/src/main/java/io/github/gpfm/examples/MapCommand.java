package io.github.gpfm.examples;

import io.github.gpfm.api.Slide;
import io.github.gpfm.pipeline.FeatureMap;
import io.github.gpfm.tiling.format.GeoJson;
import io.github.gpfm.tiling.picture.ImageFiles;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code gpfm map}: features to look at. */
@Command(
    name = "map",
    mixinStandardHelpOptions = true,
    description = {
      "Colour a slide's tiles by their features: alike tiles have like colours (principal"
          + " components), or by their similarity to one tile.",
      "Writes F.png and F.geojson, whose detections carry the numbers as measurements."
    })
final class MapCommand implements Callable<Integer> {
  @Parameters(index = "0", paramLabel = "SLIDE", description = "The slide.")
  private Path slide;

  @Parameters(index = "1", paramLabel = "FEATURES", description = "Its .h5 of gpfm embed.")
  private Path features;

  @Option(names = "--out", required = true, paramLabel = "F.png", description = "The picture.")
  private Path out;

  @Option(
      names = "--tile",
      paramLabel = "N",
      description = "Show similarity to this tile (number of its row, from 0).")
  private @Nullable Integer tile;

  @Mixin private ReaderOptions readerOptions;

  @Override
  public Integer call() {
    FeatureMap map;
    try (Slide open = readerOptions.open(slide)) {
      map =
          tile == null
              ? FeatureMap.principalColours(open, features)
              : FeatureMap.similarity(open, features, tile);
    }
    String name = out.getFileName().toString();
    int dot = name.lastIndexOf('.');
    Path geojson = out.resolveSibling((dot > 0 ? name.substring(0, dot) : name) + ".geojson");
    ImageFiles.writePng(out, map.picture());
    GeoJson.writeTiles(geojson, map.table());
    System.out.println(out);
    System.out.println(geojson);
    return 0;
  }
}
