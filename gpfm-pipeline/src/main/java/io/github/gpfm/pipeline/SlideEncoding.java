package io.github.gpfm.pipeline;

import io.github.gpfm.api.Embeddings.PatchGrid;
import io.github.gpfm.api.EncoderException;
import io.github.gpfm.api.Recipe;
import io.github.gpfm.api.TileGrid;
import io.github.gpfm.api.TokenOutput;
import io.github.gpfm.encoder.features.FeatureFormat;
import io.github.gpfm.encoder.features.FeatureHeader;
import io.github.gpfm.encoder.features.FeatureReader;
import io.github.gpfm.encoder.features.FeatureWriter;
import io.github.gpfm.encoder.features.NonFinitePolicy;
import io.github.gpfm.slideio.SlideFiles;
import io.github.gpfm.support.RunStore;
import io.github.gpfm.tiling.format.CoordsH5;
import io.github.gpfm.tiling.grid.TileReader;
import java.awt.image.BufferedImage;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import org.jspecify.annotations.Nullable;

/** What {@link SlideToFeatures} does before and after a slide's tiles go through the network. */
final class SlideEncoding implements EncodingWork<SlideInput> {
  static final String RESULT = "features";

  /** A slide, or a piece of one, ready to be encoded, and the claim on its result. */
  record Ready(PreparedSlide slide, SlideWork.Making making, Optional<SlidePieces.Piece> piece)
      implements AutoCloseable {
    /** A whole slide. */
    Ready(PreparedSlide slide, SlideWork.Making making) {
      this(slide, making, Optional.empty());
    }

    @Override
    public void close() {
      try (making) {
        slide.close();
      }
    }
  }

  /** What the first half of a slide's work gives: a slide to encode, or a result at once. */
  record Step(Optional<Ready> ready, Optional<SlideResult> result) {}

  private final SlideToFeatures pipeline;
  private final SlideWork work;
  private final RunReport report;
  private final Optional<SlideStage> stage;

  private @Nullable PatchGrid patchGrid;

  SlideEncoding(
      SlideToFeatures pipeline, RunStore store, RunReport report, Optional<SlideStage> stage) {
    this.pipeline = pipeline;
    this.work = new SlideWork(store, pipeline.overwrite, pipeline.run.damaged());
    this.report = report;
    this.stage = stage;
  }

  @Override
  public Step prepare(SlideInput input) throws Exception {
    StageTimings timings = new StageTimings();
    SlideFiles files = SlideWork.files(input);
    Recipe recipe = timings.time("hash", () -> recipe(input, files));
    SlideWork.Verdict verdict =
        work.decide(
            input, file(input), pipeline.run.companions(work.store(), input, files), recipe, files);
    if (verdict.result().isPresent()) {
      return new Step(Optional.empty(), verdict.result());
    }
    SlideWork.Making making = verdict.making().orElseThrow();
    try {
      Ready ready = new Ready(pipeline.run.prepare(input, files, stage, timings), making);
      return new Step(Optional.of(ready), Optional.empty());
    } catch (Throwable e) {
      making.close();
      throw e;
    }
  }

  @Override
  public SlideResult failed(SlideInput input, Throwable failure) {
    return SlideResult.failed(input, failure);
  }

  @Override
  public boolean isWaitingForRoom() {
    return stage.map(SlideStage::isWaitedFor).orElse(false);
  }

  Path file(SlideInput input) {
    return pipeline.run.output().resolve(input.name() + "." + pipeline.format.name());
  }

  /** The slide's file as it is, if it is there. */
  Optional<SlideResult> found(SlideInput input) {
    Path file = file(input);
    return Files.exists(file)
        ? Optional.of(SlideResult.skipped(input, file, ResultFile.find(file, work.store())))
        : Optional.empty();
  }

  Recipe recipe(SlideInput input, SlideFiles files) {
    return pipeline
        .run
        .recipe(work.store(), RESULT, input, files)
        .with(pipeline::describeFeatures)
        .build();
  }

  @Override
  public SlideJob begin(Ready ready) {
    PreparedSlide prepared = ready.slide();
    Path file = file(prepared.input());
    boolean there = ready.making().same() && hasTiles(file, prepared.grid());
    if (there || prepared.grid().isEmpty()) {
      return new SlideJob(ready, there, pipeline.encoder.dimension(pipeline.tokens));
    }
    NonFinitePolicy nonFinite = nonFinite();
    FeatureHeader header = header(ready).withNonFinite(nonFinite);
    return new SlideJob(ready, header, nonFinite, pipeline.format.create(file, header));
  }

