package io.github.gpfm.encoder.catalog;

import io.github.gpfm.encoder.script.ScriptNode;
import io.github.gpfm.encoder.script.ScriptProgram;
import io.github.gpfm.encoder.script.ScriptSource;
import io.github.gpfm.encoder.vit.FeedForward;
import io.github.gpfm.encoder.vit.VitForm;
import io.github.gpfm.encoder.vit.VitProgram;
import io.github.gpfm.encoder.weights.WeightTensor;
import java.util.ArrayList;
import java.util.List;

/**
 * Puts an architecture's program together: its TorchScript source and the tree of modules that
 * holds the weights. Every root answers {@code encode(x)} with the feature [B, e] and the patch
 * tokens [B, N, d], {@code feature(x)} with the feature alone, and {@code intermediate(x, layers,
 * normalise)}; x is [B, 3, H, W], normalised.
 */
final class Programs {
  private static final ScriptSource LAYERS =
      ScriptSource.resources(VitProgram.class, "layers.torchscript");
  private static final ScriptSource VIT = VitProgram.source();
  private static final ScriptSource CONCH =
      VIT.and(source("pooler.torchscript", "conch.torchscript"));
  private static final ScriptSource POOLED =
      VIT.and(source("pooler.torchscript", "pooled.torchscript"));
  private static final ScriptSource HEADED = VIT.and(source("headed.torchscript"));
  private static final ScriptSource RESNET =
      source("convolution.torchscript", "resnet.torchscript");
  private static final ScriptSource SWIN =
      LAYERS.and(source("convolution.torchscript", "swin.torchscript"));

  private final WeightBinding weights;
  private final String output;

  private Programs(WeightBinding weights, Feature feature) {
    this.weights = weights;
    this.output = feature.programName();
  }

  private static ScriptSource source(String... names) {
    return ScriptSource.resources(Programs.class, names);
  }

  /** The classes and functions of an architecture's program. */
  static ScriptSource source(Architecture architecture) {
    if (architecture instanceof ConchArchitecture) {
      return CONCH;
    } else if (architecture instanceof PooledVitArchitecture) {
      return POOLED;
    } else if (architecture instanceof HeadedVitArchitecture) {
      return HEADED;
    } else if (architecture instanceof SwinArchitecture) {
      return SWIN;
    }
    return architecture instanceof ResNetArchitecture ? RESNET : VIT;
  }

  /** The root module of an architecture's program, holding the weights. */
  static ScriptNode root(Architecture architecture, WeightBinding weights, Feature feature) {
    Programs programs = new Programs(weights, feature);
    if (architecture instanceof VitArchitecture vit) {
      return programs.vit("", vit);
    } else if (architecture instanceof ClipVisionArchitecture clip) {
      return programs.clip(clip);
    } else if (architecture instanceof ConchArchitecture conch) {
      return programs.conch(conch);
    } else if (architecture instanceof PooledVitArchitecture pooled) {
      return programs.pooled(pooled);
    } else if (architecture instanceof HeadedVitArchitecture headed) {
      return programs.headed(headed);
    } else if (architecture instanceof SwinArchitecture swin) {
      return programs.swin(swin);
    }
    return programs.resnet((ResNetArchitecture) architecture);
  }

  /** CTransPath's convolutional stem alone: {@code forward(x)} is [B, rows, columns, width]. */
  static ScriptProgram stem(WeightBinding weights, double normEps, double batchNormEps) {
    Programs programs = new Programs(weights, Feature.MEAN_PATCH_TOKEN);
    return new ScriptProgram(SWIN, programs.convStem(normEps, batchNormEps));
  }

  private ScriptNode vit(String prefix, VitArchitecture vit) {
    VitForm form =
        new VitForm(
            vit.depth(),
            vit.heads(),
            vit.patchSize(),
            vit.registers(),
            vit.feedForward(),
            vit.normEps(),
            vit.positionResampling(),
            true,
            output);
    return VitProgram.node(form, weights.under(prefix));
  }

