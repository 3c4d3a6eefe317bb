package io.github.gpfm.eval.bench;

import io.github.gpfm.eval.EvaluationException;
import java.util.List;
import java.util.stream.IntStream;

/**
 * What one head or rule said of the reported cases of one split: the raw material that every figure
 * of a report is computed from.
 *
 * @param split name of the split
 * @param method prefix of the figures' names; empty for the task's main head
 * @param kind what scores and truth are
 * @param cases names
 * @param groups patients, which a bootstrap draws; as many
 * @param columns names of the score columns
 * @param truth one row a case
 * @param scores one row a case, one value a column
 * @param reference time and censorship of the training cases (survival), otherwise empty
 */
public record Predictions(
    String split,
    String method,
    PredictionKind kind,
    List<String> cases,
    List<String> groups,
    List<String> columns,
    double[][] truth,
    double[][] scores,
    double[][] reference) {
  /** Checks that there is one row a case. */
  public Predictions {
    cases = List.copyOf(cases);
    groups = List.copyOf(groups);
    columns = List.copyOf(columns);
    int n = cases.size();
    if (n == 0) {
      throw new EvaluationException("split '" + split + "' has no case to report on");
    }
    if (groups.size() != n || scores.length != n || truth.length != n) {
      throw new EvaluationException(
          "%d cases, %d groups, %d rows of truth and %d of scores do not belong together"
              .formatted(n, groups.size(), truth.length, scores.length));
    }
  }

  /** Class scores. */
  static Predictions classes(
      String split,
      String method,
      List<String> cases,
      List<String> groups,
      List<String> classes,
      int[] labels,
      double[][] scores) {
    double[][] truth =
        IntStream.of(labels).mapToObj(l -> new double[] {l}).toArray(double[][]::new);
    return new Predictions(
        split,
        method,
        PredictionKind.CLASSES,
        cases,
        groups,
        classes,
        truth,
        scores,
        new double[0][]);
  }

  /** True classes of {@link PredictionKind#CLASSES}. */
  public int[] labels() {
    return IntStream.range(0, truth.length).map(i -> (int) truth[i][0]).toArray();
  }

  /** One column of the scores. */
  public double[] column(int c) {
    return IntStream.range(0, scores.length).mapToDouble(i -> scores[i][c]).toArray();
  }

  /** One column of the truth. */
  public double[] truthColumn(int c) {
    return IntStream.range(0, truth.length).mapToDouble(i -> truth[i][c]).toArray();
  }

  /** Which cases left without the event, of {@link PredictionKind#SURVIVAL}. */
  public boolean[] censored() {
    return flags(truth);
  }

  /** Whether the second value of each row is 1. */
  static boolean[] flags(double[][] rows) {
    boolean[] result = new boolean[rows.length];
    for (int i = 0; i < result.length; i++) {
      result[i] = rows[i][1] == 1;
    }
    return result;
  }
}
