package io.github.gpfm.encoder.slide;

import io.github.gpfm.encoder.script.ScriptNode;
import io.github.gpfm.encoder.script.ScriptSource;
import io.github.gpfm.encoder.vit.VitProgram;
import java.util.ArrayList;
import java.util.List;

/**
 * Prov-GigaPath's slide encoder.
 *
 * @param input length of a tile's feature
 * @param width length of a token; a multiple of 4
 * @param depth number of layers
 * @param heads attention heads; divides width
 * @param hidden width of a layer's feed-forward part
 * @param grid edge of the square of cells that positions are known for
 * @param segments lengths of the segments of attention
 * @param ratios of how many tokens each segmentation sees one
 */
record LongNet(
    int input,
    int width,
    int depth,
    int heads,
    int hidden,
    int grid,
    List<Long> segments,
    List<Long> ratios)
    implements SlideNetwork {
  private static final ScriptSource SOURCE =
      ScriptSource.resources(VitProgram.class, "layers.torchscript")
          .and(ScriptSource.resources(LongNet.class, "longnet.torchscript"));
  private static final double LAYER_EPS = 1e-5;
  private static final double FINAL_EPS = 1e-6;

  /** The class token behind all norms: what the authors' README shows. */
  static final String CLASS_TOKEN = "class-token";

  /** The class token of the last layer without the encoder's own norm: their pipeline. */
  static final String LAST_LAYER = "last-layer-class-token";

  /** The mean of the tiles behind all norms: with global pooling, as STAMP has it. */
  static final String MEAN_TOKEN = "mean-token";

  /** The mean of the tiles behind the last layer but one: as TRIDENT has it. */
  private String penultimate() {
    return "layer-" + (depth - 1) + "-mean-token";
  }

  @Override
  public String describe() {
    return "LongNet, width %d, %d layers, %d heads".formatted(width, depth, heads);
  }

  @Override
  public List<String> features() {
    return List.of(CLASS_TOKEN, LAST_LAYER, MEAN_TOKEN, penultimate());
  }

  @Override
  public int dimension() {
    return width;
  }

  @Override
  public boolean needsCells() {
    return true;
  }

  @Override
  public int gridEdge() {
    return grid;
  }

  @Override
  public List<String> roots() {
    return List.of();
  }

  @Override
  public List<String> ignored(String feature) {
    List<String> ignored = new ArrayList<>(List.of("pos_embed"));
    if (feature.equals(LAST_LAYER) || feature.equals(penultimate())) {
      ignored.add("encoder.layer_norm.");
    }
    if (feature.equals(penultimate())) {
      ignored.add("encoder.layers." + (depth - 1) + ".");
    }
    return ignored;
  }

  @Override
  public ScriptSource source() {
    return SOURCE;
  }

  @Override
  public ScriptNode root(SlideWeights weights, String feature) {
    boolean normed = feature.equals(CLASS_TOKEN) || feature.equals(MEAN_TOKEN);
    int count = feature.equals(penultimate()) ? depth - 1 : depth;
    List<ScriptNode> layers = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      layers.add(layer(weights, "encoder.layers." + i + "."));
    }
    return ScriptNode.of("LongNet")
        .child("patch_embed", weights.linear("patch_embed.proj", width, input))
        .parameter("cls_token", weights.take("cls_token", 1, 1, width))
        .children("layers", layers)
        .child("layer_norm", normed ? weights.norm("encoder.layer_norm", width, LAYER_EPS) : null)
        .child("norm", weights.norm("norm", width, FINAL_EPS))
        .constant("mean", feature.equals(MEAN_TOKEN) || feature.equals(penultimate()));
  }

  private ScriptNode layer(SlideWeights weights, String name) {
    String attention = name + "self_attn.";
    return ScriptNode.of("LongNetLayer")
        .child("attn_norm", weights.norm(name + "self_attn_layer_norm", width, LAYER_EPS))
        .child(
            "attn",
            ScriptNode.of("DilatedAttention")
                .child("q", weights.linear(attention + "q_proj", width, width))
                .child("k", weights.linear(attention + "k_proj", width, width))
                .child("v", weights.linear(attention + "v_proj", width, width))
                .child("norm", weights.norm(attention + "inner_attn_ln", width, LAYER_EPS))
                .child("out", weights.linear(attention + "out_proj", width, width))
                .constant("heads", heads)
                .constant("segments", segments)
                .constant("ratios", ratios))
        .child("ffn_norm", weights.norm(name + "final_layer_norm", width, LAYER_EPS))
        .child("fc1", weights.linear(name + "ffn.fc1", hidden, width))
        .child("inner_norm", weights.norm(name + "ffn.ffn_layernorm", hidden, LAYER_EPS))
        .child("fc2", weights.linear(name + "ffn.fc2", width, hidden));
  }
}
