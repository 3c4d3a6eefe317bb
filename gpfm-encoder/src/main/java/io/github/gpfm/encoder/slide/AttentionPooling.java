package io.github.gpfm.encoder.slide;

import io.github.gpfm.encoder.script.ScriptNode;
import io.github.gpfm.encoder.script.ScriptSource;
import io.github.gpfm.encoder.vit.VitProgram;
import java.util.List;

/**
 * Gated attention over embedded tiles (CHIEF, FEATHER).
 *
 * @param input length of a tile's feature
 * @param width length of an embedded tile
 * @param hidden width of the attention
 * @param own whether the tiles' own features are averaged, else the embedded ones
 * @param embedding name of the embedding layer
 * @param attention beginning of the attention's names
 */
record AttentionPooling(
    int input, int width, int hidden, boolean own, String embedding, String attention)
    implements SlideNetwork {
  static final ScriptSource SOURCE =
      ScriptSource.resources(VitProgram.class, "layers.torchscript")
          .and(ScriptSource.resources(AttentionPooling.class, "pooling.torchscript"));

  @Override
  public String describe() {
    return "gated attention, %d to %d, hidden %d%s"
        .formatted(input, width, hidden, own ? ", over the tiles' own features" : "");
  }

  @Override
  public List<String> features() {
    return List.of("slide");
  }

  @Override
  public int dimension() {
    return own ? input : width;
  }

  @Override
  public List<String> roots() {
    return List.of();
  }

  @Override
  public List<String> ignored(String feature) {
    return List.of(
        "classifier", "instance_classifiers.", "att_head.", "text_to_vision.", "organ_embedding");
  }

  @Override
  public ScriptSource source() {
    return SOURCE;
  }

  @Override
  public ScriptNode root(SlideWeights weights, String feature) {
    return ScriptNode.of("AttentionPooling")
        .child("embed", weights.linear(embedding, width, input))
        .child("attention", weights.gatedAttention(attention, width, hidden))
        .constant("own", own);
  }
}