  private ScriptNode clip(ClipVisionArchitecture clip) {
    VitForm form =
        new VitForm(
            clip.depth(),
            clip.heads(),
            clip.patchSize(),
            0,
            clip.feedForward(),
            clip.normEps(),
            clip.positionResampling(),
            false,
            output);
    return VitProgram.node(form, weights.tensors());
  }

  private ScriptNode linear(String name) {
    return VitProgram.linear(weights.tensors(), name);
  }

  private ScriptNode layerNorm(String name, double eps) {
    return VitProgram.norm(weights.tensors(), name, eps);
  }

  private ScriptNode conch(ConchArchitecture conch) {
    return ScriptNode.of("Conch")
        .child("trunk", vit(TrunkArchitecture.TRUNK, conch.trunk()))
        .child("attn_pool_contrast", pooler("contrast", conch.contrastWidth(), conch))
        .child("ln_contrast", layerNorm("ln_contrast", conch.poolerNormEps()))
        .parameter("proj_contrast", weights.get("proj_contrast"))
        .child("attn_pool_caption", pooler("caption", conch.captionWidth(), conch))
        .child("ln_caption", layerNorm("ln_caption", conch.poolerNormEps()))
        .constant("output", output);
  }

  private ScriptNode pooled(PooledVitArchitecture pooled) {
    String name = "attn_pool_contrast.";
    return ScriptNode.of("PooledVit")
        .child("trunk", vit(TrunkArchitecture.TRUNK, pooled.trunk()))
        .child(
            "pooler",
            ScriptNode.of("PlainPooler")
                .parameter("query", weights.get(name + "query"))
                .child("ln_q", layerNorm(name + "ln_q", pooled.poolerNormEps()))
                .child("ln_k", layerNorm(name + "ln_k", pooled.poolerNormEps()))
                .child("q", linear(name + "to_q"))
                .child("kv", linear(name + "to_kv"))
                .child("out", linear(name + "to_out"))
                .constant("heads", pooled.poolerHeads()))
        .child("ln_contrast", layerNorm("ln_contrast", pooled.poolerNormEps()))
        .constant("output", output);
  }

  private ScriptNode headed(HeadedVitArchitecture headed) {
    return ScriptNode.of("HeadedVit")
        .child("trunk", vit(TrunkArchitecture.TRUNK, headed.trunk()))
        .child("fc1", linear("head.fc1"))
        .child("fc2", linear("head.fc2"))
        .constant("output", output);
  }

  private ScriptNode pooler(String which, int width, ConchArchitecture conch) {
    String name = "attn_pool_" + which + ".";
    WeightTensor packed = weights.optional(name + "attn.in_proj_weight");
    ScriptNode node =
        ScriptNode.of("AttentionalPooler")
            .parameter("query", weights.get(name + "query"))
            .child("ln_q", layerNorm(name + "ln_q", conch.poolerNormEps()))
            .child("ln_k", layerNorm(name + "ln_k", conch.poolerNormEps()))
            .parameter("in_bias", weights.get(name + "attn.in_proj_bias"))
            .child("out", linear(name + "attn.out_proj"))
            .constant("heads", conch.poolerHeads());
    String[] parts = {"q", "k", "v"};
    for (int i = 0; i < parts.length; i++) {
      node.parameter(
          parts[i] + "_weight",
          packed == null
              ? weights.get(name + "attn." + parts[i] + "_proj_weight")
              : packed.rows(name + parts[i], (long) i * width, (i + 1L) * width));
    }
    return node;
  }

  private ScriptNode swin(SwinArchitecture swin) {
    List<ScriptNode> stages = new ArrayList<>();
    for (int stage = 0; stage < swin.depths().size(); stage++) {
      List<ScriptNode> blocks = new ArrayList<>();
      for (int i = 0; i < swin.depths().get(stage); i++) {
        blocks.add(swinBlock("layers." + stage + ".blocks." + i + ".", i, stage, swin));
      }
      String merging = "layers." + stage + ".downsample.";
      stages.add(
          ScriptNode.of("SwinStage")
              .children("blocks", blocks)
              .child(
                  "merging",
                  stage == swin.depths().size() - 1
                      ? null
                      : ScriptNode.of("PatchMerging")
                          .child("norm", layerNorm(merging + "norm", swin.normEps()))
                          .child("reduction", linear(merging + "reduction"))));
    }
    return ScriptNode.of("Swin")
        .child("stem", convStem(swin.normEps(), swin.batchNormEps()))
        .children("stages", stages)
        .child("norm", layerNorm("norm", swin.normEps()));
  }

