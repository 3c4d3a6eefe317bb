package io.github.gpfm.encoder.catalog;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import io.github.gpfm.encoder.vit.FeedForward;
import io.github.gpfm.encoder.weights.WeightFile;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** A fixture's small model: its card, made of the catalogue's and the file's own configuration. */
record FixtureModel(String name, ModelCard card, WeightFile weights, JsonObject config) {
  /** Reads {@code model.safetensors} of a folder named after a model of the catalogue. */
  static FixtureModel of(Path folder) {
    String name = folder.getFileName().toString();
    WeightFile file = WeightFile.open(folder.resolve("model.safetensors"));
    JsonObject config = JsonParser.parseString(file.metadata().get("config")).getAsJsonObject();
    ModelCard card = ModelCatalog.builtIn().find(cardName(name));
    return new FixtureModel(name, card.withArchitecture(architecture(card, config)), file, config);
  }

  /** The catalogue has one card per size of DINOv2; any of the right form will do. */
  private static String cardName(String folder) {
    return switch (folder) {
      case "dinov2" -> "dinov2-vitb14";
      case "dinov2-giant" -> "dinov2-vitg14";
      case "dinov2-reg" -> "dinov2-vitl14-reg";
      case "dinov2-reg-giant" -> "dinov2-vitg14-reg";
      default -> folder;
    };
  }

  /** The architecture that a configuration states, with the card's own way of resampling. */
  private static Architecture architecture(ModelCard card, JsonObject c) {
    if (card.architecture() instanceof ConchArchitecture conch) {
      return conch(conch, c);
    } else if (card.architecture() instanceof PooledVitArchitecture pooled) {
      return pooled(pooled, c);
    } else if (card.architecture() instanceof HeadedVitArchitecture headed) {
      return new HeadedVitArchitecture(timm(headed.trunk(), c), integer(c, "projection_dim"));
    } else if (card.architecture() instanceof SwinArchitecture) {
      return new SwinArchitecture(
          integer(c, "embed_dim"),
          integers(c, "depths"),
          integers(c, "num_heads"),
          c.get("mlp_ratio").getAsDouble(),
          integer(c, "window_size"),
          integer(c, "img_size"),
          c.get("norm_eps").getAsDouble(),
          c.get("batch_norm_eps").getAsDouble());
    } else if (card.architecture() instanceof ResNetArchitecture) {
      return new ResNetArchitecture(
          integer(c, "base_width"),
          integers(c, "stage_depths"),
          c.get("batch_norm_eps").getAsDouble());
    } else if (card.architecture() instanceof ClipVisionArchitecture clip) {
      JsonObject v = c.getAsJsonObject("vision_config");
      return new ClipVisionArchitecture(
          integer(v, "hidden_size"),
          integer(v, "num_hidden_layers"),
          integer(v, "num_attention_heads"),
          integer(v, "patch_size"),
          integer(v, "image_size") / integer(v, "patch_size"),
          clip.feedForward(),
          integer(v, "intermediate_size"),
          integer(c, "projection_dim"),
          clip.positionResampling(),
          v.get("layer_norm_eps").getAsDouble());
    }
    VitArchitecture vit = (VitArchitecture) card.architecture();
    return c.has("model_type")
        ? huggingFace(vit, c)
        : c.has("ffn_layer") ? dinov2(vit, c) : timm(vit, c);
  }

  private static VitArchitecture timm(VitArchitecture vit, JsonObject c) {
    boolean gated = c.get("feed_forward").getAsString().startsWith("swiglu");
    boolean covers = c.get("position_covers_prefix").getAsBoolean();
    int rows = integer(c, "feed_forward_hidden");
    return new VitArchitecture(
        integer(c, "embed_dim"),
        integer(c, "depth"),
        integer(c, "num_heads"),
        integer(c, "patch_size"),
        integer(c, "img_size") / integer(c, "patch_size"),
        gated ? FeedForward.SWIGLU : FeedForward.GELU,
        gated ? rows / 2 : rows,
        integer(c, "register_tokens"),
        covers ? PositionRows.ALL : PositionRows.PATCHES,
        c.get("layer_scale").getAsBoolean(),
        vit.positionResampling(),
        c.get("norm_eps").getAsDouble());
  }

