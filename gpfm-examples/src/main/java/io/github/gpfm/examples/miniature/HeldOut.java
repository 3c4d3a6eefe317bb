package io.github.gpfm.examples.miniature;

import io.github.gpfm.api.Encoder;
import io.github.gpfm.api.InvalidOptionException;
import io.github.gpfm.eval.data.LabelledFeatures;
import io.github.gpfm.eval.linalg.Matrix;
import io.github.gpfm.eval.linalg.Standardizer;
import io.github.gpfm.eval.metric.ClassificationReport;
import io.github.gpfm.eval.metric.ConfusionMatrix;
import io.github.gpfm.eval.probe.KnnClassifier;
import io.github.gpfm.eval.probe.LogisticRegression;
import io.github.gpfm.eval.retrieval.RetrievalEvaluation;
import io.github.gpfm.tiling.dataset.TileDataset;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.Stream;

/** Labelled tissue no student is trained on: a folder per class. */
record HeldOut(String name, List<BufferedImage> images, int[] labels, List<String> classes) {
  /** Names of the measures, in the order of {@link #scores}. */
  static final List<String> MEASURES = List.of("linear probe", "5-NN", "mAP@10");

  private static final int NEIGHBOURS = 5;
  private static final int DEPTH = 10;
  private static final double PENALTY = 1;
  private static final int HALVINGS = 10;

  /** Every folder of classes in a folder, by name. */
  static List<HeldOut> all(Path folder) {
    try (Stream<Path> folders = Files.list(folder)) {
      return folders.filter(Files::isDirectory).sorted().map(HeldOut::read).toList();
    } catch (IOException e) {
      throw new InvalidOptionException(
          "Folder '%s' cannot be listed; give --data a folder with patches/SET/CLASS/*.png."
              .formatted(folder),
          e);
    }
  }

  static HeldOut read(Path folder) {
    try (TileDataset tiles = TileDataset.ofFolder(folder)) {
      List<String> classes = new ArrayList<>();
      List<BufferedImage> images = new ArrayList<>();
      int[] labels = new int[tiles.size()];
      for (int i = 0; i < labels.length; i++) {
        String type = tiles.key(i).replace('\\', '/').split("/")[0];
        if (!classes.contains(type)) {
          classes.add(type);
        }
        labels[i] = classes.indexOf(type);
        images.add(tiles.image(i));
      }
      return new HeldOut(folder.getFileName().toString(), images, labels, classes);
    }
  }

  /**
   * Balanced accuracy of a linear probe and of 5 nearest neighbours, and mean average precision of
   * the 10 nearest. Half of each class trains the probe and is the database, the other half asks;
   * the mean of {@link #HALVINGS} such halvings, as the sets are small.
   *
   * @param seed of the halvings
   */
  double[] scores(Encoder encoder, long seed) {
    List<String> ids = new ArrayList<>();
    for (int i = 0; i < labels.length; i++) {
      ids.add(name + "/" + i);
    }
    LabelledFeatures all =
        new LabelledFeatures(
            name,
            ids,
            Matrix.of(labels.length, encoder.info().dimension(), encoder.embed(images).toArray()),
            labels,
            classes);
    double[] mean = new double[MEASURES.size()];
    SplittableRandom random = new SplittableRandom(seed);
    for (int h = 0; h < HALVINGS; h++) {
      double[] once = scores(all, halves(random));
      for (int m = 0; m < mean.length; m++) {
        mean[m] += once[m] / HALVINGS;
      }
    }
    return mean;
  }

  private double[] scores(LabelledFeatures all, int[][] halves) {
    LabelledFeatures known = all.select(name + "/known", halves[0]);
    LabelledFeatures asked = all.select(name + "/asked", halves[1]);
    Standardizer standardizer = Standardizer.of(known.features());
    double[][] linear =
        LogisticRegression.train(
                new LabelledFeatures(
                    known.name(),
                    known.ids(),
                    standardizer.apply(known.features()),
                    known.labels(),
                    known.classes()),
                1 / PENALTY)
            .probabilities(standardizer.apply(asked.features()));
    double[][] near = KnnClassifier.paper().scores(known, asked, NEIGHBOURS);
    double[] precision = RetrievalEvaluation.of(known, asked, DEPTH).averagePrecision(DEPTH);
    return new double[] {
      balanced(linear, asked), balanced(near, asked), Arrays.stream(precision).average().orElse(0)
    };
  }

  private double balanced(double[][] scores, LabelledFeatures asked) {
    int[] predicted = ClassificationReport.argmax(scores);
    return ConfusionMatrix.of(asked.labels(), predicted, classes.size()).balancedAccuracy();
  }

  private int[][] halves(SplittableRandom random) {
    List<Integer> known = new ArrayList<>();
    List<Integer> asked = new ArrayList<>();
    for (int c = 0; c < classes.size(); c++) {
      List<Integer> members = new ArrayList<>();
      for (int i = 0; i < labels.length; i++) {
        if (labels[i] == c) {
          members.add(random.nextInt(members.size() + 1), i);
        }
      }
      int half = (members.size() + 1) / 2;
      known.addAll(members.subList(0, half));
      asked.addAll(members.subList(half, members.size()));
    }
    return new int[][] {
      known.stream().mapToInt(i -> i).toArray(), asked.stream().mapToInt(i -> i).toArray()
    };
  }
}
