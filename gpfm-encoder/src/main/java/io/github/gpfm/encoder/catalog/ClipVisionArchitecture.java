package io.github.gpfm.encoder.catalog;

import io.github.gpfm.encoder.vit.FeedForward;
import io.github.gpfm.encoder.vit.PositionResampling;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The vision tower of a CLIP model: a patch layer without bias, a norm before the blocks, a final
 * norm on the class token only, and a projection without bias.
 *
 * @param width length of a token
 * @param depth number of blocks
 * @param heads attention heads; divides width
 * @param patchSize edge of a patch, pixels
 * @param grid edge of the position table, patches
 * @param feedForward the nonlinearity of a block
 * @param hidden values going into the second linear layer of a block
 * @param projection length of the image embedding
 * @param positionResampling how the position table is fitted to another grid
 * @param normEps epsilon of every layer norm
 */
public record ClipVisionArchitecture(
    int width,
    int depth,
    int heads,
    int patchSize,
    int grid,
    FeedForward feedForward,
    int hidden,
    int projection,
    PositionResampling positionResampling,
    double normEps)
    implements Architecture {
  /** Checks that sizes are positive and that the heads divide the width. */
  public ClipVisionArchitecture {
    Sizes.positive("width", width, "depth", depth, "patchSize", patchSize, "grid", grid);
    Sizes.positive("hidden", hidden, "heads", heads, "projection", projection);
    Sizes.divides("heads", heads, "width", width);
  }

  @Override
  public Map<String, List<Long>> tensors() {
    TensorShapes shapes =
        new TensorShapes()
            .add("cls_token", 1, 1, width)
            .add("pos_embed", 1, 1 + (long) grid * grid, width)
            .add("patch_embed.proj.weight", width, 3, patchSize, patchSize)
            .norm("norm_pre", width);
    for (int i = 0; i < depth; i++) {
      VitArchitecture.addBlock(
          shapes, "blocks." + i + ".", width, feedForward, hidden, false, true);
    }
    return shapes.norm("norm", width).add("projection.weight", projection, width).toMap();
  }

  @Override
  public Map<String, List<Long>> optionalTensors() {
    return new TensorShapes().add("position_ids", 1, 1 + (long) grid * grid).toMap();
  }

  @Override
  public String describe() {
    return "CLIP ViT, patch %d, width %d, %d layers, %d heads, %s %d, projection %d"
        .formatted(patchSize, width, depth, heads, Sizes.label(feedForward), hidden, projection);
  }

  @Override
  public String family() {
    return "CLIP ViT, patch %d, %s".formatted(patchSize, Sizes.label(feedForward));
  }

  @Override
  public List<Feature> features() {
    return List.of(
        Feature.PROJECTED_CLASS_TOKEN,
        Feature.CLASS_TOKEN,
        Feature.MEAN_PATCH_TOKEN,
        Feature.CLASS_AND_MEAN_PATCH_TOKEN);
  }

  @Override
  public int dimension(Feature feature) {
    return switch (feature) {
      case PROJECTED_CLASS_TOKEN -> projection;
      case CLASS_AND_MEAN_PATCH_TOKEN -> 2 * width;
      default -> width;
    };
  }

  @Override
  public int blocks() {
    return depth;
  }

  @Override
  public int patchDimension() {
    return width;
  }

  @Override
  public Optional<Architecture> withSizesOf(Map<String, List<Long>> shapes) {
    ShapeView view = new ShapeView(shapes);
    int fileWidth = view.size("patch_embed.proj.weight", 0);
    int side = (int) Math.round(Math.sqrt(view.size("pos_embed", 1) - 1.0));
    int fileDepth = view.count("blocks.%d.norm1.weight");
    int fileHidden = view.size("blocks.0.mlp.fc2.weight", 1);
    int fileProjection = view.size("projection.weight", 0);
    if (view.incomplete() || fileDepth == 0 || side == 0 || !view.has("norm_pre.weight")) {
      return Optional.empty();
    }
    return Optional.of(
        new ClipVisionArchitecture(
            fileWidth,
            fileDepth,
            fileWidth == width ? heads : Sizes.likelyHeads(fileWidth),
            view.size("patch_embed.proj.weight", 2),
            side,
            feedForward,
            fileHidden,
            fileProjection,
            positionResampling,
            normEps));
  }

  /** This architecture with what shapes do not tell. */
  ClipVisionArchitecture with(int otherHeads, double otherEps, FeedForward otherForm) {
    return new ClipVisionArchitecture(
        width,
        depth,
        otherHeads,
        patchSize,
        grid,
        otherForm,
        hidden,
        projection,
        positionResampling,
        otherEps);
  }
}
