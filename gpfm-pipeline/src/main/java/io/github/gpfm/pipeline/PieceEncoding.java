package io.github.gpfm.pipeline;

import io.github.gpfm.api.GpfmException;
import io.github.gpfm.api.Provenance;
import io.github.gpfm.api.Recipe;
import io.github.gpfm.api.Slide;
import io.github.gpfm.encoder.features.FeatureFormat;
import io.github.gpfm.encoder.features.FeatureHeader;
import io.github.gpfm.encoder.features.FeatureWriter;
import io.github.gpfm.encoder.features.NonFinitePolicy;
import io.github.gpfm.pipeline.SlidePieces.Piece;
import io.github.gpfm.slideio.SlideFiles;
import io.github.gpfm.support.Decision;
import io.github.gpfm.tiling.format.StoredCoords;
import io.github.gpfm.tiling.grid.TileTable;
import io.github.gpfm.tiling.tissue.Tissue;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * Some of a planned slide's tiles through the network, into a file of their own, or all of them
 * into the slide's file. A piece that is there from an earlier try is not made again.
 */
final class PieceEncoding implements EncodingWork<Piece> {
  private final SlideEncoding slides;
  private final PieceFiles files;
  private final FeatureFormat format;
  private final DamagePolicy damaged;
  private final Optional<SlideStage> stage;

  /**
   * @param slides what is done with whole slides
   * @param format of the slides' files
   * @param damaged what plans were made under
   */
  PieceEncoding(
      SlideEncoding slides,
      PieceFiles files,
      FeatureFormat format,
      DamagePolicy damaged,
      Optional<SlideStage> stage) {
    this.slides = slides;
    this.files = files;
    this.format = format;
    this.damaged = damaged;
    this.stage = stage;
  }

  @Override
  public boolean isWaitingForRoom() {
    return stage.map(SlideStage::isWaitedFor).orElse(false);
  }

  @Override
  public SlideResult failed(Piece piece, Throwable failure) {
    return SlideResult.failed(piece.input(), failure);
  }

  @Override
  public SlideEncoding.Step prepare(Piece piece) throws Exception {
    SlideInput input = piece.input();
    Path part = files.piece(piece.id(), piece.first(), piece.count());
    if (!piece.isWhole() && PieceFiles.isThere(part, piece.count())) {
      return new SlideEncoding.Step(Optional.empty(), Optional.of(there(input, part, piece)));
    }
    if (piece.isWhole() && !Files.exists(files.planFile(piece.id()))) {
      // An earlier try came to its end, and only the news of it was lost.
      Optional<SlideResult> made = slides.found(input);
      if (made.isPresent()) {
        return new SlideEncoding.Step(Optional.empty(), made);
      }
    }
    StoredCoords plan = files.plan(piece.id());
    SlideFiles slideFiles = SlideWork.files(input);
    requireSame(piece, slides.recipe(input, slideFiles), plan);
    StageTimings timings = new StageTimings();
    SlideStage.Staged staged =
        timings.time("open", () -> SlideStage.open(stage, input, slideFiles));
    try {
      Slide slide = staged.slide();
      PreparedSlide prepared =
          new PreparedSlide(
              input,
              slide,
              staged,
              slide,
              Tissue.unknown(slide.width(), slide.height()),
              TileTable.of(input.name(), plan.grid(slide)),
              DamagedTiles.NONE,
              Optional.empty(),
              timings,
              System.nanoTime());
      SlideWork.Making making = SlideWork.Making.ofPiece(recipe(plan), slideFiles, piece.stamp());
      return new SlideEncoding.Step(
          Optional.of(new SlideEncoding.Ready(prepared, making, Optional.of(piece))),
          Optional.empty());
    } catch (Throwable e) {
      staged.close();
      throw e;
    }
  }

  /**
   * Refuses to embed by anything but what the slide was planned for: the record of the result is
   * the plan's.
   *
   * @param own what this process would make the slide of
   */
  private void requireSame(Piece piece, Recipe own, StoredCoords plan) {
    if (PieceFiles.id(piece.input().name(), own, damaged).equals(piece.id())) {
      return;
    }
    Map<String, String> planned = new TreeMap<>(recipe(plan).entries());
    planned.remove(DamagedTiles.ENTRY);
    String differs = Decision.of(own, true, Optional.of(Recipe.of(planned))).describe();
    throw new GpfmException(
        "%s was planned for other work than this process would do (%s): give every process the same options and the same files."
            .formatted(piece.input().path(), differs.isEmpty() ? "its name, or damaged" : differs));
  }

  private static Recipe recipe(StoredCoords plan) {
    return Recipe.of(plan.provenance().map(Provenance::entries).orElse(Map.of()));
  }

  private static SlideResult there(SlideInput input, Path part, Piece piece) {
    return SlideResult.skipped(
        input, part, new ResultFile(true, Optional.empty(), "", piece.count(), 0, 0));
  }

  @Override
  public SlideJob begin(SlideEncoding.Ready ready) {
    Piece piece = ready.piece().orElseThrow();
    if (piece.isWhole()) {
      return slides.begin(ready);
    }
    NonFinitePolicy nonFinite = slides.nonFinite();
    FeatureHeader header =
        slides.header(ready).withRows(piece.first(), piece.count()).withNonFinite(nonFinite);
    Path part = files.piece(piece.id(), piece.first(), piece.count());
    FeatureWriter writer = FeatureFormat.SAFETENSORS.create(part, header);
    return new SlideJob(ready, header, nonFinite, writer, piece.first());
  }

  @Override
  public SlideResult complete(SlideJob job) throws Exception {
    SlideEncoding.Ready ready = job.ready();
    Piece piece = ready.piece().orElseThrow();
    PreparedSlide prepared = ready.slide();
    ready.making().requireUnchanged();
    Path file =
        piece.isWhole()
            ? slides.file(piece.input())
            : files.piece(piece.id(), piece.first(), piece.count());
    FeatureWriter writer = job.writer().orElseThrow();
    slides.commit(ready, file, writer, piece.isWhole() ? format : FeatureFormat.SAFETENSORS);
    if (piece.isWhole()) {
      PieceFiles.remove(files.planFile(piece.id()));
    }
    return SlideResult.made(
        prepared,
        List.of(file),
        job.patches(),
        job.dimension(),
        SlideEncoding.remark(Optional.empty(), job.nonFinite()));
  }
}
