package io.github.gpfm.encoder.slide;

import io.github.gpfm.encoder.script.ScriptNode;
import io.github.gpfm.encoder.vit.VitProgram;
import io.github.gpfm.encoder.weights.NamedWeights;
import io.github.gpfm.encoder.weights.WeightFile;
import io.github.gpfm.encoder.weights.WeightTensor;
import java.util.List;
import java.util.Map;

/** The layers of a slide encoder's file. */
final class SlideWeights {
  private final NamedWeights weights;

  /**
   * @param roots see {@link NamedWeights}
   */
  SlideWeights(String model, WeightFile file, List<String> roots) {
    this.weights = new NamedWeights("slide encoder '" + model + "'", file, roots);
  }

  WeightTensor take(String name, long... shape) {
    return weights.take(name, shape);
  }

  /** A linear layer of {@code name.weight} and {@code name.bias}. */
  ScriptNode linear(String name, long out, long in) {
    return VitProgram.linear(
        Map.of(
            name + ".weight", take(name + ".weight", out, in),
            name + ".bias", take(name + ".bias", out)),
        name);
  }

  /** A linear layer that has no bias. */
  ScriptNode linearWithoutBias(String name, long out, long in) {
    return VitProgram.linear(Map.of(name + ".weight", take(name + ".weight", out, in)), name);
  }

  /** A layer norm of {@code name.weight} and {@code name.bias}. */
  ScriptNode norm(String name, long width, double eps) {
    return VitProgram.norm(
        Map.of(
            name + ".weight", take(name + ".weight", width),
            name + ".bias", take(name + ".bias", width)),
        name,
        eps);
  }

  /** Gated attention of one score a tile. */
  ScriptNode gatedAttention(String name, long width, long hidden) {
    return ScriptNode.of("GatedAttention")
        .child("a", linear(name + "attention_a.0", hidden, width))
        .child("b", linear(name + "attention_b.0", hidden, width))
        .child("c", linear(name + "attention_c", 1, hidden));
  }

  /** See {@link NamedWeights#requireNoOthers}. */
  void requireNoOthers(List<String> ignored) {
    weights.requireNoOthers(ignored);
  }
}
