package io.github.gpfm.pipeline.tissue;

import io.github.gpfm.encoder.script.ScriptNode;
import io.github.gpfm.encoder.weights.NamedWeights;
import java.util.List;

/** The structure of a segmentation network with all its sizes. */
sealed interface SegmentationNetwork permits DeepLabNetwork, MobileUnetNetwork {
  /** The module that gives logits, from the authors' tensor names. */
  ScriptNode node(NamedWeights weights);

  /** Beginnings of the names of tensors that the logits do not need. */
  List<String> ignored();

  /** A convolution without bias and its batch norm. */
  static ScriptNode convNorm(
      NamedWeights weights,
      String convolution,
      String norm,
      long out,
      long in,
      int kernel,
      int stride,
      int dilation,
      int groups) {
    return ScriptNode.of("ConvNorm")
        .parameter(
            "weight", weights.take(convolution + ".weight", out, in / groups, kernel, kernel))
        .parameter("norm_weight", weights.take(norm + ".weight", out))
        .parameter("norm_bias", weights.take(norm + ".bias", out))
        .buffer("running_mean", weights.take(norm + ".running_mean", out))
        .buffer("running_var", weights.take(norm + ".running_var", out))
        .constant("stride", stride)
        .constant("padding", kernel / 2 * dilation)
        .constant("dilation", dilation)
        .constant("groups", groups);
  }

  /** The last layer, with bias. */
  static ScriptNode logits(NamedWeights weights, String name, long out, long in, int kernel) {
    return ScriptNode.of("Logits")
        .parameter("weight", weights.take(name + ".weight", out, in, kernel, kernel))
        .parameter("bias", weights.take(name + ".bias", out))
        .constant("padding", kernel / 2);
  }
}
