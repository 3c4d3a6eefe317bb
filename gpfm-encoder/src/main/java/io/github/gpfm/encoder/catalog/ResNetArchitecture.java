package io.github.gpfm.encoder.catalog;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * A ResNet of bottleneck blocks cut after its last stage named here, tensors named as in
 * torchvision. CLAM's ResNet-50 has the three stages 3, 4 and 6.
 *
 * @param baseWidth inner channels of the first stage; doubles with every stage
 * @param stages blocks of each stage
 * @param batchNormEps epsilon of every batch norm
 */
public record ResNetArchitecture(int baseWidth, List<Integer> stages, double batchNormEps)
    implements Architecture {
  /** Outer over inner channels of a bottleneck. */
  private static final int EXPANSION = 4;

  /** Checks that sizes are positive. */
  public ResNetArchitecture {
    Sizes.positive("baseWidth", baseWidth);
    stages = List.copyOf(stages);
    if (stages.isEmpty()) {
      throw new CatalogException("stages must name the blocks of at least one stage.");
    }
    stages.forEach(blocks -> Sizes.positive("stages", blocks));
  }

  @Override
  public Map<String, List<Long>> tensors() {
    TensorShapes shapes =
        new TensorShapes().add("conv1.weight", baseWidth, 3, 7, 7).batchNorm("bn1", baseWidth);
    long in = baseWidth;
    for (int stage = 0; stage < stages.size(); stage++) {
      long inner = (long) baseWidth << stage;
      long out = inner * EXPANSION;
      for (int block = 0; block < stages.get(stage); block++) {
        String name = "layer" + (stage + 1) + "." + block + ".";
        shapes.add(name + "conv1.weight", inner, in, 1, 1).batchNorm(name + "bn1", inner);
        shapes.add(name + "conv2.weight", inner, inner, 3, 3).batchNorm(name + "bn2", inner);
        shapes.add(name + "conv3.weight", out, inner, 1, 1).batchNorm(name + "bn3", out);
        if (block == 0) {
          shapes.add(name + "downsample.0.weight", out, in, 1, 1);
          shapes.batchNorm(name + "downsample.1", out);
        }
        in = out;
      }
    }
    return shapes.toMap();
  }

  @Override
  public Map<String, List<Long>> optionalTensors() {
    TensorShapes shapes = new TensorShapes();
    for (String name : tensors().keySet()) {
      if (name.endsWith(".running_mean")) {
        shapes.add(name.replace(".running_mean", ".num_batches_tracked"));
      }
    }
    return shapes.toMap();
  }

  @Override
  public String describe() {
    return "ResNet bottleneck, base width %d, stages %s".formatted(baseWidth, stages);
  }

  @Override
  public String family() {
    return "ResNet bottleneck";
  }

  @Override
  public List<Feature> features() {
    return List.of(Feature.MEAN_PATCH_TOKEN);
  }

  @Override
  public int dimension(Feature feature) {
    return patchDimension();
  }

  @Override
  public int patchDimension() {
    return (baseWidth << (stages.size() - 1)) * EXPANSION;
  }

  @Override
  public int patchSize() {
    return 4 << (stages.size() - 1);
  }

  @Override
  public Optional<Architecture> withSizesOf(Map<String, List<Long>> shapes) {
    ShapeView view = new ShapeView(shapes);
    int width = view.size("conv1.weight", 0);
    List<Integer> blocks = new ArrayList<>();
    for (int stage = 1; stage <= stages.size(); stage++) {
      int count = view.count("layer" + stage + ".%d.conv3.weight");
      if (count > 0) {
        blocks.add(count);
      }
    }
    return view.incomplete() || blocks.isEmpty()
        ? Optional.empty()
        : Optional.of(new ResNetArchitecture(width, blocks, batchNormEps));
  }
}
