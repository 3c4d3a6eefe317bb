package io.github.gpfm.eval.survival;

import io.github.gpfm.eval.EvaluationException;
import io.github.gpfm.eval.Protocol;
import io.github.gpfm.eval.metric.Bootstrap;
import io.github.gpfm.eval.metric.ConcordanceIndex;
import io.github.gpfm.eval.metric.Interval;
import io.github.gpfm.eval.metric.KaplanMeier;
import io.github.gpfm.eval.metric.LogRankTest;
import io.github.gpfm.support.AtomicFile;
import java.awt.Color;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.stream.IntStream;
import org.knowm.xchart.BitmapEncoder;
import org.knowm.xchart.XYChart;
import org.knowm.xchart.XYChartBuilder;
import org.knowm.xchart.XYSeries;
import org.knowm.xchart.style.markers.SeriesMarkers;

/**
 * How well risks order patients.
 *
 * @param concordance C-index with bootstrap interval
 * @param low survival of the cases at or below the median risk
 * @param high survival of the others
 * @param logRank test of the two curves
 */
public record SurvivalReport(
    Interval concordance, KaplanMeier low, KaplanMeier high, LogRankTest logRank) {
  /**
   * @param times observed times
   * @param censored whether the case left without the event
   * @param risks predicted risks
   * @param protocol {@link Protocol#OFFICIAL} draws Poisson replicates
   * @param seed seed of the bootstrap
   * @param replicates number of replicates
   */
  public static SurvivalReport of(
      double[] times,
      boolean[] censored,
      double[] risks,
      Protocol protocol,
      long seed,
      int replicates) {
    if (times.length < 2) {
      throw new EvaluationException("a survival report needs two cases, not " + times.length);
    }
    Bootstrap bootstrap =
        Bootstrap.draw(
            times.length,
            replicates,
            seed,
            protocol == Protocol.OFFICIAL
                ? Bootstrap.Resampling.POISSON
                : Bootstrap.Resampling.MULTINOMIAL);
    Interval c = ConcordanceIndex.interval(times, censored, risks, bootstrap);
    double[] sorted = risks.clone();
    Arrays.sort(sorted);
    double median = Interval.quantile(sorted, 0.5);
    boolean[] high = new boolean[risks.length];
    for (int i = 0; i < high.length; i++) {
      high[i] = risks[i] > median;
    }
    if (IntStream.range(0, high.length).noneMatch(i -> high[i])) {
      throw new EvaluationException("all cases have one risk: there is no high-risk group");
    }
    return new SurvivalReport(
        c,
        curve(times, censored, high, false),
        curve(times, censored, high, true),
        LogRankTest.of(times, censored, high));
  }

  private static KaplanMeier curve(
      double[] times, boolean[] censored, boolean[] high, boolean which) {
    int[] members = IntStream.range(0, times.length).filter(i -> high[i] == which).toArray();
    boolean[] c = new boolean[members.length];
    for (int i = 0; i < c.length; i++) {
      c[i] = censored[members[i]];
    }
    return KaplanMeier.of(Arrays.stream(members).mapToDouble(i -> times[i]).toArray(), c);
  }

  /**
   * Draws both curves with the log-rank p.
   *
   * @param title heading
   * @param file PNG
   * @param unit unit of time, for the axis
   */
  public void writePlot(String title, Path file, String unit) {
    XYChart chart =
        new XYChartBuilder()
            .width(760)
            .height(520)
            .title(
                String.format(
                    Locale.ROOT, "%s   C = %s, log-rank p = %.2g", title, concordance, logRank.p()))
            .xAxisTitle("time (" + unit + ")")
            .yAxisTitle("survival")
            .build();
    chart.getStyler().setYAxisMin(0.0).setYAxisMax(1.0).setChartBackgroundColor(Color.WHITE);
    chart.getStyler().setChartTitleFont(chart.getStyler().getChartTitleFont().deriveFont(13f));
    add(chart, "low risk (n = " + low.cases() + ")", low, new Color(0x1F77B4));
    add(chart, "high risk (n = " + high.cases() + ")", high, new Color(0xC0392B));
    AtomicFile.stream(
        file, out -> BitmapEncoder.saveBitmap(chart, out, BitmapEncoder.BitmapFormat.PNG));
  }

  private static void add(XYChart chart, String name, KaplanMeier curve, Color colour) {
    List<Double> x = new ArrayList<>(List.of(0.0));
    List<Double> y = new ArrayList<>(List.of(1.0));
    for (KaplanMeier.Step step : curve.steps()) {
      x.add(step.time());
      y.add(y.get(y.size() - 1));
      x.add(step.time());
      y.add(step.survival());
    }
    x.add(curve.lastTime());
    y.add(y.get(y.size() - 1));
    XYSeries series = chart.addSeries(name, x, y);
    series.setMarker(SeriesMarkers.NONE).setLineColor(colour);
  }
}
