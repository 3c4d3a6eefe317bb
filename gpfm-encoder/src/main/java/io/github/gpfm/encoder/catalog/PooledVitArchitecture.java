package io.github.gpfm.encoder.catalog;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * CONCH v1.5's visual tower: a {@link VitArchitecture} trunk whose tokens one attentional pooler
 * without biases reads, and a norm.
 *
 * @param trunk the transformer; its tensors stand under {@code trunk.}
 * @param poolerWidth length of the feature
 * @param poolerHeads attention heads of the pooler; divides its width
 * @param poolerNormEps epsilon of the pooler's layer norms
 */
public record PooledVitArchitecture(
    VitArchitecture trunk, int poolerWidth, int poolerHeads, double poolerNormEps)
    implements Architecture {
  /** Checks that sizes are positive and that the heads divide the width. */
  public PooledVitArchitecture {
    Sizes.positive("poolerWidth", poolerWidth, "poolerHeads", poolerHeads);
    Sizes.divides("poolerHeads", poolerHeads, "poolerWidth", poolerWidth);
  }

  @Override
  public Map<String, List<Long>> tensors() {
    Map<String, List<Long>> tensors = new LinkedHashMap<>();
    trunk.tensors().forEach((name, shape) -> tensors.put("trunk." + name, shape));
    String name = "attn_pool_contrast.";
    tensors.putAll(
        new TensorShapes()
            .add(name + "query", 1, poolerWidth)
            .norm(name + "ln_q", poolerWidth)
            .norm(name + "ln_k", trunk.width())
            .add(name + "to_q.weight", poolerWidth, poolerWidth)
            .add(name + "to_kv.weight", 2L * poolerWidth, trunk.width())
            .add(name + "to_out.weight", poolerWidth, poolerWidth)
            .norm("ln_contrast", poolerWidth)
            .toMap());
    return tensors;
  }

  @Override
  public Map<String, List<Long>> optionalTensors() {
    return Map.of();
  }

  @Override
  public String describe() {
    return "%s; attentional pooler to %d, %d heads"
        .formatted(trunk.describe(), poolerWidth, poolerHeads);
  }

  @Override
  public String family() {
    return trunk.family() + "; attentional pooler";
  }

  @Override
  public List<Feature> features() {
    return List.of(
        Feature.CONTRAST,
        Feature.CLASS_TOKEN,
        Feature.MEAN_PATCH_TOKEN,
        Feature.CLASS_AND_MEAN_PATCH_TOKEN);
  }

  @Override
  public int dimension(Feature feature) {
    return feature == Feature.CONTRAST ? poolerWidth : trunk.dimension(feature);
  }

  @Override
  public int blocks() {
    return trunk.blocks();
  }

  @Override
  public int patchDimension() {
    return trunk.patchDimension();
  }

  @Override
  public int patchSize() {
    return trunk.patchSize();
  }

  @Override
  public Optional<Architecture> withSizesOf(Map<String, List<Long>> shapes) {
    ShapeView view = new ShapeView(shapes);
    int width = view.size("attn_pool_contrast.to_q.weight", 0);
    Optional<Architecture> fitted = trunk.withSizesOf(ShapeView.under(shapes, "trunk."));
    if (view.incomplete() || fitted.isEmpty() || width % poolerHeads != 0) {
      return Optional.empty();
    }
    return Optional.of(
        new PooledVitArchitecture(
            (VitArchitecture) fitted.get(), width, poolerHeads, poolerNormEps));
  }
}
