package io.github.gpfm.encoder.slide;

import io.github.gpfm.encoder.script.ScriptNode;
import io.github.gpfm.encoder.script.ScriptSource;
import java.util.ArrayList;
import java.util.List;

/**
 * MADELEINE's slide encoder: three layers, and gated attention in several heads.
 *
 * @param input length of a tile's feature
 * @param width length of the layers' values, of a head's, of the attention and of the slide's
 *     feature
 * @param heads attention heads
 * @param attention width of the attention
 */
record HeadedPooling(int input, int width, int heads, int attention) implements SlideNetwork {
  private static final double EPS = 1e-5;

  @Override
  public String describe() {
    return "gated attention in %d heads, %d to %d".formatted(heads, input, width);
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
    return List.of();
  }

  @Override
  public List<String> ignored(String feature) {
    return List.of("token_projector.");
  }

  @Override
  public ScriptSource source() {
    return AttentionPooling.SOURCE;
  }

  @Override
  public ScriptNode root(SlideWeights weights, String feature) {
    List<ScriptNode> layers = new ArrayList<>();
    int[] sizes = {input, width, width, width * heads};
    for (int i = 0; i < 3; i++) {
      String name = "wsi_embedders.pre_attn.";
      layers.add(
          ScriptNode.of("NormedGelu")
              .child("linear", weights.linear(name + 4 * i, sizes[i + 1], sizes[i]))
              .child("norm", weights.norm(name + (4 * i + 1), sizes[i + 1], EPS)));
    }
    List<ScriptNode> attentions = new ArrayList<>();
    for (int i = 0; i < heads; i++) {
      attentions.add(weights.gatedAttention("wsi_embedders.attn." + i + ".", width, attention));
    }
    return ScriptNode.of("HeadedPooling")
        .children("layers", layers)
        .children("heads", attentions)
        .child("projector", weights.linear("projector", width, (long) width * heads))
        .constant("count", heads);
  }
}
