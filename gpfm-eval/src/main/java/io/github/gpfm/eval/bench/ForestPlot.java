package io.github.gpfm.eval.bench;

import io.github.gpfm.eval.metric.Interval;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** The main figure of every task with its interval, one dot an encoder, as SVG within a page. */
final class ForestPlot {
  private static final String[] COLOURS = {
    "#4C78A8", "#E45756", "#54A24B", "#F2A93B", "#7E57C2", "#00897B", "#8D6E63", "#D81B60",
    "#607D8B"
  };
  private static final int LABEL = 230;
  private static final int WIDTH = 900;
  private static final int LINE = 13;

  private final BenchReport report;
  private final StringBuilder svg = new StringBuilder();

  private ForestPlot(BenchReport report) {
    this.report = report;
  }

  static String of(BenchReport report) {
    return new ForestPlot(report).draw();
  }

  private double x(double value) {
    return LABEL + Math.max(0, Math.min(1, value)) * (WIDTH - LABEL - 20);
  }

  private String draw() {
    List<EncoderSpec> encoders = report.config().encoders();
    List<TaskDefinition> tasks = report.config().tasks();
    int row = LINE * encoders.size() + 12;
    int top = 34;
    int height = top + row * tasks.size() + 8;
    add(
        "<svg viewBox=\"0 0 %d %d\" width=\"%d\" role=\"img\" aria-label=\"figures by task\""
            + " font-family=\"system-ui,sans-serif\" font-size=\"12\">",
        WIDTH, height, WIDTH);
    legend(encoders);
    for (int t = 0; t < tasks.size(); t++) {
      int y = top + row * t;
      if (t % 2 == 0) {
        add("<rect x=\"0\" y=\"%d\" width=\"%d\" height=\"%d\" fill=\"#f6f7f9\"/>", y, WIDTH, row);
      }
      add("<text x=\"8\" y=\"%d\">%s</text>", y + row / 2, HtmlReport.escaped(tasks.get(t).name()));
      add(
          "<text x=\"8\" y=\"%d\" fill=\"#777\" font-size=\"10\">%s</text>",
          y + row / 2 + 12, tasks.get(t).metric());
    }
    grid(top, height);
    for (int t = 0; t < tasks.size(); t++) {
      for (int e = 0; e < encoders.size(); e++) {
        Optional<Interval> main = report.main(tasks.get(t), encoders.get(e));
        if (main.isPresent()) {
          dot(main.get(), top + row * t + 12 + LINE * e, COLOURS[e % COLOURS.length]);
        }
      }
    }
    return svg.append("</svg>\n").toString();
  }

  private void legend(List<EncoderSpec> encoders) {
    int x = LABEL;
    for (int e = 0; e < encoders.size(); e++) {
      String name = encoders.get(e).name();
      add(
          "<circle cx=\"%d\" cy=\"10\" r=\"4.5\" fill=\"%s\"/>",
          x + 5, COLOURS[e % COLOURS.length]);
      add("<text x=\"%d\" y=\"14\">%s</text>", x + 14, HtmlReport.escaped(name));
      x += 30 + 7 * name.length();
    }
  }

  private void grid(int top, int height) {
    for (int i = 0; i <= 10; i += 2) {
      double x = x(i / 10.0);
      add(
          "<line x1=\"%.1f\" y1=\"%d\" x2=\"%.1f\" y2=\"%d\" stroke=\"#ddd\"/>",
          x, top, x, height - 8);
      add(
          "<text x=\"%.1f\" y=\"%d\" text-anchor=\"middle\" fill=\"#777\" font-size=\"10\">%.1f</text>",
          x, top - 4, i / 10.0);
    }
  }

  private void dot(Interval value, int y, String colour) {
    if (Double.isNaN(value.value())) {
      return;
    }
    if (value.replicates() > 0) {
      add(
          "<line x1=\"%.1f\" y1=\"%d\" x2=\"%.1f\" y2=\"%d\" stroke=\"%s\" stroke-width=\"2\""
              + " opacity=\"0.55\"/>",
          x(value.lower()), y, x(value.upper()), y, colour);
    }
    add(
        "<circle cx=\"%.1f\" cy=\"%d\" r=\"4.5\" fill=\"%s\"><title>%s</title></circle>",
        x(value.value()), y, colour, value);
  }

  private void add(String format, Object... values) {
    svg.append(String.format(Locale.ROOT, format, values)).append('\n');
  }
}
