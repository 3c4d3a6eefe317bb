package io.github.gpfm.encoder.catalog;

import com.google.gson.JsonObject;
import com.google.gson.JsonParseException;
import com.google.gson.JsonParser;
import io.github.gpfm.api.WeightsException;
import io.github.gpfm.encoder.vit.FeedForward;
import io.github.gpfm.encoder.vit.PositionResampling;
import java.nio.file.Path;
import java.util.Map;
import java.util.OptionalInt;

/**
 * What shapes do not tell and Hugging Face's {@code config.json} beside the weights does: the
 * number of heads, the epsilon of the norms, the nonlinearity. What both tell must agree.
 */
final class HuggingFaceConfig {
  private static final Map<String, FeedForward> ACTIVATIONS =
      Map.of(
          "gelu", FeedForward.GELU,
          "gelu_python", FeedForward.GELU,
          "quick_gelu", FeedForward.QUICK_GELU,
          "gelu_new", FeedForward.GELU_TANH,
          "gelu_fast", FeedForward.GELU_TANH,
          "gelu_tanh", FeedForward.GELU_TANH,
          "gelu_pytorch_tanh", FeedForward.GELU_TANH,
          "relu", FeedForward.RELU,
          "silu", FeedForward.SILU,
          "swish", FeedForward.SILU);

  private HuggingFaceConfig() {}

  /**
   * The architecture with what the configuration states; unchanged if there is none.
   *
   * @param folder of the weights
   * @throws WeightsException if there is one and it cannot be read, states a nonlinearity that is
   *     not known here, or contradicts the weights
   */
  static Architecture applied(Architecture architecture, Path folder) {
    return ModelFolder.read(
            folder,
            ModelFolder.CONFIG,
            config ->
                config.get("vision_config") instanceof JsonObject vision
                    ? applied(architecture, vision)
                    : applied(architecture, config))
        .orElse(architecture);
  }

  private static Architecture applied(Architecture architecture, JsonObject config) {
    if (architecture instanceof VitArchitecture vit) {
      return applied(vit, config);
    } else if (architecture instanceof ClipVisionArchitecture clip) {
      agree(config, "hidden_size", clip.width());
      agree(config, "num_hidden_layers", clip.depth());
      agree(config, "patch_size", clip.patchSize());
      return clip.with(
          ModelFolder.whole(config, "num_attention_heads", clip.heads()),
          ModelFolder.number(config, "layer_norm_eps", clip.normEps()),
          activation(config, clip.feedForward()));
    }
    return architecture;
  }

  private static VitArchitecture applied(VitArchitecture vit, JsonObject config) {
    agree(config, "hidden_size", vit.width());
    agree(config, "num_hidden_layers", vit.depth());
    agree(config, "patch_size", vit.patchSize());
    agree(config, "num_register_tokens", vit.registers());
    agree(config, "intermediate_size", vit.hidden());
    boolean registers =
        config.has("model_type")
            && config.get("model_type").getAsString().equals("dinov2_with_registers");
    return vit.with(
        ModelFolder.whole(config, "num_attention_heads", vit.heads()),
        ModelFolder.number(config, "layer_norm_eps", vit.normEps()),
        activation(config, vit.feedForward()),
        registers ? PositionResampling.ANTIALIAS : vit.positionResampling());
  }

  private static FeedForward activation(JsonObject config, FeedForward otherwise) {
    // A gated layer has its own nonlinearity whatever hidden_act says.
    return otherwise == FeedForward.SWIGLU
        ? otherwise
        : ModelFolder.text(config, "hidden_act")
            .map(HuggingFaceConfig::activation)
            .orElse(otherwise);
  }

  /** The nonlinearity that transformers and timm call so. */
  static FeedForward activation(String name) {
    FeedForward known = ACTIVATIONS.get(name);
    if (known == null) {
      throw new IllegalStateException("the nonlinearity '" + name + "' is not known here");
    }
    return known;
  }

  private static void agree(JsonObject config, String name, int actual) {
    int stated = ModelFolder.whole(config, name, actual);
    if (stated != actual) {
      throw new IllegalStateException(
          "%s is %d there, but %d in the weights".formatted(name, stated, actual));
    }
  }

  /** The heads that {@code config.json} in a folder states. */
  static OptionalInt heads(Path folder) {
    return ModelFolder.read(
            folder,
            ModelFolder.CONFIG,
            config -> ModelFolder.whole(config, "num_attention_heads", 0))
        .filter(heads -> heads > 0)
        .map(OptionalInt::of)
        .orElse(OptionalInt.empty());
  }

  /** The heads that a file's own metadata state, as this library writes them. */
  static OptionalInt heads(Map<String, String> metadata) {
    try {
      if (metadata.containsKey("config")
          && JsonParser.parseString(metadata.get("config")) instanceof JsonObject config) {
        int heads = ModelFolder.whole(config, "num_heads", 0);
        return heads > 0 ? OptionalInt.of(heads) : OptionalInt.empty();
      }
    } catch (JsonParseException | IllegalStateException e) {
      // A note that is no configuration.
    }
    return OptionalInt.empty();
  }
}
