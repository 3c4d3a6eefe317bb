package io.github.gpfm.spark.internal;

import io.github.gpfm.api.CancelledException;
import io.github.gpfm.api.GpfmException;
import io.github.gpfm.api.InvalidOptionException;
import io.github.gpfm.api.Recipe;
import io.github.gpfm.api.Slide;
import io.github.gpfm.api.TileGeometry;
import io.github.gpfm.api.TileGrid;
import io.github.gpfm.spark.rows.OutcomeRow;
import io.github.gpfm.spark.rows.SlideRow;
import io.github.gpfm.tiling.dataset.ExtractOptions;
import io.github.gpfm.tiling.dataset.ExtractReport;
import io.github.gpfm.tiling.dataset.SharedExtraction;
import io.github.gpfm.tiling.dataset.SlideOpener;
import io.github.gpfm.tiling.grid.TileTable;
import java.io.Serializable;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.api.java.function.Function0;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Extraction: slides are hashed and planned a task each, then shards are cut a task each.
 *
 * @param run how slides are opened
 * @param options makes the options
 */
public record ExtractRun(RunSpec run, Function0<ExtractOptions> options) implements Serializable {
  private static final Logger LOG = LoggerFactory.getLogger(ExtractRun.class);

  /** A slide's part of a shard, in a form that travels. */
  private record Part(
      String slide,
      String path,
      int level,
      int readSize,
      int tileSize,
      double[] geometry,
      long[] coords,
      TreeMap<String, double[]> scores)
      implements Serializable {
    static Part of(TileTable table, Path path) {
      TileGeometry geometry = table.grid().geometry();
      TreeMap<String, double[]> scores = new TreeMap<>();
      table.scoreNames().forEach(name -> scores.put(name, table.scores(name)));
      return new Part(
          table.slide(),
          path.toString(),
          geometry.level(),
          geometry.readSize(),
          geometry.tileSize(),
          new double[] {
            geometry.level0Size(), geometry.level0Step(), geometry.mpp(), geometry.aspect()
          },
          table.grid().coords(),
          scores);
    }

    TileTable table() {
      TileGeometry tiles =
          new TileGeometry(
              level, readSize, tileSize, geometry[0], geometry[1], geometry[2], geometry[3]);
      TileTable table = TileTable.of(slide, TileGrid.of(tiles, coords));
      for (Map.Entry<String, double[]> column : scores.entrySet()) {
        table = table.with(column.getKey(), column.getValue());
      }
      return table;
    }
  }

  private record Shard(int number, List<Part> parts) implements Serializable {}

  /** The driver's part. */
  public List<OutcomeRow> run(JavaSparkContext spark, List<SlideRow> slides) throws Exception {
    Map<String, Path> byPath = new LinkedHashMap<>();
    for (SlideRow slide : slides) {
      if (!HadoopFiles.isLocal(slide.getPath())) {
        throw new InvalidOptionException(
            "Tiles are extracted from slides that every executor sees as a path, not from %s."
                .formatted(slide.getPath()));
      }
      Path path = HadoopFiles.local(slide.getPath());
      Path other = byPath.put(slide.getName(), path);
      if (other != null) {
        throw new InvalidOptionException(
            other + " and " + path + " have the same name: rename one or extract them apart.");
      }
    }
    List<Path> paths = List.copyOf(byPath.values());
    List<String> names = paths.stream().map(Path::toString).toList();
    ExtractRun executor = this;
    int tasks = Math.max(1, names.size());
    spark.parallelize(names, tasks).foreach(executor::hash);
    try (SharedExtraction extraction =
        SharedExtraction.begin(options.call(), opener(), paths, run.output())) {
      spark.parallelize(names, tasks).foreach(executor::plan);
      List<Shard> shards = new ArrayList<>();
      for (SharedExtraction.Shard shard : extraction.shards()) {
        shards.add(
            new Shard(
                shard.number(),
                shard.tables().stream()
                    .map(table -> Part.of(table, byPath.getOrDefault(table.slide(), Path.of(""))))
                    .toList()));
      }
      if (!shards.isEmpty()) {
        spark.parallelize(shards, shards.size()).foreach(executor::cut);
      }
      return rows(slides, extraction.finish());
    }
  }

  private SlideOpener opener() {
    RunSpec spec = run;
    return new SlideOpener() {
      @Override
      public Slide open(Path path) {
        return spec.input(path).open();
      }

      @Override
      public void describe(Recipe.Builder recipe) {
        if (!spec.options().reader().isEmpty()) {
          recipe.add("reader", spec.options().reader());
        }
        recipe.with(spec.input(Path.of("")).options());
      }
    };
  }

  private void hash(String slide) throws Exception {
    ahead(slide, () -> SharedExtraction.hash(Path.of(slide), run.output()));
  }

  private void plan(String slide) throws Exception {
    ahead(
        slide, () -> SharedExtraction.plan(options.call(), opener(), Path.of(slide), run.output()));
  }

  @FunctionalInterface
  private interface Step {
    void run() throws Exception;
  }

  /** Does what the driver would do itself otherwise, and says what is wrong with a slide. */
  private static void ahead(String slide, Step step) throws InterruptedException {
    try {
      step.run();
    } catch (InterruptedException | CancelledException e) {
      throw e;
    } catch (Exception | OutOfMemoryError | LinkageError e) {
      LOG.warn("{} is left to the driver: {}", slide, e.toString());
    }
  }

  private void cut(Shard shard) throws Exception {
    Map<String, Path> paths = new LinkedHashMap<>();
    shard.parts().forEach(part -> paths.put(part.slide(), Path.of(part.path())));
    SharedExtraction.cut(
        options.call(),
        opener(),
        paths,
        run.output(),
        new SharedExtraction.Shard(
            shard.number(), shard.parts().stream().map(Part::table).toList()));
  }

  private static List<OutcomeRow> rows(List<SlideRow> slides, ExtractReport report) {
    List<OutcomeRow> rows = new ArrayList<>();
    for (SlideRow slide : slides) {
      String reason = report.broken().get(slide.getName());
      if (reason != null) {
        rows.add(Outcomes.failed(slide, new GpfmException(reason)));
        continue;
      }
      OutcomeRow row = new OutcomeRow();
      row.setPath(slide.getPath());
      row.setName(slide.getName());
      int tiles = report.tilesBySlide().getOrDefault(slide.getName(), 0);
      row.setTiles(tiles);
      row.setStatus(tiles == 0 ? "empty" : "done");
      rows.add(row);
    }
    return rows;
  }
}
