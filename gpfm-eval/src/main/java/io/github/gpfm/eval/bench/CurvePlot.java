package io.github.gpfm.eval.bench;

import io.github.gpfm.eval.internal.Svg;
import java.util.List;
import java.util.Locale;

/** Curves in the unit square, one an encoder, as SVG. */
final class CurvePlot {
  private static final int SIZE = 300;
  private static final int LEFT = 44;
  private static final int TOP = 30;

  /**
   * A curve.
   *
   * @param encoder index in the configuration, for the color
   * @param name for the legend
   * @param points x and y, 0 to 1
   */
  record Curve(int encoder, String name, List<double[]> points) {}

  private CurvePlot() {}

  static String svg(
      String title, String x, String y, boolean diagonal, boolean dots, List<Curve> curves) {
    int legend = TOP + SIZE + 44;
    Svg svg = new Svg(LEFT + SIZE + 14, legend + 15 * curves.size() + 6, title);
    svg.text(LEFT, 16, 12, "start", "#1f2933", title);
    for (int i = 0; i <= 5; i++) {
      double at = i / 5.0;
      String label = String.format(Locale.ROOT, "%.1f", at);
      svg.line(px(at), TOP, px(at), TOP + SIZE, "#eef1f5", 1);
      svg.line(LEFT, py(at), LEFT + SIZE, py(at), "#eef1f5", 1);
      svg.text(px(at), TOP + SIZE + 14, 10, "middle", "#5b6875", label);
      svg.text(LEFT - 5, py(at) + 3, 10, "end", "#5b6875", label);
    }
    if (diagonal) {
      svg.line(px(0), py(0), px(1), py(1), "#b8c1cc", 1);
    }
    svg.line(LEFT, TOP + SIZE, LEFT + SIZE, TOP + SIZE, "#5b6875", 1);
    svg.line(LEFT, TOP, LEFT, TOP + SIZE, "#5b6875", 1);
    svg.text(LEFT + SIZE / 2.0, TOP + SIZE + 29, 11, "middle", "#5b6875", x);
    svg.text(LEFT + 4, TOP + 12, 11, "start", "#5b6875", y);
    for (int c = 0; c < curves.size(); c++) {
      Curve curve = curves.get(c);
      String color = Palette.of(curve.encoder);
      List<double[]> points =
          curve.points.stream().map(p -> new double[] {px(p[0]), py(p[1])}).toList();
      svg.polyline(points, color, 1.6);
      if (dots) {
        points.forEach(p -> svg.dot(p[0], p[1], 2.6, color, curve.name));
      }
      svg.rectangle(LEFT, legend + 15 * c, 10, 10, color);
      svg.text(LEFT + 16, legend + 15 * c + 9, 11, "start", "#1f2933", curve.name);
    }
    return svg.toString();
  }

  private static double px(double v) {
    return LEFT + v * SIZE;
  }

  private static double py(double v) {
    return TOP + (1 - v) * SIZE;
  }
}
