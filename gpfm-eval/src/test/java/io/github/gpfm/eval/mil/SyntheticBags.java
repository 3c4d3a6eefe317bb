package io.github.gpfm.eval.mil;

import io.github.gpfm.eval.data.BagCase;
import io.github.gpfm.eval.data.FeatureBag;
import io.github.gpfm.eval.linalg.Matrix;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;

/** Bags with a known answer: a few of many tiles carry the sign. */
public final class SyntheticBags {
  private static final int DIMENSION = 16;

  private SyntheticBags() {}

  /** Class c bags hold about a fifth of tiles shifted along axis c; class 0 holds none. */
  public static List<BagCase> classes(int cases, int classes, long seed) {
    SplittableRandom random = new SplittableRandom(seed);
    List<BagCase> result = new ArrayList<>();
    for (int i = 0; i < cases; i++) {
      int label = i % classes;
      FeatureBag bag = bag("case " + i, label == 0 ? 0 : 0.2, 3, label, random);
      result.add(BagCase.labelled("case " + i, () -> bag, label));
    }
    return result;
  }

  /**
   * The farther most of the tiles are shifted, the earlier the event; a third of the cases is
   * censored.
   */
  public static List<BagCase> survival(int cases, long seed) {
    SplittableRandom random = new SplittableRandom(seed);
    List<BagCase> result = new ArrayList<>();
    for (int i = 0; i < cases; i++) {
      double grade = random.nextDouble();
      FeatureBag bag = bag("case " + i, 0.8, 6 * grade, 1, random);
      double event = 60 * Math.exp(-3 * grade + 0.1 * random.nextGaussian());
      boolean censored = random.nextInt(3) == 0;
      double time = censored ? event * (0.5 + random.nextDouble() / 2) : event;
      result.add(new BagCase("case " + i, () -> bag, 0, time, censored));
    }
    return result;
  }

  private static FeatureBag bag(
      String id, double share, double by, int axis, SplittableRandom random) {
    int tiles = 20 + random.nextInt(20);
    Matrix m = Matrix.zeros(tiles, DIMENSION);
    for (int t = 0; t < tiles; t++) {
      boolean sign = t < Math.round(share * tiles);
      for (int d = 0; d < DIMENSION; d++) {
        double shift = sign && d == axis ? by : 0;
        m.set(t, d, (float) (shift + random.nextGaussian()));
      }
    }
    return new FeatureBag(id, m, new long[0]);
  }

  /** Length of a feature. */
  public static int dimension() {
    return DIMENSION;
  }
}
