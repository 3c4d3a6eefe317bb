package io.github.gpfm.eval.bench;

import io.github.gpfm.eval.internal.Drawing;
import io.github.gpfm.eval.metric.Interval;
import io.github.gpfm.eval.rank.CriticalDifferenceDiagram;
import io.github.gpfm.eval.rank.FriedmanTest;
import io.github.gpfm.eval.rank.RankTable;
import io.github.gpfm.eval.rank.WilcoxonTest;
import java.awt.Color;
import java.awt.Font;
import java.awt.Graphics2D;
import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import javax.imageio.ImageIO;
import org.jspecify.annotations.Nullable;

/** The report as one page that needs no other file: tables, ranks, tests, pictures. */
final class HtmlReport {
  private static final String STYLE =
      """
      :root{color-scheme:light}
      body{font:15px/1.5 system-ui,-apple-system,"Segoe UI",sans-serif;margin:0;color:#1f2933;background:#eef1f5}
      main{max-width:64rem;margin:1.5rem auto;padding:1.5rem 2.5rem 2.5rem;background:#fff;border-radius:10px;
        box-shadow:0 1px 4px #0002}
      h1{margin:.2em 0}h2{margin:2em 0 .5em;padding-top:.6em;border-top:1px solid #e3e7ec;font-size:1.25em}
      h3{font-size:1.05em;margin:1.4em 0 .3em}p.sub{color:#5b6875;margin-top:0}
      .wide{overflow-x:auto}table{border-collapse:collapse;margin:.6em 0;font-size:.93em}
      th,td{padding:.32em .75em;border-bottom:1px solid #e3e7ec;text-align:left;white-space:nowrap}
      thead th,tr:first-child th{background:#f4f6f8;font-weight:600}td{font-variant-numeric:tabular-nums}
      td.best{background:#e6f4ea;font-weight:600}tbody tr:hover td{background:#f8fafc}
      img,svg{max-width:100%;height:auto}.row{display:flex;flex-wrap:wrap;gap:1rem}.row img{width:31%;min-width:17rem}
      details{margin:.4em 0}summary{cursor:pointer}li{margin:.2em 0}
      """;

  private final BenchReport report;
  private final StringBuilder html = new StringBuilder();

  HtmlReport(BenchReport report) {
    this.report = report;
  }

  String text() {
    BenchConfig config = report.config();
    html.append("<!DOCTYPE html>\n<html lang=\"en\"><head><meta charset=\"utf-8\">")
        .append("<title>Benchmark</title><style>")
        .append(STYLE)
        .append("</style></head><body><main>\n<h1>Benchmark</h1>\n<p class=\"sub\">Protocol <b>")
        .append(config.protocol().key())
        .append("</b>, seeds ")
        .append(escaped(config.seeds().toString()))
        .append(", ")
        .append(config.replicates())
        .append(" bootstrap replicates; 95 % intervals in brackets.</p>\n");
    mainTable();
    html.append(ForestPlot.of(report));
    report.ranks().ifPresent(this::ranks);
    survivalCurves();
    details();
    html.append("<h2>Left out, and other remarks</h2>\n");
    if (report.notes().isEmpty()) {
      html.append("<p>Nothing.</p>\n");
    } else {
      html.append("<ul>\n");
      report.notes().forEach(n -> html.append("<li>").append(escaped(n)).append("</li>\n"));
      html.append("</ul>\n");
    }
    return html.append("</main></body></html>\n").toString();
  }

  private void mainTable() {
    List<EncoderSpec> encoders = report.config().encoders();
    html.append(
        "<h2>Results</h2>\n<div class=\"wide\"><table><tr><th>task</th><th>type</th><th>figure</th>");
    encoders.forEach(e -> html.append("<th>").append(escaped(e.name())).append("</th>"));
    html.append("</tr>\n");
    for (TaskDefinition task : report.config().tasks()) {
      html.append("<tr><td>").append(escaped(task.name())).append("</td><td>");
      html.append(task.type().key()).append("</td><td>").append(task.metric()).append("</td>");
      double best =
          encoders.stream()
              .flatMap(e -> report.main(task, e).stream())
              .mapToDouble(Interval::value)
              .max()
              .orElse(Double.NaN);
      for (EncoderSpec encoder : encoders) {
        cell(report.main(task, encoder).orElse(null), best);
      }
      html.append("</tr>\n");
    }
    html.append("</table></div>\n");
  }

  private void cell(@Nullable Interval value, double best) {
    boolean first = value != null && value.value() == best;
    html.append(first ? "<td class=\"best\">" : "<td>")
        .append(value == null ? "–" : value.toString())
        .append("</td>");
  }

