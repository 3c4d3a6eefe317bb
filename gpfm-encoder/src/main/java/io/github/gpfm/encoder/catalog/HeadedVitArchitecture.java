package io.github.gpfm.encoder.catalog;

import java.util.List;
import java.util.Optional;

/**
 * KEEP's visual tower: a {@link VitArchitecture} trunk whose class token goes through two linear
 * layers with a GELU between them and is scaled to unit length.
 *
 * @param trunk the transformer; its tensors stand under {@code trunk.}
 * @param projection length of the image embedding
 */
public record HeadedVitArchitecture(VitArchitecture trunk, int projection)
    implements TrunkArchitecture {
  /** Checks that the projection is positive. */
  public HeadedVitArchitecture {
    Sizes.positive("projection", projection);
  }

  @Override
  public TensorShapes top() {
    return new TensorShapes()
        .linear("head.fc1", projection, trunk.width())
        .linear("head.fc2", projection, projection);
  }

  @Override
  public String describe() {
    return "%s; projection %d".formatted(trunk.describe(), projection);
  }

  @Override
  public String family() {
    return trunk.family() + "; projection";
  }

  @Override
  public List<Feature> features() {
    return List.of(
        Feature.UNIT_PROJECTED_CLASS_TOKEN,
        Feature.PROJECTED_CLASS_TOKEN,
        Feature.CLASS_TOKEN,
        Feature.MEAN_PATCH_TOKEN,
        Feature.CLASS_AND_MEAN_PATCH_TOKEN);
  }

  @Override
  public int dimension(Feature feature) {
    return switch (feature) {
      case UNIT_PROJECTED_CLASS_TOKEN, PROJECTED_CLASS_TOKEN -> projection;
      default -> trunk.dimension(feature);
    };
  }

  @Override
  public Optional<Architecture> withTop(VitArchitecture fitted, ShapeView view) {
    int size = view.size("head.fc2.weight", 0);
    return view.incomplete()
        ? Optional.empty()
        : Optional.of(new HeadedVitArchitecture(fitted, size));
  }
}
