package io.github.gpfm.encoder.vit;

import io.github.gpfm.api.WeightsException;
import io.github.gpfm.encoder.script.ScriptNode;
import io.github.gpfm.encoder.script.ScriptSource;
import io.github.gpfm.encoder.weights.WeightTensor;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The vision transformer and its projection head as modules of a program. Methods of the
 * transformer: {@code forward}, {@code forward_masked}, {@code encode}, {@code feature}, {@code
 * intermediate}, {@code class_attention}, {@code positions}; see {@code vit.torchscript}.
 * Parameters bear the checkpoint's flat names.
 */
public final class VitProgram {
  private VitProgram() {}

  /** Classes {@code VisionTransformer}, {@code DinoHead} and the layers they need. */
  public static ScriptSource source() {
    return ScriptSource.resources(
        VitProgram.class, "layers.torchscript", "vit.torchscript", "dino_head.torchscript");
  }

  /**
   * The transformer.
   *
   * @param weights by flat name; all names of {@code config.shapes()}
   */
  public static ScriptNode node(VitConfig config, Map<String, WeightTensor> weights) {
    List<ScriptNode> blocks = new ArrayList<>();
    for (int i = 0; i < config.depth(); i++) {
      // DINOv2's rule: the rate grows linearly over the blocks.
      double rate = config.depth() == 1 ? 0 : config.dropPath() * i / (config.depth() - 1);
      blocks.add(block(config, weights, "blocks." + i + ".", rate));
    }
    return ScriptNode.of("VisionTransformer")
        .parameter("cls_token", weights.get("cls_token"))
        .parameter("pos_embed", weights.get("pos_embed"))
        .parameter("mask_token", weights.get("mask_token"))
        .parameter("register_tokens", weights.get("register_tokens"))
        .child(
            "patch_embed",
            ScriptNode.of("PatchEmbed")
                .child(
                    "proj",
                    ScriptNode.of("PatchProjection")
                        .parameter("weight", weights.get("patch_embed.proj.weight"))
                        .parameter("bias", weights.get("patch_embed.proj.bias"))
                        .constant("patch", config.patchSize())))
        .children("blocks", blocks)
        .child("norm", norm(weights, "norm", config.normEps()))
        .constant("patch", config.patchSize())
        .constant("depth", config.depth())
        .constant("registers", config.registers())
        .constant("interpolate_offset", config.interpolateOffset())
        .constant("interpolate_antialias", config.interpolateAntialias());
  }

  /**
   * A projection head.
   *
   * @param weights {@code mlp.0.weight}, {@code mlp.0.bias}, {@code mlp.2.weight}, … (or {@code
   *     mlp.weight} for one layer), {@code last_layer.weight_g}, {@code last_layer.weight_v}
   * @throws WeightsException if one is missing
   */
  public static ScriptNode head(Map<String, WeightTensor> weights) {
    ScriptNode last =
        ScriptNode.of("WeightNormLinear")
            .parameter("weight_g", require(weights, "last_layer.weight_g"))
            .parameter("weight_v", require(weights, "last_layer.weight_v"));
    if (weights.containsKey("mlp.weight")) {
      return ScriptNode.of("DinoHeadSingle")
          .child("mlp", linear(weights, "mlp"))
          .child("last_layer", last);
    }
    List<ScriptNode> mlp = new ArrayList<>();
    mlp.add(linear(weights, "mlp.0"));
    for (int i = 2; weights.containsKey("mlp." + i + ".weight"); i += 2) {
      mlp.add(ScriptNode.of("Gelu"));
      mlp.add(linear(weights, "mlp." + i));
    }
    return ScriptNode.of("DinoHead").children("mlp", mlp).child("last_layer", last);
  }

  /** A linear layer of the given name; without bias if there is none. */
  public static ScriptNode linear(Map<String, WeightTensor> weights, String name) {
    return ScriptNode.of("Linear")
        .parameter("weight", require(weights, name + ".weight"))
        .parameter("bias", weights.get(name + ".bias"));
  }

  /** A layer norm of the given name. */
  public static ScriptNode norm(Map<String, WeightTensor> weights, String name, double eps) {
    return ScriptNode.of("LayerNorm")
        .parameter("weight", require(weights, name + ".weight"))
        .parameter("bias", require(weights, name + ".bias"))
        .constant("eps", eps);
  }

  private static ScriptNode block(
      VitConfig config, Map<String, WeightTensor> weights, String name, double dropPath) {
    ScriptNode mlp =
        config.feedForward() == VitConfig.FeedForward.MLP
            ? ScriptNode.of("Mlp")
                .child("fc1", linear(weights, name + "mlp.fc1"))
                .child("fc2", linear(weights, name + "mlp.fc2"))
            : ScriptNode.of("SwiGlu")
                .child("w12", linear(weights, name + "mlp.w12"))
                .child("w3", linear(weights, name + "mlp.w3"));
    return ScriptNode.of("Block")
        .child("norm1", norm(weights, name + "norm1", config.normEps()))
        .child(
            "attn",
            ScriptNode.of("Attention")
                .child("qkv", linear(weights, name + "attn.qkv"))
                .child("proj", linear(weights, name + "attn.proj"))
                .constant("heads", config.heads()))
        .child("ls1", layerScale(weights, name + "ls1.gamma"))
        .child("norm2", norm(weights, name + "norm2", config.normEps()))
        .child("mlp", mlp)
        .child("ls2", layerScale(weights, name + "ls2.gamma"))
        .constant("drop_path", dropPath);
  }

  private static @Nullable ScriptNode layerScale(Map<String, WeightTensor> weights, String name) {
    WeightTensor gamma = weights.get(name);
    return gamma == null ? null : ScriptNode.of("LayerScale").parameter("gamma", gamma);
  }

  private static WeightTensor require(Map<String, WeightTensor> weights, String name) {
    WeightTensor tensor = weights.get(name);
    if (tensor == null) {
      throw new WeightsException("The weights lack tensor '" + name + "'; give the whole model.");
    }
    return tensor;
  }
}
