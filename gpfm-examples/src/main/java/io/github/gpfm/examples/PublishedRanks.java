package io.github.gpfm.examples;

import io.github.gpfm.eval.bench.BenchReport;
import io.github.gpfm.eval.rank.CriticalDifferenceDiagram;
import io.github.gpfm.eval.rank.FriedmanTest;
import io.github.gpfm.eval.rank.RankFile;
import io.github.gpfm.eval.rank.RankTable;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/** What {@code gpfm bench --ranks} says of a file of ranks. */
final class PublishedRanks {
  private PublishedRanks() {}

  /** A table of mean ranks by group, wins and tests; the diagram is written to a folder. */
  static String describe(Path file, Optional<Path> folder) {
    RankFile ranks = RankFile.read(file);
    RankTable all = ranks.all();
    int[] order = all.order();
    StringBuilder text = new StringBuilder("| tasks |");
    for (int e : order) {
      text.append(' ').append(all.encoders().get(e)).append(" |");
    }
    text.append("\n|---|").append("---|".repeat(order.length)).append('\n');
    for (Map.Entry<String, RankTable> group : ranks.groups().entrySet()) {
      row(
          text,
          group.getKey() + " (" + group.getValue().tasks().size() + ")",
          order,
          group.getValue());
    }
    row(text, "**all** (" + all.tasks().size() + ")", order, all);
    text.append("| won alone |");
    for (int e : order) {
      text.append(' ').append(all.wins()[e]).append(" |");
    }
    text.append('\n');
    FriedmanTest friedman = FriedmanTest.of(all);
    CriticalDifferenceDiagram diagram = CriticalDifferenceDiagram.of(all, BenchReport.ALPHA);
    text.append(
        String.format(
            Locale.ROOT,
            "%nFriedman chi-squared %.1f, p = %.2g; Nemenyi critical difference at 0.05: %.3f%n",
            friedman.chiSquared(),
            friedman.p(),
            diagram.criticalDifference()));
    folder.ifPresent(
        to -> {
          diagram.write(to.resolve("critical-difference.png"));
          diagram.write(to.resolve("critical-difference.svg"));
          text.append(to.resolve("critical-difference.png")).append('\n');
        });
    return text.toString();
  }

  private static void row(StringBuilder text, String name, int[] order, RankTable table) {
    double[] means = table.meanRanks();
    text.append("| ").append(name).append(" |");
    for (int e : order) {
      text.append(String.format(Locale.ROOT, " %.2f |", means[e]));
    }
    text.append('\n');
  }
}
