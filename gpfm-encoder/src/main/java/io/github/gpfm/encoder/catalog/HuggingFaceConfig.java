package io.github.gpfm.encoder.catalog;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParseException;
import com.google.gson.JsonParser;
import io.github.gpfm.api.WeightsException;
import io.github.gpfm.encoder.vit.FeedForward;
import io.github.gpfm.encoder.vit.PositionResampling;
import io.github.gpfm.encoder.weights.WeightFile;
import io.github.gpfm.support.Printable;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.OptionalInt;

/**
 * What shapes do not tell and Hugging Face's {@code config.json} beside the weights does: the
 * number of heads, the epsilon of the norms, the nonlinearity. What both tell must agree.
 */
final class HuggingFaceConfig {
  private static final long MAX_BYTES = 1 << 20;

  private static final Map<String, FeedForward> ACTIVATIONS =
      Map.of(
          "gelu", FeedForward.GELU,
          "gelu_python", FeedForward.GELU,
          "quick_gelu", FeedForward.QUICK_GELU,
          "gelu_new", FeedForward.GELU_TANH,
          "gelu_fast", FeedForward.GELU_TANH,
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
    Path file = folder.resolve("config.json");
    if (!Files.isRegularFile(file)) {
      return architecture;
    }
    try {
      JsonObject config = read(file);
      if (config.get("vision_config") instanceof JsonObject vision) {
        config = vision;
      }
      if (architecture instanceof VitArchitecture vit) {
        return applied(vit, config);
      } else if (architecture instanceof ClipVisionArchitecture clip) {
        agree(config, "hidden_size", clip.width());
        agree(config, "num_hidden_layers", clip.depth());
        agree(config, "patch_size", clip.patchSize());
        return clip.with(
            (int) number(config, "num_attention_heads", clip.heads()),
            number(config, "layer_norm_eps", clip.normEps()),
            activation(config, clip.feedForward()));
      }
      return architecture;
    } catch (IOException | JsonParseException | IllegalStateException | CatalogException e) {
      throw new WeightsException(
          "'%s' beside the weight file cannot be used (%s); correct it or move it away."
              .formatted(file, Printable.line(String.valueOf(e.getMessage()), 200)),
          e);
    }
  }

  private static VitArchitecture applied(VitArchitecture vit, JsonObject config) {
    agree(config, "hidden_size", vit.width());
    agree(config, "num_hidden_layers", vit.depth());
    agree(config, "patch_size", vit.patchSize());
    agree(config, "num_register_tokens", vit.registers());
    boolean registers =
        config.has("model_type")
            && config.get("model_type").getAsString().equals("dinov2_with_registers");
    return vit.with(
        (int) number(config, "num_attention_heads", vit.heads()),
        number(config, "layer_norm_eps", vit.normEps()),
        activation(config, vit.feedForward()),
        registers ? PositionResampling.ANTIALIAS : vit.positionResampling());
  }

  private static FeedForward activation(JsonObject config, FeedForward otherwise) {
    // A gated layer has its own nonlinearity whatever hidden_act says.
    if (otherwise == FeedForward.SWIGLU || !config.has("hidden_act")) {
      return otherwise;
    }
    String name = config.get("hidden_act").getAsString();
    FeedForward known = ACTIVATIONS.get(name);
    if (known == null) {
      throw new IllegalStateException("hidden_act '" + name + "' is not known here");
    }
    return known;
  }

  private static void agree(JsonObject config, String name, int actual) {
    int stated = (int) number(config, name, actual);
    if (stated != actual) {
      throw new IllegalStateException(
          "%s is %d there, but %d in the weights".formatted(name, stated, actual));
    }
  }

  /** The heads that the file's own metadata or a configuration beside it states. */
  static OptionalInt statedHeads(WeightFile file) {
    try {
      if (file.metadata().containsKey("config")
          && JsonParser.parseString(file.metadata().get("config")) instanceof JsonObject config) {
        int heads = (int) number(config, "num_heads", 0);
        return heads > 0 ? OptionalInt.of(heads) : OptionalInt.empty();
      }
    } catch (JsonParseException e) {
      // A note that is no configuration.
    }
    return OptionalInt.empty();
  }

  private static JsonObject read(Path file) throws IOException {
    if (Files.size(file) > MAX_BYTES) {
      throw new IllegalStateException("it is too long for a model's configuration");
    }
    return JsonParser.parseString(Files.readString(file)).getAsJsonObject();
  }

  private static double number(JsonObject config, String name, double otherwise) {
    JsonElement value = config.get(name);
    if (value == null || !value.isJsonPrimitive() || !value.getAsJsonPrimitive().isNumber()) {
      return otherwise;
    }
    return value.getAsDouble();
  }
}
