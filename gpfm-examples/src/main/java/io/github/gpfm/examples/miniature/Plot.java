package io.github.gpfm.examples.miniature;

import io.github.gpfm.support.AtomicFile;
import java.awt.Color;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.knowm.xchart.BitmapEncoder;
import org.knowm.xchart.CategoryChart;
import org.knowm.xchart.CategoryChartBuilder;
import org.knowm.xchart.style.Styler;

/** A bar for each student and measure, with its spread over the seeds. */
final class Plot {
  private Plot() {}

  static void write(Comparison comparison, Path file) {
    CategoryChart chart =
        new CategoryChartBuilder()
            .width(1000)
            .height(480)
            .title("Four students of equal budget on held-out tissue")
            .yAxisTitle("score")
            .build();
    chart.getStyler().setChartBackgroundColor(Color.WHITE);
    chart.getStyler().setLegendPosition(Styler.LegendPosition.OutsideS);
    chart.getStyler().setLegendLayout(Styler.LegendLayout.Horizontal);
    chart.getStyler().setYAxisMin(0.0).setYAxisMax(1.0);
    for (Students student : comparison.students()) {
      List<String> names = new ArrayList<>();
      List<Double> means = new ArrayList<>();
      List<Double> errors = new ArrayList<>();
      for (String set : comparison.sets()) {
        for (int m = 0; m < HeldOut.MEASURES.size(); m++) {
          Comparison.Spread spread = comparison.score(student, set, m);
          names.add(set + " " + HeldOut.MEASURES.get(m));
          means.add(spread.mean());
          errors.add(spread.deviation());
        }
      }
      chart.addSeries(student.title(), names, means, errors);
    }
    AtomicFile.stream(
        file, out -> BitmapEncoder.saveBitmap(chart, out, BitmapEncoder.BitmapFormat.PNG));
  }
}
