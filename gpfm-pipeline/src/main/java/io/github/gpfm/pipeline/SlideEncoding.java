package io.github.gpfm.pipeline;

import io.github.gpfm.api.Embeddings.PatchGrid;
import io.github.gpfm.api.EncoderException;
import io.github.gpfm.api.EncoderInfo;
import io.github.gpfm.api.GpfmException;
import io.github.gpfm.api.GpfmVersion;
import io.github.gpfm.api.Provenance;
import io.github.gpfm.api.TileGrid;
import io.github.gpfm.api.TokenOutput;
import io.github.gpfm.encoder.features.FeatureHeader;
import io.github.gpfm.encoder.features.FeatureReader;
import io.github.gpfm.encoder.features.FeatureWriter;
import io.github.gpfm.pipeline.internal.SlideFingerprint;
import io.github.gpfm.tiling.format.CoordsH5;
import io.github.gpfm.tiling.grid.TileReader;
import java.awt.image.BufferedImage;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** The work of {@link SlideToFeatures} on one slide after another. */
final class SlideEncoding implements Cohort.Work<SlideEncoding.Ready> {
  /** Entries that may differ between a file and a new run of the same work. */
  private static final String STAMP = "slide.stamp";

  /** A slide ready to be encoded. */
  record Ready(PreparedSlide slide, Provenance provenance) {}

  private final SlideToFeatures pipeline;

  private final RunReport report;

  private @Nullable PatchGrid patchGrid;

  SlideEncoding(SlideToFeatures pipeline, RunReport report) {
    this.pipeline = pipeline;
    this.report = report;
  }

  @Override
  public Cohort.Step<Ready> prepare(SlideInput input) throws Exception {
    Path file = file(input);
    Provenance provenance = provenance(input);
    if (!pipeline.overwrite && Files.isRegularFile(file)) {
      Optional<SlideResult> finished = finished(input, file, provenance);
      if (finished.isPresent()) {
        return Cohort.Step.done(finished.get());
      }
    }
    PreparedSlide prepared = pipeline.run.prepare(input);
    try {
      String sha256 = prepared.timings().time("hash", () -> SlideFingerprint.sha256(input.path()));
      return Cohort.Step.finish(new Ready(prepared, provenance.with("slide.sha256", sha256)));
    } catch (Throwable e) {
      prepared.close();
      throw e;
    }
  }

  private Path file(SlideInput input) {
    return pipeline.run.output().resolve(input.name() + "." + pipeline.format.name());
  }

  /** Everything that decides the features, but for the slide's own hash. */
  private Provenance provenance(SlideInput input) {
    EncoderInfo info = pipeline.encoder.info();
    Map<String, String> entries = new TreeMap<>(pipeline.run.planFor(input).parameters());
    entries.put("slide.name", input.name());
    entries.put(STAMP, Files.exists(input.path()) ? SlideFingerprint.stamp(input.path()) : "");
    input.reader().ifPresent(reader -> entries.put("slide.reader", reader));
    input.options().mpp().ifPresent(mpp -> entries.put("slide.mpp", Double.toString(mpp)));
    input.options().series().ifPresent(n -> entries.put("slide.series", Integer.toString(n)));
    entries.put("encoder", info.name());
    entries.put("weights.sha256", info.weightsSha256());
    entries.put("tokens", pipeline.tokens.name());
    entries.putAll(pipeline.encoderParameters);
    return new Provenance(
        GpfmVersion.PRODUCER, Instant.now().truncatedTo(ChronoUnit.SECONDS), entries);
  }

