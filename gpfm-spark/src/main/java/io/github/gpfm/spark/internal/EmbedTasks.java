package io.github.gpfm.spark.internal;

import io.github.gpfm.api.CancelledException;
import io.github.gpfm.api.GpfmException;
import io.github.gpfm.pipeline.SlideInput;
import io.github.gpfm.pipeline.SlidePieces;
import io.github.gpfm.pipeline.SlidePieces.Piece;
import io.github.gpfm.pipeline.SlideResult;
import io.github.gpfm.slideio.SlideFiles;
import io.github.gpfm.spark.rows.OutcomeRow;
import io.github.gpfm.spark.rows.SlideRow;
import java.io.Serializable;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.spark.TaskContext;
import org.jspecify.annotations.Nullable;

/**
 * What tasks do with slides: {@link SlidePieces}, one step a stage. Whatever is wrong with a slide
 * is in its row; only what is wrong with the executor ends a task.
 *
 * @param spec what features are made by
 */
public record EmbedTasks(EmbedSpec spec) implements Serializable {
  /** What is known once the encoder is open: the recipe of all slides, and where to cut. */
  public record Description(Map<String, String> recipe, int batch) implements Serializable {}

  /**
   * A planned slide.
   *
   * @param outcome present if there is nothing more to do
   */
  public record Plan(
      int slide,
      @Nullable OutcomeRow outcome,
      String id,
      String stamp,
      int tiles,
      int damagedTiles,
      String remark)
      implements Serializable {}

  /** Some tiles of a planned slide. */
  public record Share(SlideRow row, Plan plan, int first, int count) implements Serializable {
    private Piece piece(SlideInput input) {
      // A copy is another file on every machine; that it is a copy of the same was checked.
      String stamp =
          HadoopFiles.isLocal(row.getPath()) ? plan.stamp() : SlideFiles.of(input.path()).stamp();
      return new Piece(input, plan.id(), stamp, plan.tiles(), first, count);
    }
  }

  /** What became of a share. */
  public record Embedded(int slide, int first, OutcomeRow outcome) implements Serializable {}

  /** Opens the encoder and says what it is. */
  public Description describe() {
    try (SlidePieces pieces = SlidePieces.open(spec.pipeline())) {
      return new Description(Map.copyOf(pieces.recipe().entries()), pieces.batchSize());
    }
  }

  /** Plans slides, as many at a time as the task has cores. */
  public Iterator<Plan> plan(Iterator<IndexedSlide> slides) {
    List<IndexedSlide> all = new ArrayList<>();
    slides.forEachRemaining(all::add);
    try (SlidePieces pieces = SlidePieces.open(spec.pipeline())) {
      return TaskThreads.map(all, TaskThreads.cores(), slide -> plan(pieces, slide)).iterator();
    }
  }

  private Plan plan(SlidePieces pieces, IndexedSlide slide) throws InterruptedException {
    long start = System.nanoTime();
    try {
      SlidePieces.Planned planned = spec.run().with(slide.row(), pieces::plan);
      OutcomeRow outcome = null;
      if (planned.result().isPresent()) {
        outcome = Outcomes.of(slide.row(), planned.result().get());
        outcome.setSeconds((System.nanoTime() - start) / 1e9);
      }
      return new Plan(
          slide.index(),
          outcome,
          planned.id(),
          planned.stamp(),
          planned.tiles(),
          planned.damagedTiles(),
          planned.remark().orElse(""));
    } catch (InterruptedException e) {
      throw e;
    } catch (Exception | OutOfMemoryError | LinkageError e) {
      return new Plan(slide.index(), Outcomes.failed(slide.row(), e), "", "", 0, 0, "");
    }
  }

  /** Embeds shares of slides. Those that need no copy go through the network as one stream. */
  public Iterator<Embedded> embed(Iterator<List<Share>> tasks) throws Exception {
    List<Embedded> done = new ArrayList<>();
    try (SlidePieces pieces = SlidePieces.open(spec.pipeline())) {
      while (tasks.hasNext()) {
        List<Share> here = new ArrayList<>();
        for (Share share : tasks.next()) {
          if (HadoopFiles.isLocal(share.row().getPath())) {
            here.add(share);
          } else {
            done.add(embedCopy(pieces, share));
          }
        }
        embedHere(pieces, here, done);
      }
    }
    return done.iterator();
  }

  private void embedHere(SlidePieces pieces, List<Share> shares, List<Embedded> done)
      throws Exception {
    List<Piece> list = new ArrayList<>();
    for (Share share : shares) {
      list.add(spec.run().with(share.row(), share::piece));
    }
    List<SlideResult> results = pieces.embed(list);
    for (int i = 0; i < shares.size(); i++) {
      done.add(embedded(shares.get(i), Outcomes.of(shares.get(i).row(), results.get(i))));
    }
  }

  private Embedded embedCopy(SlidePieces pieces, Share share) throws InterruptedException {
    try {
      SlideResult result =
          spec.run().with(share.row(), input -> pieces.embed(List.of(share.piece(input))).get(0));
      return embedded(share, Outcomes.of(share.row(), result));
    } catch (InterruptedException e) {
      throw e;
    } catch (Exception | OutOfMemoryError | LinkageError e) {
      if (TaskContext.get().isInterrupted()) {
        throw new GpfmException("The task was cancelled.", e);
      }
      return embedded(share, Outcomes.failed(share.row(), e));
    }
  }

  private static Embedded embedded(Share share, OutcomeRow outcome) {
    return new Embedded(share.plan().slide(), share.first(), outcome);
  }

  /** Writes the file of a slide that was embedded in pieces. */
  public OutcomeRow join(List<Share> shares) {
    SlideRow row = shares.get(0).row();
    try (SlidePieces pieces = SlidePieces.open(spec.pipeline())) {
      // The slide itself is not needed any more.
      SlideInput input = spec.run().named(row);
      List<Piece> all =
          shares.stream()
              .map(
                  one ->
                      new Piece(
                          input,
                          one.plan().id(),
                          one.plan().stamp(),
                          one.plan().tiles(),
                          one.first(),
                          one.count()))
              .toList();
      return Outcomes.of(row, pieces.join(all));
    } catch (CancelledException e) {
      throw e;
    } catch (Exception | OutOfMemoryError | LinkageError e) {
      return Outcomes.failed(row, e);
    }
  }

  /** The first failure of a slide's shares, if there is one. */
  static Optional<OutcomeRow> failure(List<Embedded> shares) {
    return shares.stream()
        .map(Embedded::outcome)
        .filter(row -> row.getStatus().equals(OutcomeRow.FAILED))
        .findFirst();
  }
}
