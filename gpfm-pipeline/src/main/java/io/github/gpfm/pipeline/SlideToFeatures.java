package io.github.gpfm.pipeline;

import io.github.gpfm.api.Encoder;
import io.github.gpfm.api.InvalidOptionException;
import io.github.gpfm.api.Recipe;
import io.github.gpfm.api.TokenOutput;
import io.github.gpfm.encoder.features.FeatureFormat;
import io.github.gpfm.support.RunStore;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Slides to features: for each slide {@code NAME.h5} with {@code coords} and {@code features},
 * {@code NAME.geojson} with the tissue's outlines and {@code NAME-tissue.jpg}; for the run {@code
 * summary.json} with the time of each stage, and {@code report.html}.
 *
 * <p>The tiles of all slides go through the encoder as one stream: batches are full however few
 * tiles a slide has. Meanwhile the encoder's workers read the next ones, the next slides are
 * segmented and the files of the last one are written, so that the model does not wait. A slide
 * whose file is there already, made from the same slide, weights and parameters, is skipped.
 * Immutable; may be run many times.
 *
 * <pre>{@code
 * try (Encoder encoder = GpfmEncoder.builder().weights(Path.of("gpfm.pth")).build()) {
 *   var pipeline = SlideToFeatures.builder().encoder(encoder).output(Path.of("out")).build();
 *   SlideResult result = pipeline.run(Path.of("slide.svs"));
 *   result.file().ifPresent(file -> System.out.println(file + ": " + result.tiles() + " tiles"));
 * }
 * }</pre>
 */
public final class SlideToFeatures {
  final Encoder encoder;
  final SlideRun run;
  final FeatureFormat format;
  final TokenOutput tokens;
  final boolean overwrite;
  final boolean allowNonFinite;
  final Map<String, String> encoderParameters;

  private SlideToFeatures(Builder builder, Encoder encoder, SlideRun run) {
    this.encoder = encoder;
    this.run = run;
    this.format = builder.format;
    this.tokens = builder.tokens;
    this.overwrite = builder.overwrite;
    this.allowNonFinite = builder.allowNonFinite;
    this.encoderParameters = Map.copyOf(builder.encoderParameters);
  }

  /** Starts with no encoder and no folder; both must be given. */
  public static Builder builder() {
    return new Builder();
  }

  /** What can be chosen; without a plan, tiles are as the encoder recommends. */
  public static final class Builder extends SlideRunBuilder<Builder> {
    private @Nullable Encoder encoder;
    private FeatureFormat format = FeatureFormat.HDF5;
    private TokenOutput tokens = TokenOutput.CLASS_TOKEN;
    private boolean overwrite;
    private boolean allowNonFinite;
    private Map<String, String> encoderParameters = Map.of();

    private Builder() {}

    @Override
    Builder self() {
      return this;
    }

    /** The model; not closed by the pipeline; required. */
    public Builder encoder(Encoder value) {
      encoder = value;
      return this;
    }

    /** The features' file format; HDF5 by default. */
    public Builder format(FeatureFormat value) {
      format = value;
      return this;
    }

    /**
     * What a feature is; the class token by default. With {@link TokenOutput#PATCH_TOKENS} the
     * files hold every patch token of a tile, [n, patches, d], and not the class token.
     */
    public Builder tokens(TokenOutput value) {
      tokens = value;
      return this;
    }

    /** Whether finished slides are done again; they are skipped by default. */
    public Builder overwrite(boolean value) {
      overwrite = value;
      return this;
    }

    /**
     * Whether features with values that are not numbers (NaN, infinite) are written and counted in
     * the slide's remark; by default the slide fails and nothing of it is written.
     */
    public Builder allowNonFinite(boolean value) {
      allowNonFinite = value;
      return this;
    }

    /**
     * Facts of the encoder's set-up that change features, for instance {@code precision}; they go
     * into the provenance.
     */
    public Builder encoderParameters(Map<String, String> value) {
      encoderParameters = value;
      return this;
    }

    /**
     * @throws IllegalStateException if encoder or output is missing
     */
    public SlideToFeatures build() {
      if (encoder == null || output == null) {
        throw new IllegalStateException("encoder and output must be given");
      }
      TilingPlan chosen = plan == null ? TilingPlan.recommendedFor(encoder.info()) : plan;
      return new SlideToFeatures(this, encoder, run(chosen, output));
    }
  }

  /**
   * Embeds one slide.
   *
   * @throws io.github.gpfm.api.GpfmException if that fails; nothing of it is then written
   */
  public SlideResult run(Path slide) {
    return Failures.rethrow(run(List.of(SlideInput.of(slide))).slides().get(0));
  }

  /**
   * Embeds many slides.
   *
   * @return what became of each; a failed slide does not stop the others
   * @throws InvalidOptionException if two slides have the same name
   * @throws io.github.gpfm.api.OutputException if the folder cannot be written
   */
  public RunSummary run(List<SlideInput> slides) {
    Cohort.check(slides, run.output());
    RunReport report = new RunReport("Slides to features");
    Optional<SlideStage> stage = run.openStage();
    try (RunStore store = RunStore.open(run.output())) {
      Recipe recipe =
          run.recipe(store, SlideEncoding.RESULT, run.plan()).with(this::describeFeatures).build();
      store.begin(recipe);
      RunSummary summary =
          new CohortEncoding<>(
                  new SlideEncoding(this, store, report, stage),
                  encoder,
                  tokens,
                  run.progress(),
                  prepared())
              .run(slides, recipe.entries());
      run.complete(summary, report, store);
      return summary;
    } finally {
      stage.ifPresent(SlideStage::close);
    }
  }

  /** Slides prepared at the same time: many small ones would keep a fast device waiting. */
  static int prepared() {
    return Math.max(1, Math.min(4, Runtime.getRuntime().availableProcessors() / 2));
  }

  /** What decides the features of a tile. */
  void describeFeatures(Recipe.Builder recipe) {
    recipe.with(encoder).add("tokens", tokens);
    encoderParameters.forEach(recipe::add);
  }
}
