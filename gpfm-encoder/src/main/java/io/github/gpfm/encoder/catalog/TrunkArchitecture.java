package io.github.gpfm.encoder.catalog;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** A {@link VitArchitecture} below {@code trunk.} with something on top of it. */
sealed interface TrunkArchitecture extends Architecture
    permits ConchArchitecture, PooledVitArchitecture, HeadedVitArchitecture {
  /** What stands in front of the transformer's tensors. */
  String TRUNK = "trunk.";

  /** The transformer. */
  VitArchitecture trunk();

  /** What is on top of it, with its own tensors. */
  TensorShapes top();

  /** The same with another transformer and the sizes of a file's top; empty if they do not fit. */
  Optional<Architecture> withTop(VitArchitecture trunk, ShapeView view);

  @Override
  default Map<String, List<Long>> tensors() {
    Map<String, List<Long>> tensors = new LinkedHashMap<>();
    trunk().tensors().forEach((name, shape) -> tensors.put(TRUNK + name, shape));
    tensors.putAll(top().toMap());
    return tensors;
  }

  @Override
  default Map<String, List<Long>> optionalTensors() {
    return Map.of();
  }

  @Override
  default int blocks() {
    return trunk().blocks();
  }

  @Override
  default int patchDimension() {
    return trunk().patchDimension();
  }

  @Override
  default int patchSize() {
    return trunk().patchSize();
  }

  @Override
  default Optional<Architecture> withSizesOf(Map<String, List<Long>> shapes) {
    return trunk()
        .withSizesOf(ShapeView.under(shapes, TRUNK))
        .flatMap(fitted -> withTop((VitArchitecture) fitted, new ShapeView(shapes)));
  }
}
