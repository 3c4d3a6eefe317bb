package io.github.gpfm.pipeline;

import io.github.gpfm.api.InvalidOptionException;
import io.github.gpfm.api.OutputException;
import io.github.gpfm.api.Provenance;
import io.github.gpfm.api.Recipe;
import io.github.gpfm.encoder.features.NonFinitePolicy;
import io.github.gpfm.slideio.SlideFiles;
import io.github.gpfm.support.RunStore;
import io.github.gpfm.tiling.format.CoordsH5;
import io.github.gpfm.tiling.format.StoredCoords;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * {@link SlideToFeatures} in steps that many processes share: one process plans a slide, others
 * embed pieces of it, another joins them. Every step may be repeated by any process at any time and
 * leaves the same files; all need the same output folder, which one process has for itself
 * meanwhile ({@link Run}). On a processor the features are the same to the bit as in one piece if
 * slides are divided at multiples of {@link io.github.gpfm.api.Encoder#batchSize()}.
 *
 * <p>Plans and pieces are kept in the hidden folder beside the results until the slide's file is
 * written, so that the end of a process costs only what it had in hand. Thread-safe, but for {@link
 * #close()}.
 */
public final class SlidePieces implements AutoCloseable {
  /**
   * A planned slide.
   *
   * @param result present if there is nothing more to do: the features are there, or no tile is on
   *     tissue
   * @param id what the plan and its pieces are found by; empty with a result
   * @param stamp the slide's files as they were
   * @param tiles how many there are to embed
   * @param damagedTiles tiles left out because they cannot be read
   * @param remark what is worth a line about the slide
   */
  public record Planned(
      Optional<SlideResult> result,
      String id,
      String stamp,
      int tiles,
      int damagedTiles,
      Optional<String> remark) {}

  /**
   * Some of a planned slide's tiles.
   *
   * @param input the slide
   * @param id of its plan
   * @param stamp of its plan
   * @param tiles of the slide
   * @param first number of the piece's first tile
   * @param count tiles of the piece, 1 or more
   */
  public record Piece(SlideInput input, String id, String stamp, int tiles, int first, int count) {
    /** Checks that the piece is within the slide. */
    public Piece {
      if (first < 0 || count < 1 || count > tiles - first) {
        throw new IllegalArgumentException(
            "%d tiles from %d do not fit a slide of %d".formatted(count, first, tiles));
      }
    }

    /** Whether it is the slide. */
    public boolean isWhole() {
      return count == tiles;
    }
  }

  private final SlideToFeatures pipeline;
  private final RunStore store;
  private final SlideWork work;
  private final SlideEncoding slides;
  private final PieceFiles files;
  private final Optional<SlideStage> stage;

  private SlidePieces(SlideToFeatures pipeline, RunStore store) {
    this.pipeline = pipeline;
    this.store = store;
    this.work = new SlideWork(store, pipeline.overwrite, pipeline.run.damaged());
    this.stage = pipeline.run.openStage();
    // Pictures of slides planned elsewhere are not here: the report is made of the files.
    this.slides = new SlideEncoding(pipeline, store, new RunReport(""), stage);
    this.files = new PieceFiles(store);
  }

  /**
   * Begins to work for a run in the pipeline's output folder.
   *
   * @throws OutputException if the folder cannot be written
   */
  public static SlidePieces open(SlideToFeatures pipeline) {
    SlidePieces pieces = new SlidePieces(pipeline, RunStore.open(pipeline.run.output()));
    pieces.files.removeParts();
    return pieces;
  }

  /** Slides are to be divided at multiples of it. */
  public int batchSize() {
    return pipeline.encoder.batchSize();
  }

  /** What all results of the run have in common; to be given to {@link Run#begin}. */
  public Recipe recipe() {
    return pipeline
        .run
        .recipe(store, SlideEncoding.RESULT, pipeline.run.plan())
        .with(pipeline::describeFeatures)
        .build();
  }

  /**
   * Finds a slide's tiles, and writes what belongs to it beside its features: outlines, pictures.
   *
   * @throws Exception if the slide cannot be read or the files not be written; nothing of it is
   *     there then
   */
  public Planned plan(SlideInput input) throws Exception {
    SlideFiles slideFiles = SlideWork.files(input);
    Recipe recipe = slides.recipe(input, slideFiles);
    Path file = slides.file(input);
    SlideWork.Verdict verdict =
        work.decideUnclaimed(
            input, file, pipeline.run.companions(store, input, slideFiles), recipe, slideFiles);
    if (verdict.result().isPresent()) {
      return done(verdict.result().get(), verdict.result().get().remark());
    }
    SlideWork.Making making = verdict.making().orElseThrow();
    String id = PieceFiles.id(input.name(), recipe, pipeline.run.damaged());
    Path planFile = files.planFile(id);
    if (Files.exists(planFile) && making.companions().areThere(store)) {
      StoredCoords plan = CoordsH5.read(planFile);
      int damaged = damaged(plan);
      return new Planned(
          Optional.empty(), id, making.stamp(), plan.size(), damaged, making.remark(damaged));
    }
    try (PreparedSlide prepared =
        pipeline.run.prepare(input, slideFiles, stage, new StageTimings())) {
      return plan(prepared, making, id);
    }
  }

  private Planned plan(PreparedSlide prepared, SlideWork.Making making, String id)
      throws Exception {
    making.requireUnchanged();
    Path file = slides.file(prepared.input());
    boolean there = making.same() && SlideEncoding.hasTiles(file, prepared.grid());
    if (!there && !pipeline.overwrite) {
      // Whoever stops here leaves no older features beside the new pictures.
      Files.deleteIfExists(file);
    }
    List<Path> outputs =
        new ArrayList<>(slides.writeFiles(new SlideEncoding.Ready(prepared, making)));
    Optional<String> remark = making.remark(prepared);
    if (there) {
      return done(
          SlideResult.skipped(prepared.input(), file, ResultFile.find(file, store)), remark);
    }
    if (prepared.grid().isEmpty()) {
      int dimension = pipeline.encoder.dimension(pipeline.tokens);
      return done(SlideResult.made(prepared, outputs, 0, dimension, remark), remark);
    }
    CoordsH5.write(
        files.planFile(id),
        slides.attributes(prepared),
        prepared.tiles(),
        Optional.of(making.provenance(prepared)));
    return new Planned(
        Optional.empty(),
        id,
        making.stamp(),
        prepared.grid().size(),
        prepared.damaged().count(),
        remark);
  }

  private static int damaged(StoredCoords plan) {
    return plan.provenance()
        .map(Provenance::entries)
        .map(entries -> Integer.parseInt(entries.getOrDefault(DamagedTiles.ENTRY, "0")))
        .orElse(0);
  }

  private static Planned done(SlideResult result, Optional<String> remark) {
    return new Planned(Optional.of(result), "", "", 0, result.damagedTiles(), remark);
  }

  /**
   * Embeds pieces, as one stream. A piece that is a whole slide becomes the slide's file.
   *
   * @return one result a piece, in order; a failed piece does not stop the others
   * @throws io.github.gpfm.api.CancelledException if the thread is interrupted
   */
  public List<SlideResult> embed(List<Piece> pieces) {
    PieceEncoding encoding =
        new PieceEncoding(slides, files, pipeline.format, pipeline.run.damaged(), stage);
    return new CohortEncoding<>(
            encoding,
            pipeline.encoder,
            pipeline.tokens,
            pipeline.run.progress(),
            SlideToFeatures.prepared())
        .run(pieces, Map.of())
        .slides();
  }

  /**
   * Writes a slide's file of its pieces and removes these.
   *
   * @param pieces all of a slide, in order
   * @throws io.github.gpfm.api.GpfmException if one is missing or the file cannot be written
   */
  public SlideResult join(List<Piece> pieces) {
    requireAll(pieces);
    Instant started = Instant.now();
    Piece any = pieces.get(0);
    Path file = slides.file(any.input());
    if (!Files.exists(files.planFile(any.id()))) {
      // An earlier try came to its end, and only the news of it was lost.
      Optional<SlideResult> made = slides.found(any.input());
      if (made.isPresent()) {
        return made.get();
      }
    }
    StoredCoords plan = files.plan(any.id());
    List<Path> parts =
        pieces.stream().map(one -> files.piece(one.id(), one.first(), one.count())).toList();
    NonFinitePolicy nonFinite = slides.nonFinite();
    PieceJoin.Form form =
        new PieceJoin(pipeline, store, plan, parts).write(any.input().name(), file, nonFinite);
    PieceFiles.remove(files.planFile(any.id()));
    parts.forEach(PieceFiles::remove);
    return SlideResult.joined(
        any, file, damaged(plan), form, started, SlideEncoding.remark(Optional.empty(), nonFinite));
  }

  private static void requireAll(List<Piece> pieces) {
    int next = 0;
    for (Piece piece : pieces) {
      if (piece.first() != next || !piece.id().equals(pieces.get(0).id())) {
        throw new IllegalArgumentException("pieces that do not follow one another: " + pieces);
      }
      next += piece.count();
    }
    if (pieces.isEmpty() || next != pieces.get(0).tiles()) {
      throw new IllegalArgumentException("pieces that are not a whole slide: " + pieces);
    }
  }

  @Override
  public void close() {
    stage.ifPresent(SlideStage::close);
    store.close();
  }

  /**
   * A run over an output folder whose work other processes do: while it is open, no other run has
   * the folder.
   */
  public static final class Run implements AutoCloseable {
    private final RunStore store;
    private final Path folder;

    private Run(RunStore store, Path folder) {
      this.store = store;
      this.folder = folder;
    }

    /**
     * Begins.
     *
     * @param folder of the results; made if need be
     * @param recipe what all results have in common
     * @param overwrite whether plans and pieces of former runs are thrown away
     * @throws OutputException if another run has the folder, or it cannot be written
     */
    public static Run begin(Path folder, Recipe recipe, boolean overwrite) {
      RunStore store = RunStore.open(folder);
      try {
        store.claimAll("embedding");
        store.begin(recipe);
        if (overwrite) {
          PieceFiles.clear(store);
        }
        return new Run(store, folder);
      } catch (RuntimeException e) {
        store.close();
        throw e;
      }
    }

    /**
     * Checks that no two slides would write the same files.
     *
     * @throws InvalidOptionException naming both sides of a conflict
     */
    public static void check(List<SlideInput> inputs, Path folder) {
      Cohort.check(inputs, folder);
    }

    /**
     * Writes {@code summary.json}, with {@code report.html} where there are pictures, and removes
     * what is left of the run's plans and pieces if no slide failed; those of other runs stay.
     *
     * @param ids of the slides that the run planned
     */
    public void complete(RunSummary summary, boolean pictures, Collection<String> ids) {
      if (summary.isWorthKeeping()) {
        store.exclusively(
            () -> {
              var merged = SummaryFile.merge(folder, summary);
              if (pictures) {
                new RunReport("Slides to features").write(folder, summary, merged);
              }
            });
      }
      if (summary.count(SlideResult.Status.FAILED) == 0) {
        PieceFiles files = new PieceFiles(store);
        ids.forEach(files::removeAll);
      }
    }

    @Override
    public void close() {
      store.close();
    }
  }
}
