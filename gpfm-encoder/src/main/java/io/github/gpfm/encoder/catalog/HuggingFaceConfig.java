package io.github.gpfm.encoder.catalog;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParseException;
import com.google.gson.JsonParser;
import io.github.gpfm.api.WeightsException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * What shapes do not tell and Hugging Face's {@code config.json} beside the weight file does: the
 * epsilon of the norms and the number of heads.
 */
final class HuggingFaceConfig {
  private static final long MAX_BYTES = 1 << 20;

  private HuggingFaceConfig() {}

  /**
   * The architecture with what the configuration states; unchanged if there is none.
   *
   * @throws WeightsException if there is one and it cannot be read
   */
  static Architecture applied(Architecture architecture, Path weights) {
    Path file = weights.resolveSibling("config.json");
    if (!Files.isRegularFile(file)) {
      return architecture;
    }
    try {
      if (Files.size(file) > MAX_BYTES) {
        throw new WeightsException("'" + file + "' is too long for a model's configuration.");
      }
      JsonObject config = JsonParser.parseString(Files.readString(file)).getAsJsonObject();
      if (config.get("vision_config") instanceof JsonObject vision) {
        config = vision;
      }
      if (architecture instanceof VitArchitecture vit) {
        return vit.with(
            (int) number(config, "num_attention_heads", vit.heads()),
            number(config, "layer_norm_eps", vit.normEps()));
      } else if (architecture instanceof ClipVisionArchitecture clip) {
        return clip.with(
            (int) number(config, "num_attention_heads", clip.heads()),
            number(config, "layer_norm_eps", clip.normEps()));
      }
      return architecture;
    } catch (IOException | JsonParseException | IllegalStateException | CatalogException e) {
      throw new WeightsException(
          "'%s' beside the weight file cannot be used (%s); mend it or move it away."
              .formatted(file, e.getMessage()),
          e);
    }
  }

  private static double number(JsonObject config, String name, double otherwise) {
    JsonElement value = config.get(name);
    if (value == null || !value.isJsonPrimitive() || !value.getAsJsonPrimitive().isNumber()) {
      return otherwise;
    }
    return value.getAsDouble();
  }
}
