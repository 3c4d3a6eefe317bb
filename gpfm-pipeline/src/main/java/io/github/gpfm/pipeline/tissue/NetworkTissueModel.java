package io.github.gpfm.pipeline.tissue;

import ai.djl.Device;
import ai.djl.engine.EngineException;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import io.github.gpfm.api.DeviceMemoryException;
import io.github.gpfm.api.Recipe;
import io.github.gpfm.api.TilingException;
import io.github.gpfm.encoder.DeviceMemory;
import io.github.gpfm.encoder.script.ScriptModule;
import io.github.gpfm.encoder.script.ScriptNode;
import io.github.gpfm.encoder.script.ScriptProgram;
import io.github.gpfm.encoder.script.ScriptSource;
import io.github.gpfm.encoder.weights.NamedWeights;
import io.github.gpfm.encoder.weights.WeightFile;
import io.github.gpfm.tiling.segment.JpegCompression;
import io.github.gpfm.tiling.segment.TissueModel;
import java.awt.image.BufferedImage;
import java.nio.FloatBuffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** A published segmentation network on a device. */
final class NetworkTissueModel implements TissueModel {
  private static final ScriptSource SOURCE =
      ScriptSource.resources(NetworkTissueModel.class, "tissue.torchscript");
  private static final int JPEG_QUALITY = 80;
  private static final double[] MEAN = {0.485, 0.456, 0.406};
  private static final double[] DEVIATION = {0.229, 0.224, 0.225};

  /**
   * How it is used.
   *
   * @param tileSize edge of its tiles, pixels
   * @param mpp their resolution, µm per pixel
   * @param tissueClass which class is tissue, or the last that is with {@code clean}
   * @param clean whether the most likely class decides, those up to {@code tissueClass} being
   *     tissue
   * @param compressed whether tiles are compressed as JPEG first
   */
  record Use(int tileSize, double mpp, int tissueClass, boolean clean, boolean compressed) {}

  private final String label;
  private final Path file;
  private final Use use;
  private final ScriptModule module;

  private NetworkTissueModel(String label, Path file, Use use, ScriptModule module) {
    this.label = label;
    this.file = file;
    this.use = use;
    this.module = module;
  }

  static NetworkTissueModel load(
      String label, SegmentationNetwork network, WeightFile file, Use use, Device device) {
    NamedWeights weights = new NamedWeights("tissue network '" + label + "'", file, List.of());
    ScriptNode root =
        ScriptNode.of("TissueNetwork")
            .child("network", network.node(weights))
            .constant("tissue", use.tissueClass())
            .constant("clean", use.clean());
    weights.requireNoOthers(network.ignored());
    return new NetworkTissueModel(
        label,
        file.path(),
        use,
        new ScriptProgram(SOURCE, root).load(device, ScriptProgram.Mode.INFERENCE));
  }

  @Override
  public String name() {
    return label + " " + file.getFileName();
  }

  /** The network, its file, and how its input and output are understood. */
  @Override
  public void describe(Recipe.Builder recipe) {
    recipe
        .add("network", label)
        .file("file", file)
        .add("size", use.tileSize())
        .add("mpp", use.mpp())
        .add("tissue-class", use.tissueClass())
        .add("clean", use.clean())
        .add("compressed", use.compressed());
  }

  @Override
  public int tileSize() {
    return use.tileSize();
  }

  @Override
  public double mpp() {
    return use.mpp();
  }

  /** The authors lay tiles side by side. */
  @Override
  public int halo() {
    return 0;
  }

  @Override
  public List<float[]> probabilities(List<BufferedImage> tiles) {
    int size = use.tileSize();
    int plane = size * size;
    float[] input = new float[tiles.size() * 3 * plane];
    for (int n = 0; n < tiles.size(); n++) {
      BufferedImage tile =
          use.compressed() ? JpegCompression.of(tiles.get(n), JPEG_QUALITY) : tiles.get(n);
      int[] rgb = tile.getRGB(0, 0, size, size, null, 0, size);
      for (int channel = 0; channel < 3; channel++) {
        int shift = 16 - 8 * channel;
        float mean = (float) MEAN[channel];
        float deviation = (float) DEVIATION[channel];
        int offset = (n * 3 + channel) * plane;
        for (int i = 0; i < plane; i++) {
          input[offset + i] = ((rgb[i] >> shift & 0xff) / 255f - mean) / deviation;
        }
      }
    }
    float[] all = run(input, tiles.size());
    List<float[]> answers = new ArrayList<>();
    for (int n = 0; n < tiles.size(); n++) {
      answers.add(Arrays.copyOfRange(all, n * plane, (n + 1) * plane));
    }
    return answers;
  }

  /** One call at a time: memory stays that of one batch. */
  private synchronized float[] run(float[] input, int count) {
    int size = use.tileSize();
    try (NDManager scope = module.newScope()) {
      NDArray batch = scope.create(FloatBuffer.wrap(input), new Shape(count, 3, size, size));
      return module.infer(scope, "forward", batch).get(0).toFloatArray();
    } catch (EngineException e) {
      if (DeviceMemory.ranOut(e)) {
        throw new DeviceMemoryException(
            "Device %s has too little memory for %d tiles of the tissue network %s."
                .formatted(module.device(), count, name()),
            e);
      }
      throw new TilingException(
          "The tissue network " + name() + " fails on its tiles: " + e.getMessage(), e);
    }
  }

  @Override
  public synchronized void close() {
    module.close();
  }
}
