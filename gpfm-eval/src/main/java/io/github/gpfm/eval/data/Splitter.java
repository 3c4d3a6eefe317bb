package io.github.gpfm.eval.data;

import io.github.gpfm.eval.EvaluationException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.function.UnaryOperator;

/**
 * Divides cases by class and patient: every class is divided in the given proportion as nearly as
 * whole patients allow, and no patient is divided. Seeded.
 */
public final class Splitter {
  private Splitter() {}

  /** The usual 7:1:2. */
  public static Split holdout712(
      List<String> names,
      UnaryOperator<String> groupOf,
      UnaryOperator<String> stratumOf,
      long seed) {
    List<List<String>> parts = divide(names, groupOf, stratumOf, seed, 0.7, 0.1, 0.2);
    return new Split("7:1:2", parts.get(0), parts.get(1), parts.get(2));
  }

  /**
   * k folds: each is the test list once, the next one validates, the rest trains.
   *
   * @param folds at least 3
   */
  public static List<Split> kFold(
      List<String> names,
      UnaryOperator<String> groupOf,
      UnaryOperator<String> stratumOf,
      int folds,
      long seed) {
    if (folds < 3) {
      throw new EvaluationException(
          folds + " folds leave no list to select by; take at least 3, or a 7:1:2 split");
    }
    double[] shares = new double[folds];
    Arrays.fill(shares, 1.0 / folds);
    List<List<String>> parts = divide(names, groupOf, stratumOf, seed, shares);
    List<Split> splits = new ArrayList<>();
    for (int f = 0; f < folds; f++) {
      int next = (f + 1) % folds;
      List<String> train = new ArrayList<>();
      for (int p = 0; p < folds; p++) {
        if (p != f && p != next) {
          train.addAll(parts.get(p));
        }
      }
      splits.add(new Split("fold " + f, train, parts.get(next), parts.get(f)));
    }
    return splits;
  }

  /**
   * Divides names into parts.
   *
   * @param shares share of each part; they sum to 1
   * @return one list a share, in the order of the names
   */
  public static List<List<String>> divide(
      List<String> names,
      UnaryOperator<String> groupOf,
      UnaryOperator<String> stratumOf,
      long seed,
      double... shares) {
    Map<String, List<String>> members = new LinkedHashMap<>();
    names.forEach(n -> members.computeIfAbsent(groupOf.apply(n), g -> new ArrayList<>()).add(n));
    // A patient belongs to the class most of its cases have.
    Map<String, List<String>> strata = new TreeMap<>();
    members.forEach(
        (group, cases) ->
            strata.computeIfAbsent(majority(cases, stratumOf), s -> new ArrayList<>()).add(group));
    SplittableRandom random = new SplittableRandom(seed);
    Map<String, Integer> partOf = new LinkedHashMap<>();
    for (List<String> groups : strata.values()) {
      shuffle(groups, random);
      double total = groups.stream().mapToInt(g -> size(members, g)).sum();
      double[] filled = new double[shares.length];
      for (String group : groups) {
        int neediest = 0;
        for (int p = 1; p < shares.length; p++) {
          if (shares[p] * total - filled[p] > shares[neediest] * total - filled[neediest]) {
            neediest = p;
          }
        }
        filled[neediest] += size(members, group);
        partOf.put(group, neediest);
      }
    }
    List<List<String>> parts = new ArrayList<>();
    for (int p = 0; p < shares.length; p++) {
      int part = p;
      parts.add(
          names.stream().filter(n -> partOf.getOrDefault(groupOf.apply(n), -1) == part).toList());
    }
    return parts;
  }

  private static String majority(List<String> cases, UnaryOperator<String> stratumOf) {
    Map<String, Integer> votes = new TreeMap<>();
    cases.forEach(c -> votes.merge(stratumOf.apply(c), 1, Integer::sum));
    Map.Entry<String, Integer> best = null;
    for (Map.Entry<String, Integer> candidate : votes.entrySet()) {
      if (best == null || candidate.getValue() > best.getValue()) {
        best = candidate;
      }
    }
    return best == null ? "" : best.getKey();
  }

  private static int size(Map<String, List<String>> members, String group) {
    return members.getOrDefault(group, List.of()).size();
  }

  private static void shuffle(List<String> items, SplittableRandom random) {
    for (int i = items.size() - 1; i > 0; i--) {
      String swap = items.get(i);
      int j = random.nextInt(i + 1);
      items.set(i, items.get(j));
      items.set(j, swap);
    }
  }
}
