package io.github.gpfm.encoder.catalog;

import java.util.List;
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
    implements TrunkArchitecture {
  /** Checks that sizes are positive and that the heads divide the width. */
  public PooledVitArchitecture {
    Sizes.positive("poolerWidth", poolerWidth, "poolerHeads", poolerHeads);
    Sizes.divides("poolerHeads", poolerHeads, "poolerWidth", poolerWidth);
  }

  @Override
  public TensorShapes top() {
    String name = "attn_pool_contrast.";
    return new TensorShapes()
        .add(name + "query", 1, poolerWidth)
        .norm(name + "ln_q", poolerWidth)
        .norm(name + "ln_k", trunk.width())
        .add(name + "to_q.weight", poolerWidth, poolerWidth)
        .add(name + "to_kv.weight", 2L * poolerWidth, trunk.width())
        .add(name + "to_out.weight", poolerWidth, poolerWidth)
        .norm("ln_contrast", poolerWidth);
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
  public Optional<Architecture> withTop(VitArchitecture fitted, ShapeView view) {
    int width = view.size("attn_pool_contrast.to_q.weight", 0);
    return view.incomplete() || width % poolerHeads != 0
        ? Optional.empty()
        : Optional.of(new PooledVitArchitecture(fitted, width, poolerHeads, poolerNormEps));
  }
}
