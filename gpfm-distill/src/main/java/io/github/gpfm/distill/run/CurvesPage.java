package io.github.gpfm.distill.run;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import io.github.gpfm.support.AtomicFile;
import io.github.gpfm.support.Html;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Predicate;

/** An HTML page with a curve for each metric, in sections; no script, nothing fetched. */
final class CurvesPage {
  /** What the names of a teacher's figures begin with. */
  static final String EVALUATION = "eval/";

  private static final int WIDTH = 420;
  private static final int HEIGHT = 200;
  private static final int LEFT = 62;
  private static final int RIGHT = 10;
  private static final int TOP = 8;
  private static final int BOTTOM = 24;
  private static final int POINTS = 400;
  private static final int TICKS = 7;
  private static final int SMOOTH_FROM = 30;

  private static final String STYLE =
      """
      :root { color-scheme: light dark; --ink: #1d2733; --faint: #66717e; --line: #dde3e9;
        --card: #fff; --page: #f4f6f8; --curve: #0b7a75; }
      @media (prefers-color-scheme: dark) { :root { --ink: #e6ebf0; --faint: #97a3af;
        --line: #303a45; --card: #1a2129; --page: #12171d; --curve: #4cc9c0; } }
      body { font: 14px/1.4 system-ui, sans-serif; margin: 0; padding: 28px 32px; color: var(--ink);
        background: var(--page); }
      h1 { font-size: 20px; margin: 0 0 4px; }
      p { color: var(--faint); margin: 0 0 8px; }
      h2 { font-size: 13px; text-transform: uppercase; letter-spacing: .06em; color: var(--faint);
        margin: 24px 0 8px; }
      section { display: grid; grid-template-columns: repeat(auto-fill, minmax(400px, 1fr)); gap: 14px; }
      figure { margin: 0; padding: 12px 14px 6px; background: var(--card);
        border: 1px solid var(--line); border-radius: 8px; }
      figcaption { display: flex; justify-content: space-between; font-weight: 600; }
      figcaption span { font-weight: 400; color: var(--faint); font-variant-numeric: tabular-nums; }
      svg { width: 100%; height: auto; display: block; }
      text { font-size: 11px; fill: var(--faint); font-variant-numeric: tabular-nums; }
      .grid { stroke: var(--line); } polyline { fill: none; stroke: var(--curve); stroke-width: 1.6;
        stroke-linejoin: round; } polyline.raw { stroke-width: 1; opacity: .35; }
      """;

  /**
   * Parts of the page: which metrics, by name, each has; the first that takes a metric keeps it.
   */
  private enum Section {
    QUALITY("Quality of the teacher", name -> name.startsWith(EVALUATION)),
    GRADIENTS("Gradient norms before clipping", name -> name.startsWith("grad_norm/")),
    LOSSES("Losses", name -> name.endsWith("loss") || name.equals("objective")),
    SPEED("Speed", name -> name.endsWith("_per_second") || name.endsWith("_seconds")),
    SCHEDULES("Schedules", name -> true);

    private final String title;
    private final Predicate<String> takes;

    Section(String title, Predicate<String> takes) {
      this.title = title;
      this.takes = takes;
    }

    /**
     * Schedules are smooth as they are, and a figure of the teacher is looked at as it is: a
     * running mean would only lag behind them.
     */
    boolean measured() {
      return this != SCHEDULES && this != QUALITY;
    }

    static Section of(String metric) {
      for (Section section : values()) {
        if (section.takes.test(metric)) {
          return section;
        }
      }
      throw new IllegalStateException(metric);
    }
  }

  private static final List<Section> ORDER =
      List.of(Section.QUALITY, Section.LOSSES, Section.GRADIENTS, Section.SCHEDULES, Section.SPEED);

  private CurvesPage() {}

  /**
   * Writes the page.
   *
   * @param rows of {@code metrics.jsonl}
   */
  static void write(Path file, String title, List<JsonObject> rows) {
    Map<String, TreeMap<Long, Double>> series = series(rows);
    StringBuilder html = new StringBuilder();
    html.append("<!DOCTYPE html><html lang=\"en\"><meta charset=\"utf-8\">")
        .append("<meta name=\"viewport\" content=\"width=device-width\"><title>")
        .append(Html.escape(title))
        .append("</title><style>\n")
        .append(STYLE)
        .append("</style><h1>")
        .append(Html.escape(title))
        .append("</h1>\n");
    if (series.isEmpty()) {
      html.append("<p>No step has been logged yet.</p>");
    } else {
      long last = series.values().stream().mapToLong(TreeMap::lastKey).max().orElseThrow();
      html.append(
              String.format(Locale.ROOT, "<p>%,d steps, %,d of them logged.", last, logged(rows)))
          .append(" Where a line is rough, the bold one is its running mean.</p>\n");
    }
    for (Section section : ORDER) {
      StringBuilder figures = new StringBuilder();
      series.forEach(
          (name, values) -> {
            if (Section.of(name) == section) {
              String label = name.replaceFirst("^(grad_norm|eval)/", "");
              figures.append(figure(label, values, section.measured()));
            }
          });
      if (!figures.isEmpty()) {
        html.append("<h2>").append(section.title).append("</h2>\n<section>\n");
        html.append(figures).append("</section>\n");
      }
    }
    AtomicFile.text(file, html);
  }

  /** Steps with a line of their own; an evaluation's line is not one. */
  private static long logged(List<JsonObject> rows) {
    return rows.stream().filter(row -> !row.has("evaluation_seconds")).count();
  }

