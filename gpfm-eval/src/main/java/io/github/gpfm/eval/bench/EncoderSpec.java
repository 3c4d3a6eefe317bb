package io.github.gpfm.eval.bench;

import io.github.gpfm.api.Encoder;
import io.github.gpfm.api.EncoderProvider;
import io.github.gpfm.api.EncoderRequest;
import io.github.gpfm.encoder.GpfmEncoder;
import io.github.gpfm.encoder.catalog.EncoderProviders;
import io.github.gpfm.encoder.catalog.Encoders;
import io.github.gpfm.encoder.catalog.ModelCard;
import io.github.gpfm.eval.EvaluationException;
import io.github.gpfm.eval.data.FeatureFusion;
import io.github.gpfm.eval.roi.ColourTextureEncoder;
import io.github.gpfm.support.yaml.NearestName;
import io.github.gpfm.support.yaml.YamlBinder;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;

/**
 * An encoder of the benchmark: features already made ({@code features: DIR}), or made here by
 * {@code weights: FILE}, {@code model: NAME} of the catalogue or another jar with its {@code
 * weights: FILE}, or {@code builtin: tiny | colour-texture}; or several of the others as one by
 * {@code fuse: [NAME, NAME]}.
 *
 * @param name unique name
 * @param settings its block
 * @param base folder that the template of its features starts from
 */
public record EncoderSpec(String name, Settings settings, Path base) {
  /**
   * @throws io.github.gpfm.api.InvalidOptionException naming the place of what does not go together
   */
  static EncoderSpec of(EncoderKeys keys, Path base, ConfigBlock block) {
    if (keys.features().isEmpty()
        && keys.weights().isEmpty()
        && keys.model().isEmpty()
        && keys.builtin().isEmpty()
        && keys.fuse().isEmpty()) {
      throw YamlBinder.wrong(
          block.section(),
          block.path(),
          "given one of 'features', 'weights', 'model', 'builtin' and 'fuse'");
    }
    checkFusion(keys, block);
    if (keys.builtin().isPresent() && (keys.model().isPresent() || keys.weights().isPresent())) {
      throw block.wrong("builtin", "left out where 'model' or 'weights' name an encoder");
    }
    List<String> models = Encoders.catalog().cards().stream().map(ModelCard::name).toList();
    keys.model()
        .filter(name -> !Encoders.catalog().has(name) && EncoderProviders.find(name).isEmpty())
        .ifPresent(
            unknown -> {
              String near =
                  NearestName.of(unknown, models).map("; probably '%s'"::formatted).orElse("");
              throw block.wrong("model", "a model that 'gpfm models' names" + near);
            });
    if (keys.model().filter(Encoders.catalog()::has).isPresent()
        && keys.weights().isEmpty()
        && keys.features().isEmpty()) {
      throw block.wrong("weights", "given: the file of model '" + keys.model().get() + "'");
    }
    return new EncoderSpec(keys.name(), Settings.of("encoder '" + keys.name() + "'", keys), base);
  }

  private static void checkFusion(EncoderKeys keys, ConfigBlock block) {
    if (keys.fuse().isEmpty()) {
      if (keys.fusion().isPresent()) {
        throw block.wrong("fusion", "left out without 'fuse'");
      }
      return;
    }
    for (String other : List.of("features", "weights", "model", "builtin")) {
      if (block.entry(other).isPresent()) {
        throw block.wrong(other, "left out beside 'fuse', whose encoders have their own");
      }
    }
    List<String> parts = keys.fuse().get();
    if (parts.size() < 2 || new HashSet<>(parts).size() < parts.size()) {
      throw block.wrong("fuse", "a list of two encoders or more, none twice");
    }
  }

  /** Names of the encoders whose features are taken together; empty for an encoder of its own. */
  List<String> parts() {
    return settings.list("fuse").stream().map(String::valueOf).toList();
  }

  /** How they are taken together. */
  FeatureFusion fusion() {
    return settings.choice("fusion", FeatureFusion.CONCATENATION);
  }

  /** Folder with features of a task: {@code {task}} in it stands for the task's name. */
  public Optional<Path> features(TaskDefinition task) {
    return settings.text("features").map(f -> base.resolve(f.replace("{task}", task.fileName())));
  }

  /** Name as part of a file name. */
  public String fileName() {
    return TaskDefinition.fileName(name);
  }

  /**
   * Builds the encoder; to be closed.
   *
   * @throws EvaluationException if only features are given
   */
  public Encoder open() {
    Optional<String> model = settings.text("model");
    if (model.isPresent()) {
      return open(model.get(), settings.path("weights"));
    }
    if (settings.has("weights")) {
      return GpfmEncoder.builder().weights(settings.path("weights").orElseThrow()).build();
    }
    if (!settings.has("builtin")) {
      throw new EvaluationException(
          "encoder '"
              + name
              + "' cannot embed images: give 'weights', or 'builtin: tiny' or"
              + " 'builtin: colour-texture'");
    }
    return switch (settings.choice("builtin", EncoderKeys.Builtin.TINY)) {
      case TINY -> GpfmEncoder.builder().build();
      case COLOUR_TEXTURE -> new ColourTextureEncoder();
    };
  }

  private Encoder open(String model, Optional<Path> weights) {
    if (!Encoders.catalog().has(model)) {
      Optional<EncoderProvider> provider = EncoderProviders.find(model);
      if (provider.isPresent()) {
        EncoderRequest request = EncoderRequest.of(model);
        return provider.get().open(weights.map(request::withWeights).orElse(request));
      }
    }
    ModelCard card = Encoders.find(model);
    return Encoders.builder(
            card,
            weights.orElseThrow(
                () ->
                    new EvaluationException(
                        "encoder '%s' needs 'weights', the file of model '%s' (%s)"
                            .formatted(name, card.name(), card.page()))))
        .build();
  }
}