  private ScriptNode convStem(double normEps, double batchNormEps) {
    return ScriptNode.of("ConvStem")
        .child("conv1", convolution("patch_embed.proj.0", 2, 1))
        .child("bn1", batchNorm("patch_embed.proj.1", batchNormEps))
        .child("conv2", convolution("patch_embed.proj.3", 2, 1))
        .child("bn2", batchNorm("patch_embed.proj.4", batchNormEps))
        .child("conv3", convolution("patch_embed.proj.6", 1, 0))
        .child("norm", layerNorm("patch_embed.norm", normEps));
  }

  private ScriptNode swinBlock(String name, int block, int stage, SwinArchitecture swin) {
    String table = name + "attn.relative_position_bias_table";
    ScriptNode attention =
        ScriptNode.of("WindowAttention")
            .child("qkv", linear(name + "attn.qkv"))
            .child("proj", linear(name + "attn.proj"))
            .parameter("relative_position_bias_table", weights.get(table))
            .constant("heads", swin.heads().get(stage))
            .constant("size", swin.window());
    return ScriptNode.of("SwinBlock")
        .child("norm1", layerNorm(name + "norm1", swin.normEps()))
        .child("attn", attention)
        .child("norm2", layerNorm(name + "norm2", swin.normEps()))
        .child("mlp", VitProgram.feedForward(weights.tensors(), name + "mlp.", FeedForward.GELU))
        .constant("shifted", block % 2 == 1);
  }

  private ScriptNode resnet(ResNetArchitecture resnet) {
    List<ScriptNode> stages = new ArrayList<>();
    for (int stage = 0; stage < resnet.stages().size(); stage++) {
      List<ScriptNode> blocks = new ArrayList<>();
      for (int i = 0; i < resnet.stages().get(stage); i++) {
        String name = "layer" + (stage + 1) + "." + i + ".";
        blocks.add(bottleneck(name, i == 0 && stage > 0 ? 2 : 1, resnet.batchNormEps()));
      }
      stages.add(ScriptNode.of("Stage").children("blocks", blocks));
    }
    return ScriptNode.of("ResNet")
        .child("conv1", convolution("conv1", 2, 3))
        .child("bn1", batchNorm("bn1", resnet.batchNormEps()))
        .children("stages", stages);
  }

  private ScriptNode bottleneck(String name, int stride, double eps) {
    boolean shortcut = weights.optional(name + "downsample.0.weight") != null;
    return ScriptNode.of("Bottleneck")
        .child("conv1", convolution(name + "conv1", 1, 0))
        .child("bn1", batchNorm(name + "bn1", eps))
        .child("conv2", convolution(name + "conv2", stride, 1))
        .child("bn2", batchNorm(name + "bn2", eps))
        .child("conv3", convolution(name + "conv3", 1, 0))
        .child("bn3", batchNorm(name + "bn3", eps))
        .child("shortcut", shortcut ? convolution(name + "downsample.0", stride, 0) : null)
        .child("shortcut_bn", shortcut ? batchNorm(name + "downsample.1", eps) : null);
  }

  private ScriptNode convolution(String name, int stride, int padding) {
    return ScriptNode.of("Convolution")
        .parameter("weight", weights.get(name + ".weight"))
        .parameter("bias", weights.optional(name + ".bias"))
        .constant("stride", stride)
        .constant("padding", padding);
  }

  private ScriptNode batchNorm(String name, double eps) {
    return ScriptNode.of("BatchNorm")
        .parameter("weight", weights.get(name + ".weight"))
        .parameter("bias", weights.get(name + ".bias"))
        .buffer("running_mean", weights.get(name + ".running_mean"))
        .buffer("running_var", weights.get(name + ".running_var"))
        .constant("eps", eps);
  }
}
