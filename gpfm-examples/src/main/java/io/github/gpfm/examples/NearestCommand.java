package io.github.gpfm.examples;

import io.github.gpfm.api.Encoder;
import io.github.gpfm.api.InvalidOptionException;
import io.github.gpfm.eval.retrieval.FeatureIndex;
import io.github.gpfm.eval.retrieval.Neighbour;
import io.github.gpfm.eval.retrieval.NeighbourMontage;
import io.github.gpfm.eval.roi.TileFeatures;
import java.awt.image.BufferedImage;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code gpfm nearest}: the tiles most like an image. */
@Command(
    name = "nearest",
    mixinStandardHelpOptions = true,
    description = {
      "Find the tiles whose features are nearest to an image's, by Euclidean distance.",
      "The tiles come from feature files of gpfm embed, or from folders of tile images that are"
          + " embedded first; the encoder must be the one that made the features."
    })
final class NearestCommand implements Callable<Integer> {
  @Parameters(paramLabel = "QUERY", description = "An image of a tile.")
  private Path query;

  @Option(
      names = "--index",
      required = true,
      arity = "1..*",
      paramLabel = "F",
      description = "Feature files, or folders of images (with class folders or without).")
  private List<Path> index;

  @Option(names = "-k", defaultValue = "5", description = "How many tiles (default 5).")
  private int count;

  @Option(
      names = "--approximate",
      description = "Search a graph (HNSW) instead of comparing with every tile: for large sets.")
  private boolean approximate;

  @Option(
      names = "--slides",
      paramLabel = "DIR",
      description = "Folder of the slides that the feature files are of, for the picture.")
  private @Nullable Path slides;

  @Option(
      names = "--out",
      paramLabel = "F.png",
      description = "A picture of the query and what was found; needs --slides for feature files.")
  private @Nullable Path out;

  @Mixin private EncoderOptions encoderOptions;
  @Mixin private ReaderOptions readerOptions;

  @Override
  public Integer call() {
    if (count < 1) {
      throw new InvalidOptionException("-k must be 1 or more, not " + count + ".");
    }
    BufferedImage image = TileFeatures.read(query);
    SearchedTiles tiles = new SearchedTiles(slides, readerOptions);
    float[] feature;
    try (Encoder encoder = encoderOptions.open()) {
      for (Path source : index) {
        tiles.add(source, encoder);
      }
      feature = encoder.embed(image);
    }
    List<Neighbour> found;
    try (FeatureIndex searched =
        approximate
            ? FeatureIndex.approximate(tiles.ids(), tiles.features())
            : FeatureIndex.exact(tiles.ids(), tiles.features())) {
      found = searched.nearest(feature, count);
    }
    for (int i = 0; i < found.size(); i++) {
      Neighbour one = found.get(i);
      System.out.printf(Locale.ROOT, "%d\t%.4f\t%s%n", i + 1, one.distance(), one.id());
    }
    if (out != null) {
      draw(out, image, found, tiles);
      System.out.println(out);
    }
    return 0;
  }

  private void draw(Path file, BufferedImage image, List<Neighbour> found, SearchedTiles tiles) {
    List<NeighbourMontage.Cell> cells = new ArrayList<>();
    for (Neighbour one : found) {
      String caption = String.format(Locale.ROOT, "%.3f  %s", one.distance(), one.id());
      cells.add(NeighbourMontage.Cell.unjudged(tiles.picture(one.index()), caption));
    }
    String name = query.getFileName().toString();
    new NeighbourMontage()
        .add(NeighbourMontage.Cell.unjudged(image, "query: " + name), cells)
        .write(file);
  }
}
