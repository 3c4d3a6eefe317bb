package io.github.gpfm.eval.retrieval;

import io.github.gpfm.eval.EvaluationException;
import io.github.gpfm.eval.Protocol;
import io.github.gpfm.eval.data.LabelledFeatures;
import io.github.gpfm.eval.linalg.Matrix;
import io.github.gpfm.eval.linalg.Standardizer;
import io.github.gpfm.eval.metric.Bootstrap;
import io.github.gpfm.eval.metric.Interval;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;

/**
 * Retrieval of tiles of the query's class from a database: features standardised by the database,
 * Euclidean distance.
 *
 * <p>Two rules that share a name in the literature are kept apart. {@link #classScoreAccuracy} is
 * the reference's Acc@k: as many neighbours as there are classes vote 1.0, 0.9, 0.8, … for their
 * class, and the true class must be among the k best. {@link #anyOfAccuracy} is the plain rule: one
 * of the k nearest items has the true class.
 */
public final class RetrievalEvaluation {
  private final int[][] neighbours;
  private final int[] databaseLabels;
  private final int[] queryLabels;
  private final int classes;

  private RetrievalEvaluation(
      int[][] neighbours, int[] databaseLabels, int[] queryLabels, int classes) {
    this.neighbours = neighbours;
    this.databaseLabels = databaseLabels;
    this.queryLabels = queryLabels;
    this.classes = classes;
  }

  /**
   * Searches every query.
   *
   * @param depth neighbours kept a query; at least the number of classes is kept
   */
  public static RetrievalEvaluation of(
      LabelledFeatures database, LabelledFeatures queries, int depth) {
    database.checkSameDimension(queries);
    if (database.size() == 0 || queries.size() == 0) {
      throw new EvaluationException(
          "retrieval needs tiles on both sides: '"
              + database.name()
              + "' has "
              + database.size()
              + ", '"
              + queries.name()
              + "' has "
              + queries.size());
    }
    Standardizer standardizer = Standardizer.of(database.features());
    Matrix searched = standardizer.apply(database.features());
    Matrix asked = standardizer.apply(queries.features());
    int classes = database.classes().size();
    int k = Math.min(database.size(), Math.max(depth, classes));
    int[][] neighbours = new int[queries.size()][];
    try (FeatureIndex index = FeatureIndex.exact(database.ids(), searched)) {
      for (int q = 0; q < neighbours.length; q++) {
        neighbours[q] =
            index.nearest(asked.row(q), k).stream().mapToInt(Neighbour::index).toArray();
      }
    }
    return new RetrievalEvaluation(neighbours, database.labels(), queries.labels(), classes);
  }

  /** Rows of the nearest database items of a query, nearest first. */
  public int[] neighbours(int query) {
    return neighbours[query].clone();
  }

  /** The reference's class scores of a query, before its softmax (which changes no order). */
  public double[] votes(int query) {
    double[] votes = new double[classes];
    for (int j = 0; j < Math.min(classes, neighbours[query].length); j++) {
      votes[databaseLabels[neighbours[query][j]]] += 1 - 0.1 * j;
    }
    return votes;
  }

  /** Whether the true class is among the k best class scores, ties going to the lower class. */
  public boolean[] classScoreHits(int k) {
    boolean[] hits = new boolean[neighbours.length];
    for (int q = 0; q < hits.length; q++) {
      double[] votes = votes(q);
      int truth = queryLabels[q];
      long better =
          IntStream.range(0, classes)
              .filter(c -> votes[c] > votes[truth] || votes[c] == votes[truth] && c < truth)
              .count();
      hits[q] = better < k;
    }
    return hits;
  }

  /** Whether one of the k nearest items has the true class. */
  public boolean[] anyOfHits(int k) {
    boolean[] hits = new boolean[neighbours.length];
    for (int q = 0; q < hits.length; q++) {
      int truth = queryLabels[q];
      hits[q] = Arrays.stream(neighbours[q]).limit(k).anyMatch(i -> databaseLabels[i] == truth);
    }
    return hits;
  }

  /** The reference's Acc@k, macro over the classes of the queries. */
  public double classScoreAccuracy(int k) {
    return macro(classScoreHits(k), ones());
  }

  /** Plain any-of-k accuracy, macro over the classes of the queries. */
  public double anyOfAccuracy(int k) {
    return macro(anyOfHits(k), ones());
  }

  /** Plain any-of-k accuracy over all queries alike. */
  public double anyOfMicroAccuracy(int k) {
    boolean[] hits = anyOfHits(k);
    return (double) IntStream.range(0, hits.length).filter(i -> hits[i]).count() / hits.length;
  }

  /**
   * Average precision of the k nearest of each query: mean over the relevant ranks of the precision
   * there, relative to min(k, relevant items in the database).
   */
  public double[] averagePrecision(int k) {
    double[] result = new double[neighbours.length];
    for (int q = 0; q < result.length; q++) {
      int truth = queryLabels[q];
      long relevant = Arrays.stream(databaseLabels).filter(l -> l == truth).count();
      double sum = 0;
      int found = 0;
      for (int r = 0; r < Math.min(k, neighbours[q].length); r++) {
        if (databaseLabels[neighbours[q][r]] == truth) {
          found++;
          sum += (double) found / (r + 1);
        }
      }
      result[q] = relevant == 0 ? 0 : sum / Math.min(k, relevant);
    }
    return result;
  }

  /**
   * All figures with intervals: {@code class_score_acc@k}, {@code any_of_acc@k} (macro) and {@code
   * map@k}.
   */
  public Map<String, Interval> report(
      List<Integer> ks, Protocol protocol, long seed, int replicates) {
    Bootstrap bootstrap =
        Bootstrap.draw(
            queryLabels.length,
            replicates,
            seed,
            protocol == Protocol.OFFICIAL
                ? Bootstrap.Resampling.POISSON
                : Bootstrap.Resampling.MULTINOMIAL);
    Map<String, Interval> figures = new LinkedHashMap<>();
    for (int k : ks) {
      boolean[] score = classScoreHits(k);
      boolean[] any = anyOfHits(k);
      double[] precision = averagePrecision(k);
      figures.put(
          "class_score_acc@" + k,
          Interval.of(macro(score, ones()), bootstrap.map(w -> macro(score, w))));
      figures.put(
          "any_of_acc@" + k, Interval.of(macro(any, ones()), bootstrap.map(w -> macro(any, w))));
      figures.put(
          "map@" + k, Interval.of(mean(precision, ones()), bootstrap.map(w -> mean(precision, w))));
    }
    return figures;
  }

  private double[] ones() {
    double[] ones = new double[queryLabels.length];
    Arrays.fill(ones, 1);
    return ones;
  }

  private double macro(boolean[] hits, double[] weights) {
    double[] right = new double[classes];
    double[] all = new double[classes];
    for (int i = 0; i < hits.length; i++) {
      all[queryLabels[i]] += weights[i];
      right[queryLabels[i]] += hits[i] ? weights[i] : 0;
    }
    return IntStream.range(0, classes)
        .filter(c -> all[c] > 0)
        .mapToDouble(c -> right[c] / all[c])
        .average()
        .orElse(Double.NaN);
  }

  private static double mean(double[] values, double[] weights) {
    double sum = 0;
    double total = 0;
    for (int i = 0; i < values.length; i++) {
      sum += values[i] * weights[i];
      total += weights[i];
    }
    return sum / total;
  }
}
