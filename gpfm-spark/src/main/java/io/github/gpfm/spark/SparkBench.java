package io.github.gpfm.spark;

import io.github.gpfm.api.ProgressListener;
import io.github.gpfm.eval.bench.BenchConfig;
import io.github.gpfm.eval.bench.BenchReport;
import io.github.gpfm.eval.bench.BenchRunner;
import io.github.gpfm.eval.bench.BenchRunner.Cell;
import io.github.gpfm.spark.rows.CellRow;
import java.io.Serializable;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Encoders;
import org.apache.spark.sql.SparkSession;

/**
 * The benchmark of {@link BenchRunner} with its cells made by executors: a task for each task and
 * encoder of the benchmark, its seeds one after the other. Results are in the benchmark's folder,
 * which the driver and all executors see, with the configuration and all it names, under the same
 * path; the driver joins them, and the tables are those of one process.
 */
public final class SparkBench {
  /**
   * What a run gave.
   *
   * @param report tables, ranks and pages, as on one machine; {@link BenchReport#write} writes them
   * @param cells one row a figure, task, encoder and seed; cells that could not be made have a row
   *     with the reason
   */
  public record Result(BenchReport report, Dataset<CellRow> cells) {}

  private record Group(String config, List<Cell> cells) implements Serializable {
    Map<Cell, String> make() {
      BenchRunner runner = new BenchRunner(BenchConfig.read(Path.of(config)));
      Map<Cell, String> reasons = new HashMap<>();
      for (Cell cell : cells) {
        Optional<String> reason = runner.make(cell, ProgressListener.NONE);
        reason.ifPresent(why -> reasons.put(cell, why));
      }
      return reasons;
    }
  }

  private SparkBench() {}

  /**
   * Runs what is missing and joins everything.
   *
   * @param config the configuration file, absolute or relative to the same working folder
   * @throws io.github.gpfm.eval.bench.BenchConfigException if it does not fit
   */
  public static Result run(SparkSession spark, Path config) {
    String path = config.toAbsolutePath().normalize().toString();
    BenchConfig bench = BenchConfig.read(config);
    BenchRunner runner = new BenchRunner(bench);
    JavaSparkContext context = JavaSparkContext.fromSparkContext(spark.sparkContext());
    Map<Cell, String> reasons = new HashMap<>();
    for (List<Group> stage : stages(bench, runner, path)) {
      if (!stage.isEmpty()) {
        context
            .parallelize(stage, stage.size())
            .map(Group::make)
            .collect()
            .forEach(reasons::putAll);
      }
    }
    BenchReport report = runner.run(ProgressListener.NONE, reasons);
    return new Result(
        report, spark.createDataset(rows(report, runner, reasons), Encoders.bean(CellRow.class)));
  }

  /** Tasks that report with another's heads wait for it. */
  private static List<List<Group>> stages(BenchConfig bench, BenchRunner runner, String config) {
    Map<String, List<Cell>> first = new LinkedHashMap<>();
    Map<String, List<Cell>> second = new LinkedHashMap<>();
    for (Cell cell : runner.cells()) {
      boolean waits =
          bench.tasks().stream()
              .anyMatch(task -> task.name().equals(cell.task()) && task.trainOn().isPresent());
      (waits ? second : first)
          .computeIfAbsent(cell.task() + "\n" + cell.encoder(), key -> new ArrayList<>())
          .add(cell);
    }
    return List.of(groups(first, config), groups(second, config));
  }

  private static List<Group> groups(Map<String, List<Cell>> cells, String config) {
    return cells.values().stream().map(list -> new Group(config, list)).toList();
  }

  private static List<CellRow> rows(
      BenchReport report, BenchRunner runner, Map<Cell, String> reasons) {
    List<CellRow> rows = new ArrayList<>();
    List<Long> seeds = report.config().seeds();
    for (Cell cell : runner.cells()) {
      if (reasons.containsKey(cell)) {
        CellRow row = row(cell);
        row.setReason(reasons.getOrDefault(cell, ""));
        rows.add(row);
        continue;
      }
      List<Long> made =
          seeds.stream()
              .filter(seed -> !reasons.containsKey(new Cell(cell.task(), cell.encoder(), seed)))
              .toList();
      report
          .table()
          .getOrDefault(cell.task(), Map.of())
          .getOrDefault(cell.encoder(), Map.of())
          .forEach(
              (name, figure) -> {
                // A figure that only some seeds have cannot be told apart by seed.
                if (figure.perSeed().length == made.size()) {
                  CellRow row = row(cell);
                  row.setFigure(name);
                  row.setValue(figure.perSeed()[made.indexOf(cell.seed())]);
                  rows.add(row);
                }
              });
    }
    return rows;
  }

  private static CellRow row(Cell cell) {
    CellRow row = new CellRow();
    row.setTask(cell.task());
    row.setEncoder(cell.encoder());
    row.setSeed(cell.seed());
    return row;
  }
}
