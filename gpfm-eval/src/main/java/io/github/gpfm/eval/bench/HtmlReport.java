package io.github.gpfm.eval.bench;

import io.github.gpfm.eval.internal.Svg;
import io.github.gpfm.eval.metric.MultipleTests;
import io.github.gpfm.eval.rank.CriticalDifferenceDiagram;
import io.github.gpfm.eval.rank.FriedmanTest;
import io.github.gpfm.eval.rank.RankTable;
import io.github.gpfm.eval.rank.WilcoxonTest;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The report as one page that needs no other file: tables, ranks, tests, figures. */
final class HtmlReport {
  private static final int NARROW = 5;
  private static final String STYLE =
      """
      :root{color-scheme:light}
      body{font:15px/1.5 system-ui,-apple-system,"Segoe UI",sans-serif;margin:0;color:#1f2933;background:#eef1f5}
      main{max-width:72rem;margin:1.5rem auto;padding:1.5rem 2.5rem 2.5rem;background:#fff;border-radius:10px;
        box-shadow:0 1px 4px #0002}
      main.many{max-width:96rem}
      h1{margin:.2em 0}h2{margin:2em 0 .5em;padding-top:.6em;border-top:1px solid #e3e7ec;font-size:1.25em}
      h3{font-size:1.05em;margin:1.4em 0 .3em}p.sub{color:#5b6875;margin-top:0}
      .wide{overflow-x:auto}table{border-collapse:collapse;margin:.6em 0;font-size:.93em}
      th,td{padding:.32em .75em;border-bottom:1px solid #e3e7ec;text-align:left;white-space:nowrap}
      th{background:#f4f6f8;font-weight:600}td{font-variant-numeric:tabular-nums}
      td.best{background:#e6f4ea;font-weight:600}tr:hover td{background:#f8fafc}tr:hover td.best{background:#d9eee0}
      table.many{font-size:.82em}table.many th,table.many td{padding:.2em .5em}
      table.many th.turn{vertical-align:bottom;height:8.5em;padding:.4em .2em}
      table.many th.turn span{writing-mode:vertical-rl;transform:rotate(180deg);display:inline-block}
      table.many td small{display:block;color:#5b6875;font-size:.86em;font-weight:400;line-height:1.2}
      svg{max-width:100%;height:auto}.row{display:flex;flex-wrap:wrap;gap:1rem;align-items:flex-start}
      details{margin:.4em 0}summary{cursor:pointer}li{margin:.2em 0}.grey{color:#8a95a1}
      @media print{@page{size:A4 landscape;margin:12mm}body{background:#fff}main{box-shadow:none;padding:0;max-width:none}
        table.many{font-size:7.5pt}h2,svg,tr{break-inside:avoid}}
      """;

  private final BenchReport report;
  private final ReportFigures figures;
  private final Comparisons comparisons;
  private final List<EncoderSpec> encoders;
  private final boolean many;
  private final StringBuilder html = new StringBuilder();

  HtmlReport(BenchReport report, ReportFigures figures, Comparisons comparisons) {
    this.report = report;
    this.figures = figures;
    this.comparisons = comparisons;
    this.encoders = report.config().encoders();
    this.many = encoders.size() > NARROW;
  }

  String text() {
    BenchConfig config = report.config();
    html.append("<!DOCTYPE html>\n<html lang=\"en\"><head><meta charset=\"utf-8\">")
        .append("<title>Benchmark</title><style>")
        .append(STYLE)
        .append("</style></head><body><main class=\"")
        .append(many ? "many" : "few")
        .append("\">\n<h1>Benchmark</h1>\n<p class=\"sub\">")
        .append(config.tasks().size())
        .append(" tasks, ")
        .append(encoders.size())
        .append(" encoders; protocol <b>")
        .append(config.protocol().key())
        .append("</b>, seeds ")
        .append(escaped(config.seeds().toString()))
        .append("; ")
        .append(config.replicates())
        .append(" bootstrap replicates of the test patients, the same for every encoder and seed;")
        .append(" 95 % intervals in brackets. ")
        .append(
            report.failed() == 0
                ? "Every cell could be run.</p>\n"
                : "<b>%d of %d cells could not be run</b>, see the end.</p>\n"
                    .formatted(report.failed(), report.cells()));
    mainTable();
    html.append("<h2>Figures by task</h2>\n").append(ForestPlot.of(report));
    ranks();
    taskFigures();
    details();
    leftOut();
    return html.append("</main></body></html>\n").toString();
  }

