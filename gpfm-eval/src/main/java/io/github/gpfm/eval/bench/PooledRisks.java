package io.github.gpfm.eval.bench;

import io.github.gpfm.eval.metric.LogRankTest;
import io.github.gpfm.eval.rank.RankTable;
import io.github.gpfm.eval.survival.RiskGroups;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The reported cases of all splits and seeds as one group: risks of different heads are comparable
 * only as ranks within their split, and a case reported several times has the mean of its ranks.
 */
final class PooledRisks {
  private record Sum(double time, boolean censored, double rank, int times) {}

  private PooledRisks() {}

  /** The cases above and below the median rank, if the risks differ. */
  static Optional<RiskGroups> groups(List<TaskResult> seeds) {
    Map<String, Sum> cases = new LinkedHashMap<>();
    for (TaskResult result : seeds) {
      for (Predictions p : result.predictions()) {
        if (p.kind() == PredictionKind.SURVIVAL && p.method().isEmpty()) {
          add(cases, p);
        }
      }
    }
    double[] times = cases.values().stream().mapToDouble(Sum::time).toArray();
    double[] risks = cases.values().stream().mapToDouble(s -> s.rank / s.times).toArray();
    boolean[] censored = new boolean[risks.length];
    int i = 0;
    for (Sum sum : cases.values()) {
      censored[i++] = sum.censored;
    }
    return risks.length < 2 ? Optional.empty() : RiskGroups.of(times, censored, risks);
  }

  private static void add(Map<String, Sum> cases, Predictions p) {
    double[] ranks = RankTable.rankAscending(p.column(0));
    double[] times = p.truthColumn(0);
    boolean[] censored = p.censored();
    for (int i = 0; i < ranks.length; i++) {
      Sum one = new Sum(times[i], censored[i], (ranks[i] - 0.5) / ranks.length, 1);
      cases.merge(
          p.cases().get(i),
          one,
          (a, b) -> new Sum(a.time, a.censored, a.rank + b.rank, a.times + b.times));
    }
  }

  /** The log-rank p of the pooled cases; NaN where they have no two groups. */
  static double logRank(List<TaskResult> seeds) {
    return groups(seeds).map(RiskGroups::logRank).map(LogRankTest::p).orElse(Double.NaN);
  }
}