  private static VitArchitecture huggingFace(VitArchitecture vit, JsonObject c) {
    int width = integer(c, "hidden_size");
    boolean gated = c.has("use_swiglu_ffn") && c.get("use_swiglu_ffn").getAsBoolean();
    int plain =
        c.has("intermediate_size")
            ? integer(c, "intermediate_size")
            : width * integer(c, "mlp_ratio");
    return new VitArchitecture(
        width,
        integer(c, "num_hidden_layers"),
        integer(c, "num_attention_heads"),
        integer(c, "patch_size"),
        integer(c, "image_size") / integer(c, "patch_size"),
        gated ? FeedForward.SWIGLU : FeedForward.GELU,
        gated ? gatedHidden(plain) : plain,
        c.has("num_register_tokens") ? integer(c, "num_register_tokens") : 0,
        PositionRows.CLASS,
        vit.layerScale(),
        vit.positionResampling(),
        c.get("layer_norm_eps").getAsDouble());
  }

  private static VitArchitecture dinov2(VitArchitecture vit, JsonObject c) {
    int width = integer(c, "embed_dim");
    boolean gated = c.get("ffn_layer").getAsString().startsWith("swiglu");
    return new VitArchitecture(
        width,
        integer(c, "depth"),
        integer(c, "num_heads"),
        integer(c, "patch_size"),
        integer(c, "img_size") / integer(c, "patch_size"),
        gated ? FeedForward.SWIGLU : FeedForward.GELU,
        gated ? gatedHidden(4 * width) : 4 * width,
        integer(c, "num_register_tokens"),
        PositionRows.CLASS,
        true,
        vit.positionResampling(),
        c.get("norm_eps").getAsDouble());
  }

  /** DINOv2's rule: two thirds of the plain width, rounded up to a multiple of 8. */
  private static int gatedHidden(int plain) {
    return (plain * 2 / 3 + 7) / 8 * 8;
  }

  private static PooledVitArchitecture pooled(PooledVitArchitecture pooled, JsonObject c) {
    int width = integer(c, "width");
    VitArchitecture trunk =
        new VitArchitecture(
            width,
            integer(c, "layers"),
            integer(c, "num_heads"),
            integer(c, "patch_size"),
            integer(c, "image_size") / integer(c, "patch_size"),
            FeedForward.GELU,
            width * integer(c, "mlp_ratio"),
            0,
            PositionRows.CLASS,
            true,
            pooled.trunk().positionResampling(),
            c.get("trunk_norm_eps").getAsDouble());
    return new PooledVitArchitecture(
        trunk,
        integer(c, "embed_dim"),
        integer(c, "pooler_heads"),
        c.get("pooler_norm_eps").getAsDouble());
  }

  private static ConchArchitecture conch(ConchArchitecture conch, JsonObject c) {
    int width = integer(c, "width");
    VitArchitecture trunk =
        new VitArchitecture(
            width,
            integer(c, "layers"),
            integer(c, "num_heads"),
            integer(c, "patch_size"),
            integer(c, "image_size") / integer(c, "patch_size"),
            FeedForward.GELU,
            width * integer(c, "mlp_ratio"),
            0,
            PositionRows.CLASS,
            false,
            conch.trunk().positionResampling(),
            c.get("trunk_norm_eps").getAsDouble());
    return new ConchArchitecture(
        trunk,
        integer(c, "embed_dim"),
        integer(c, "embed_dim_caption"),
        integer(c, "n_queries_contrast"),
        integer(c, "n_queries_caption"),
        integer(c, "pooler_heads"),
        c.get("pooler_norm_eps").getAsDouble());
  }

  static List<Double> doubles(JsonObject object, String name) {
    List<Double> values = new ArrayList<>();
    object.getAsJsonArray(name).forEach(value -> values.add(value.getAsDouble()));
    return values;
  }

  private static int integer(JsonObject object, String name) {
    return object.get(name).getAsInt();
  }

  private static List<Integer> integers(JsonObject object, String name) {
    List<Integer> values = new ArrayList<>();
    object.getAsJsonArray(name).forEach(value -> values.add(value.getAsInt()));
    return values;
  }

  /** A JSON object's entries as text. */
  static Map<String, String> texts(String json) {
    Map<String, String> texts = new LinkedHashMap<>();
    for (Map.Entry<String, JsonElement> entry :
        JsonParser.parseString(json).getAsJsonObject().entrySet()) {
      texts.put(entry.getKey(), entry.getValue().getAsString());
    }
    return texts;
  }
}
