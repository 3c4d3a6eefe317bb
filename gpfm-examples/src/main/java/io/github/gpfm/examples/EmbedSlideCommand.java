package io.github.gpfm.examples;

import io.github.gpfm.api.GpfmException;
import io.github.gpfm.api.InvalidOptionException;
import io.github.gpfm.api.SlideEncoder;
import io.github.gpfm.api.SlideFeatures;
import io.github.gpfm.encoder.ComputeDevice;
import io.github.gpfm.encoder.features.FeatureFormat;
import io.github.gpfm.encoder.slide.SlideEncoders;
import io.github.gpfm.encoder.slide.SlideFeatureFiles;
import io.github.gpfm.encoder.slide.SlideModel;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ParentCommand;

/** {@code gpfm embed-slide}: features of tiles to one feature a slide. */
@Command(
    name = "embed-slide",
    mixinStandardHelpOptions = true,
    sortOptions = false,
    description = {
      "Turn the tile features of slides, as gpfm embed wrote them, into one feature a slide.",
      "Per file: NAME.h5 with one row. The patch encoder, tile size and resolution that the slide"
          + " encoder was trained on are checked against what the files say. 'gpfm models' lists the"
          + " slide encoders."
    })
final class EmbedSlideCommand implements Callable<Integer> {
  @ParentCommand private Gpfm gpfm;

  @Parameters(
      arity = "1..*",
      paramLabel = "FEATURES",
      description = "Feature files of tiles, or folders of such files.")
  private List<Path> features;

  @Option(
      names = "--slide-encoder",
      required = true,
      paramLabel = "NAME",
      description = "mean, or a model that needs --weights: chief, titan, prism, …")
  private String encoderName;

  @Option(names = "--weights", paramLabel = "F", description = "The slide encoder's weight file.")
  private @Nullable Path weights;

  @Option(
      names = "--feature",
      paramLabel = "NAME",
      description = "Another feature of the slide encoder than its authors' usual one.")
  private @Nullable String feature;

  @Option(names = "--out", required = true, paramLabel = "DIR", description = "Where files go.")
  private Path out;

  @Option(
      names = "--format",
      defaultValue = "h5",
      description = "File format: h5, npy, safetensors or parquet (default h5).")
  private String format;

  @Option(
      names = "--device",
      defaultValue = "auto",
      description = "auto, cpu, cuda or cuda:N (default auto: a GPU if there is one).")
  private String device;

  @Option(names = "--overwrite", description = "Do finished slides again.")
  private boolean overwrite;

  @Mixin private StatedTiles stated;

  @Override
  public Integer call() {
    FeatureFormat featureFormat = FeatureFormat.of(format);
    Map<String, Path> inputs = FeatureFileList.of(features);
    int exit = 0;
    try (SlideEncoder encoder = open()) {
      for (Map.Entry<String, Path> input : inputs.entrySet()) {
        try {
          Path file = out.resolve(input.getKey() + "." + featureFormat.name());
          if (Files.exists(file) && isSame(file, input.getValue())) {
            throw new InvalidOptionException(
                "%s would be written over by its slide's feature: choose another --out."
                    .formatted(input.getValue()));
          }
          System.out.println(embed(encoder, input.getValue(), input.getKey(), file, featureFormat));
        } catch (GpfmException e) {
          System.err.println(Failures.describe(e));
          if (gpfm.stacktrace()) {
            e.printStackTrace();
          }
          exit = 1;
        }
      }
    }
    return exit;
  }

  private static boolean isSame(Path a, Path b) {
    try {
      return Files.isSameFile(a, b);
    } catch (IOException e) {
      throw new GpfmException(b + " cannot be read (" + e.getMessage() + "); check it.", e);
    }
  }

