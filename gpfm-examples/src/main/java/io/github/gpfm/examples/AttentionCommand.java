package io.github.gpfm.examples;

import io.github.gpfm.api.GpfmException;
import io.github.gpfm.api.Slide;
import io.github.gpfm.api.TileGrid;
import io.github.gpfm.eval.data.FeatureBag;
import io.github.gpfm.eval.data.FeatureFiles;
import io.github.gpfm.eval.mil.AttentionMap;
import io.github.gpfm.eval.mil.TrainedMil;
import io.github.gpfm.eval.probe.SoftmaxRegression;
import io.github.gpfm.tiling.format.CoordsH5;
import io.github.gpfm.tiling.format.SlideName;
import io.github.gpfm.tiling.picture.Thumbnail;
import io.github.gpfm.tiling.picture.TissuePicture;
import java.nio.file.Path;
import java.util.Locale;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code gpfm attention}: what a trained slide head says of a slide, and where it looked. */
@Command(
    name = "attention",
    mixinStandardHelpOptions = true,
    description = {
      "Run a MIL head that gpfm bench trained on a slide's features: prints its prediction and draws"
          + " the attention of every tile.",
      "Writes F.png and F.geojson, whose tiles carry the attention as measurements."
    })
final class AttentionCommand implements Callable<Integer> {
  @Parameters(index = "0", paramLabel = "SLIDE", description = "The slide.")
  private Path slide;

  @Parameters(index = "1", paramLabel = "FEATURES", description = "Its .h5 of gpfm embed.")
  private Path features;

  @Option(
      names = "--head",
      required = true,
      paramLabel = "H.safetensors",
      description = "The trained head, from the folder heads of a benchmark.")
  private Path head;

  @Option(names = "--out", required = true, paramLabel = "F.png", description = "The picture.")
  private Path out;

  @Mixin private ReaderOptions readerOptions;

  @Override
  public Integer call() {
    try (Slide open = readerOptions.open(slide);
        TrainedMil trained = TrainedMil.load(head)) {
      TileGrid grid = CoordsH5.read(features).grid(open);
      FeatureBag bag = FeatureFiles.read(SlideName.of(slide), features);
      if (bag.coords().length != 2 * grid.size()) {
        throw new GpfmException("'" + features + "' has no place for each of its features.");
      }
      for (int i = 0; i < grid.size(); i++) {
        if (grid.x(i) >= open.width() || grid.y(i) >= open.height()) {
          throw new GpfmException(
              features + " is not of " + slide + ": its tile " + i + " lies outside.");
        }
      }
      TrainedMil.Output output = trained.output(bag);
      AttentionMap map =
          new AttentionMap(bag.coords(), grid.geometry().level0Size(), output.attention());
      String caption = trained.architecture().kind().key() + ": " + prediction(trained, output);
      Thumbnail thumbnail = Thumbnail.of(open, TissuePicture.DEFAULT_EDGE);
      map.writePicture(out, thumbnail.image(), 1 / thumbnail.scaleX(), caption);
      String name = out.getFileName().toString();
      int dot = name.lastIndexOf('.');
      Path geojson = out.resolveSibling((dot > 0 ? name.substring(0, dot) : name) + ".geojson");
      map.writeGeoJson(geojson);
      System.out.println(caption);
      System.out.println(out);
      System.out.println(geojson);
    }
    return 0;
  }

  /** Probabilities by class; for survival, whose outputs have no names, the risk. */
  private static String prediction(TrainedMil trained, TrainedMil.Output output) {
    if (trained.outputNames().isEmpty()) {
      return String.format(
          Locale.ROOT, "risk %.3f (higher: earlier event)", TrainedMil.riskOf(output));
    }
    double[] probabilities = SoftmaxRegression.softmax(output.logits());
    return IntStream.range(0, probabilities.length)
        .mapToObj(
            c ->
                String.format(
                    Locale.ROOT, "%s %.3f", trained.outputNames().get(c), probabilities[c]))
        .collect(Collectors.joining(", "));
  }
}
