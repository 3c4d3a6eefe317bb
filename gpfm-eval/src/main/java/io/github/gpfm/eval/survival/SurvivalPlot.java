package io.github.gpfm.eval.survival;

import io.github.gpfm.eval.internal.Svg;
import io.github.gpfm.eval.metric.KaplanMeier;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * Both survival curves of {@link RiskGroups} as SVG, with 95 % bands, a tick for each censoring,
 * the log-rank p and the numbers at risk below the axis.
 *
 * @param title heading
 * @param groups what to draw
 * @param unit unit of time, for the axis
 */
public record SurvivalPlot(String title, RiskGroups groups, String unit) {
  private static final int WIDTH = 560;
  private static final int HEIGHT = 400;
  private static final int LEFT = 64;
  private static final int RIGHT = 16;
  private static final int TOP = 44;
  private static final int BOTTOM = 306;
  private static final String LOW = "#1f77b4";
  private static final String HIGH = "#c0392b";

  /** The drawing, to be written to a file or put into a page. */
  public String svg() {
    double last = Math.max(groups.low().lastTime(), groups.high().lastTime());
    double step = Svg.niceStep(last > 0 ? last : 1, 6);
    double end = Math.max(step, Math.ceil(last / step - 1e-9) * step);
    Svg svg = new Svg(WIDTH, HEIGHT, title);
    svg.text(LEFT, 18, 13, "start", "#1f2933", title);
    svg.text(
        WIDTH - RIGHT,
        36,
        11,
        "end",
        "#5b6875",
        String.format(Locale.ROOT, "log-rank p = %.2g", groups.logRank().p()));
    for (int i = 0; i <= 4; i++) {
      double y = y(i / 4.0);
      svg.line(LEFT, y, WIDTH - RIGHT, y, "#e3e7ec", 1);
      svg.text(LEFT - 6, y + 4, 11, "end", "#5b6875", String.format(Locale.ROOT, "%.2f", i / 4.0));
    }
    for (int k = 0; k * step <= end * (1 + 1e-9); k++) {
      double t = k * step;
      double x = x(t, end);
      svg.line(x, BOTTOM, x, BOTTOM + 4, "#5b6875", 1);
      svg.text(x, BOTTOM + 17, 11, "middle", "#5b6875", Svg.number(t));
      svg.text(x, BOTTOM + 64, 11, "middle", LOW, Integer.toString(groups.low().atRisk(t)));
      svg.text(x, BOTTOM + 80, 11, "middle", HIGH, Integer.toString(groups.high().atRisk(t)));
    }
    svg.line(LEFT, BOTTOM, WIDTH - RIGHT, BOTTOM, "#5b6875", 1);
    svg.text(
        (LEFT + WIDTH - RIGHT) / 2.0, BOTTOM + 33, 11, "middle", "#5b6875", "time (" + unit + ")");
    svg.text(LEFT - 8, BOTTOM + 48, 11, "start", "#5b6875", "at risk");
    svg.text(LEFT - 14, BOTTOM + 64, 11, "end", LOW, "low");
    svg.text(LEFT - 14, BOTTOM + 80, 11, "end", HIGH, "high");
    draw(svg, groups.low(), LOW, end);
    draw(svg, groups.high(), HIGH, end);
    svg.text(
        WIDTH - RIGHT - 6, TOP + 14, 11, "end", LOW, "low risk (n = " + groups.low().cases() + ")");
    svg.text(
        WIDTH - RIGHT - 6,
        TOP + 29,
        11,
        "end",
        HIGH,
        "high risk (n = " + groups.high().cases() + ")");
    return svg.toString();
  }

  private static double x(double time, double end) {
    return LEFT + time / end * (WIDTH - LEFT - RIGHT);
  }

  private static double y(double survival) {
    return BOTTOM - survival * (BOTTOM - TOP);
  }

  private static void draw(Svg svg, KaplanMeier curve, String color, double end) {
    List<double[]> line = new ArrayList<>(List.of(new double[] {x(0, end), y(1)}));
    List<double[]> upper = new ArrayList<>(List.of(new double[] {x(0, end), y(1)}));
    List<double[]> lower = new ArrayList<>(List.of(new double[] {x(0, end), y(1)}));
    for (KaplanMeier.Step step : curve.steps()) {
      double x = x(step.time(), end);
      corner(line, x, y(step.survival()));
      corner(upper, x, y(step.upper()));
      corner(lower, x, y(step.lower()));
    }
    double last = x(curve.lastTime(), end);
    corner(line, last, line.get(line.size() - 1)[1]);
    corner(upper, last, upper.get(upper.size() - 1)[1]);
    corner(lower, last, lower.get(lower.size() - 1)[1]);
    List<double[]> band = new ArrayList<>(upper);
    for (int i = lower.size() - 1; i >= 0; i--) {
      band.add(lower.get(i));
    }
    svg.polygon(band, color, 0.14);
    svg.polyline(line, color, 2);
    for (double t : curve.censorings()) {
      double x = x(t, end);
      double y = y(curve.at(t));
      svg.line(x, y - 4, x, y + 4, color, 1);
    }
  }

  private static void corner(List<double[]> line, double x, double y) {
    line.add(new double[] {x, line.get(line.size() - 1)[1]});
    line.add(new double[] {x, y});
  }
}