  private void mainTable() {
    html.append("<h2>Results</h2>\n<div class=\"wide\"><table class=\"")
        .append(many ? "many" : "few")
        .append("\"><tr><th>task</th><th>type</th><th>n</th><th>figure</th>");
    encoders.forEach(e -> heading(e.name()));
    html.append("</tr>\n");
    ReportTables tables = new ReportTables(report);
    for (TaskDefinition task : report.config().tasks()) {
      html.append("<tr><td>").append(escaped(task.name())).append("</td><td>");
      html.append(task.type().key()).append("</td><td>").append(tables.counts(task));
      html.append("</td><td>").append(escaped(task.metric())).append("</td>");
      double best =
          encoders.stream()
              .mapToDouble(e -> report.score(task, e))
              .filter(v -> !Double.isNaN(v))
              .max()
              .orElse(Double.NaN);
      for (EncoderSpec encoder : encoders) {
        cell(report.main(task, encoder).orElse(null), report.score(task, encoder) == best);
      }
      html.append("</tr>\n");
    }
    html.append("</table></div>\n");
  }

  private void heading(String name) {
    html.append(many ? "<th class=\"turn\"><span>" : "<th>")
        .append(escaped(name))
        .append(many ? "</span></th>" : "</th>");
  }

  private void cell(@Nullable Figure value, boolean best) {
    html.append(best ? "<td class=\"best\">" : "<td>");
    if (value == null) {
      html.append("<span class=\"grey\">–</span>");
    } else {
      String text = value.toString();
      int bracket = text.indexOf(" (");
      html.append(
          many && bracket > 0
              ? text.substring(0, bracket)
                  + "<small>"
                  + text.substring(bracket + 2, text.length() - 1)
                  + "</small>"
              : text);
    }
    html.append("</td>");
  }

  private void ranks() {
    html.append("<h2>Ranks</h2>\n");
    RankSelection selection = report.selection();
    RankTable ranks = report.ranks().orElse(null);
    if (ranks == null) {
      html.append(
          "<p>No two encoders have the main figure of the same task: nothing to rank.</p>\n");
    } else {
      html.append(
          "<p>%d of %d encoders on %d of %d tasks.</p>\n"
              .formatted(
                  selection.encoders().size(),
                  encoders.size(),
                  selection.tasks().size(),
                  report.config().tasks().size()));
    }
    if (!selection.leftOut().isEmpty()) {
      html.append("<p>Left out of the ranks:</p>\n");
      list(selection.leftOut());
    }
    if (ranks != null) {
      rankTable(ranks);
      rankTests(ranks, selection);
    }
  }

  private void rankTable(RankTable ranks) {
    html.append("<table><tr><th>encoder</th><th>mean rank</th>")
        .append("<th>tasks won alone</th><th>won or shared</th></tr>\n");
    for (int e : ranks.order()) {
      html.append(
          String.format(
              Locale.ROOT,
              "<tr><td>%s</td><td>%.2f</td><td>%d</td><td>%d</td></tr>%n",
              escaped(ranks.encoders().get(e)),
              ranks.meanRanks()[e],
              ranks.wins()[e],
              ranks.winsWithTies()[e]));
    }
    html.append("</table>\n");
    figures.all().stream()
        .filter(f -> f.file().equals("mean-ranks"))
        .forEach(f -> html.append(f.svg()));
  }

  private void rankTests(RankTable ranks, RankSelection selection) {
    if (ranks.tasks().size() < 2) {
      html.append("<p>One task is too few for tests of ranks.</p>\n");
      return;
    }
    FriedmanTest friedman = FriedmanTest.of(ranks);
    CriticalDifferenceDiagram diagram = CriticalDifferenceDiagram.of(ranks, BenchReport.ALPHA);
    html.append(
        String.format(
            Locale.ROOT,
            "<p>Friedman χ² = %.2f, p = %.3g; Iman–Davenport F = %.2f, p = %.3g. Nemenyi critical"
                + " difference at α = 0.05: %.3f. Encoders under one bar do not differ"
                + " significantly.</p>%n",
            friedman.chiSquared(),
            friedman.p(),
            friedman.f(),
            friedman.fP(),
            diagram.criticalDifference()));
    html.append(diagram.svg());
    wilcoxon(selection);
  }