  private String embed(
      SlideEncoder encoder, Path input, String name, Path file, FeatureFormat featureFormat) {
    Map<String, String> origin =
        SlideFeatureFiles.origin(encoder.info(), input, stated.parameters());
    if (!overwrite && SlideFeatureFiles.isOf(file, origin)) {
      return file + ": there already, skipped (--overwrite makes it again)";
    }
    SlideFeatures tiles = stated.apply(input);
    float[] embedded = encoder.embed(tiles);
    SlideFeatureFiles.write(file, featureFormat, name, embedded, origin);
    return "%s: feature [%d] of %d tiles".formatted(file, embedded.length, tiles.count());
  }

  private SlideEncoder open() {
    if (encoderName.equalsIgnoreCase(SlideEncoders.MEAN)) {
      if (weights != null || feature != null) {
        throw new InvalidOptionException(
            "--slide-encoder mean has neither --weights nor --feature.");
      }
      return SlideEncoders.mean();
    }
    SlideModel found = SlideEncoders.find(encoderName);
    SlideModel model = feature == null ? found : found.withFeature(feature);
    if (weights == null) {
      throw new InvalidOptionException(
          "--slide-encoder %s needs --weights F: download %s from %s (licence: %s)."
              .formatted(
                  model.name(),
                  String.join(" or ", model.files()),
                  model.page(),
                  model.info().licence()));
    }
    return SlideEncoders.open(model, weights, ComputeDevice.parse(device));
  }

  /** What a person says of tiles whose file does not. */
  static final class StatedTiles {
    @Option(
        names = "--patch-encoder",
        paramLabel = "NAME",
        description = "Patch encoder of the tiles, where their files do not say it.")
    private @Nullable String encoder;

    @Option(
        names = "--tile-size",
        paramLabel = "PX",
        description = "Edge of the tiles in pixels, where their files do not say it.")
    private @Nullable Integer tileSize;

    @Option(
        names = "--tile-mpp",
        paramLabel = "UM",
        description = "Resolution of the tiles, um per pixel, where their files do not say it.")
    private @Nullable Double mpp;

    @Option(
        names = "--tile-level0-size",
        paramLabel = "PX",
        description = "Edge of the tiles in level-0 pixels, where their files do not say it.")
    private @Nullable Double level0Size;

    Map<String, String> parameters() {
      Map<String, String> parameters = new TreeMap<>();
      put(parameters, "encoder", encoder);
      put(parameters, "tile_size", tileSize);
      put(parameters, "mpp", mpp);
      put(parameters, "level0_size", level0Size);
      return parameters;
    }

    private static void put(Map<String, String> parameters, String name, @Nullable Object value) {
      if (value != null) {
        parameters.put(name, value.toString());
      }
    }

    SlideFeatures apply(Path file) {
      SlideFeatures.Builder builder = SlideFeatureFiles.builder(file);
      SlideFeatures said = builder.build();
      try {
        if (encoder != null) {
          agree(file, "--patch-encoder", encoder, said.encoder(), said.encoder().isEmpty());
          builder.encoder(encoder);
        }
        if (tileSize != null) {
          agree(file, "--tile-size", tileSize, said.tileSize(), said.tileSize() == 0);
          builder.tileSize(tileSize);
        }
        if (mpp != null) {
          agree(file, "--tile-mpp", mpp, said.mpp(), said.mpp() == 0);
          builder.mpp(mpp);
        }
        if (level0Size != null) {
          agree(file, "--tile-level0-size", level0Size, said.level0Size(), said.level0Size() == 0);
          builder.level0Size(level0Size);
        }
      } catch (IllegalArgumentException e) {
        throw new InvalidOptionException("The tiles' " + e.getMessage() + ".", e);
      }
      return builder.build();
    }

    private static void agree(
        Path file, String option, Object stated, Object said, boolean silent) {
      if (!silent && !stated.equals(said)) {
        throw new InvalidOptionException(
            "%s is %s, but %s says %s: leave the option out."
                .formatted(option, stated, file, said));
      }
    }
  }
}
