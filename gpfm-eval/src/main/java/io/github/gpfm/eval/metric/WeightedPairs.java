package io.github.gpfm.eval.metric;

import java.util.Arrays;
import java.util.Comparator;
import java.util.function.ToDoubleFunction;
import java.util.stream.IntStream;

/**
 * Concordance over comparable pairs with case weights, in n log n: cases enter by falling time into
 * a Fenwick tree over the order of their risks, and every event asks how much weight lies below,
 * within and above its own risk.
 */
final class WeightedPairs implements ToDoubleFunction<double[]> {
  private final boolean[] censored;
  private final double[] eventFactor;
  // Cases by falling time; of one time the censored before the events.
  private final int[] order;
  private final int[] endOfTime;
  private final int[] place;
  private final int[] below;
  private final int[] upTo;

  /**
   * @param tolerance risks that differ by no more are tied
   * @param eventFactor factor of the pairs an event opens; empty for 1
   */
  WeightedPairs(
      double[] times, boolean[] censored, double[] risks, double tolerance, double[] eventFactor) {
    int n = times.length;
    this.censored = censored.clone();
    this.eventFactor = eventFactor.clone();
    this.order =
        IntStream.range(0, n)
            .boxed()
            .sorted(
                Comparator.<Integer>comparingDouble(i -> -times[i])
                    .thenComparing(i -> censored[i] ? 0 : 1))
            .mapToInt(Integer::intValue)
            .toArray();
    this.endOfTime = new int[n];
    for (int r = n - 1; r >= 0; r--) {
      boolean last = r + 1 == n || times[order[r + 1]] != times[order[r]];
      endOfTime[r] = last ? r + 1 : endOfTime[r + 1];
    }
    double[] sorted = risks.clone();
    Arrays.sort(sorted);
    Integer[] byRisk = IntStream.range(0, n).boxed().toArray(Integer[]::new);
    Arrays.sort(byRisk, Comparator.comparingDouble(i -> risks[i]));
    this.place = new int[n];
    for (int r = 0; r < n; r++) {
      place[byRisk[r]] = r;
    }
    this.below = new int[n];
    this.upTo = new int[n];
    for (int i = 0; i < n; i++) {
      below[i] = count(sorted, risks[i], tolerance, false);
      upTo[i] = count(sorted, risks[i], tolerance, true);
    }
  }

  // How many risks lie below and outside the tolerance, or below and within it.
  private static int count(double[] sorted, double risk, double tolerance, boolean within) {
    int low = 0;
    int high = sorted.length;
    while (low < high) {
      int middle = (low + high) >>> 1;
      boolean tied = Math.abs(risk - sorted[middle]) <= tolerance;
      if (tied ? within : sorted[middle] < risk) {
        low = middle + 1;
      } else {
        high = middle;
      }
    }
    return low;
  }

  @Override
  public double applyAsDouble(double[] weights) {
    int n = order.length;
    double[] tree = new double[n + 1];
    double entered = 0;
    double concordant = 0;
    double comparable = 0;
    for (int from = 0; from < n; from = endOfTime[from]) {
      int r = from;
      for (; r < endOfTime[from] && censored[order[r]]; r++) {
        entered += add(tree, place[order[r]], weights[order[r]]);
      }
      for (int e = r; e < endOfTime[from]; e++) {
        int i = order[e];
        double weight = weights[i] * (eventFactor.length == 0 ? 1 : eventFactor[i]);
        if (weight > 0) {
          double lower = sum(tree, below[i]);
          double tied = sum(tree, upTo[i]) - lower;
          concordant += weight * (lower + tied / 2);
          comparable += weight * entered;
        }
      }
      for (; r < endOfTime[from]; r++) {
        entered += add(tree, place[order[r]], weights[order[r]]);
      }
    }
    return comparable > 0 ? concordant / comparable : Double.NaN;
  }

  private static double add(double[] tree, int at, double weight) {
    if (weight != 0) {
      for (int i = at + 1; i < tree.length; i += i & -i) {
        tree[i] += weight;
      }
    }
    return weight;
  }

  private static double sum(double[] tree, int count) {
    double sum = 0;
    for (int i = count; i > 0; i -= i & -i) {
      sum += tree[i];
    }
    return sum;
  }
}
