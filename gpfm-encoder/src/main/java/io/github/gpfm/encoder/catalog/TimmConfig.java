package io.github.gpfm.encoder.catalog;

import com.google.gson.JsonArray;
import com.google.gson.JsonObject;
import io.github.gpfm.api.WeightsException;
import io.github.gpfm.encoder.image.Preprocessing;
import io.github.gpfm.encoder.image.Preprocessing.Resize;
import io.github.gpfm.encoder.vit.FeedForward;
import java.nio.file.Path;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.function.Function;

/**
 * What a {@code config.json} says that timm saved beside weights: what is done to an image, and
 * what shapes do not tell of the network.
 *
 * @param preprocessing what is done to an image
 * @param heads attention heads, if they are stated
 * @param nonlinearity of the blocks, if it is stated
 * @param feature what timm's own {@code forward} gives, if it is stated
 */
record TimmConfig(
    Preprocessing preprocessing,
    OptionalInt heads,
    Optional<FeedForward> nonlinearity,
    Optional<Feature> feature) {
  /** timm's default for transformers. */
  private static final double CROP_SHARE = 0.9;

  /**
   * Of a folder; empty if there is none, or one of another library.
   *
   * @throws WeightsException if it states what is not supported here
   */
  static Optional<TimmConfig> of(Path folder) {
    return ModelFolder.read(folder, ModelFolder.CONFIG, TimmConfig::parsed)
        .flatMap(Function.identity());
  }

  private static Optional<TimmConfig> parsed(JsonObject config) {
    if (!config.has("architecture")
        || !(config.get("pretrained_cfg") instanceof JsonObject pretrained)) {
      return Optional.empty();
    }
    JsonObject arguments =
        config.get("model_args") instanceof JsonObject given ? given : new JsonObject();
    int heads = ModelFolder.whole(arguments, "num_heads", 0);
    return Optional.of(
        new TimmConfig(
            preprocessing(pretrained),
            heads > 0 ? OptionalInt.of(heads) : OptionalInt.empty(),
            ModelFolder.text(arguments, "act_layer").map(HuggingFaceConfig::activation),
            ModelFolder.text(arguments, "global_pool")
                .or(() -> ModelFolder.text(config, "global_pool"))
                .map(TimmConfig::feature)));
  }

  /** The resize by which the short side gives the input when the center is cut out of it. */
  private static Preprocessing preprocessing(JsonObject stated) {
    int edge = 224;
    if (stated.get("input_size") instanceof JsonArray size && size.size() == 3) {
      edge = size.get(2).getAsInt();
    }
    Resize resize =
        switch (ModelFolder.text(stated, "crop_mode").orElse("center")) {
          case "center" -> Resize.SHORT_SIDE;
          case "squash" -> Resize.EXACT;
          default -> throw new IllegalStateException("crop_mode is neither center nor squash");
        };
    return new Preprocessing(
        resize,
        (int) Math.floor(edge / ModelFolder.number(stated, "crop_pct", CROP_SHARE)),
        StatedPreprocessing.interpolation(
            ModelFolder.text(stated, "interpolation").orElse("bicubic")),
        edge,
        StatedPreprocessing.numbers(stated, "mean", Preprocessing.IMAGENET_MEAN),
        StatedPreprocessing.numbers(stated, "std", Preprocessing.IMAGENET_STD));
  }

  private static Feature feature(String pool) {
    return switch (pool) {
      case "avg" -> Feature.MEAN_PATCH_TOKEN;
      case "token" -> Feature.CLASS_TOKEN;
      default ->
          throw new IllegalStateException("global_pool '" + pool + "' is not supported here");
    };
  }

  /**
   * The network with what is stated.
   *
   * @throws WeightsException if a gate is stated that is not supported here
   */
  VitArchitecture applied(VitArchitecture vit) {
    boolean gated = vit.feedForward() == FeedForward.SWIGLU;
    if (gated && nonlinearity.filter(form -> form != FeedForward.SILU).isPresent()) {
      throw new WeightsException(
          "config.json beside the weights states a gate of %s, but only that of silu is supported; give the model's own."
              .formatted(Sizes.label(nonlinearity.get())));
    }
    return vit.with(
        vit.heads(),
        vit.normEps(),
        gated ? vit.feedForward() : nonlinearity.orElse(vit.feedForward()),
        vit.positionResampling());
  }
}
