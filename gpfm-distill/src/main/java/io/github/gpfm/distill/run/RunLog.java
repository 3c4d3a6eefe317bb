package io.github.gpfm.distill.run;

import io.github.gpfm.api.OutputException;
import io.github.gpfm.distill.config.DistillConfig;
import io.github.gpfm.distill.model.StepResult;
import io.github.gpfm.distill.schedule.Schedules.Rates;
import io.github.gpfm.support.ResultTime;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;

/** Writes a step's numbers to the JSONL file, the TensorBoard events and the page of curves. */
final class RunLog implements AutoCloseable {
  private static final String JSONL = "metrics.jsonl";

  private final Path folder;
  private final DistillConfig config;
  private final MetricsLog metrics;
  private final EventFile events;
  private long lines;

  RunLog(Path folder, DistillConfig config, long start) {
    this.folder = folder;
    this.config = config;
    this.metrics = new MetricsLog(folder.resolve(JSONL), start + 1);
    try {
      this.events = new EventFile(folder, start + 1, ResultTime.now().getEpochSecond());
    } catch (OutputException e) {
      metrics.close();
      throw e;
    }
  }

  void step(long done, Rates rates, StepResult result, double tilesPerSecond) {
    if (done % config.train().logEvery() != 0 && done != config.totalSteps()) {
      return;
    }
    Map<String, Double> values = new LinkedHashMap<>();
    values.put("total_loss", result.totalReported());
    values.put("objective", result.objective());
    values.putAll(result.terms());
    result.gradientNorms().forEach((module, norm) -> values.put("grad_norm/" + module, norm));
    values.put("lr", rates.lr());
    values.put("last_layer_lr", rates.lastLayerLr());
    values.put("wd", rates.weightDecay());
    values.put("mom", rates.momentum());
    values.put("teacher_temp", rates.temperature());
    values.values().removeIf(value -> !Double.isFinite(value));
    Map<String, Object> row = new LinkedHashMap<>();
    row.put("step", done);
    row.putAll(values);
    row.put("tiles_per_second", Math.round(tilesPerSecond * 100) / 100.0);
    row.put("skipped", !result.updated());
    metrics.write(row);
    events.write(ResultTime.now().toEpochMilli() / 1e3, done, values);
    lines++;
    if (lines % 100 == 0) {
      draw();
    }
  }

  /** Writes the teacher's figures after {@code done} steps and draws the page. */
  void evaluation(long done, Map<String, Double> figures, double seconds) {
    Map<String, Double> values = new LinkedHashMap<>();
    figures.forEach((name, value) -> values.put(CurvesPage.EVALUATION + name, value));
    Map<String, Object> row = new LinkedHashMap<>();
    row.put("step", done);
    row.putAll(values);
    row.put("evaluation_seconds", Math.round(seconds * 100) / 100.0);
    metrics.write(row);
    events.write(ResultTime.now().toEpochMilli() / 1e3, done, values);
    draw();
  }

  @Override
  public void close() {
    try (metrics;
        events) {
      draw();
    }
  }

  private void draw() {
    CurvesPage.write(
        folder.resolve("curves.html"),
        "Training in " + folder.toAbsolutePath().normalize().getFileName(),
        MetricsLog.read(folder.resolve(JSONL)));
  }
}
