package io.github.gpfm.pipeline.tissue;

import io.github.gpfm.encoder.script.ScriptNode;
import io.github.gpfm.encoder.weights.NamedWeights;
import java.util.ArrayList;
import java.util.List;

/**
 * A U-Net or UNet++ of segmentation_models_pytorch on timm's EfficientNet.
 *
 * @param stem channels of the first layer
 * @param stages of the EfficientNet
 * @param decoder channels of the decoder's five steps
 * @param classes number of logits
 * @param nested whether it is a UNet++
 */
record MobileUnetNetwork(
    int stem, List<Stage> stages, List<Integer> decoder, int classes, boolean nested)
    implements SegmentationNetwork {
  /**
   * @param kernel edge of the depthwise convolution
   * @param stride of its first block
   * @param expansion by which the channels are multiplied inside a block; 1 for none
   * @param out channels it gives
   * @param depth blocks
   * @param kept whether the decoder looks at what it gives
   */
  record Stage(int kernel, int stride, int expansion, int out, int depth, boolean kept) {}

  /** EfficientNet-B0 with the decoder's usual channels. */
  static MobileUnetNetwork b0(int classes, boolean nested) {
    return new MobileUnetNetwork(
        32, stages(16, 24, 40, 80, 112, 192, 320), List.of(256, 128, 64, 32, 16), classes, nested);
  }

  /** EfficientNet-B0's seven stages with channels of one's own. */
  static List<Stage> stages(int... out) {
    return List.of(
        new Stage(3, 1, 1, out[0], 1, false),
        new Stage(3, 2, 6, out[1], 2, true),
        new Stage(5, 2, 6, out[2], 2, true),
        new Stage(3, 2, 6, out[3], 3, false),
        new Stage(5, 1, 6, out[4], 3, true),
        new Stage(5, 2, 6, out[5], 4, false),
        new Stage(3, 1, 6, out[6], 1, true));
  }

  @Override
  public List<String> ignored() {
    return List.of("encoder.conv_head.", "encoder.bn2.");
  }

  @Override
  public ScriptNode node(NamedWeights weights) {
    List<ScriptNode> blocks = new ArrayList<>();
    List<Integer> maps = new ArrayList<>(List.of(stem));
    int channels = stem;
    for (int s = 0; s < stages.size(); s++) {
      Stage stage = stages.get(s);
      for (int i = 0; i < stage.depth(); i++) {
        String name = "encoder.blocks." + s + "." + i + ".";
        blocks.add(block(weights, name, stage, i, channels));
        channels = stage.out();
      }
      if (stage.kept()) {
        maps.add(0, channels);
      }
    }
    return ScriptNode.of("MobileUnet")
        .child(
            "stem",
            SegmentationNetwork.convNorm(
                weights, "encoder.conv_stem", "encoder.bn1", stem, 3, 3, 2, 1, 1))
        .children("blocks", blocks)
        .children("nodes", nested ? nestedNodes(weights, maps) : plainNodes(weights, maps))
        .child(
            "logits",
            SegmentationNetwork.logits(
                weights, "segmentation_head.0", classes, decoder.get(decoder.size() - 1), 3));
  }

  private static ScriptNode block(
      NamedWeights weights, String name, Stage stage, int index, int in) {
    int inner = in * stage.expansion();
    int stride = index == 0 ? stage.stride() : 1;
    boolean expands = stage.expansion() > 1;
    String depthwiseNorm = name + (expands ? "bn2" : "bn1");
    String project = name + (expands ? "conv_pwl" : "conv_pw");
    int reduced = Math.round(in / 4f);
    return ScriptNode.of("MobileBlock")
        .child(
            "expand",
            expands
                ? SegmentationNetwork.convNorm(
                    weights, name + "conv_pw", name + "bn1", inner, in, 1, 1, 1, 1)
                : null)
        .child(
            "depthwise",
            SegmentationNetwork.convNorm(
                weights,
                name + "conv_dw",
                depthwiseNorm,
                inner,
                inner,
                stage.kernel(),
                stride,
                1,
                inner))
        .child(
            "squeeze",
            ScriptNode.of("SqueezeExcite")
                .parameter(
                    "reduce_weight",
                    weights.take(name + "se.conv_reduce.weight", reduced, inner, 1, 1))
                .parameter("reduce_bias", weights.take(name + "se.conv_reduce.bias", reduced))
                .parameter(
                    "expand_weight",
                    weights.take(name + "se.conv_expand.weight", inner, reduced, 1, 1))
                .parameter("expand_bias", weights.take(name + "se.conv_expand.bias", inner)))
        .child(
            "project",
            SegmentationNetwork.convNorm(
                weights, project, name + (expands ? "bn3" : "bn2"), stage.out(), inner, 1, 1, 1, 1))
        .constant("residual", stride == 1 && in == stage.out())
        .constant("kept", stage.kept() && index == stage.depth() - 1);
  }

  /** One node a step, each with the map of its resolution. */
  private List<ScriptNode> plainNodes(NamedWeights weights, List<Integer> maps) {
    List<ScriptNode> nodes = new ArrayList<>();
    for (int i = 0; i < decoder.size(); i++) {
      boolean skips = i + 1 < maps.size();
      int in = (i == 0 ? maps.get(0) : decoder.get(i - 1)) + (skips ? maps.get(i + 1) : 0);
      int source = i == 0 ? 0 : maps.size() + i - 1;
      List<Long> skip = List.of(skips ? i + 1L : -1L);
      nodes.add(
          decoderNode(weights, "decoder.blocks." + i + ".", in, decoder.get(i), source, skip));
    }
    return nodes;
  }

  /**
   * Node (d, l) enlarges what node (d, l - 1) gave, the map d where d = l, and joins the nodes (d +
   * 1, l) to (l, l) and the map l + 1. Numbers count the maps first, then the nodes as they come.
   */
  private List<ScriptNode> nestedNodes(NamedWeights weights, List<Integer> maps) {
    int depth = maps.size() - 1;
    List<ScriptNode> nodes = new ArrayList<>();
    int[][] number = new int[depth + 1][depth + 1];
    int[][] channels = new int[depth + 1][depth + 1];
    for (int step = 0; step < depth; step++) {
      for (int d = 0; d < depth - step; d++) {
        int l = d + step;
        int source = step == 0 ? d : number[d][l - 1];
        int in = step == 0 ? maps.get(d) : channels[d][l - 1];
        List<Long> skips = new ArrayList<>();
        for (int other = d + 1; other <= l; other++) {
          skips.add((long) number[other][l]);
          in += channels[other][l];
        }
        skips.add(l + 1L);
        in += maps.get(l + 1);
        channels[d][l] = d == 0 ? decoder.get(l) : maps.get(l + 1);
        number[d][l] = maps.size() + nodes.size();
        nodes.add(
            decoderNode(
                weights,
                "decoder.blocks.x_%d_%d.".formatted(d, l),
                in,
                channels[d][l],
                source,
                skips));
      }
    }
    int last = number[0][depth - 1];
    nodes.add(
        decoderNode(
            weights,
            "decoder.blocks.x_0_" + depth + ".",
            channels[0][depth - 1],
            decoder.get(depth),
            last,
            List.of(-1L)));
    return nodes;
  }

  private static ScriptNode decoderNode(
      NamedWeights weights, String name, int in, int out, int source, List<Long> skips) {
    return ScriptNode.of("DecoderNode")
        .child(
            "conv1",
            SegmentationNetwork.convNorm(
                weights, name + "conv1.0", name + "conv1.1", out, in, 3, 1, 1, 1))
        .child(
            "conv2",
            SegmentationNetwork.convNorm(
                weights, name + "conv2.0", name + "conv2.1", out, out, 3, 1, 1, 1))
        .constant("source", source)
        .constant("skips", skips);
  }
}
