package io.github.gpfm.encoder.slide;

import io.github.gpfm.encoder.catalog.Architecture;
import io.github.gpfm.encoder.script.ScriptNode;
import io.github.gpfm.encoder.script.ScriptSource;
import io.github.gpfm.encoder.vit.FeedForward;
import io.github.gpfm.encoder.vit.VitProgram;
import io.github.gpfm.encoder.weights.WeightTensor;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * TITAN's slide encoder.
 *
 * @param input length of a tile's feature
 * @param width length of a token
 * @param depth number of blocks
 * @param heads attention heads; divides width
 * @param poolerHeads attention heads of the pooler; divides width
 */
record TitanNetwork(int input, int width, int depth, int heads, int poolerHeads)
    implements SlideNetwork {
  private static final ScriptSource SOURCE =
      ScriptSource.resources(VitProgram.class, "layers.torchscript")
          .and(ScriptSource.resources(Architecture.class, "pooler.torchscript"))
          .and(ScriptSource.resources(TitanNetwork.class, "titan.torchscript"));
  private static final double BLOCK_EPS = 1e-6;
  private static final double POOLER_EPS = 1e-5;

  @Override
  public String describe() {
    return "ViT over the grid of tiles with ALiBi, width %d, %d layers, %d heads; attentional pooler"
        .formatted(width, depth, heads);
  }

  @Override
  public List<String> features() {
    return List.of("slide");
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
  public boolean dense() {
    return true;
  }

  @Override
  public List<String> roots() {
    return List.of("vision_encoder.");
  }

  /** The pooler for captions and the projection to the words' space are not of the feature. */
  @Override
  public List<String> ignored(String feature) {
    return List.of("attn_pool.", "proj");
  }

  @Override
  public ScriptSource source() {
    return SOURCE;
  }

  @Override
  public ScriptNode root(SlideWeights weights, String feature) {
    List<ScriptNode> blocks = new ArrayList<>();
    for (int i = 0; i < depth; i++) {
      blocks.add(block(weights, "blocks.modules_list." + i + "."));
    }
    return ScriptNode.of("Titan")
        .child("patch_embed", weights.linear("patch_embed.0", width, input))
        .parameter("cls_token", weights.take("cls_token", 1, 1, width))
        .children("blocks", blocks)
        .child("norm", weights.norm("norm", width, BLOCK_EPS))
        .child("pooler", pooler(weights));
  }

  private ScriptNode block(SlideWeights weights, String name) {
    String mlp = name + "mlp.";
    Map<String, WeightTensor> feed =
        Map.of(
            mlp + "fc1.weight", weights.take(mlp + "fc1.weight", 4L * width, width),
            mlp + "fc1.bias", weights.take(mlp + "fc1.bias", 4L * width),
            mlp + "fc2.weight", weights.take(mlp + "fc2.weight", width, 4L * width),
            mlp + "fc2.bias", weights.take(mlp + "fc2.bias", width));
    return ScriptNode.of("DistanceBlock")
        .child("norm1", weights.norm(name + "norm1", width, BLOCK_EPS))
        .child(
            "attn",
            ScriptNode.of("DistanceAttention")
                .child("qkv", weights.linear(name + "attn.qkv", 3L * width, width))
                .child("proj", weights.linear(name + "attn.proj", width, width))
                .constant("heads", heads)
                .buffer("slopes", slopes()))
        .child("norm2", weights.norm(name + "norm2", width, BLOCK_EPS))
        .child("mlp", VitProgram.feedForward(feed, mlp, FeedForward.GELU));
  }

  private ScriptNode pooler(SlideWeights weights) {
    String name = "attn_pool_contrastive.";
    WeightTensor packed = weights.take(name + "attn.in_proj_weight", 3L * width, width);
    ScriptNode node =
        ScriptNode.of("AttentionalPooler")
            .parameter("query", weights.take(name + "query", 1, width))
            .child("ln_q", weights.norm(name + "ln_q", width, POOLER_EPS))
            .child("ln_k", weights.norm(name + "ln_k", width, POOLER_EPS))
            .parameter("in_bias", weights.take(name + "attn.in_proj_bias", 3L * width))
            .child("out", weights.linear(name + "attn.out_proj", width, width))
            .constant("heads", poolerHeads);
    String[] parts = {"q", "k", "v"};
    for (int i = 0; i < parts.length; i++) {
      node.parameter(
          parts[i] + "_weight", packed.rows(name + parts[i], (long) i * width, (i + 1L) * width));
    }
    return node;
  }

  /**
   * ALiBi's slopes: a geometric series for a power of two, else that and every other of the next.
   */
  private WeightTensor slopes() {
    int power = Integer.highestOneBit(heads);
    float[] slopes = new float[heads];
    for (int i = 0; i < heads; i++) {
      slopes[i] = (float) (i < power ? slope(power, i) : slope(2 * power, 2 * (i - power)));
    }
    return WeightTensor.ofFloats("slopes", List.of((long) heads, 1L, 1L), slopes);
  }

  private static double slope(int count, int i) {
    double first = Math.pow(2, -8.0 / count);
    return first * Math.pow(first, i);
  }
}
