package io.github.gpfm.spark.internal;

import io.github.gpfm.api.Recipe;
import io.github.gpfm.pipeline.SlidePieces;
import io.github.gpfm.pipeline.SlideTiling;
import io.github.gpfm.pipeline.TilingPlan;
import io.github.gpfm.spark.SparkOptions;
import io.github.gpfm.spark.rows.OutcomeRow;
import io.github.gpfm.spark.rows.SlideRow;
import java.io.Serializable;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.api.java.function.Function0;

/**
 * Tiling: a slide a task, with the largest files first.
 *
 * @param run how slides are opened
 * @param plan makes the plan
 */
public record TileRun(RunSpec run, Function0<TilingPlan> plan) implements Serializable {
  private record Numbered(int slide, OutcomeRow row) implements Serializable {}

  private SlideTiling tiling() throws Exception {
    SparkOptions options = run.options();
    return SlideTiling.builder()
        .plan(plan.call())
        .output(run.output())
        .pictures(options.pictures())
        .damaged(options.damaged())
        .overwrite(options.overwrite())
        .threads(1)
        .coordinated(true)
        .build();
  }

  /** The driver's part. */
  public List<OutcomeRow> run(JavaSparkContext spark, List<SlideRow> slides) throws Exception {
    Instant started = Instant.now();
    SlidePieces.Run.check(slides.stream().map(run::named).toList(), run.output());
    Recipe recipe = tiling().recipe();
    try (SlidePieces.Run folder =
        SlidePieces.Run.begin(run.output(), recipe, run.options().overwrite())) {
      List<IndexedSlide> order = IndexedSlide.largestFirst(slides);
      TileRun executor = this;
      List<OutcomeRow> rows =
          spark.parallelize(order, Math.max(1, order.size())).map(executor::tile).collect().stream()
              .sorted(Comparator.comparingInt(Numbered::slide))
              .map(Numbered::row)
              .toList();
      folder.complete(Outcomes.summary(started, recipe, rows), run.options().pictures(), List.of());
      return rows;
    }
  }

  private Numbered tile(IndexedSlide slide) throws InterruptedException {
    try {
      OutcomeRow row =
          run.with(
              slide.row(),
              input -> Outcomes.of(slide.row(), tiling().run(List.of(input)).slides().get(0)));
      return new Numbered(slide.index(), row);
    } catch (InterruptedException e) {
      throw e;
    } catch (Exception | OutOfMemoryError | LinkageError e) {
      return new Numbered(slide.index(), Outcomes.failed(slide.row(), e));
    }
  }
}