  /** The result that is there already, if it was made from the same slide in the same way. */
  private Optional<SlideResult> finished(SlideInput input, Path file, Provenance wanted) {
    try (FeatureReader reader = FeatureReader.open(file)) {
      Provenance found = reader.provenance().orElse(null);
      if (found == null || !found.producer().equals(wanted.producer())) {
        return Optional.empty();
      }
      Map<String, String> a = new TreeMap<>(found.entries());
      Map<String, String> b = new TreeMap<>(wanted.entries());
      String sha256 = a.remove("slide.sha256");
      boolean sameStamp = a.get(STAMP) != null && a.get(STAMP).equals(b.get(STAMP));
      a.remove(STAMP);
      b.remove(STAMP);
      if (!a.equals(b) || !sameStamp && !SlideFingerprint.sha256(input.path()).equals(sha256)) {
        return Optional.empty();
      }
      return Optional.of(
          new SlideResult(
              input.path(),
              input.name(),
              SlideResult.Status.SKIPPED,
              List.of(file),
              reader.rows(),
              reader.patches(),
              reader.dimension(),
              Map.of(),
              0,
              Optional.empty()));
    } catch (GpfmException e) {
      // A damaged or foreign file of that name is made anew.
      return Optional.empty();
    }
  }

  @Override
  public SlideResult finish(Ready ready) throws Exception {
    try (PreparedSlide prepared = ready.slide()) {
      SlideInput input = prepared.input();
      List<Path> outputs = new ArrayList<>();
      TileGrid grid = prepared.grid();
      int patches = 0;
      int dimension = pipeline.encoder.dimension(pipeline.tokens);
      if (grid.isEmpty()) {
        outputs.addAll(writeFiles(prepared));
        Files.deleteIfExists(file(input));
      } else {
        FeatureHeader header = header(ready);
        patches = header.patches();
        dimension = header.dimension();
        try (FeatureWriter writer = pipeline.format.create(file(input), header)) {
          encode(prepared, writer);
          outputs.addAll(writeFiles(prepared));
          prepared
              .timings()
              .time(
                  "write",
                  () -> {
                    writer.commit();
                    return null;
                  });
          outputs.add(0, file(input));
        } catch (Throwable e) {
          for (Path written : outputs) {
            Files.deleteIfExists(written);
          }
          throw e;
        }
      }
      report.add(prepared);
      return new SlideResult(
          input.path(),
          input.name(),
          grid.isEmpty() ? SlideResult.Status.EMPTY : SlideResult.Status.DONE,
          List.copyOf(outputs),
          grid.size(),
          patches,
          dimension,
          prepared.timings().seconds(),
          prepared.elapsedSeconds(),
          Optional.empty());
    }
  }

  private FeatureHeader header(Ready ready) {
    PreparedSlide prepared = ready.slide();
    String name = prepared.input().name();
    FeatureHeader header =
        FeatureHeader.of(
            name,
            pipeline.encoder.info().name(),
            pipeline.encoder.dimension(pipeline.tokens),
            prepared.grid(),
            CoordsH5.attributes(
                pipeline.run.layout(),
                prepared.slide(),
                name,
                prepared.grid(),
                pipeline.run.output().toAbsolutePath().normalize().toString()),
            ready.provenance());
    if (pipeline.tokens != TokenOutput.PATCH_TOKENS) {
      return header;
    }
    PatchGrid grid = patchGrid(new TileReader(prepared.slide(), prepared.grid()).read(0));
    return header.withPatches(grid.rows() * grid.columns(), grid.dimension());
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

  private List<Path> writeFiles(PreparedSlide prepared) throws Exception {
    return prepared.timings().time("write", () -> pipeline.run.writeFiles(prepared));
  }

  /** The encoder's workers read tiles while it computes; this thread writes. */
  private void encode(PreparedSlide prepared, FeatureWriter writer) throws Exception {
    TileGrid grid = prepared.grid();
    StageTimings timings = prepared.timings();
    TileReader reader = new TileReader(prepared.slide(), grid);
    pipeline.run.progress().started(prepared.input().name(), grid.size());
    try {
      timings.time(
          "encode",
          () -> {
            pipeline.encoder.embed(
                grid.size(),
                i -> {
                  long start = System.nanoTime();
                  BufferedImage tile = reader.read(i);
                  timings.add("decode", System.nanoTime() - start);
                  return tile;
                },
                pipeline.tokens,
                (first, rows) -> {
                  writer.write(first, rows);
                  pipeline.run.progress().advanced(first + rows.count());
                });
            return null;
          });
    } finally {
      pipeline.run.progress().finished();
    }
  }
}
