package io.github.gpfm.benchmarks;

import io.github.gpfm.eval.head.TrainableHead;
import io.github.gpfm.eval.linalg.LinearAlgebra;
import io.github.gpfm.eval.linalg.Matrix;
import io.github.gpfm.eval.mil.MilArchitecture;
import io.github.gpfm.eval.mil.MilKind;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.util.Locale;
import java.util.SplittableRandom;

/**
 * What the native libraries of the evaluation cost and bring: start, memory, dense algebra.
 *
 * <p>Arguments: any of {@code algebra} (property {@code gpfm.eval.linalg} chooses nd4j or plain)
 * and {@code heads} (PyTorch), in the order in which they are to be loaded; {@code speed} adds
 * timings.
 */
public final class EvaluationNatives {
  private static final int DIMENSION = 1024;

  private EvaluationNatives() {}

  /** Runs the benchmark. */
  public static void main(String[] args) throws IOException {
    boolean speed = false;
    for (String arg : args) {
      switch (arg) {
        case "algebra" -> LinearAlgebra.get().multiply(random(4, 4), false, random(4, 4), false);
        case "heads" -> head();
        case "speed" -> speed = true;
        default -> throw new IllegalArgumentException("algebra, heads or speed, not " + arg);
      }
      System.out.printf(Locale.ROOT, "%s: %.2f s, %d MB%n", arg, started(), Memory.resident());
    }
    if (speed) {
      speed();
    }
  }

  private static double started() {
    return ManagementFactory.getRuntimeMXBean().getUptime() / 1e3;
  }

  private static void head() {
    MilArchitecture paper = MilArchitecture.paper(MilKind.ABMIL, DIMENSION, 2);
    Matrix bag = random(100, DIMENSION);
    try (TrainableHead head = TrainableHead.load(paper.program(0))) {
      head.evaluate(
          "forward",
          scope -> new Object[] {head.input(scope, bag)},
          out -> out.get(0).toFloatArray());
    }
  }

  private static void speed() {
    LinearAlgebra algebra = LinearAlgebra.get();
    Matrix queries = random(500, DIMENSION);
    Matrix database = random(10_000, DIMENSION);
    time("distances of 500 to 10,000", () -> algebra.multiply(queries, false, database, true));
    time("covariance of 10,000", () -> algebra.multiply(database, true, database, false));
    double[][] gram = new double[DIMENSION][DIMENSION];
    double[][] right = new double[DIMENSION][10];
    Matrix product = algebra.multiply(database, true, database, false);
    for (int i = 0; i < DIMENSION; i++) {
      for (int j = 0; j < DIMENSION; j++) {
        gram[i][j] = product.get(Math.min(i, j), Math.max(i, j)) + (i == j ? 1 : 0);
      }
      right[i][i % 10] = 1;
    }
    time("ridge solve", () -> algebra.solve(gram, right));
  }

  private static void time(String what, Runnable work) {
    double best = Double.MAX_VALUE;
    for (int i = 0; i < 4; i++) {
      long start = System.nanoTime();
      work.run();
      best = Math.min(best, (System.nanoTime() - start) / 1e9);
    }
    System.out.printf(Locale.ROOT, "%s, %s: %.3f s%n", LinearAlgebra.get().name(), what, best);
  }

  private static Matrix random(int rows, int columns) {
    SplittableRandom random = new SplittableRandom(1);
    Matrix matrix = Matrix.zeros(rows, columns);
    for (int i = 0; i < matrix.values().length; i++) {
      matrix.values()[i] = (float) random.nextGaussian();
    }
    return matrix;
  }
}
