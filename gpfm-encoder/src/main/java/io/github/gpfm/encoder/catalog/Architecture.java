package io.github.gpfm.encoder.catalog;

import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The structure of a network with all its sizes: enough to say which tensors it needs, and to build
 * its program.
 *
 * <p>Tensor names are those of the program; a {@link KeyLayout} leads to them from the names in the
 * authors' file.
 */
public sealed interface Architecture
    permits VitArchitecture,
        ClipVisionArchitecture,
        TrunkArchitecture,
        SwinArchitecture,
        ResNetArchitecture {
  /** Name and shape of every tensor the program needs, in the order of the computation. */
  Map<String, List<Long>> tensors();

  /**
   * Name and shape of tensors that a file of this model may hold and the program does not need:
   * buffers that can be computed, tokens used in training only.
   */
  Map<String, List<Long>> optionalTensors();

  /** One line for people, for instance {@code ViT, patch 16, width 1024, 24 layers, 16 heads}. */
  String describe();

  /**
   * What of it does not depend on its sizes, for instance {@code ViT, patch 16, gelu, layer scale}:
   * the same for all networks of a family.
   */
  String family();

  /** The features this network can give, the first being the usual one. */
  List<Feature> features();

  /** Length of a feature. */
  int dimension(Feature feature);

  /** Length of one patch token. */
  int patchDimension();

  /** Edge of the square of input pixels behind one patch token. */
  int patchSize();

  /** Blocks of a vision transformer; 0 for networks without a class token. */
  default int blocks() {
    return 0;
  }

  /**
   * Checks that the network takes square images of this edge.
   *
   * @param inputSize pixels
   * @throws CatalogException if not
   */
  default void requireInput(int inputSize) {
    Sizes.divides("patchSize", patchSize(), "the input size", inputSize);
  }

  /**
   * The same structure with the sizes that a file shows: widths, depth, table sizes. What shapes do
   * not tell (heads, epsilons, the way of resampling) stays as it is here.
   *
   * @param shapes by the program's names
   * @return empty if the file lacks the tensors that define the sizes
   */
  Optional<Architecture> withSizesOf(Map<String, List<Long>> shapes);

  /**
   * Whether another architecture of the same kind is this one as far as its authors have stated it
   * for certain: what remains may then be taken from a file.
   */
  default boolean agreesWith(Architecture other) {
    return equals(other);
  }
}
