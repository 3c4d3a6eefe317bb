package io.github.gpfm.encoder.catalog;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * A Swin transformer with CTransPath's convolutional stem, tensors named as in timm 0.5 (patch
 * merging at the end of a stage).
 *
 * @param width channels after the stem; doubles with every stage; a multiple of 8
 * @param depths blocks of each stage
 * @param heads attention heads of each stage
 * @param hiddenRatio width of the feed-forward layer over that of a token
 * @param window edge of an attention window, tokens
 * @param imageSize edge of the input, pixels
 * @param normEps epsilon of every layer norm
 * @param batchNormEps epsilon of the stem's batch norms
 */
public record SwinArchitecture(
    int width,
    List<Integer> depths,
    List<Integer> heads,
    double hiddenRatio,
    int window,
    int imageSize,
    double normEps,
    double batchNormEps)
    implements Architecture {
  /** The stem halves the image twice. */
  private static final int STEM_STRIDE = 4;

  /** Checks that the lists fit each other and that windows tile every stage. */
  public SwinArchitecture {
    Sizes.positive("width", width, "window", window, "imageSize", imageSize);
    Sizes.divides("8 stem channels:", 8, "width", width);
    depths = List.copyOf(depths);
    heads = List.copyOf(heads);
    if (depths.isEmpty() || depths.size() != heads.size()) {
      throw new CatalogException(
          "depths " + depths + " and heads " + heads + " must name the same stages.");
    }
    for (int stage = 0; stage < depths.size(); stage++) {
      Sizes.positive("depths", depths.get(stage), "heads", heads.get(stage));
      Sizes.divides("heads", heads.get(stage), "stage width", width << stage);
      Sizes.divides("window", window, "stage resolution", imageSize / (STEM_STRIDE << stage));
    }
  }

  private int stageWidth(int stage) {
    return width << stage;
  }

  private boolean shifted(int stage, int block) {
    return block % 2 == 1 && imageSize / (STEM_STRIDE << stage) > window;
  }

  @Override
  public Map<String, List<Long>> tensors() {
    int quarter = width / 4;
    int eighth = width / 8;
    TensorShapes shapes =
        new TensorShapes()
            .add("patch_embed.proj.0.weight", eighth, 3, 3, 3)
            .batchNorm("patch_embed.proj.1", eighth)
            .add("patch_embed.proj.3.weight", quarter, eighth, 3, 3)
            .batchNorm("patch_embed.proj.4", quarter)
            .add("patch_embed.proj.6.weight", width, quarter, 1, 1)
            .add("patch_embed.proj.6.bias", width)
            .norm("patch_embed.norm", width);
    long biasRows = (2L * window - 1) * (2L * window - 1);
    for (int stage = 0; stage < depths.size(); stage++) {
      int c = stageWidth(stage);
      for (int block = 0; block < depths.get(stage); block++) {
        String name = "layers." + stage + ".blocks." + block + ".";
        shapes
            .norm(name + "norm1", c)
            .add(name + "attn.relative_position_bias_table", biasRows, heads.get(stage))
            .linear(name + "attn.qkv", 3L * c, c)
            .linear(name + "attn.proj", c, c)
            .norm(name + "norm2", c)
            .linear(name + "mlp.fc1", (long) (c * hiddenRatio), c)
            .linear(name + "mlp.fc2", c, (long) (c * hiddenRatio));
      }
      if (stage < depths.size() - 1) {
        String name = "layers." + stage + ".downsample.";
        shapes.add(name + "reduction.weight", 2L * c, 4L * c).norm(name + "norm", 4L * c);
      }
    }
    return shapes.norm("norm", stageWidth(depths.size() - 1)).toMap();
  }

  @Override
  public Map<String, List<Long>> optionalTensors() {
    long tokens = (long) window * window;
    TensorShapes shapes =
        new TensorShapes()
            .add("patch_embed.proj.1.num_batches_tracked")
            .add("patch_embed.proj.4.num_batches_tracked");
    for (int stage = 0; stage < depths.size(); stage++) {
      long across = imageSize / (STEM_STRIDE << stage) / window;
      for (int block = 0; block < depths.get(stage); block++) {
        String name = "layers." + stage + ".blocks." + block + ".";
        shapes.add(name + "attn.relative_position_index", tokens, tokens);
        if (shifted(stage, block)) {
          shapes.add(name + "attn_mask", across * across, tokens, tokens);
        }
      }
    }
    return shapes.toMap();
  }

  @Override
  public String describe() {
    return "Swin with a convolutional stem, width %d, %s blocks, window %d"
        .formatted(width, depths, window);
  }

  @Override
  public String family() {
    return "Swin with a convolutional stem";
  }

  @Override
  public List<Feature> features() {
    return List.of(Feature.MEAN_PATCH_TOKEN);
  }

  @Override
  public int dimension(Feature feature) {
    return stageWidth(depths.size() - 1);
  }

  @Override
  public int patchDimension() {
    return stageWidth(depths.size() - 1);
  }

  @Override
  public int patchSize() {
    return STEM_STRIDE << (depths.size() - 1);
  }

  @Override
  public void requireInput(int inputSize) {
    if (inputSize != imageSize) {
      throw new CatalogException(
          "imageSize %d must be the input size %d.".formatted(imageSize, inputSize));
    }
  }

  @Override
  public Optional<Architecture> withSizesOf(Map<String, List<Long>> shapes) {
    ShapeView view = new ShapeView(shapes);
    int fileWidth = view.size("patch_embed.proj.6.weight", 0);
    int fileHidden = view.size("layers.0.blocks.0.mlp.fc1.weight", 0);
    int side = view.size("layers.0.blocks.0.attn.relative_position_bias_table", 0);
    List<Integer> fileDepths = new ArrayList<>();
    List<Integer> fileHeads = new ArrayList<>();
    for (int stage = 0; view.count("layers." + stage + ".blocks.%d.norm1.weight") > 0; stage++) {
      fileDepths.add(view.count("layers." + stage + ".blocks.%d.norm1.weight"));
      String table = "layers." + stage + ".blocks.0.attn.relative_position_bias_table";
      fileHeads.add(view.size(table, 1));
    }
    if (view.incomplete() || fileDepths.isEmpty()) {
      return Optional.empty();
    }
    return Optional.of(
        new SwinArchitecture(
            fileWidth,
            fileDepths,
            fileHeads,
            (double) fileHidden / fileWidth,
            ((int) Math.round(Math.sqrt(side)) + 1) / 2,
            imageSize,
            normEps,
            batchNormEps));
  }
}
