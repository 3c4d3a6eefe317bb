package io.github.gpfm.encoder.slide;

import io.github.gpfm.encoder.catalog.Architecture;
import io.github.gpfm.encoder.script.ScriptNode;
import io.github.gpfm.encoder.script.ScriptSource;
import io.github.gpfm.encoder.vit.VitProgram;
import java.util.ArrayList;
import java.util.List;

/**
 * PRISM's slide encoder. All rounds share the latents' blocks, and all but the first the attention
 * to the tiles.
 *
 * @param input length of a tile's feature
 * @param width length of a latent
 * @param latents number of latents beside the one that becomes the slide's feature
 * @param rounds how often the latents look at the tiles, at least 2
 * @param depth blocks of the latents a round
 * @param heads attention heads of the blocks; divides width
 */
record PerceiverNetwork(int input, int width, int latents, int rounds, int depth, int heads)
    implements SlideNetwork {
  private static final ScriptSource SOURCE =
      ScriptSource.resources(VitProgram.class, "layers.torchscript")
          .and(ScriptSource.resources(Architecture.class, "pooler.torchscript"))
          .and(ScriptSource.resources(PerceiverNetwork.class, "prism.torchscript"));
  private static final double EPS = 1e-5;
  private static final int TILE_HEADS = 1;

  @Override
  public String describe() {
    return "Perceiver, %d latents of %d, %d rounds of %d blocks, %d heads"
        .formatted(latents, width, rounds, depth, heads);
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
  public List<String> roots() {
    return List.of("image_resampler.");
  }

  /** Some files write the shared layers once a round. */
  @Override
  public List<String> ignored(String feature) {
    List<String> ignored = new ArrayList<>(List.of("img_norm."));
    for (int i = 1; i < rounds; i++) {
      ignored.add("perceiver.layers." + i + ".tf.");
      if (i > 1) {
        ignored.add("perceiver.layers." + i + ".xattn.");
      }
    }
    return ignored;
  }

  @Override
  public ScriptSource source() {
    return SOURCE;
  }

  @Override
  public ScriptNode root(SlideWeights weights, String feature) {
    List<ScriptNode> blocks = new ArrayList<>();
    for (int i = 0; i < depth; i++) {
      String name = "perceiver.layers.0.tf." + i + ".";
      String attention = name + "mhsa.mha.";
      blocks.add(
          ScriptNode.of("LatentBlock")
              .child("norm", weights.norm(name + "mhsa.norm", width, EPS))
              .parameter("in_weight", weights.take(attention + "in_proj_weight", 3L * width, width))
              .child("out", weights.linearWithoutBias(attention + "out_proj", width, width))
              .child("feed", feed(weights, name + "ff."))
              .constant("heads", heads));
    }
    return ScriptNode.of("Perceiver")
        .parameter("latents", weights.take("perceiver.latents", latents + 1L, width))
        .child("first", tileAttention(weights, "perceiver.layers.0.xattn."))
        .child("shared", tileAttention(weights, "perceiver.layers.1.xattn."))
        .children("blocks", blocks)
        .child("norm", weights.norm("cls_norm", width, EPS))
        .constant("depth", rounds);
  }

  private ScriptNode tileAttention(SlideWeights weights, String name) {
    String attention = name + "xattn.";
    return ScriptNode.of("TileAttention")
        .child("norm", weights.norm(attention + "x_norm", width, EPS))
        .child("q", weights.linearWithoutBias(attention + "to_q", width, width))
        .child("kv", weights.linearWithoutBias(attention + "to_kv", 2L * width, input))
        .child("out", weights.linearWithoutBias(attention + "to_out", width, width))
        .child("feed", feed(weights, name + "ff."))
        .constant("heads", TILE_HEADS);
  }

  private ScriptNode feed(SlideWeights weights, String name) {
    return ScriptNode.of("GatedFeed")
        .child("norm", weights.norm(name + "norm", width, EPS))
        .child("inner", weights.linear(name + "net.0", 2L * width, width))
        .child("outer", weights.linear(name + "net.2", width, width));
  }
}
