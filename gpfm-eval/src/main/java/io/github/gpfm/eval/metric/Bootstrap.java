package io.github.gpfm.eval.metric;

import io.github.gpfm.eval.EvaluationException;
import io.github.gpfm.eval.Protocol;
import io.github.gpfm.eval.linalg.Matrix;
import java.util.SplittableRandom;
import java.util.function.ToDoubleFunction;

/**
 * Bootstrap replicates as case weights: row r of {@link #weights} says how often each case occurs
 * in replicate r. Seeded: the same seed gives the same replicates. A figure that is linear or
 * quadratic in the weights becomes one matrix product over all replicates.
 */
public final class Bootstrap {
  /** How replicates are drawn. */
  public enum Resampling {
    /** n cases drawn with replacement: the usual bootstrap. */
    MULTINOMIAL,
    /** Every case occurs Poisson(1) times: what the reference's library does by default. */
    POISSON;

    /** What a protocol draws. */
    public static Resampling of(Protocol protocol) {
      return protocol == Protocol.OFFICIAL ? POISSON : MULTINOMIAL;
    }
  }

  private final Matrix weights;

  private Bootstrap(Matrix weights) {
    this.weights = weights;
  }

  /**
   * Draws replicates.
   *
   * @param cases number of cases, positive
   * @param replicates number of replicates, 1,000 by convention
   * @param seed seed
   * @param resampling how to draw
   */
  public static Bootstrap draw(int cases, int replicates, long seed, Resampling resampling) {
    if (cases < 1 || replicates < 0) {
      throw new EvaluationException(
          "a bootstrap of " + replicates + " replicates needs cases; there are " + cases);
    }
    SplittableRandom random = new SplittableRandom(seed);
    Matrix weights = Matrix.zeros(replicates, cases);
    for (int r = 0; r < replicates; r++) {
      for (int i = 0; i < cases; i++) {
        if (resampling == Resampling.MULTINOMIAL) {
          int drawn = random.nextInt(cases);
          weights.set(r, drawn, weights.get(r, drawn) + 1);
        } else {
          weights.set(r, i, poissonOfOne(random));
        }
      }
    }
    return new Bootstrap(weights);
  }

  // Knuth's product method; the mean is 1, so two uniforms suffice on average.
  private static int poissonOfOne(SplittableRandom random) {
    double limit = Math.exp(-1);
    int k = 0;
    double product = random.nextDouble();
    while (product > limit) {
      k++;
      product *= random.nextDouble();
    }
    return k;
  }

  /** Replicates x cases: how often a case occurs in a replicate. */
  public Matrix weights() {
    return weights;
  }

  /** Number of replicates. */
  public int replicates() {
    return weights.rows();
  }

  /**
   * The figure on each replicate.
   *
   * @param metric takes the case weights of a replicate
   */
  public double[] map(ToDoubleFunction<double[]> metric) {
    double[] values = new double[weights.rows()];
    double[] row = new double[weights.columns()];
    for (int r = 0; r < values.length; r++) {
      for (int i = 0; i < row.length; i++) {
        row[i] = weights.get(r, i);
      }
      values[r] = metric.applyAsDouble(row);
    }
    return values;
  }
}
