package io.github.gpfm.benchmarks;

import io.github.gpfm.api.ProgressListener;
import io.github.gpfm.eval.data.BagCase;
import io.github.gpfm.eval.data.FeatureBag;
import io.github.gpfm.eval.linalg.Matrix;
import io.github.gpfm.eval.mil.MilArchitecture;
import io.github.gpfm.eval.mil.MilKind;
import io.github.gpfm.eval.mil.MilOptions;
import io.github.gpfm.eval.mil.MilSettings;
import io.github.gpfm.eval.mil.MilTrainer;
import io.github.gpfm.eval.mil.Objective;
import io.github.gpfm.eval.mil.TrainedMil;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.IntStream;

/**
 * Training of a head over bags of random tiles, in the sizes of its paper, and an answer: median of
 * the epochs' seconds a step (one small validation bag an epoch included), and the most resident
 * memory of the process. Arguments: head tiles dimension bags epochs.
 */
public final class MilSpeed {
  private static final int CLASSES = 2;

  private MilSpeed() {}

  /** Runs it. */
  public static void main(String[] args) throws IOException {
    MilKind kind = MilKind.of(args[0]);
    int tiles = Integer.parseInt(args[1]);
    int dimension = Integer.parseInt(args[2]);
    List<BagCase> cases = cases(tiles, dimension, Integer.parseInt(args[3]));
    int epochs = Integer.parseInt(args[4]);
    MilArchitecture architecture =
        MilArchitecture.paper(kind, dimension, CLASSES, options(kind, dimension, cases));
    MilSettings settings = new MilSettings(2e-4, 1e-4, epochs, epochs, epochs, true, 0, 2);
    MilTrainer trainer =
        new MilTrainer(architecture, new Objective.Classification(CLASSES), settings);
    BagCase small = cases(64, dimension, 1).get(0);
    List<Double> seconds = new ArrayList<>();
    ProgressListener clock =
        new ProgressListener() {
          private long from = System.nanoTime();

          @Override
          public void advanced(long done) {
            long now = System.nanoTime();
            seconds.add((now - from) / 1e9 / cases.size());
            from = now;
          }
        };
    try (TrainedMil trained = trainer.train(cases, List.of(small), clock)) {
      trained.output(cases.get(0).bag().get());
    }
    double median =
        seconds.stream()
            .skip(1)
            .sorted()
            .skip((seconds.size() - 1) / 2)
            .findFirst()
            .orElse(seconds.get(0));
    System.out.printf(
        "%s, %d tiles of %d: %.4f s a step, peak %d MB%n",
        kind.key(), tiles, dimension, median, Memory.peak());
  }

  private static List<BagCase> cases(int tiles, int dimension, int bags) {
    SplittableRandom random = new SplittableRandom(1);
    List<BagCase> cases = new ArrayList<>();
    for (int b = 0; b < bags; b++) {
      Matrix m = Matrix.zeros(tiles, dimension);
      for (int i = 0; i < m.values().length; i++) {
        m.values()[i] = (float) (random.nextDouble() * 2 - 1);
      }
      FeatureBag bag = new FeatureBag("bag " + b, m, new long[0]);
      cases.add(BagCase.labelled("bag " + b, () -> bag, b % CLASSES));
    }
    return cases;
  }

  private static MilOptions options(MilKind kind, int dimension, List<BagCase> cases) {
    return switch (kind) {
      case PANTHER -> MilOptions.Prototypes.find(cases, MilOptions.Prototypes.USUAL, 0);
      case HMIL -> new MilOptions.Hierarchy(List.of(0, 1));
      case FOCUS ->
          new MilOptions.TextGuided(
              cases(CLASSES, 512, 1).get(0).bag().get().features(),
              MilOptions.TextGuided.USUAL_TILES);
      case SHAZAM ->
          new MilOptions.Fusion(IntStream.range(0, 2).mapToObj(i -> dimension / 2).toList());
      case DTFD -> new MilOptions.PseudoBags(MilOptions.PseudoBags.USUAL);
      default -> new MilOptions.None();
    };
  }
}
