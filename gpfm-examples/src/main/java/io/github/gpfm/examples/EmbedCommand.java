package io.github.gpfm.examples;

import io.github.gpfm.api.Encoder;
import io.github.gpfm.api.InvalidOptionException;
import io.github.gpfm.api.TokenOutput;
import io.github.gpfm.encoder.features.FeatureFormat;
import io.github.gpfm.pipeline.SlideToFeatures;
import io.github.gpfm.pipeline.TilingPlan;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParentCommand;

/** {@code gpfm embed}: slides to features. */
@Command(
    name = "embed",
    mixinStandardHelpOptions = true,
    sortOptions = false,
    description = {
      "Turn slides into features: find tissue, lay tiles, encode them.",
      "Per slide: NAME.h5 (coords, features), NAME.geojson (outlines), NAME-tissue.jpg;"
          + " per run: summary.json, report.html, process_list.csv (CLAM's). Without tiling"
          + " options the tiles are as the encoder's authors recommend (for GPFM 512 px at 0.25 um/px). A finished slide is skipped;"
          + " several processes may share DIR."
    })
final class EmbedCommand implements Callable<Integer> {
  /** What a feature is. */
  enum Tokens {
    CLASS(TokenOutput.CLASS_TOKEN),
    MEAN(TokenOutput.MEAN_PATCH_TOKEN),
    CLASS_MEAN(TokenOutput.CLASS_AND_MEAN_PATCH_TOKEN),
    PATCH(TokenOutput.PATCH_TOKENS);

    private final TokenOutput output;

    Tokens(TokenOutput output) {
      this.output = output;
    }

    static Tokens parse(String name) {
      return switch (name) {
        case "class" -> CLASS;
        case "mean" -> MEAN;
        case "class+mean" -> CLASS_MEAN;
        case "patch" -> PATCH;
        default ->
            throw new InvalidOptionException(
                "--tokens must be class, mean, class+mean or patch, not " + name + ".");
      };
    }
  }

  @ParentCommand private Gpfm gpfm;

  @Mixin private SlideRunOptions run;
  @Mixin private EncoderOptions encoderOptions;
  @Mixin private PlanOptions planOptions;

  @Option(
      names = "--tokens",
      defaultValue = "class",
      description =
          "A feature is: class, mean (of patch tokens) or class+mean (default class); patch keeps"
              + " every patch token, [n, patches, d].")
  private String tokens;

  @Option(
      names = "--format",
      defaultValue = "h5",
      description =
          "File format: h5, npy, safetensors, pt (PyTorch, for CLAM) or parquet (default h5).")
  private String format;

  @Option(names = "--overwrite", description = "Do finished slides again.")
  private boolean overwrite;

  @Option(
      names = "--allow-non-finite",
      description = {
        "Write features that hold NaN or infinite values, and count them;",
        "without it such a slide fails."
      })
  private boolean allowNonFinite;

  @Override
  public Integer call() {
    // What can be said to be wrong without the model is said before it is loaded.
    TokenOutput output = Tokens.parse(tokens).output;
    FeatureFormat featureFormat = FeatureFormat.of(format);
    run.tileFiles();
    run.select(planOptions.plan(512, 0.25));
    try (Encoder encoder = encoderOptions.open()) {
      TilingPlan plan = planOptions.plan(encoder.info().tileSize(), encoder.info().mpp());
      SlideListOptions.Selection selection = run.select(plan);
      SlideToFeatures pipeline =
          run.apply(SlideToFeatures.builder(), plan, selection)
              .encoder(encoder)
              .encoderParameters(encoderOptions.parameters())
              .tokens(output)
              .format(featureFormat)
              .overwrite(overwrite)
              .allowNonFinite(allowNonFinite)
              .progress(ConsoleProgress.create("tiles"))
              .build();
      return SlideReport.print(pipeline.run(selection.slides()), gpfm.stacktrace());
    }
  }
}
