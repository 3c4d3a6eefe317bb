package io.github.gpfm.examples;

import io.github.gpfm.api.Encoder;
import io.github.gpfm.api.InvalidOptionException;
import io.github.gpfm.api.Slide;
import io.github.gpfm.encoder.explain.VitInspector;
import io.github.gpfm.image.PictureFile;
import io.github.gpfm.pipeline.FeatureMap;
import io.github.gpfm.support.Budget;
import io.github.gpfm.tiling.format.GeoJson;
import io.github.gpfm.tiling.picture.ImageFiles;
import java.awt.image.BufferedImage;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code gpfm map}: features to look at. */
@Command(
    name = "map",
    mixinStandardHelpOptions = true,
    sortOptions = false,
    description = {
      "Colour a slide's tiles by their features: alike tiles have like colours (principal"
          + " components), or by their similarity to one tile or to an image; or show what the"
          + " class token attends to within a tile.",
      "Writes F.png and F.geojson, whose detections carry the colours, and the numbers as"
          + " measurements."
    })
final class MapCommand implements Callable<Integer> {
  /** What is shown in place of principal components. */
  static final class Shown {
    @Option(
        names = "--tile",
        paramLabel = "N",
        description = "Show similarity to this tile (number of its row, from 0).")
    private @Nullable Integer tile;

    @Option(
        names = "--query",
        paramLabel = "IMAGE",
        description = "Show similarity to this image; needs the encoder that made the features.")
    private @Nullable Path query;

    @Option(
        names = "--attention",
        paramLabel = "N",
        description = "Show the class token's attention within this tile; needs the encoder.")
    private @Nullable Integer attention;
  }

  @Parameters(index = "0", paramLabel = "SLIDE", description = "The slide.")
  private Path slide;

  @Parameters(index = "1", paramLabel = "FEATURES", description = "Its .h5 of gpfm embed.")
  private Path features;

  @Option(names = "--out", required = true, paramLabel = "F.png", description = "The picture.")
  private Path out;

  @ArgGroup(exclusive = true)
  private Shown shown = new Shown();

  @Mixin private EncoderOptions encoderOptions;
  @Mixin private ReaderOptions readerOptions;

  @Override
  public Integer call() {
    FeatureMap map;
    try (Slide open = readerOptions.open(slide)) {
      map = map(open);
    }
    String name = out.getFileName().toString();
    int dot = name.lastIndexOf('.');
    Path geojson = out.resolveSibling((dot > 0 ? name.substring(0, dot) : name) + ".geojson");
    ImageFiles.writePng(out, map.picture());
    GeoJson.writeTiles(geojson, map.table(), map.colours());
    System.out.println(out);
    System.out.println(geojson);
    return 0;
  }

  private FeatureMap map(Slide open) {
    if (shown.tile != null) {
      return FeatureMap.similarity(open, features, shown.tile);
    }
    if (shown.query != null) {
      BufferedImage image = image(shown.query);
      try (Encoder encoder = encoderOptions.open()) {
        return FeatureMap.similarity(open, features, image, encoder);
      }
    }
    if (shown.attention != null) {
      try (VitInspector inspector =
          VitInspector.of(encoderOptions.network(), encoderOptions.device())) {
        return FeatureMap.attention(open, features, shown.attention, inspector);
      }
    }
    return FeatureMap.principalColours(open, features);
  }

  private static BufferedImage image(Path file) {
    if (!Files.isRegularFile(file)) {
      throw new InvalidOptionException("There is no image '" + file + "'; check --query.");
    }
    return PictureFile.read(file, Budget.of(file, InvalidOptionException::new));
  }
}
