package io.github.gpfm.distill.run;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import io.github.gpfm.api.AtomicFile;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;

/** An HTML page with a curve for each metric; no script, nothing fetched. */
final class CurvesPage {
  private static final int WIDTH = 420;
  private static final int HEIGHT = 180;
  private static final int POINTS = 400;

  private CurvesPage() {}

  static void write(Path file, String title, List<JsonObject> rows) {
    Map<String, TreeMap<Long, Double>> series = new LinkedHashMap<>();
    for (JsonObject row : rows) {
      long step = row.get("step").getAsLong();
      for (Map.Entry<String, JsonElement> entry : row.entrySet()) {
        boolean number =
            entry.getValue().isJsonPrimitive() && entry.getValue().getAsJsonPrimitive().isNumber();
        if (number && !entry.getKey().equals("step")) {
          series
              .computeIfAbsent(entry.getKey(), key -> new TreeMap<>())
              .put(step, entry.getValue().getAsDouble());
        }
      }
    }
    StringBuilder html = new StringBuilder();
    html.append("<!DOCTYPE html><html lang=\"en\"><meta charset=\"utf-8\"><title>")
        .append(escape(title))
        .append("</title><style>body{font:14px sans-serif;margin:24px}figure{display:inline-block;")
        .append("margin:8px}figcaption{font-weight:bold}polyline{fill:none;stroke:#2a6;")
        .append("stroke-width:1.5}text{font-size:11px;fill:#555}</style><h1>")
        .append(escape(title))
        .append("</h1>\n");
    series.forEach((name, values) -> html.append(figure(name, values)));
    AtomicFile.text(file, html);
  }

  private static String figure(String name, TreeMap<Long, Double> values) {
    double low = values.values().stream().mapToDouble(v -> v).min().orElse(0);
    double high = values.values().stream().mapToDouble(v -> v).max().orElse(1);
    long first = values.firstKey();
    double span = Math.max(1, values.lastKey() - first);
    double range = high > low ? high - low : 1;
    int stride = Math.max(1, values.size() / POINTS);
    StringBuilder points = new StringBuilder();
    int i = 0;
    for (Map.Entry<Long, Double> value : values.entrySet()) {
      if (i++ % stride == 0) {
        double x = 50 + (value.getKey() - first) / span * (WIDTH - 60);
        double y = HEIGHT - 25 - (value.getValue() - low) / range * (HEIGHT - 40);
        points.append(String.format(Locale.ROOT, "%.1f,%.1f ", x, y));
      }
    }
    return String.format(
        Locale.ROOT,
        "<figure><figcaption>%s</figcaption><svg width=\"%d\" height=\"%d\"><text x=\"0\""
            + " y=\"18\">%.4g</text><text x=\"0\" y=\"%d\">%.4g</text><text x=\"50\""
            + " y=\"%d\">%d</text><text x=\"%d\" y=\"%d\" text-anchor=\"end\">%d</text>"
            + "<polyline points=\"%s\"/></svg></figure>%n",
        escape(name),
        WIDTH,
        HEIGHT,
        high,
        HEIGHT - 25,
        low,
        HEIGHT - 6,
        first,
        WIDTH - 10,
        HEIGHT - 6,
        values.lastKey(),
        points);
  }

  private static String escape(String text) {
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;");
  }
}
