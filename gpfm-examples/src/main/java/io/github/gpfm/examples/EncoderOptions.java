package io.github.gpfm.examples;

import io.github.gpfm.api.Encoder;
import io.github.gpfm.api.EncoderProvider;
import io.github.gpfm.api.EncoderRequest;
import io.github.gpfm.api.InvalidOptionException;
import io.github.gpfm.encoder.ComputeDevice;
import io.github.gpfm.encoder.GpfmEncoder;
import io.github.gpfm.encoder.Precision;
import io.github.gpfm.encoder.catalog.AmbiguousModelException;
import io.github.gpfm.encoder.catalog.EncoderProviders;
import io.github.gpfm.encoder.catalog.Encoders;
import io.github.gpfm.encoder.catalog.Feature;
import io.github.gpfm.encoder.catalog.ModelCard;
import io.github.gpfm.encoder.catalog.ModelCatalog;
import io.github.gpfm.encoder.catalog.ModelChoice;
import io.github.gpfm.encoder.image.Preprocessing;
import io.github.gpfm.encoder.model.EncoderModel;
import io.github.gpfm.encoder.model.EncoderModels;
import io.github.gpfm.encoder.model.ProgramFile;
import io.github.gpfm.support.FileHashes;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.TreeMap;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** Which encoder, and where it runs; the same in every command that needs one. */
final class EncoderOptions {
  /** A program's file does not tell its resolution; most encoders are trained on 20x tiles. */
  private static final double PROGRAM_MPP = 0.5;

  @Option(
      names = "--weights",
      paramLabel = "F",
      description =
          "Weights: .pth, .bin or .safetensors, an index of shards, or a model's folder (default:"
              + " the small model in this program).")
  private @Nullable Path weights;

  @Option(
      names = "--model",
      paramLabel = "NAME",
      description =
          "Whose weights they are; 'gpfm models' lists the names (default: the model that the"
              + " file fits, else a vision transformer of the file's structure).")
  private @Nullable String model;

  @Option(
      names = "--heads",
      paramLabel = "N",
      description =
          "Attention heads, where the weight file does not state them (default: 64 values a head,"
              + " 16 below a width of 192).")
  private @Nullable Integer heads;

  @Option(
      names = "--state",
      paramLabel = "NAME",
      description =
          "Which network of a training checkpoint: teacher, ema, model, student or a prefix of"
              + " names (default: the first of these that is there).")
  private @Nullable String state;

  @Option(
      names = "--feature",
      paramLabel = "NAME",
      description = "Another feature of the model than its authors' ('gpfm models show NAME').")
  private @Nullable String feature;

  @Option(
      names = "--layers",
      split = ",",
      paramLabel = "N",
      description =
          "Tokens after these blocks, from 0, one after the other, as the feature (normalised;"
              + " vision transformers).")
  private int[] layers = {};

  @Option(
      names = "--catalog",
      paramLabel = "FILE.yaml",
      description = "Models of your own beside the built-in ones; see docs/models.md.")
  private @Nullable Path catalog;

  @Option(
      names = "--program",
      paramLabel = "F",
      description =
          "A TorchScript or ONNX file of your own instead of weights; see docs/encoder.md.")
  private @Nullable Path program;

  @Option(
      names = "--input-size",
      paramLabel = "N",
      description = "Edge of the input that --program was exported for, pixels (default 224).")
  private @Nullable Integer inputSize;

  @Option(
      names = "--batch-size",
      paramLabel = "N",
      description = "Tiles at once (default 8 on the CPU, 128 on a GPU; halved if too many).")
  private @Nullable Integer batchSize;

  @Option(
      names = "--device",
      defaultValue = "auto",
      description = "auto, cpu, cuda, cuda:N or cuda:N,M (default auto: GPUs if there are any).")
  private String device;

  @Option(
      names = "--precision",
      defaultValue = "float32",
      description = "float32, bfloat16 or float16 (default float32).")
  private String precision;

  @Option(
      names = "--workers",
      paramLabel = "N",
      description = "Threads that read and resize tiles (default: one per processor).")
  private @Nullable Integer workers;

  /**
   * Opens the encoder.
   *
   * @throws InvalidOptionException if an option is impossible
   * @throws io.github.gpfm.api.WeightsException if the weights do not fit
   */
  Encoder open() {
    return open(UnaryOperator.identity());
  }

  /** {@link #open()}, but that a model whose authors cut out the centre sees the whole tile. */
  Encoder openForWholeTiles() {
    return open(EncoderModel::ofWholeImages);
  }

  private Encoder open(UnaryOperator<EncoderModel> seen) {
    Optional<EncoderProvider> provider = provider();
    if (provider.isPresent()) {
      return provider.get().open(request());
    }
    GpfmEncoder.Builder builder =
        GpfmEncoder.builder().device(device()).precision(Precision.parse(precision));
    if (program != null) {
      builder.program(programFile(program));
    } else {
      builder.model(seen.apply(network()));
    }
    if (batchSize != null) {
      builder.batchSize(atLeastOne("--batch-size", batchSize));
    }
    if (workers != null) {
      builder.imageThreads(atLeastOne("--workers", workers));
    }
    return builder.build();
  }

