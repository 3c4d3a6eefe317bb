package io.github.gpfm.encoder.vit;

import io.github.gpfm.api.InvalidOptionException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The shape of a vision transformer.
 *
 * @param dimension width of a token
 * @param depth number of blocks
 * @param heads attention heads; divides the dimension
 * @param patchSize edge of a patch, pixels
 * @param positionGrid edge of the stored position table, patches (16 for 224 px at 14 px)
 * @param feedForward kind of the feed-forward part
 * @param hidden width inside the feed-forward part (of each half for SwiGLU)
 * @param layerScale whether residuals are scaled by a learnt vector
 * @param maskToken whether there is a mask token
 * @param registers number of register tokens
 * @param normEps epsilon of the layer norms
 * @param positionResampling how the position table is fitted to another grid; the official code
 *     without registers uses an offset, with registers antialiasing
 */
public record VitConfig(
    int dimension,
    int depth,
    int heads,
    int patchSize,
    int positionGrid,
    FeedForward feedForward,
    int hidden,
    boolean layerScale,
    boolean maskToken,
    int registers,
    double normEps,
    PositionResampling positionResampling) {
  /** GPFM: ViT-L/14 at 224 px. */
  public static final VitConfig GPFM = of(1024, 24, 16, 14, 16);

  /** The small bundled model: width 64, four blocks, four heads, 14 px patches. */
  public static final VitConfig TINY = of(64, 4, 4, 14, 16);

  /** Checks that sizes are positive and that the heads divide the width. */
  public VitConfig {
    if (dimension < 1
        || depth < 1
        || heads < 1
        || patchSize < 1
        || positionGrid < 1
        || hidden < 1
        || registers < 0
        || dimension % heads != 0) {
      throw new InvalidOptionException(
          "A vision transformer of width %d, depth %d, %d heads, patch %d, grid %d is impossible;"
                  .formatted(dimension, depth, heads, patchSize, positionGrid)
              + " sizes must be positive and the heads divide the width.");
    }
  }

  /** DINOv2's usual form: MLP of four times the width, LayerScale, mask token, no registers. */
  public static VitConfig of(int dimension, int depth, int heads, int patchSize, int positionGrid) {
    return new VitConfig(
        dimension,
        depth,
        heads,
        patchSize,
        positionGrid,
        FeedForward.GELU,
        4 * dimension,
        true,
        true,
        0,
        1e-6,
        PositionResampling.PLAIN_OFFSET);
  }

  /** The same with another number of heads. */
  public VitConfig withHeads(int newHeads) {
    return new VitConfig(
        dimension,
        depth,
        newHeads,
        patchSize,
        positionGrid,
        feedForward,
        hidden,
        layerScale,
        maskToken,
        registers,
        normEps,
        positionResampling);
  }

  /** Edge of the image whose positions are stored, pixels. */
  public int imageSize() {
    return patchSize * positionGrid;
  }

  /** One line, for instance {@code ViT 1024x24/14, 16 heads, MLP, LayerScale}. */
  public String describe() {
    return "ViT %dx%d/%d, %d heads, %s%s%s"
        .formatted(
            dimension,
            depth,
            patchSize,
            heads,
            feedForward == FeedForward.SWIGLU ? "SwiGLU" : "MLP",
            layerScale ? ", LayerScale" : "",
            registers > 0 ? ", " + registers + " registers" : "");
  }

  /** Names and shapes of all weights, flat ({@code blocks.<i>.…}), in the model's order. */
  public Map<String, List<Long>> shapes() {
    Map<String, List<Long>> shapes = new LinkedHashMap<>();
    long d = dimension;
    shapes.put("cls_token", List.of(1L, 1L, d));
    shapes.put("pos_embed", List.of(1L, 1L + (long) positionGrid * positionGrid, d));
    if (registers > 0) {
      shapes.put("register_tokens", List.of(1L, (long) registers, d));
    }
    if (maskToken) {
      shapes.put("mask_token", List.of(1L, d));
    }
    long p = patchSize;
    shapes.put("patch_embed.proj.weight", List.of(d, 3L, p, p));
    shapes.put("patch_embed.proj.bias", List.of(d));
    for (int i = 0; i < depth; i++) {
      String block = "blocks." + i + ".";
      norm(shapes, block + "norm1", d);
      linear(shapes, block + "attn.qkv", 3 * d, d);
      linear(shapes, block + "attn.proj", d, d);
      if (layerScale) {
        shapes.put(block + "ls1.gamma", List.of(d));
      }
      norm(shapes, block + "norm2", d);
      boolean gated = feedForward == FeedForward.SWIGLU;
      linear(
          shapes, block + (gated ? "mlp.w12" : "mlp.fc1"), feedForward.firstLayerRows(hidden), d);
      linear(shapes, block + (gated ? "mlp.w3" : "mlp.fc2"), d, hidden);
      if (layerScale) {
        shapes.put(block + "ls2.gamma", List.of(d));
      }
    }
    norm(shapes, "norm", d);
    return shapes;
  }

  private static void norm(Map<String, List<Long>> shapes, String name, long d) {
    shapes.put(name + ".weight", List.of(d));
    shapes.put(name + ".bias", List.of(d));
  }

  private static void linear(Map<String, List<Long>> shapes, String name, long out, long in) {
    shapes.put(name + ".weight", List.of(out, in));
    shapes.put(name + ".bias", List.of(out));
  }
}