  private void ranks(RankTable ranks) {
    html.append("<h2>Ranks</h2>\n<table><tr><th>encoder</th><th>mean rank</th>")
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
    image(bars(ranks), "mean ranks");
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
    image(diagram.image(), "critical difference diagram");
    wilcoxon(ranks);
  }

  private void wilcoxon(RankTable ranks) {
    List<EncoderSpec> encoders = report.config().encoders();
    html.append("<h2>Wilcoxon signed-rank test over the tasks</h2>\n<p>One-sided p that the row's")
        .append(" encoder has the higher figures; not corrected for many comparisons.</p>\n")
        .append("<table><tr><th></th>");
    encoders.forEach(e -> html.append("<th>").append(escaped(e.name())).append("</th>"));
    html.append("</tr>\n");
    for (EncoderSpec row : encoders) {
      html.append("<tr><th>").append(escaped(row.name())).append("</th>");
      for (EncoderSpec column : encoders) {
        html.append("<td>");
        if (!row.equals(column)) {
          double p = WilcoxonTest.of(scores(row), scores(column)).greater();
          html.append(String.format(Locale.ROOT, "%.3g", p));
        }
        html.append("</td>");
      }
      html.append("</tr>\n");
    }
    html.append("</table>\n");
  }

  private double[] scores(EncoderSpec encoder) {
    return report.ranked().stream()
        .mapToDouble(t -> report.main(t, encoder).map(Interval::value).orElse(Double.NaN))
        .toArray();
  }

  /** The Kaplan–Meier plots that the survival tasks left beside the report. */
  private void survivalCurves() {
    List<Path> files = new ArrayList<>();
    for (TaskDefinition task : report.config().tasks()) {
      if (task.type() == TaskType.SURVIVAL) {
        for (EncoderSpec encoder : report.config().encoders()) {
          for (long seed : report.config().seeds()) {
            files.add(SlideRunner.plot(report.config(), task, encoder, seed));
          }
        }
      }
    }
    files.removeIf(f -> !Files.isRegularFile(f));
    if (files.isEmpty()) {
      return;
    }
    html.append("<h2>Survival of the test cases, above and below the median risk</h2>\n");
    html.append("<div class=\"row\">\n");
    for (Path file : files) {
      try {
        image(Files.readAllBytes(file), file.getFileName().toString());
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
    html.append("</div>\n");
  }

  private void details() {
    html.append("<h2>All figures</h2>\n");
    for (TaskDefinition task : report.config().tasks()) {
      html.append("<details><summary>").append(escaped(task.name()));
      html.append("</summary>\n<table><tr><th>figure</th>");
      Map<String, Map<String, Interval>> columns = report.figures(task);
      columns.keySet().forEach(e -> html.append("<th>").append(escaped(e)).append("</th>"));
      html.append("</tr>\n");
      columns.values().stream()
          .flatMap(f -> f.keySet().stream())
          .distinct()
          .forEach(
              figure -> {
                html.append("<tr><td>").append(figure).append("</td>");
                columns.values().forEach(f -> cell(f.get(figure), Double.NaN));
                html.append("</tr>\n");
              });
      html.append("</table></details>\n");
    }
  }

  private static BufferedImage bars(RankTable ranks) {
    int[] order = ranks.order();
    int height = 30 + 30 * order.length;
    return Drawing.image(720, height, g -> draw(g, ranks, order));
  }

  private static void draw(Graphics2D g, RankTable ranks, int[] order) {
    g.setFont(new Font(Font.SANS_SERIF, Font.PLAIN, 13));
    for (int i = 0; i < order.length; i++) {
      double mean = ranks.meanRanks()[order[i]];
      int y = 15 + 30 * i;
      g.setColor(new Color(0x4C78A8));
      g.fillRect(190, y, (int) (450 * mean / order.length), 20);
      g.setColor(Color.BLACK);
      g.drawString(ranks.encoders().get(order[i]), 10, y + 15);
      g.drawString(
          String.format(Locale.ROOT, "%.2f", mean),
          198 + (int) (450 * mean / order.length),
          y + 15);
    }
  }

  private void image(BufferedImage image, String what) {
    try {
      ByteArrayOutputStream bytes = new ByteArrayOutputStream();
      ImageIO.write(image, "png", bytes);
      image(bytes.toByteArray(), what);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private void image(byte[] png, String what) {
    html.append("<img alt=\"").append(escaped(what)).append("\" src=\"data:image/png;base64,");
    html.append(Base64.getEncoder().encodeToString(png)).append("\">\n");
  }

  static String escaped(String text) {
    return text.replace("&", "&amp;")
        .replace("<", "&lt;")
        .replace(">", "&gt;")
        .replace("\"", "&quot;");
  }
}