  private void wilcoxon(RankSelection selection) {
    List<EncoderSpec> ranked = selection.encoders();
    double[] p = new double[ranked.size() * ranked.size()];
    Arrays.fill(p, Double.NaN);
    for (int a = 0; a < ranked.size(); a++) {
      for (int b = 0; b < ranked.size(); b++) {
        if (a != b) {
          p[a * ranked.size() + b] =
              WilcoxonTest.of(scores(selection, ranked.get(a)), scores(selection, ranked.get(b)))
                  .greater();
        }
      }
    }
    double[] holm = MultipleTests.holm(p);
    html.append("<h3>Wilcoxon signed-rank test over the tasks</h3>\n<p>One-sided p that the row's")
        .append(" encoder has the better figures, corrected by Holm for all pairs.</p>\n")
        .append("<div class=\"wide\"><table class=\"")
        .append(many ? "many" : "few")
        .append("\"><tr><th></th>");
    ranked.forEach(e -> heading(e.name()));
    html.append("</tr>\n");
    for (int a = 0; a < ranked.size(); a++) {
      html.append("<tr><th>").append(escaped(ranked.get(a).name())).append("</th>");
      for (int b = 0; b < ranked.size(); b++) {
        double value = holm[a * ranked.size() + b];
        html.append("<td>").append(Double.isNaN(value) ? "" : probability(value)).append("</td>");
      }
      html.append("</tr>\n");
    }
    html.append("</table></div>\n");
  }

  private double[] scores(RankSelection selection, EncoderSpec encoder) {
    return selection.tasks().stream().mapToDouble(t -> report.score(t, encoder)).toArray();
  }

  private static String probability(double p) {
    return String.format(Locale.ROOT, "%.3g", p);
  }

  private void taskFigures() {
    List<TaskDefinition> drawn =
        report.config().tasks().stream().filter(t -> !figures.of(t).isEmpty()).toList();
    if (drawn.isEmpty()) {
      return;
    }
    html.append("<h2>Curves</h2>\n<p>Cases of all splits and seeds together; with more than two")
        .append(" classes each class against the rest. Survival: above and below the median of the")
        .append(" pooled risks, with 95 % bands, a tick for each censoring.</p>\n");
    boolean open = drawn.size() <= NARROW;
    for (TaskDefinition task : drawn) {
      html.append(open ? "<details open><summary>" : "<details><summary>");
      html.append(escaped(task.name())).append("</summary>\n<div class=\"row\">\n");
      figures.of(task).forEach(f -> html.append(f.svg()));
      html.append("</div></details>\n");
    }
  }

  private void details() {
    html.append("<h2>All figures</h2>\n");
    for (TaskDefinition task : report.config().tasks()) {
      html.append("<details><summary>").append(escaped(task.name()));
      html.append("</summary>\n<div class=\"wide\"><table class=\"many\"><tr><th>figure</th>");
      Map<String, Map<String, Figure>> columns = report.figures(task);
      columns.keySet().forEach(e -> html.append("<th>").append(escaped(e)).append("</th>"));
      html.append("</tr>\n");
      columns.values().stream()
          .flatMap(f -> f.keySet().stream())
          .distinct()
          .forEach(
              figure -> {
                html.append("<tr><td>").append(escaped(figure)).append("</td>");
                columns.values().forEach(f -> detail(f.get(figure)));
                html.append("</tr>\n");
              });
      html.append("</table></div>\n");
      pairs(task);
      html.append("</details>\n");
    }
  }

  private void detail(@Nullable Figure figure) {
    html.append("<td>").append(figure == null ? "–" : figure);
    if (figure != null && figure.perSeed().length > 1) {
      html.append(
          String.format(Locale.ROOT, "<small>between seeds ±%.3f</small>", figure.seedStd()));
    }
    html.append("</td>");
  }

  private void pairs(TaskDefinition task) {
    List<Comparisons.Pair> pairs = comparisons.of(task);
    if (pairs.isEmpty()) {
      return;
    }
    html.append("<table class=\"many\"><tr><th>first</th><th>second</th><th>difference of ")
        .append(escaped(task.metric()))
        .append(
            "</th><th>p, paired bootstrap</th><th>Holm</th><th>p, DeLong</th><th>Holm</th></tr>\n");
    for (Comparisons.Pair p : pairs) {
      html.append("<tr><td>").append(escaped(p.first().name())).append("</td><td>");
      html.append(escaped(p.second().name())).append("</td><td>").append(p.difference());
      for (double v : new double[] {p.p(), p.holm(), p.deLong(), p.deLongHolm()}) {
        html.append("</td><td>").append(Double.isNaN(v) ? "–" : probability(v));
      }
      html.append("</td></tr>\n");
    }
    html.append("</table>\n");
  }

  private void leftOut() {
    html.append("<h2>Left out, and other remarks</h2>\n");
    if (report.notes().isEmpty()) {
      html.append("<p>Nothing.</p>\n");
    } else {
      list(report.notes());
    }
  }

  private void list(List<String> lines) {
    html.append("<ul>\n");
    lines.forEach(n -> html.append("<li>").append(escaped(n)).append("</li>\n"));
    html.append("</ul>\n");
  }

  private static String escaped(String text) {
    return Svg.escaped(text);
  }
}
