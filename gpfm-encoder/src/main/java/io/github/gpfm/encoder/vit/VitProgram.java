package io.github.gpfm.encoder.vit;

import io.github.gpfm.api.WeightsException;
import io.github.gpfm.encoder.script.ScriptNode;
import io.github.gpfm.encoder.script.ScriptSource;
import io.github.gpfm.encoder.weights.WeightTensor;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The vision transformer and its projection head as modules of a program, for inference and for
 * training. Methods of the transformer: {@code forward}, {@code forward_masked}, {@code encode},
 * {@code feature}, {@code intermediate}, {@code class_attention}, {@code positions}; see {@code
 * vit.torchscript}. Parameters bear the checkpoint's flat names.
 */
public final class VitProgram {
  private static final int FLOAT32 = 6;
  private static final Map<String, String> MIXED =
      Map.of(
          "Linear", "MixedLinear",
          "PatchProjection", "MixedPatchProjection",
          "WeightNormLinear", "MixedWeightNormLinear");

  private final VitForm form;
  private final Map<String, WeightTensor> weights;

  private VitProgram(VitForm form, Map<String, WeightTensor> weights) {
    this.form = form;
    this.weights = weights;
  }

  /** Classes {@code VisionTransformer}, {@code DinoHead} and the layers they need. */
  public static ScriptSource source() {
    return ScriptSource.resources(
        VitProgram.class, "layers.torchscript", "vit.torchscript", "dino_head.torchscript");
  }

  /**
   * A transformer in DINOv2's layout; its feature is the class token.
   *
   * @param weights by flat name; all names of {@code config.shapes()}
   */
  public static ScriptNode node(VitConfig config, Map<String, WeightTensor> weights) {
    return node(
        new VitForm(
            config.depth(),
            config.heads(),
            config.patchSize(),
            config.registers(),
            config.feedForward(),
            config.normEps(),
            config.positionResampling(),
            true,
            "class_token"),
        weights);
  }

  /**
   * Any of the transformers.
   *
   * @param weights by flat name, as DINOv2 ({@code register_tokens}, {@code mlp.w12}, {@code
   *     mlp.w3}) or timm ({@code reg_token}, {@code mlp.fc1}, {@code mlp.fc2}) calls them
   * @throws WeightsException if one is missing
   */
  public static ScriptNode node(VitForm form, Map<String, WeightTensor> weights) {
    return new VitProgram(form, weights).transformer();
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

  /**
   * The feed-forward part of a block.
   *
   * @param prefix what stands before {@code fc1} and {@code fc2} (or {@code w12} and {@code w3})
   */
  public static ScriptNode feedForward(
      Map<String, WeightTensor> weights, String prefix, FeedForward form) {
    boolean split = weights.containsKey(prefix + "w12.weight");
    ScriptNode first = linear(weights, prefix + (split ? "w12" : "fc1"));
    ScriptNode second = linear(weights, prefix + (split ? "w3" : "fc2"));
    return switch (form) {
      case GELU -> ScriptNode.of("Mlp").child("fc1", first).child("fc2", second);
      case QUICK_GELU -> ScriptNode.of("QuickGeluMlp").child("fc1", first).child("fc2", second);
      case GELU_TANH, RELU, SILU ->
          ScriptNode.of("ActivatedMlp")
              .child("fc1", first)
              .child("fc2", second)
              .constant("activation", form.name().toLowerCase(Locale.ROOT));
      case SWIGLU -> ScriptNode.of("SwiGlu").child("w12", first).child("w3", second);
    };
  }

  /**
   * The same network for mixed precision: weights stay as they are, matrix products are computed in
   * another element type, as PyTorch's autocast does.
   *
   * @param elementType PyTorch's number: 15 bfloat16, 5 float16, 6 float32 (the network itself)
   */
  public static ScriptNode mixed(ScriptNode network, int elementType) {
    return elementType == FLOAT32 ? network : network.specialised(MIXED, "dtype", elementType);
  }

  private ScriptNode transformer() {
    List<ScriptNode> blocks = new ArrayList<>();
    for (int i = 0; i < form.depth(); i++) {
      blocks.add(block("blocks." + i + "."));
    }
    return ScriptNode.of("VisionTransformer")
        .parameter("cls_token", weights.get("cls_token"))
        .parameter("pos_embed", require(weights, "pos_embed"))
        .parameter("mask_token", weights.get("mask_token"))
        .parameter(
            "register_tokens", weights.getOrDefault("register_tokens", weights.get("reg_token")))
        .child(
            "patch_embed",
            ScriptNode.of("PatchEmbed")
                .child(
                    "proj",
                    ScriptNode.of("PatchProjection")
                        .parameter("weight", require(weights, "patch_embed.proj.weight"))
                        .parameter("bias", weights.get("patch_embed.proj.bias"))
                        .constant("patch", form.patchSize())))
        .child("norm_pre", weights.containsKey("norm_pre.weight") ? norm("norm_pre") : null)
        .children("blocks", blocks)
        .child("norm", weights.containsKey("norm.weight") ? norm("norm") : null)
        .child("fc_norm", weights.containsKey("fc_norm.weight") ? norm("fc_norm") : null)
        .constant("norm_tokens", form.normTokens())
        .parameter("projection", weights.get("projection.weight"))
        .constant("resampling", form.resampling().programName())
        .constant("output", form.output())
        .constant("patch", form.patchSize())
        .constant("depth", form.depth())
        .constant("registers", form.registers())
        .constant("prefix", form.registers() + (weights.containsKey("cls_token") ? 1 : 0));
  }

  private ScriptNode block(String name) {
    return ScriptNode.of("Block")
        .child("norm1", norm(name + "norm1"))
        .child(
            "attn",
            ScriptNode.of("Attention")
                .child("qkv", linear(weights, name + "attn.qkv"))
                .child("q_norm", headNorm(name + "attn.q_norm"))
                .child("k_norm", headNorm(name + "attn.k_norm"))
                .child("proj", linear(weights, name + "attn.proj"))
                .constant("heads", form.heads()))
        .child("ls1", layerScale(name + "ls1.gamma"))
        .child("norm2", norm(name + "norm2"))
        .child("mlp", feedForward(weights, name + "mlp.", form.feedForward()))
        .child("ls2", layerScale(name + "ls2.gamma"));
  }

  private ScriptNode norm(String name) {
    return norm(weights, name, form.normEps());
  }

  private @Nullable ScriptNode headNorm(String name) {
    return weights.containsKey(name + ".weight") ? norm(name) : null;
  }

  private @Nullable ScriptNode layerScale(String name) {
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
