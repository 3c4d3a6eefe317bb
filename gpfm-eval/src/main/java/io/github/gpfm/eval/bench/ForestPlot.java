package io.github.gpfm.eval.bench;

import io.github.gpfm.eval.internal.Svg;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * The main figure of every task with its interval, one dot an encoder, as SVG. Figures beyond 0 to
 * 1 are left to the tables.
 */
final class ForestPlot {
  private static final int LABEL = 230;
  private static final int WIDTH = 900;
  private static final int FEW = 4;

  private final BenchReport report;
  private final int line;

  private ForestPlot(BenchReport report) {
    this.report = report;
    this.line = report.config().encoders().size() <= FEW ? 13 : 6;
  }

  static String of(BenchReport report) {
    return new ForestPlot(report).draw();
  }

  private static double x(double value) {
    return LABEL + Math.max(0, Math.min(1, value)) * (WIDTH - LABEL - 20);
  }

  private String draw() {
    List<EncoderSpec> encoders = report.config().encoders();
    List<TaskDefinition> tasks = report.config().tasks();
    int row = Math.max(34, line * encoders.size() + 12);
    int top = legendHeight(encoders) + 24;
    int height = top + row * tasks.size() + 8;
    Svg svg = new Svg(WIDTH, height, "figures by task");
    legend(svg, encoders);
    for (int t = 0; t < tasks.size(); t++) {
      int y = top + row * t;
      if (t % 2 == 0) {
        svg.rectangle(0, y, WIDTH, row, "#f6f7f9");
      }
      svg.text(8, y + row / 2.0, 12, "start", "#1f2933", tasks.get(t).name());
      svg.text(8, y + row / 2.0 + 12, 10, "start", "#777", tasks.get(t).metric());
    }
    for (int i = 0; i <= 10; i += 2) {
      double x = x(i / 10.0);
      svg.line(x, top, x, height - 8, "#ddd", 1);
      svg.text(x, top - 4, 10, "middle", "#777", String.format(Locale.ROOT, "%.1f", i / 10.0));
    }
    for (int t = 0; t < tasks.size(); t++) {
      double first = top + row * t + (row - line * (encoders.size() - 1)) / 2.0;
      for (int e = 0; e < encoders.size(); e++) {
        Optional<Figure> main = report.main(tasks.get(t), encoders.get(e));
        if (main.isPresent()) {
          dot(svg, main.get(), encoders.get(e).name(), first + line * e, Palette.of(e));
        }
      }
    }
    return svg.toString();
  }

  private static int legendHeight(List<EncoderSpec> encoders) {
    int x = 8;
    int rows = 1;
    for (EncoderSpec encoder : encoders) {
      int width = width(encoder);
      if (x + width > WIDTH) {
        rows++;
        x = 8;
      }
      x += width;
    }
    return 18 * rows;
  }

  private static int width(EncoderSpec encoder) {
    return 30 + 7 * encoder.name().length();
  }

  private static void legend(Svg svg, List<EncoderSpec> encoders) {
    int x = 8;
    int y = 10;
    for (int e = 0; e < encoders.size(); e++) {
      int width = width(encoders.get(e));
      if (x + width > WIDTH) {
        x = 8;
        y += 18;
      }
      svg.dot(x + 5, y, 4.5, Palette.of(e), encoders.get(e).name());
      svg.text(x + 14, y + 4, 12, "start", "#1f2933", encoders.get(e).name());
      x += width;
    }
  }

  private void dot(Svg svg, Figure figure, String encoder, double y, String color) {
    if (Double.isNaN(figure.value())) {
      return;
    }
    if (figure.interval().replicates() > 0) {
      svg.line(x(figure.interval().lower()), y, x(figure.interval().upper()), y, color + "88", 2);
    }
    svg.dot(x(figure.value()), y, line > 6 ? 4.5 : 3.2, color, encoder + ": " + figure);
  }
}
