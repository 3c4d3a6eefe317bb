package io.github.gpfm.encoder.catalog;

import io.github.gpfm.encoder.vit.FeedForward;
import io.github.gpfm.encoder.vit.PositionResampling;
import io.github.gpfm.support.yaml.Default;
import io.github.gpfm.support.yaml.Inline;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * A pre-norm vision transformer: timm's {@code VisionTransformer}, DINOv2, Hugging Face's {@code
 * ViTModel} and {@code Dinov2Model}.
 *
 * @param width length of a token
 * @param depth number of blocks
 * @param heads attention heads; divides width
 * @param patchSize edge of a patch, pixels
 * @param grid edge of the position table, patches
 * @param feedForward the nonlinearity of a block
 * @param hidden values going into the second linear layer of a block
 * @param registers number of register tokens
 * @param positionRows which tokens the position table covers
 * @param layerScale whether a learned factor per channel scales each branch
 * @param positionResampling how the position table is fitted to another grid
 * @param normEps epsilon of every layer norm
 * @param variant where it departs from the usual form
 */
public record VitArchitecture(
    int width,
    int depth,
    int heads,
    int patchSize,
    int grid,
    FeedForward feedForward,
    int hidden,
    int registers,
    PositionRows positionRows,
    @Default("false") boolean layerScale,
    PositionResampling positionResampling,
    double normEps,
    @Inline VitVariant variant)
    implements Architecture {
  /** One of the usual form. */
  public VitArchitecture(
      int width,
      int depth,
      int heads,
      int patchSize,
      int grid,
      FeedForward feedForward,
      int hidden,
      int registers,
      PositionRows positionRows,
      boolean layerScale,
      PositionResampling positionResampling,
      double normEps) {
    this(
        width,
        depth,
        heads,
        patchSize,
        grid,
        feedForward,
        hidden,
        registers,
        positionRows,
        layerScale,
        positionResampling,
        normEps,
        VitVariant.USUAL);
  }

  /** Checks that sizes are positive and that the heads divide the width. */
  public VitArchitecture {
    Sizes.positive("width", width, "depth", depth, "patchSize", patchSize);
    Sizes.positive("grid", grid, "hidden", hidden, "heads", heads);
    Sizes.divides("heads", heads, "width", width);
  }

  @Override
  public Map<String, List<Long>> tensors() {
    TensorShapes shapes = new TensorShapes();
    if (variant.classToken()) {
      shapes.add("cls_token", 1, 1, width);
    }
    if (registers > 0) {
      shapes.add("reg_token", 1, registers, width);
    }
    shapes
        .add(
            "pos_embed",
            1,
            positionRows.prefix(registers, variant.classToken()) + (long) grid * grid,
            width)
        .add("patch_embed.proj.weight", width, 3, patchSize, patchSize);
    if (variant.patchBias()) {
      shapes.add("patch_embed.proj.bias", width);
    }
    if (variant.preNorm()) {
      shapes.norm("norm_pre", width);
    }
    for (int i = 0; i < depth; i++) {
      String block = "blocks." + i + ".";
      addBlock(shapes, block, width, feedForward, hidden, layerScale, variant.qkvBias());
      if (variant.qkNorm()) {
        shapes.norm(block + "attn.q_norm", width / heads);
        shapes.norm(block + "attn.k_norm", width / heads);
      }
    }
    return shapes.norm(variant.pooledNorm() ? "fc_norm" : "norm", width).toMap();
  }

  static void addBlock(
      TensorShapes shapes,
      String name,
      int width,
      FeedForward feedForward,
      int hidden,
      boolean layerScale,
      boolean qkvBias) {
    shapes.norm(name + "norm1", width);
    if (qkvBias) {
      shapes.linear(name + "attn.qkv", 3L * width, width);
    } else {
      shapes.add(name + "attn.qkv.weight", 3L * width, width);
    }
    shapes.linear(name + "attn.proj", width, width);
    if (layerScale) {
      shapes.add(name + "ls1.gamma", width);
    }
    shapes.norm(name + "norm2", width);
    shapes.linear(name + "mlp.fc1", feedForward.firstLayerRows(hidden), width);
    shapes.linear(name + "mlp.fc2", width, hidden);
    if (layerScale) {
      shapes.add(name + "ls2.gamma", width);
    }
  }

  @Override
  public Map<String, List<Long>> optionalTensors() {
    return new TensorShapes().add("mask_token", 1, width).toMap();
  }

  @Override
  public String describe() {
    return "ViT, patch %d, width %d, %d layers, %d heads, %s %d%s%s%s"
        .formatted(
            patchSize,
            width,
            depth,
            heads,
            Sizes.label(feedForward),
            hidden,
            registers > 0 ? ", " + registers + " registers" : "",
            layerScale ? ", layer scale" : "",
            variant.describe());
  }

  @Override
  public String family() {
    return "ViT, patch %d, %s%s%s%s"
        .formatted(
            patchSize,
            Sizes.label(feedForward),
            registers > 0 ? ", " + registers + " registers" : "",
            layerScale ? ", layer scale" : "",
            variant.describe());
  }

  @Override
  public List<Feature> features() {
    if (!variant.classToken() || variant.pooledNorm()) {
      return List.of(Feature.MEAN_PATCH_TOKEN);
    }
    return List.of(
        Feature.CLASS_TOKEN, Feature.MEAN_PATCH_TOKEN, Feature.CLASS_AND_MEAN_PATCH_TOKEN);
  }

  @Override
  public int dimension(Feature feature) {
    return feature == Feature.CLASS_AND_MEAN_PATCH_TOKEN ? 2 * width : width;
  }

  @Override
  public int blocks() {
    return variant.classToken() && !variant.pooledNorm() ? depth : 0;
  }

  @Override
  public int patchDimension() {
    return width;
  }

  @Override
  public Optional<Architecture> withSizesOf(Map<String, List<Long>> shapes) {
    ShapeView view = new ShapeView(shapes);
    int fileWidth = view.size("patch_embed.proj.weight", 0);
    int fileHidden = view.size("blocks.0.mlp.fc2.weight", 1);
    int firstRows = view.size("blocks.0.mlp.fc1.weight", 0);
    int fileRegisters = view.has("reg_token") ? view.size("reg_token", 1) : 0;
    int rows = view.size("pos_embed", 1);
    int fileDepth = view.count("blocks.%d.norm1.weight");
    if (view.incomplete() || fileDepth == 0) {
      return Optional.empty();
    }
    VitVariant fileVariant = VitVariant.of(view);
    PositionRows covered = null;
    int side = 0;
    for (PositionRows candidate : PositionRows.values()) {
      int prefix = candidate.prefix(fileRegisters, fileVariant.classToken());
      int edge = (int) Math.round(Math.sqrt(Math.max(rows - prefix, 0)));
      if (covered == null && edge > 0 && edge * edge == rows - prefix) {
        covered = candidate;
        side = edge;
      }
    }
    if (covered == null) {
      return Optional.empty();
    }
    int headWidth = fileVariant.qkNorm() ? view.size("blocks.0.attn.q_norm.weight", 0) : 0;
    if (headWidth > 0 && fileWidth % headWidth != 0) {
      return Optional.empty();
    }
    int fileHeads =
        headWidth > 0
            ? fileWidth / headWidth
            : fileWidth == width ? heads : Sizes.likelyHeads(fileWidth);
    FeedForward form =
        firstRows == 2 * fileHidden
            ? FeedForward.SWIGLU
            : feedForward == FeedForward.SWIGLU ? FeedForward.GELU : feedForward;
    return Optional.of(
        new VitArchitecture(
            fileWidth,
            fileDepth,
            fileHeads,
            view.size("patch_embed.proj.weight", 2),
            side,
            form,
            fileHidden,
            fileRegisters,
            covered,
            view.has("blocks.0.ls1.gamma"),
            positionResampling,
            normEps,
            fileVariant));
  }

  /** Width, depth, patches and registers agree; the feed-forward part and the table may differ. */
  @Override
  public boolean agreesWith(Architecture other) {
    return other instanceof VitArchitecture vit
        && vit.width == width
        && vit.depth == depth
        && vit.patchSize == patchSize
        && vit.registers == registers
        && vit.variant.equals(variant);
  }

  /** This architecture with what shapes do not tell. */
  VitArchitecture with(
      int otherHeads, double otherEps, FeedForward otherForm, PositionResampling otherResampling) {
    return new VitArchitecture(
        width,
        depth,
        otherHeads,
        patchSize,
        grid,
        otherForm,
        hidden,
        registers,
        positionRows,
        layerScale,
        otherResampling,
        otherEps,
        variant);
  }
}
