package io.github.gpfm.pipeline.tissue;

import io.github.gpfm.encoder.script.ScriptNode;
import io.github.gpfm.encoder.weights.NamedWeights;
import java.util.ArrayList;
import java.util.List;

/**
 * torchvision's DeepLabV3 on a ResNet of bottlenecks, whose last two stages are dilated instead of
 * halved.
 *
 * @param stem channels of the first layer
 * @param widths inner channels of the four stages
 * @param depths blocks of the four stages
 * @param pyramid channels of every branch of the pyramid
 * @param rates dilations of the pyramid's branches
 * @param classes number of logits
 */
record DeepLabNetwork(
    int stem,
    List<Integer> widths,
    List<Integer> depths,
    int pyramid,
    List<Integer> rates,
    int classes)
    implements SegmentationNetwork {
  private static final int EXPANSION = 4;

  @Override
  public List<String> ignored() {
    return List.of("aux");
  }

  @Override
  public ScriptNode node(NamedWeights weights) {
    List<ScriptNode> blocks = new ArrayList<>();
    int channels = stem;
    int dilation = 1;
    for (int stage = 0; stage < widths.size(); stage++) {
      boolean dilated = stage >= 2;
      int width = widths.get(stage);
      for (int i = 0; i < depths.get(stage); i++) {
        int stride = i == 0 && stage > 0 && !dilated ? 2 : 1;
        // The first block of a dilated stage has the dilation of the stage before.
        int own = i == 0 ? dilation : dilated ? 2 << (stage - 2) : 1;
        String name = "backbone.layer" + (stage + 1) + "." + i + ".";
        blocks.add(block(weights, name, channels, width, stride, own, i == 0));
        channels = EXPANSION * width;
      }
      dilation = dilated ? 2 << (stage - 2) : 1;
    }
    List<ScriptNode> branches = new ArrayList<>();
    branches.add(branch(weights, 0, channels, 1, 1));
    for (int i = 0; i < rates.size(); i++) {
      branches.add(branch(weights, i + 1, channels, 3, rates.get(i)));
    }
    String pool = "classifier.0.convs." + (rates.size() + 1) + ".";
    long joined = (long) pyramid * (rates.size() + 2);
    return ScriptNode.of("DeepLab")
        .child(
            "stem",
            SegmentationNetwork.convNorm(
                weights, "backbone.conv1", "backbone.bn1", stem, 3, 7, 2, 1, 1))
        .children("blocks", blocks)
        .children("branches", branches)
        .child(
            "pool",
            SegmentationNetwork.convNorm(
                weights, pool + "1", pool + "2", pyramid, channels, 1, 1, 1, 1))
        .child(
            "project",
            SegmentationNetwork.convNorm(
                weights,
                "classifier.0.project.0",
                "classifier.0.project.1",
                pyramid,
                joined,
                1,
                1,
                1,
                1))
        .child(
            "refine",
            SegmentationNetwork.convNorm(
                weights, "classifier.1", "classifier.2", pyramid, pyramid, 3, 1, 1, 1))
        .child("logits", SegmentationNetwork.logits(weights, "classifier.4", classes, pyramid, 1));
  }

  private ScriptNode branch(NamedWeights weights, int i, int channels, int kernel, int rate) {
    String name = "classifier.0.convs." + i + ".";
    return SegmentationNetwork.convNorm(
        weights, name + "0", name + "1", pyramid, channels, kernel, 1, rate, 1);
  }

  private static ScriptNode block(
      NamedWeights weights,
      String name,
      int in,
      int width,
      int stride,
      int dilation,
      boolean shortcut) {
    int out = EXPANSION * width;
    return ScriptNode.of("DilatedBottleneck")
        .child(
            "conv1",
            SegmentationNetwork.convNorm(
                weights, name + "conv1", name + "bn1", width, in, 1, 1, 1, 1))
        .child(
            "conv2",
            SegmentationNetwork.convNorm(
                weights, name + "conv2", name + "bn2", width, width, 3, stride, dilation, 1))
        .child(
            "conv3",
            SegmentationNetwork.convNorm(
                weights, name + "conv3", name + "bn3", out, width, 1, 1, 1, 1))
        .child(
            "shortcut",
            shortcut
                ? SegmentationNetwork.convNorm(
                    weights, name + "downsample.0", name + "downsample.1", out, in, 1, stride, 1, 1)
                : null);
  }
}
