package io.github.gpfm.eval.bench;

import io.github.gpfm.eval.EvaluationException;
import io.github.gpfm.eval.data.LabelledFeatures;
import io.github.gpfm.eval.linalg.Matrix;
import io.github.gpfm.eval.metric.Interval;
import io.github.gpfm.eval.robust.AveragePerformanceDrop;
import io.github.gpfm.eval.robust.CenterCorrection;
import io.github.gpfm.eval.robust.CenteredTiles;
import io.github.gpfm.eval.robust.ClusteringScore;
import io.github.gpfm.eval.robust.ImageShift;
import io.github.gpfm.eval.robust.RobustnessIndex;
import io.github.gpfm.eval.roi.TileFeatures;
import java.awt.image.BufferedImage;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.UnaryOperator;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.IntStream;

/**
 * Whether tiles are near each other for their class or for their center: PathoROB's figures over
 * the centers that the tiles' names tell ({@code center}), and over centers made by shifting every
 * tile ({@code shifts}); each also after corrections that know the centers.
 */
final class RoiRobustnessRunner implements TaskRunner {
  private static final int MOST_NEIGHBORS = 600;
  private static final int MOST_CLUSTERS = 30;
  private static final int TRIALS = 50;
  private static final int ITERATIONS = 20;

  @Override
  public TaskResult run(Run run) {
    List<String> notes = new ArrayList<>();
    LabelledFeatures tiles = RoiData.all(run, notes);
    UnaryOperator<String> slide = RoiData.groupOf(run.task());
    List<String> slides = tiles.ids().stream().map(slide).toList();
    List<Predictions> predictions = new ArrayList<>();
    Map<String, Interval> others = new LinkedHashMap<>();
    Settings task = run.task().settings();
    if (task.has("center")) {
      UnaryOperator<String> center = centerOf(task.pattern("center").orElseThrow());
      CenteredTiles data =
          new CenteredTiles(tiles, tiles.ids().stream().map(center).toList(), slides);
      measure(run, data, "", predictions, others, notes);
    }
    for (Object shift : task.list("shifts")) {
      ImageShift one = (ImageShift) shift;
      measure(
          run,
          shifted(run, tiles, slides, one, notes),
          one.key() + "_",
          predictions,
          others,
          notes);
    }
    if (predictions.isEmpty()) {
      throw new EvaluationException(
          "task '%s' needs 'center', a pattern that finds the center in a tile's name, or 'shifts'"
              .formatted(run.task().name()));
    }
    return new TaskResult(run.seed(), predictions, others, notes);
  }

  /** What the figures' names end with where centers were corrected. */
  static String suffix(CenterCorrection correction) {
    return correction == CenterCorrection.NONE
        ? ""
        : "_" + correction.name().toLowerCase(Locale.ROOT);
  }

  private static UnaryOperator<String> centerOf(Pattern center) {
    return id -> {
      Matcher m = center.matcher(id);
      if (!m.find()) {
        throw new EvaluationException(
            "'center: %s' is not found in the tile's name '%s'".formatted(center, id));
      }
      return m.group(m.groupCount() > 0 ? 1 : 0);
    };
  }

  /** The tiles as they are from one center, and shifted from another. */
  private static CenteredTiles shifted(
      Run run, LabelledFeatures tiles, List<String> slides, ImageShift shift, List<String> notes) {
    Path images =
        run.task()
            .settings()
            .path("images")
            .orElseThrow(
                () ->
                    new EvaluationException(
                        "task '%s' has 'shifts', which need 'images'"
                            .formatted(run.task().name())));
    Matrix both = Matrix.zeros(2 * tiles.size(), tiles.dimension());
    System.arraycopy(
        tiles.features().values(), 0, both.values(), 0, tiles.features().values().length);
    try (ImageFeatures encoder = new ImageFeatures(run)) {
      for (int i = 0; i < tiles.size(); i++) {
        BufferedImage image = shift.apply(TileFeatures.read(images.resolve(tiles.ids().get(i))));
        float[] feature = encoder.embed(image);
        System.arraycopy(
            feature, 0, both.values(), (tiles.size() + i) * tiles.dimension(), feature.length);
      }
    }
    int n = tiles.size();
    int[] twice = IntStream.concat(IntStream.range(0, n), IntStream.range(0, n)).toArray();
    LabelledFeatures joined =
        new LabelledFeatures(
            tiles.name(),
            IntStream.range(0, 2 * n)
                .mapToObj(i -> tiles.ids().get(i % n) + (i < n ? "" : " " + shift.key()))
                .toList(),
            both,
            Arrays.stream(twice).map(i -> tiles.labels()[i]).toArray(),
            tiles.classes());
    return new CenteredTiles(
        joined,
        IntStream.range(0, 2 * n).mapToObj(i -> i < n ? "as scanned" : shift.key()).toList(),
        Arrays.stream(twice).mapToObj(slides::get).toList());
  }

  private static void measure(
      Run run,
      CenteredTiles data,
      String prefix,
      List<Predictions> predictions,
      Map<String, Interval> others,
      List<String> notes) {
    for (CenterCorrection correction : CenterCorrection.values()) {
      String suffix = suffix(correction);
      CenteredTiles used =
          data.withFeatures(correction.apply(data.tiles().features(), data.centers()));
      RobustnessIndex index = RobustnessIndex.of(used, MOST_NEIGHBORS);
      predictions.add(index(used, index, prefix, suffix));
      try {
        ClusteringScore clustering = ClusteringScore.of(used, MOST_CLUSTERS, TRIALS);
        others.put(prefix + "clustering_score" + suffix, Interval.point(clustering.value()));
      } catch (EvaluationException e) {
        notes.add(e.getMessage() + "; no clustering score");
      }
      try {
        AveragePerformanceDrop drop =
            AveragePerformanceDrop.of(
                used, run.task().settings().integer("iterations", ITERATIONS), run.seed());
        double[] drops = AveragePerformanceDrop.drops(drop.accuracies());
        others.put(prefix + "performance_drop" + suffix, Interval.of(drop.value(), drops));
      } catch (EvaluationException e) {
        notes.add(e.getMessage() + "; no performance drop");
      }
    }
  }

  /** Each tile's neighbors that share only the class, and that share only the class or center. */
  private static Predictions index(
      CenteredTiles data, RobustnessIndex index, String prefix, String suffix) {
    String name = prefix + "robustness_index" + suffix;
    return new Predictions(
        "all, k = " + index.neighbors(),
        "",
        PredictionKind.RATIOS,
        data.tiles().ids(),
        data.slides(),
        List.of(name, name + " of"),
        new double[data.tiles().size()][0],
        index.counts(),
        new double[0][]);
  }
}
