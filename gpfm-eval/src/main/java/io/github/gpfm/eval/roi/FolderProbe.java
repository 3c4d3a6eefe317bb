package io.github.gpfm.eval.roi;

import io.github.gpfm.api.Encoder;
import io.github.gpfm.api.ProgressListener;
import io.github.gpfm.eval.EvaluationException;
import io.github.gpfm.eval.data.LabelledFeatures;
import io.github.gpfm.eval.data.Splitter;
import io.github.gpfm.eval.metric.ConfusionMatrix;
import io.github.gpfm.eval.probe.KnnClassifier;
import io.github.gpfm.eval.probe.LinearProbe;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.IntStream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * How well an encoder's frozen features tell a folder's classes apart: nearest neighbours and a
 * linear probe, quick enough to be asked again and again while a model is trained. The division of
 * the tiles and the probe's randomness are the same at every call, so figures can be compared.
 */
public final class FolderProbe {
  private static final Logger LOG = LoggerFactory.getLogger(FolderProbe.class);
  private static final int NEIGHBOURS = 20;
  private static final int EPOCHS = 200;
  private static final double VALIDATION = 0.15;

  private final TileSet learn;
  private final TileSet test;
  private final long seed;

  private FolderProbe(TileSet learn, TileSet test, long seed) {
    this.learn = learn;
    this.test = test;
    this.seed = seed;
    // What evaluate will divide: too few tiles are named now, not at the first evaluation.
    divide(learn, seed, 1 - VALIDATION);
  }

  /**
   * A folder with one subfolder a class, divided 7:3 by {@code seed} with the classes kept in
   * proportion; or a folder with {@code train} and {@code test}, each with the class folders. Tiles
   * of one patient on both sides flatter every encoder: use the second form where patients are
   * known.
   *
   * @throws EvaluationException if there are fewer than two classes, a class has no image, or both
   *     sides have other classes
   */
  public static FolderProbe of(Path folder, long seed) {
    Path train = folder.resolve("train");
    Path test = folder.resolve("test");
    if (Files.isDirectory(train) && Files.isDirectory(test)) {
      TileSet learn = TileSet.ofFolder(train);
      TileSet reported = TileSet.ofFolder(test);
      if (!learn.classes().equals(reported.classes())) {
        throw new EvaluationException(
            "'%s' has the classes %s but '%s' has %s; both must have the same"
                .formatted(train, learn.classes(), test, reported.classes()));
      }
      return new FolderProbe(learn, reported, seed);
    }
    TileSet all = TileSet.ofFolder(folder);
    List<int[]> parts = divide(all, seed, 0.7);
    return new FolderProbe(select(all, parts.get(0)), select(all, parts.get(1)), seed);
  }

  /** Number of tiles that are learned from and tested on together. */
  public int size() {
    return learn.files().size() + test.files().size();
  }

  /**
   * The figures: {@code knn20_balanced_accuracy} and {@code linear_balanced_accuracy}, mean recall
   * over the classes, in [0, 1].
   *
   * @throws EvaluationException if an image cannot be read, or the features hold no finite one
   * @throws io.github.gpfm.api.GpfmException if the encoder fails
   */
  public Map<String, Double> evaluate(Encoder encoder) {
    LabelledFeatures support = embed("train", learn, encoder);
    LabelledFeatures reported = embed("test", test, encoder);
    Map<String, Double> figures = new LinkedHashMap<>();
    int neighbours = Math.min(NEIGHBOURS, support.size());
    figures.put(
        "knn" + NEIGHBOURS + "_balanced_accuracy",
        balanced(KnnClassifier.paper().scores(support, reported, neighbours), reported));
    List<int[]> parts = divide(learn, seed, 1 - VALIDATION);
    LabelledFeatures fitted = support.select("train/fitted", parts.get(0));
    LabelledFeatures selecting = support.select("train/selecting", parts.get(1));
    LinearProbe.Trained probe =
        LinearProbe.paper()
            .withEpochs(EPOCHS)
            .withSeed(seed)
            .sound()
            .train(fitted, selecting, ProgressListener.NONE);
    figures.put(
        "linear_balanced_accuracy", balanced(probe.probabilities(reported.features()), reported));
    return figures;
  }

  /** Features of a set in its order; a tile without a finite feature is an error here. */
  private static LabelledFeatures embed(String name, TileSet tiles, Encoder encoder) {
    LabelledFeatures features =
        TileFeatures.embed(
            name, tiles, encoder, ProgressListener.NONE, sentence -> LOG.warn("{}", sentence));
    if (features.size() != tiles.files().size()) {
      throw new EvaluationException(
          "%d of %d features of '%s' hold NaN or infinity"
              .formatted(tiles.files().size() - features.size(), tiles.files().size(), name));
    }
    return features;
  }

  private static double balanced(double[][] scores, LabelledFeatures reported) {
    int[] predictions =
        IntStream.range(0, scores.length)
            .map(
                i ->
                    IntStream.range(0, scores[i].length)
                        .reduce(0, (a, b) -> scores[i][b] > scores[i][a] ? b : a))
            .toArray();
    return ConfusionMatrix.of(reported.labels(), predictions, reported.classes().size())
        .balancedAccuracy();
  }

  /** Indices of both parts, each class in proportion. */
  private static List<int[]> divide(TileSet tiles, long seed, double share) {
    Map<String, Integer> indices = new HashMap<>();
    List<String> ids = IntStream.range(0, tiles.files().size()).mapToObj(tiles::id).toList();
    for (int i = 0; i < ids.size(); i++) {
      indices.put(ids.get(i), i);
    }
    List<List<String>> parts =
        Splitter.divide(ids, id -> id, FolderProbe::classOf, seed, share, 1 - share);
    for (List<String> part : parts) {
      long classes = part.stream().map(FolderProbe::classOf).distinct().count();
      if (classes < tiles.classes().size()) {
        throw new EvaluationException(
            "the labelled tiles cannot be divided: each class needs at least 10, and there are %d"
                    .formatted(tiles.files().size())
                + " tiles of "
                + tiles.classes().size()
                + " classes");
      }
    }
    return parts.stream()
        .map(
            part -> part.stream().mapToInt(id -> Objects.requireNonNull(indices.get(id))).toArray())
        .toList();
  }

  /** The class folder in an image's name. */
  private static String classOf(String id) {
    return id.substring(0, id.indexOf('/'));
  }

  private static TileSet select(TileSet tiles, int[] indices) {
    return new TileSet(
        tiles.classes(),
        IntStream.of(indices).mapToObj(tiles.files()::get).toList(),
        IntStream.of(indices).mapToObj(tiles.labels()::get).toList());
  }
}
