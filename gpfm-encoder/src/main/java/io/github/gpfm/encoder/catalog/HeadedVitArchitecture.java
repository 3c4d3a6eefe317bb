package io.github.gpfm.encoder.catalog;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * KEEP's visual tower: a {@link VitArchitecture} trunk whose class token goes through two linear
 * layers with a GELU between them and is scaled to unit length.
 *
 * @param trunk the transformer; its tensors stand under {@code trunk.}
 * @param projection length of the image embedding
 */
public record HeadedVitArchitecture(VitArchitecture trunk, int projection) implements Architecture {
  /** Checks that the projection is positive. */
  public HeadedVitArchitecture {
    Sizes.positive("projection", projection);
  }

  @Override
  public Map<String, List<Long>> tensors() {
    Map<String, List<Long>> tensors = new LinkedHashMap<>();
    trunk.tensors().forEach((name, shape) -> tensors.put("trunk." + name, shape));
    tensors.putAll(
        new TensorShapes()
            .linear("head.fc1", projection, trunk.width())
            .linear("head.fc2", projection, projection)
            .toMap());
    return tensors;
  }

  @Override
  public Map<String, List<Long>> optionalTensors() {
    return Map.of();
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
    int size = view.size("head.fc2.weight", 0);
    Optional<Architecture> fitted = trunk.withSizesOf(ShapeView.under(shapes, "trunk."));
    return view.incomplete() || fitted.isEmpty()
        ? Optional.empty()
        : Optional.of(new HeadedVitArchitecture((VitArchitecture) fitted.get(), size));
  }
}
