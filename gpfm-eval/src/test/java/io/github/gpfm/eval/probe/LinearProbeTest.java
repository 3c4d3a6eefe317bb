package io.github.gpfm.eval.probe;

import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.gpfm.api.ProgressListener;
import io.github.gpfm.eval.data.LabelledFeatures;
import io.github.gpfm.eval.linalg.Matrix;
import io.github.gpfm.eval.metric.ClassificationReport;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** The probe on sets of one batch an epoch. */
class LinearProbeTest {
  private static final int CLASSES = 4;

  /** Separable classes around an offset that all share. */
  private static LabelledFeatures tiles(String name, int count, long seed) {
    SplittableRandom random = new SplittableRandom(seed);
    Matrix features = Matrix.zeros(count, 8);
    for (int i = 0; i < count; i++) {
      for (int d = 0; d < features.columns(); d++) {
        double centre = d == i % CLASSES ? 0.5 : d == CLASSES ? 2 : 0;
        features.set(i, d, (float) (centre + 0.1 * random.nextGaussian()));
      }
    }
    return new LabelledFeatures(
        name,
        IntStream.range(0, count).mapToObj(i -> name + i).toList(),
        features,
        IntStream.range(0, count).map(i -> i % CLASSES).toArray(),
        List.of("a", "b", "c", "d"));
  }

  private static double accuracy(LinearProbe probe) {
    LabelledFeatures test = tiles("test", 100, 3);
    double[][] scores =
        probe
            .train(tiles("train", 40, 1), tiles("selection", 12, 2), ProgressListener.NONE)
            .probabilities(test.features());
    int[] called = ClassificationReport.argmax(scores);
    return IntStream.range(0, called.length).filter(i -> called[i] == test.labels()[i]).count()
        / (double) called.length;
  }

  @Test
  void soundProbeLearnsFromFewTilesWhereThePapersStopsEarly() {
    double sound = accuracy(LinearProbe.paper().sound());
    double paper = accuracy(LinearProbe.paper());
    assertTrue(sound >= 0.97 && sound > paper, "sound " + sound + ", paper " + paper);
  }
}
