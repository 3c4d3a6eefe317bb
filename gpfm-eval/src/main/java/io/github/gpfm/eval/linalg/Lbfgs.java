package io.github.gpfm.eval.linalg;

import java.util.ArrayDeque;
import java.util.Deque;

/**
 * Limited-memory BFGS (Nocedal and Wright, algorithm 7.5) with a line search for the strong Wolfe
 * conditions. For smooth functions; the same input gives the same result.
 *
 * @param memory corrections kept
 * @param tolerance the search ends where no component of the gradient exceeds it
 * @param mostIterations it ends there anyway
 */
public record Lbfgs(int memory, double tolerance, int mostIterations) {
  private static final double DECREASE = 1e-4;
  private static final double CURVATURE = 0.9;
  private static final int MOST_TRIALS = 40;

  /** Function and gradient. */
  @FunctionalInterface
  public interface Objective {
    /**
     * @param x point
     * @param gradient takes the gradient there
     * @return value there
     */
    double evaluate(double[] x, double[] gradient);
  }

  /**
   * A minimum.
   *
   * @param x where
   * @param value function there
   * @param iterations steps taken
   * @param converged whether the gradient is within the tolerance
   */
  public record Minimum(double[] x, double value, int iterations, boolean converged) {}

  private record Correction(double[] step, double[] change, double rho) {}

  private record Point(double[] x, double value, double[] gradient, double slope) {}

  /** Minimizes from a start. */
  public Minimum minimize(Objective objective, double[] start) {
    double[] gradient = new double[start.length];
    Point here = new Point(start.clone(), objective.evaluate(start, gradient), gradient, 0);
    Deque<Correction> corrections = new ArrayDeque<>();
    int iteration = 0;
    while (iteration < mostIterations && largest(here.gradient) > tolerance) {
      double[] direction = direction(here.gradient, corrections);
      double slope = dot(direction, here.gradient);
      if (!(slope < 0)) {
        corrections.clear();
        direction = direction(here.gradient, corrections);
        slope = dot(direction, here.gradient);
      }
      double first = corrections.isEmpty() ? Math.min(1, 1 / norm(here.gradient)) : 1;
      Point next = search(objective, here, direction, slope, first);
      if (next == here) {
        break;
      }
      double[] step = new double[start.length];
      double[] change = new double[start.length];
      for (int i = 0; i < step.length; i++) {
        step[i] = next.x[i] - here.x[i];
        change[i] = next.gradient[i] - here.gradient[i];
      }
      double curvature = dot(step, change);
      if (curvature > 1e-14 * dot(change, change)) {
        corrections.addLast(new Correction(step, change, 1 / curvature));
        if (corrections.size() > memory) {
          corrections.removeFirst();
        }
      }
      here = next;
      iteration++;
    }
    return new Minimum(here.x, here.value, iteration, largest(here.gradient) <= tolerance);
  }

  private static double[] direction(double[] gradient, Deque<Correction> corrections) {
    double[] q = gradient.clone();
    double[] alphas = new double[corrections.size()];
    int k = corrections.size();
    for (var newest = corrections.descendingIterator(); newest.hasNext(); ) {
      Correction c = newest.next();
      alphas[--k] = c.rho * dot(c.step, q);
      add(q, -alphas[k], c.change);
    }
    if (!corrections.isEmpty()) {
      Correction last = corrections.getLast();
      scale(q, 1 / (last.rho * dot(last.change, last.change)));
    }
    for (Correction c : corrections) {
      double beta = c.rho * dot(c.change, q);
      add(q, alphas[k++] - beta, c.step);
    }
    scale(q, -1);
    return q;
  }

  // Algorithms 3.5 and 3.6: grow until a bracket is found, then halve it.
  private static Point search(
      Objective objective, Point from, double[] direction, double slope, double first) {
    double low = 0;
    Point atLow = new Point(from.x, from.value, from.gradient, slope);
    double high = Double.POSITIVE_INFINITY;
    double trial = first;
    Point best = from;
    for (int k = 0; k < MOST_TRIALS; k++) {
      Point there = point(objective, from, direction, trial);
      // Near the minimum the function changes by less than it can be told: the slope decides.
      double rounding = 8 * Math.ulp(from.value);
      boolean enough = there.value <= from.value + DECREASE * trial * slope + rounding;
      if (!enough || there.value > atLow.value + rounding && low > 0) {
        high = trial;
      } else if (Math.abs(there.slope) <= -CURVATURE * slope) {
        return there;
      } else {
        best = there.value < best.value ? there : best;
        if (there.slope >= 0) {
          high = trial;
        } else {
          low = trial;
          atLow = there;
        }
      }
      trial = Double.isInfinite(high) ? 2 * trial : (low + high) / 2;
    }
    return best;
  }

  private static Point point(Objective objective, Point from, double[] direction, double length) {
    double[] x = from.x.clone();
    add(x, length, direction);
    double[] gradient = new double[x.length];
    double value = objective.evaluate(x, gradient);
    return new Point(x, value, gradient, dot(gradient, direction));
  }

  private static double dot(double[] a, double[] b) {
    double sum = 0;
    for (int i = 0; i < a.length; i++) {
      sum += a[i] * b[i];
    }
    return sum;
  }

  private static double norm(double[] a) {
    return Math.sqrt(dot(a, a));
  }

  private static double largest(double[] a) {
    double most = 0;
    for (double v : a) {
      most = Math.max(most, Math.abs(v));
    }
    return most;
  }

  private static void add(double[] to, double factor, double[] what) {
    for (int i = 0; i < to.length; i++) {
      to[i] += factor * what[i];
    }
  }

  private static void scale(double[] a, double factor) {
    for (int i = 0; i < a.length; i++) {
      a[i] *= factor;
    }
  }
}
