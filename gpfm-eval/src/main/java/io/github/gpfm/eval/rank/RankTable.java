package io.github.gpfm.eval.rank;

import io.github.gpfm.eval.EvaluationException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.stream.IntStream;

/**
 * Ranks of encoders on tasks: 1 is best, ties share the mean of their places. Immutable.
 *
 * @param encoders column names
 * @param tasks row names
 * @param ranks one row a task, one column an encoder
 */
public record RankTable(List<String> encoders, List<String> tasks, double[][] ranks) {
  /** Checks the shape and copies. */
  public RankTable {
    encoders = List.copyOf(encoders);
    tasks = List.copyOf(tasks);
    if (ranks.length != tasks.size()) {
      throw new EvaluationException(ranks.length + " rows of ranks for " + tasks.size() + " tasks");
    }
    double[][] copy = new double[ranks.length][];
    for (int t = 0; t < ranks.length; t++) {
      if (ranks[t].length != encoders.size()) {
        throw new EvaluationException(
            "task '"
                + tasks.get(t)
                + "' has "
                + ranks[t].length
                + " ranks for "
                + encoders.size()
                + " encoders");
      }
      copy[t] = ranks[t].clone();
    }
    ranks = copy;
  }

  /**
   * Ranks scores.
   *
   * @param scores one row a task, one column an encoder; higher is better; NaN is not allowed
   */
  public static RankTable ofScores(List<String> encoders, List<String> tasks, double[][] scores) {
    double[][] ranks = new double[scores.length][];
    for (int t = 0; t < scores.length; t++) {
      for (double s : scores[t]) {
        if (Double.isNaN(s)) {
          throw new EvaluationException(
              "task '" + tasks.get(t) + "' has no figure for some encoder and cannot be ranked");
        }
      }
      ranks[t] = rankDescending(scores[t]);
    }
    return new RankTable(encoders, tasks, ranks);
  }

  /** Ranks with the highest value first, ties averaged. */
  public static double[] rankDescending(double[] values) {
    double[] negated = Arrays.stream(values).map(v -> -v).toArray();
    return rankAscending(negated);
  }

  /** Ranks with the lowest value first, ties averaged. */
  public static double[] rankAscending(double[] values) {
    int[] order =
        IntStream.range(0, values.length)
            .boxed()
            .sorted(Comparator.comparingDouble(i -> values[i]))
            .mapToInt(Integer::intValue)
            .toArray();
    double[] ranks = new double[values.length];
    for (int from = 0; from < order.length; ) {
      int to = from + 1;
      while (to < order.length && values[order[to]] == values[order[from]]) {
        to++;
      }
      for (int i = from; i < to; i++) {
        ranks[order[i]] = (from + 1 + to) / 2.0;
      }
      from = to;
    }
    return ranks;
  }

  /** Mean rank of each encoder over the tasks. */
  public double[] meanRanks() {
    return IntStream.range(0, encoders.size())
        .mapToDouble(e -> Arrays.stream(ranks).mapToDouble(r -> r[e]).average().orElse(Double.NaN))
        .toArray();
  }

  /** On how many tasks each encoder is alone in first place. */
  public int[] wins() {
    return count(true);
  }

  /** On how many tasks each encoder is in first place, alone or with others. */
  public int[] winsWithTies() {
    return count(false);
  }

  private int[] count(boolean alone) {
    int[] wins = new int[encoders.size()];
    for (double[] row : ranks) {
      double best = Arrays.stream(row).min().orElse(Double.NaN);
      long first = Arrays.stream(row).filter(r -> r == best).count();
      for (int e = 0; e < wins.length; e++) {
        if (row[e] == best && (first == 1 || !alone)) {
          wins[e]++;
        }
      }
    }
    return wins;
  }

  /** Encoder indices from best to worst mean rank. */
  public int[] order() {
    double[] means = meanRanks();
    return IntStream.range(0, means.length)
        .boxed()
        .sorted(Comparator.comparingDouble(e -> means[e]))
        .mapToInt(Integer::intValue)
        .toArray();
  }

  /** The tasks of both tables; the encoders must be the same. */
  public RankTable concat(RankTable other) {
    if (!encoders.equals(other.encoders)) {
      throw new EvaluationException("rank tables of different encoders cannot be joined");
    }
    List<String> allTasks = new ArrayList<>(tasks);
    allTasks.addAll(other.tasks);
    List<double[]> allRanks = new ArrayList<>(Arrays.asList(ranks));
    allRanks.addAll(Arrays.asList(other.ranks));
    return new RankTable(encoders, allTasks, allRanks.toArray(double[][]::new));
  }
}
