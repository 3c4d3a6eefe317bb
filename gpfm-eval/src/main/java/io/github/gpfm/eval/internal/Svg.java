package io.github.gpfm.eval.internal;

import io.github.gpfm.support.Html;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;

/** A small SVG drawing, written as text. Not thread-safe. */
public final class Svg {
  private final StringBuilder text = new StringBuilder();

  /**
   * @param width of the view box
   * @param height of the view box
   * @param label what it shows, for screen readers
   */
  public Svg(int width, int height, String label) {
    add(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 %d %d\" width=\"%d\" height=\"%d\""
            + " role=\"img\" aria-label=\"%s\" font-family=\"system-ui,sans-serif\">",
        width, height, width, height, escaped(label));
    add("<rect width=\"%d\" height=\"%d\" fill=\"#fff\"/>", width, height);
  }

  /** A straight line. */
  public void line(double x1, double y1, double x2, double y2, String color, double width) {
    add(
        "<line x1=\"%.2f\" y1=\"%.2f\" x2=\"%.2f\" y2=\"%.2f\" stroke=\"%s\" stroke-width=\"%.1f\"/>",
        x1, y1, x2, y2, color, width);
  }

  /** Text at a point; the anchor is start, middle or end. */
  public void text(double x, double y, int size, String anchor, String color, String words) {
    add(
        "<text x=\"%.2f\" y=\"%.2f\" font-size=\"%d\" text-anchor=\"%s\" fill=\"%s\">%s</text>",
        x, y, size, anchor, color, escaped(words));
  }

  /** A dot with a tool tip. */
  public void dot(double x, double y, double radius, String color, String tip) {
    add(
        "<circle cx=\"%.2f\" cy=\"%.2f\" r=\"%.1f\" fill=\"%s\"><title>%s</title></circle>",
        x, y, radius, color, escaped(tip));
  }

  /** A filled rectangle. */
  public void rectangle(double x, double y, double width, double height, String color) {
    add(
        "<rect x=\"%.2f\" y=\"%.2f\" width=\"%.2f\" height=\"%.2f\" fill=\"%s\"/>",
        x, y, width, height, color);
  }

  /** An open line through points. */
  public void polyline(List<double[]> points, String color, double width) {
    add(
        "<polyline points=\"%s\" fill=\"none\" stroke=\"%s\" stroke-width=\"%.1f\"/>",
        path(points), color, width);
  }

  /** A filled area. */
  public void polygon(List<double[]> points, String color, double opacity) {
    add("<polygon points=\"%s\" fill=\"%s\" fill-opacity=\"%.2f\"/>", path(points), color, opacity);
  }

  private static String path(List<double[]> points) {
    return points.stream()
        .map(p -> String.format(Locale.ROOT, "%.2f,%.2f", p[0], p[1]))
        .collect(Collectors.joining(" "));
  }

  private void add(String format, Object... values) {
    text.append(String.format(Locale.ROOT, format, values)).append('\n');
  }

  /** The whole document. */
  @Override
  public String toString() {
    return text + "</svg>\n";
  }

  /** A step of 1, 2 or 5 times a power of ten that divides a span into at most so many parts. */
  public static double niceStep(double span, int parts) {
    double power = Math.pow(10, Math.floor(Math.log10(span / parts)));
    for (double factor : new double[] {1, 2, 5, 10}) {
      if (span / (factor * power) <= parts + 1e-9) {
        return factor * power;
      }
    }
    return 10 * power;
  }

  /** A number without needless digits. */
  public static String number(double value) {
    return value == Math.rint(value)
        ? String.format(Locale.ROOT, "%.0f", value)
        : String.format(Locale.ROOT, "%.3g", value);
  }

  /** Text that stands for itself in HTML and XML. */
  public static String escaped(String text) {
    return Html.escape(text);
  }
}
