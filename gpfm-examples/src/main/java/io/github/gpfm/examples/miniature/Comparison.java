package io.github.gpfm.examples.miniature;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.TreeSet;

/**
 * What the students scored.
 *
 * @param rows one per student and seed
 */
record Comparison(List<Row> rows) {
  /**
   * One student's scores.
   *
   * @param scores {@link HeldOut#MEASURES} by held-out set
   */
  record Row(Students student, int seed, Map<String, double[]> scores) {
    double score(String set, int measure) {
      return Objects.requireNonNull(scores.get(set), set)[measure];
    }
  }

  /** Mean and standard deviation over the seeds. */
  record Spread(double mean, double deviation) {
    static Spread of(double[] values) {
      double mean = 0;
      for (double value : values) {
        mean += value / values.length;
      }
      double variance = 0;
      for (double value : values) {
        variance += (value - mean) * (value - mean) / Math.max(1, values.length - 1);
      }
      return new Spread(mean, Math.sqrt(variance));
    }

    String text(int digits) {
      return String.format(Locale.ROOT, "%." + digits + "f ± %." + digits + "f", mean, deviation);
    }
  }

  /** The students compared, in the order of the table. */
  List<Students> students() {
    return rows.stream().map(Row::student).distinct().sorted().toList();
  }

  /** Names of the held-out sets. */
  List<String> sets() {
    return List.copyOf(rows.get(0).scores().keySet());
  }

  /** One measure of one student over the seeds. */
  Spread score(Students student, String set, int measure) {
    return Spread.of(
        rows.stream()
            .filter(row -> row.student() == student)
            .mapToDouble(row -> row.score(set, measure))
            .toArray());
  }

  /**
   * Mean rank over sets and measures, 1 the best, ties sharing their ranks' mean; the spread is
   * over the seeds.
   */
  Spread meanRank(Students student) {
    List<Double> perSeed = new ArrayList<>();
    for (int seed : new TreeSet<>(rows.stream().map(Row::seed).toList())) {
      List<Row> peers = rows.stream().filter(row -> row.seed() == seed).toList();
      Row mine = peers.stream().filter(row -> row.student() == student).findFirst().orElseThrow();
      double sum = 0;
      int count = 0;
      for (String set : sets()) {
        for (int m = 0; m < HeldOut.MEASURES.size(); m++) {
          double own = mine.score(set, m);
          double rank = 0.5;
          for (Row peer : peers) {
            double other = peer.score(set, m);
            rank += other > own ? 1 : other == own ? 0.5 : 0;
          }
          sum += rank;
          count++;
        }
      }
      perSeed.add(sum / count);
    }
    return Spread.of(perSeed.stream().mapToDouble(d -> d).toArray());
  }

  /** A Markdown table: a row per student, a column per set and measure, then the mean rank. */
  String markdown() {
    StringBuilder text = new StringBuilder("| student |");
    StringBuilder rule = new StringBuilder("|---|");
    for (String set : sets()) {
      for (String measure : HeldOut.MEASURES) {
        text.append(' ').append(set).append(' ').append(measure).append(" |");
        rule.append("---|");
      }
    }
    text.append(" mean rank |\n").append(rule).append("---|\n");
    for (Students student : students()) {
      text.append("| ").append(student.title()).append(" |");
      for (String set : sets()) {
        for (int m = 0; m < HeldOut.MEASURES.size(); m++) {
          text.append(' ').append(score(student, set, m).text(3)).append(" |");
        }
      }
      text.append(' ').append(meanRank(student).text(2)).append(" |\n");
    }
    return text.toString();
  }
}
