package io.github.gpfm.spark.internal;

import io.github.gpfm.api.Encoder;
import io.github.gpfm.api.EncoderProvider;
import io.github.gpfm.api.EncoderRequest;
import io.github.gpfm.api.InvalidOptionException;
import io.github.gpfm.encoder.ComputeDevice;
import io.github.gpfm.encoder.GpfmEncoder;
import io.github.gpfm.encoder.Precision;
import io.github.gpfm.encoder.catalog.EncoderProviders;
import io.github.gpfm.encoder.catalog.Encoders;
import io.github.gpfm.encoder.features.FeatureFormat;
import io.github.gpfm.pipeline.SlideToFeatures;
import io.github.gpfm.spark.EncoderSpec;
import io.github.gpfm.spark.SparkOptions;
import io.github.gpfm.spark.TilingSpec;
import java.io.Serializable;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.TreeMap;

/**
 * What executors make features by.
 *
 * @param run how slides are opened
 * @param encoder which network
 * @param tiling which tiles
 */
public record EmbedSpec(RunSpec run, EncoderSpec encoder, TilingSpec tiling)
    implements Serializable {
  /** The pipeline of one machine, with this process's encoder. */
  SlideToFeatures pipeline() {
    SparkOptions options = run.options();
    Encoder open =
        EncoderPool.get(
            Encoder.class, encoder, run.stamp(encoder.weights()), encoder.device(), this::open);
    return SlideToFeatures.builder()
        .encoder(open)
        .encoderParameters(parameters())
        .plan(tiling.plan(open.info()))
        .output(run.output())
        .format(FeatureFormat.of(options.format()))
        .tokens(options.tokens())
        .pictures(options.pictures())
        .damaged(options.damaged())
        .overwrite(options.overwrite())
        .allowNonFinite(options.allowNonFinite())
        .build();
  }

  /** As the {@code embed} command has them, so that results are known as the same. */
  private Map<String, String> parameters() {
    Map<String, String> parameters = new TreeMap<>();
    parameters.put("precision", Precision.parse(encoder.precision()).name());
    if (!encoder.model().isEmpty() && Encoders.catalog().has(encoder.model())) {
      parameters.put("feature", Encoders.find(encoder.model()).feature().label());
    }
    return parameters;
  }

  private Encoder open(String device) {
    Optional<Path> weights =
        encoder.weights().isEmpty() ? Optional.empty() : Optional.of(weights(encoder.weights()));
    if (!encoder.model().isEmpty() && !Encoders.catalog().has(encoder.model())) {
      return provided(device, weights);
    }
    if (!encoder.model().isEmpty() && weights.isEmpty()) {
      throw new InvalidOptionException(
          "model %s needs weights: name a file that every executor has, or one of a Hadoop file system."
              .formatted(encoder.model()));
    }
    GpfmEncoder.Builder builder =
        encoder.model().isEmpty()
            ? GpfmEncoder.builder()
            : Encoders.builder(encoder.model(), weights.orElseThrow());
    if (encoder.model().isEmpty()) {
      weights.ifPresent(builder::weights);
    }
    stated(encoder.batchSize()).ifPresent(builder::batchSize);
    stated(encoder.imageThreads()).ifPresent(builder::imageThreads);
    return builder
        .device(ComputeDevice.parse(device))
        .precision(Precision.parse(encoder.precision()))
        .build();
  }

  private Encoder provided(String device, Optional<Path> weights) {
    EncoderProvider provider =
        EncoderProviders.find(encoder.model())
            .orElseThrow(
                () ->
                    new InvalidOptionException(
                        "There is no model '%s' in the catalogue or in another jar of the executors."
                            .formatted(encoder.model())));
    EncoderRequest request = EncoderRequest.of(encoder.model()).on(device, encoder.precision());
    return provider.open(
        (weights.isPresent() ? request.withWeights(weights.get()) : request)
            .with(stated(encoder.batchSize()), stated(encoder.imageThreads())));
  }

  private static OptionalInt stated(int value) {
    return value == 0 ? OptionalInt.empty() : OptionalInt.of(value);
  }

  private Path weights(String path) {
    return run.localFile(path);
  }
}