  private static Map<String, TreeMap<Long, Double>> series(List<JsonObject> rows) {
    Map<String, TreeMap<Long, Double>> series = new LinkedHashMap<>();
    for (JsonObject row : rows) {
      long step = row.get("step").getAsLong();
      for (Map.Entry<String, JsonElement> entry : row.entrySet()) {
        JsonElement value = entry.getValue();
        boolean number = value.isJsonPrimitive() && value.getAsJsonPrimitive().isNumber();
        if (number && !entry.getKey().equals("step")) {
          series
              .computeIfAbsent(entry.getKey(), key -> new TreeMap<>())
              .put(step, value.getAsDouble());
        }
      }
    }
    return series;
  }

  private static String figure(String name, TreeMap<Long, Double> values, boolean measured) {
    double low = values.values().stream().mapToDouble(v -> v).min().orElseThrow();
    double high = values.values().stream().mapToDouble(v -> v).max().orElseThrow();
    if (low == high) {
      double margin = low == 0 ? 1 : Math.abs(low) / 2;
      low -= margin;
      high += margin;
    }
    Frame frame = new Frame(values.firstKey(), values.lastKey(), low, high);
    StringBuilder html = new StringBuilder("<figure><figcaption>");
    html.append(Html.escape(name))
        .append("<span>")
        .append(number(values.lastEntry().getValue()))
        .append("</span></figcaption>")
        .append("<svg viewBox=\"0 0 %d %d\">".formatted(WIDTH, HEIGHT));
    double step = tickStep(high - low);
    for (double i = Math.ceil(low / step); i * step <= high; i++) {
      double y = frame.y(i * step);
      html.append(
          String.format(
              Locale.ROOT,
              "<line class=\"grid\" x1=\"%d\" x2=\"%d\" y1=\"%.1f\" y2=\"%.1f\"/>"
                  + "<text x=\"%d\" y=\"%.1f\" text-anchor=\"end\">%s</text>",
              LEFT,
              WIDTH - RIGHT,
              y,
              y,
              LEFT - 6,
              y + 4,
              tick(i * step, step)));
    }
    html.append(
        String.format(
            Locale.ROOT,
            "<text x=\"%d\" y=\"%d\">%,d</text><text x=\"%d\" y=\"%d\" text-anchor=\"end\">step"
                + " %,d</text>",
            LEFT,
            HEIGHT - 6,
            values.firstKey(),
            WIDTH - RIGHT,
            HEIGHT - 6,
            values.lastKey()));
    if (measured && values.size() >= SMOOTH_FROM) {
      html.append(line("raw", frame, values)).append(line("mean", frame, smooth(values)));
    } else {
      html.append(line("mean", frame, values));
    }
    return html.append("</svg></figure>\n").toString();
  }

  /** Where a value lies in the picture. */
  private record Frame(long first, long last, double low, double high) {
    double x(long step) {
      double span = Math.max(1, last - first);
      return LEFT + (step - first) / span * (WIDTH - LEFT - RIGHT);
    }

    double y(double value) {
      return HEIGHT - BOTTOM - (value - low) / (high - low) * (HEIGHT - TOP - BOTTOM);
    }
  }

  private static String line(String kind, Frame frame, TreeMap<Long, Double> values) {
    int stride = Math.max(1, values.size() / POINTS);
    StringBuilder points = new StringBuilder();
    int i = 0;
    for (Map.Entry<Long, Double> value : values.entrySet()) {
      if (i++ % stride == 0 || value.getKey() == frame.last()) {
        points.append(
            String.format(
                Locale.ROOT, "%.1f,%.1f ", frame.x(value.getKey()), frame.y(value.getValue())));
      }
    }
    return "<polyline class=\"%s\" points=\"%s\"/>".formatted(kind, points);
  }

  /** Exponential running mean over a twentieth of the run, free of the start's bias. */
  private static TreeMap<Long, Double> smooth(TreeMap<Long, Double> values) {
    double keep = 1 - Math.min(1, 20.0 / values.size());
    TreeMap<Long, Double> smooth = new TreeMap<>();
    double sum = 0;
    double weight = 0;
    for (Map.Entry<Long, Double> value : values.entrySet()) {
      sum = keep * sum + (1 - keep) * value.getValue();
      weight = keep * weight + (1 - keep);
      smooth.put(value.getKey(), sum / weight);
    }
    return smooth;
  }

  /** One, two or five times a power of ten, so that at most {@link #TICKS} + 1 fit. */
  private static double tickStep(double span) {
    double power = Math.pow(10, Math.floor(Math.log10(span / TICKS)));
    double times = span / TICKS / power;
    return power * (times <= 1 ? 1 : times <= 2 ? 2 : times <= 5 ? 5 : 10);
  }

  private static String tick(double value, double step) {
    if (value == 0) {
      return "0";
    } else if (step < 1e-3 || Math.abs(value) >= 1e5) {
      return String.format(Locale.ROOT, "%.1e", value);
    }
    int decimals = (int) Math.max(0, Math.ceil(-Math.log10(step) - 1e-9));
    return String.format(Locale.ROOT, "%." + decimals + "f", value);
  }

  private static String number(double value) {
    double size = Math.abs(value);
    if (size != 0 && (size < 1e-3 || size >= 1e5)) {
      return String.format(Locale.ROOT, "%.2e", value);
    }
    return String.format(Locale.ROOT, size >= 100 ? "%.1f" : "%.4f", value);
  }
}
