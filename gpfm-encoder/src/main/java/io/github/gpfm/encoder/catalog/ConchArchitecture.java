package io.github.gpfm.encoder.catalog;

import java.util.List;
import java.util.Optional;

/**
 * CONCH's visual tower: a {@link VitArchitecture} trunk whose tokens two attentional poolers read.
 *
 * @param trunk the transformer; its tensors stand under {@code trunk.}
 * @param contrastWidth length of the contrastive feature
 * @param captionWidth length of a caption token; equals the trunk's width
 * @param contrastQueries queries of the contrastive pooler; the first gives the feature
 * @param captionQueries queries of the caption pooler
 * @param poolerHeads attention heads of both poolers; divides both widths
 * @param poolerNormEps epsilon of the poolers' layer norms
 */
public record ConchArchitecture(
    VitArchitecture trunk,
    int contrastWidth,
    int captionWidth,
    int contrastQueries,
    int captionQueries,
    int poolerHeads,
    double poolerNormEps)
    implements TrunkArchitecture {
  /** Checks that sizes are positive and that the heads divide the widths. */
  public ConchArchitecture {
    Sizes.positive("contrastWidth", contrastWidth, "captionWidth", captionWidth);
    Sizes.positive("contrastQueries", contrastQueries, "captionQueries", captionQueries);
    Sizes.positive("poolerHeads", poolerHeads);
    Sizes.divides("poolerHeads", poolerHeads, "contrastWidth", contrastWidth);
    Sizes.divides("poolerHeads", poolerHeads, "captionWidth", captionWidth);
  }

  @Override
  public TensorShapes top() {
    TensorShapes poolers = new TensorShapes().add("proj_contrast", contrastWidth, contrastWidth);
    addPooler(poolers, "contrast", contrastQueries, contrastWidth);
    addPooler(poolers, "caption", captionQueries, captionWidth);
    return poolers;
  }

  /** PyTorch's attention packs the three input projections only where all widths are equal. */
  private void addPooler(TensorShapes shapes, String pooler, int queries, int width) {
    String name = "attn_pool_" + pooler + ".";
    shapes.add(name + "query", queries, width);
    if (width == trunk.width()) {
      shapes.add(name + "attn.in_proj_weight", 3L * width, width);
    } else {
      shapes
          .add(name + "attn.q_proj_weight", width, width)
          .add(name + "attn.k_proj_weight", width, trunk.width())
          .add(name + "attn.v_proj_weight", width, trunk.width());
    }
    shapes
        .add(name + "attn.in_proj_bias", 3L * width)
        .linear(name + "attn.out_proj", width, width)
        .norm(name + "ln_q", width)
        .norm(name + "ln_k", trunk.width())
        .norm("ln_" + pooler, width);
  }

  @Override
  public String describe() {
    return "%s; attentional poolers of %d to %d and %d to %d, %d heads"
        .formatted(
            trunk.describe(),
            contrastQueries,
            contrastWidth,
            captionQueries,
            captionWidth,
            poolerHeads);
  }

  @Override
  public String family() {
    return trunk.family() + "; attentional poolers";
  }

  @Override
  public List<Feature> features() {
    return List.of(
        Feature.CONTRAST,
        Feature.PROJECTED_CONTRAST,
        Feature.UNIT_CONTRAST,
        Feature.CLASS_TOKEN,
        Feature.MEAN_PATCH_TOKEN,
        Feature.CLASS_AND_MEAN_PATCH_TOKEN);
  }

  @Override
  public int dimension(Feature feature) {
    return switch (feature) {
      case CONTRAST, PROJECTED_CONTRAST, UNIT_CONTRAST -> contrastWidth;
      default -> trunk.dimension(feature);
    };
  }

  @Override
  public Optional<Architecture> withTop(VitArchitecture fitted, ShapeView view) {
    int contrast = view.size("attn_pool_contrast.query", 1);
    int caption = view.size("attn_pool_caption.query", 1);
    int contrastCount = view.size("attn_pool_contrast.query", 0);
    int captionCount = view.size("attn_pool_caption.query", 0);
    return view.incomplete() || contrast % poolerHeads != 0 || caption % poolerHeads != 0
        ? Optional.empty()
        : Optional.of(
            new ConchArchitecture(
                fitted,
                contrast,
                caption,
                contrastCount,
                captionCount,
                poolerHeads,
                poolerNormEps));
  }
}