  /** The provider of the model asked for, where it is not one of the catalogue. */
  private Optional<EncoderProvider> provider() {
    if (model == null || models().has(model)) {
      return Optional.empty();
    }
    Optional<EncoderProvider> provider = EncoderProviders.find(model);
    if (provider.isPresent()
        && (feature != null
            || heads != null
            || layers.length > 0
            || program != null
            || inputSize != null)) {
      throw new InvalidOptionException(
          "--feature, --heads, --layers, --program and --input-size do not belong to --model %s, which another jar provides."
              .formatted(model));
    }
    return provider;
  }

  private EncoderRequest request() {
    EncoderRequest request = EncoderRequest.of(String.valueOf(model)).on(device, precision);
    return (weights == null ? request : request.withWeights(weights))
        .with(stated("--batch-size", batchSize), stated("--workers", workers));
  }

  private static OptionalInt stated(String option, @Nullable Integer value) {
    return value == null ? OptionalInt.empty() : OptionalInt.of(atLeastOne(option, value));
  }

  private ModelCatalog models() {
    return catalog == null ? Encoders.catalog() : Encoders.catalog().with(catalog);
  }

  /** Where it runs. */
  ComputeDevice device() {
    return ComputeDevice.parse(device);
  }

  /**
   * The network with its weights, on no device yet.
   *
   * @throws InvalidOptionException if an option is impossible, or a program is asked for
   * @throws io.github.gpfm.api.WeightsException if the weights do not fit
   */
  EncoderModel network() {
    if (program != null) {
      throw new InvalidOptionException(
          "The inside of a --program is not known; give --weights and --model.");
    }
    if (provider().isPresent()) {
      throw new InvalidOptionException(
          "The inside of --model %s, which another jar provides, is not known; give a model of the catalogue."
              .formatted(model));
    }
    if (inputSize != null) {
      throw new InvalidOptionException("--input-size belongs to --program F.");
    }
    if (heads != null && (weights == null || model != null)) {
      throw new InvalidOptionException("--heads needs --weights F without --model.");
    }
    if (state != null && weights == null) {
      throw new InvalidOptionException("--state needs --weights F.");
    }
    Optional<ModelCard> card = card();
    EncoderModel network;
    if (card.isEmpty() && weights == null) {
      network = EncoderModels.tiny();
    } else {
      OptionalInt stated =
          heads == null ? OptionalInt.empty() : OptionalInt.of(atLeastOne("--heads", heads));
      ModelChoice choice = new ModelChoice(models(), card, stated, Optional.ofNullable(state));
      Path file = card.isPresent() ? weightsOf(card.get()) : Objects.requireNonNull(weights);
      try {
        network = Encoders.model(choice, file);
      } catch (AmbiguousModelException e) {
        throw new InvalidOptionException(
            e.getMessage() + " Give --model " + String.join(" or --model ", e.models()) + ".", e);
      }
    }
    return layers.length == 0 ? network : network.ofLayers(layers);
  }

  /** What of this changes features. */
  Map<String, String> parameters() {
    Map<String, String> parameters = new TreeMap<>();
    parameters.put("precision", Precision.parse(precision).name());
    if (heads != null) {
      parameters.put("heads", heads.toString());
    }
    if (catalog != null) {
      parameters.put("catalog", FileHashes.inMemory().sha256(catalog));
    }
    if (state != null) {
      parameters.put("state", state);
    }
    if (layers.length > 0) {
      parameters.put("layers", Arrays.toString(layers));
    }
    card().ifPresent(chosen -> parameters.put("feature", chosen.feature().label()));
    return parameters;
  }

  /** The model asked for by name, with the feature asked for. */
  private Optional<ModelCard> card() {
    if (model == null) {
      if (feature != null) {
        throw new InvalidOptionException("--feature needs --model NAME.");
      }
      if (catalog != null && weights == null) {
        throw new InvalidOptionException("--catalog needs --model NAME or --weights F.");
      }
      return Optional.empty();
    }
    if (provider().isPresent()) {
      return Optional.empty();
    }
    ModelCard card = models().find(model);
    return Optional.of(feature == null ? card : card.withFeature(Feature.parse(feature)));
  }

  private ProgramFile programFile(Path file) {
    if (layers.length > 0) {
      throw new InvalidOptionException("--layers needs --weights: a program shows no layers.");
    }
    if (heads != null) {
      throw new InvalidOptionException("--heads needs --weights F without --model.");
    }
    if (weights != null || model != null) {
      throw new InvalidOptionException("Give --program or --weights and --model, not both.");
    }
    int edge = inputSize == null ? 224 : atLeastOne("--input-size", inputSize);
    return new ProgramFile(file, Preprocessing.exact(edge), edge, PROGRAM_MPP);
  }

  private Path weightsOf(ModelCard card) {
    if (weights == null) {
      throw new InvalidOptionException(
          "--model %s needs --weights F: download %s from %s (licence: %s)."
              .formatted(
                  card.name(), String.join(" or ", card.files()), card.page(), card.licence()));
    }
    return weights;
  }

  private static int atLeastOne(String option, int value) {
    if (value < 1) {
      throw new InvalidOptionException(option + " must be 1 or more, not " + value + ".");
    }
    return value;
  }
}