  @Override
  public SlideResult complete(SlideJob job) throws Exception {
    Ready ready = job.ready();
    PreparedSlide prepared = ready.slide();
    Path file = file(prepared.input());
    if (job.there()) {
      return addCompanions(ready, file);
    }
    List<Path> outputs = new ArrayList<>();
    try {
      ready.making().requireUnchanged();
      // Whoever stops here leaves no older features beside the new pictures.
      Files.deleteIfExists(file);
      outputs.addAll(writeFiles(ready));
      Optional<FeatureWriter> writer = job.writer();
      if (writer.isPresent()) {
        commit(ready, file, writer.get(), pipeline.format);
        outputs.add(0, file);
      }
    } catch (Throwable e) {
      for (Path written : outputs) {
        Files.deleteIfExists(written);
        work.store().forget(written);
      }
      throw e;
    }
    report.add(prepared);
    return SlideResult.made(
        prepared,
        outputs,
        job.patches(),
        job.dimension(),
        remark(ready.making().remark(prepared), job.nonFinite()));
  }

  /** What becomes of values that are not numbers; one for each slide, which counts them. */
  NonFinitePolicy nonFinite() {
    return pipeline.allowNonFinite ? NonFinitePolicy.writeAndCount() : NonFinitePolicy.refuse();
  }

  static Optional<String> remark(Optional<String> made, NonFinitePolicy nonFinite) {
    if (nonFinite.rows() == 0) {
      return made;
    }
    String counted =
        "%d tiles have values that are not numbers (%d values)"
            .formatted(nonFinite.rows(), nonFinite.values());
    return Optional.of(made.map(before -> before + "; " + counted).orElse(counted));
  }

  /** Gives a file its name, and its store the recipe if the format has no room for it. */
  void commit(Ready ready, Path file, FeatureWriter writer, FeatureFormat format) throws Exception {
    ready
        .slide()
        .timings()
        .time(
            "write",
            () -> {
              // Another reader may have stepped in since the file was begun.
              writer.provenance(ready.making().provenance(ready.slide()));
              writer.commit();
              if (!format.keepsProvenance()) {
                work.store().remember(file, ready.making().made(ready.slide()));
              }
              return file;
            });
  }

  /** Whether the features are those of these tiles, as they must be if the recipe is the same. */
  static boolean hasTiles(Path file, TileGrid grid) {
    try (FeatureReader reader = FeatureReader.open(file)) {
      return Arrays.equals(reader.coords(), grid.coords());
    }
  }

  /** The features are there, but not all pictures and tables that are asked for now. */
  private SlideResult addCompanions(Ready ready, Path file) throws Exception {
    PreparedSlide prepared = ready.slide();
    ready.making().requireUnchanged();
    writeFiles(ready);
    report.add(prepared);
    return SlideResult.skipped(prepared.input(), file, ResultFile.find(file, work.store()));
  }

  FeatureHeader header(Ready ready) {
    PreparedSlide prepared = ready.slide();
    String name = prepared.input().name();
    FeatureHeader header =
        FeatureHeader.of(
            name,
            pipeline.encoder.info().name(),
            pipeline.encoder.dimension(pipeline.tokens),
            prepared.grid(),
            attributes(prepared),
            ready.making().provenance(prepared));
    if (pipeline.tokens != TokenOutput.PATCH_TOKENS) {
      return header;
    }
    PatchGrid grid = patchGrid(new TileReader(prepared.slide(), prepared.grid()).read(0));
    return header.withPatches(grid.rows() * grid.columns(), grid.dimension());
  }

  /** What readers of coordinates look for in the slide's file. */
  SortedMap<String, Object> attributes(PreparedSlide prepared) {
    return CoordsH5.attributes(
        pipeline.run.layout(),
        prepared.slide(),
        prepared.input().name(),
        prepared.grid(),
        pipeline.run.output().toAbsolutePath().normalize().toString());
  }

  /** Only an image through the encoder tells how many patch tokens it gives, the same for all. */
  private PatchGrid patchGrid(BufferedImage tile) {
    if (patchGrid == null) {
      patchGrid =
          pipeline
              .encoder
              .embed(List.of(tile), TokenOutput.PATCH_TOKENS)
              .patchGrid()
              .orElseThrow(
                  () ->
                      new EncoderException(
                          "Model '%s' gives no patch tokens: choose the class token."
                              .formatted(pipeline.encoder.info().name())));
    }
    return patchGrid;
  }

  List<Path> writeFiles(Ready ready) throws Exception {
    PreparedSlide prepared = ready.slide();
    return prepared
        .timings()
        .time(
            "write",
            () -> pipeline.run.writeFiles(prepared, ready.making().companions(), work.store()));
  }
}
