package io.github.gpfm.encoder.slide;

import io.github.gpfm.encoder.script.ScriptNode;
import io.github.gpfm.encoder.script.ScriptSource;
import java.util.ArrayList;
import java.util.List;

/**
 * COBRA: a Mamba-2 network whose attention averages the tiles' own features.
 *
 * @param inputs lengths of the tile features it has an entry for
 * @param width length of an embedded tile
 * @param depth number of Mamba layers
 * @param heads attention heads; divides width
 * @param attention width of the attention
 * @param states states of a Mamba head
 * @param headWidth values of a Mamba head; divides twice the width
 */
record CobraNetwork(
    List<Integer> inputs, int width, int depth, int heads, int attention, int states, int headWidth)
    implements SlideNetwork {
  private static final ScriptSource SOURCE =
      AttentionPooling.SOURCE.and(ScriptSource.resources(CobraNetwork.class, "cobra.torchscript"));
  private static final double EPS = 1e-5;
  private static final int TAPS = 4;

  @Override
  public String describe() {
    return "Mamba-2, width %d, %d layers; gated attention in %d heads over the tiles' own features"
        .formatted(width, depth, heads);
  }

  @Override
  public List<String> features() {
    return List.of("slide");
  }

  @Override
  public int dimension() {
    return 0;
  }

  /** A checkpoint of the training has the momentum encoder, one of STAMP's {@code cobra.}. */
  @Override
  public List<String> roots() {
    return List.of("momentum_enc.", "cobra.");
  }

  /** The encoder's own norm stands in the file although nothing is computed with it. */
  @Override
  public List<String> ignored(String feature) {
    return List.of("proj.", "mamba_enc.norm.");
  }

  @Override
  public ScriptSource source() {
    return SOURCE;
  }

  @Override
  public ScriptNode root(SlideWeights weights, String feature) {
    List<ScriptNode> entries = new ArrayList<>();
    for (int input : inputs) {
      String name = "embed." + input + ".head.";
      entries.add(
          ScriptNode.of("TileEntry")
              .child("norm", weights.norm(name + "0", input, EPS))
              .child("inner", weights.linear(name + "1", width, input))
              .child("outer", weights.linear(name + "4", width, width))
              .constant("width", input));
    }
    List<ScriptNode> blocks = new ArrayList<>();
    for (int i = 0; i < depth; i++) {
      String name = "mamba_enc.layers." + i + ".";
      blocks.add(
          ScriptNode.of("MambaBlock")
              .child("norm", weights.norm(name + "0", width, EPS))
              .child("mamba", mamba(weights, name + "1.")));
    }
    List<ScriptNode> attentions = new ArrayList<>();
    for (int i = 0; i < heads; i++) {
      attentions.add(weights.gatedAttention("attn." + i + ".", width / heads, attention));
    }
    return ScriptNode.of("Cobra")
        .children("entries", entries)
        .child("fc", weights.linear("mamba_enc._fc1.0", width, width))
        .children("blocks", blocks)
        .child("classifier", weights.linear("mamba_enc.classifier", width, width))
        .child("norm", weights.norm("norm", width, EPS))
        .children("heads", attentions)
        .constant("count", heads);
  }

  private ScriptNode mamba(SlideWeights weights, String name) {
    int inner = 2 * width;
    int mixed = inner + 2 * states;
    int stateHeads = inner / headWidth;
    return ScriptNode.of("Mamba2")
        .child(
            "in_proj",
            weights.linearWithoutBias(name + "in_proj", (long) inner + mixed + stateHeads, width))
        .parameter("conv_weight", weights.take(name + "conv1d.weight", mixed, 1, TAPS))
        .parameter("conv_bias", weights.take(name + "conv1d.bias", mixed))
        .parameter("dt_bias", weights.take(name + "dt_bias", stateHeads))
        .parameter("a_log", weights.take(name + "A_log", stateHeads))
        .parameter("d", weights.take(name + "D", stateHeads))
        .parameter("norm", weights.take(name + "norm.weight", inner))
        .child("out_proj", weights.linearWithoutBias(name + "out_proj", width, inner))
        .constant("states", states)
        .constant("eps", EPS);
  }
}
