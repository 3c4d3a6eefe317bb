package io.github.gpfm.encoder.explain;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import io.github.gpfm.api.Embeddings;
import io.github.gpfm.api.InvalidOptionException;
import io.github.gpfm.encoder.ComputeDevice;
import io.github.gpfm.encoder.image.Preprocessing;
import io.github.gpfm.encoder.image.Preprocessor;
import io.github.gpfm.encoder.model.EncoderModel;
import io.github.gpfm.encoder.script.ScriptModule;
import io.github.gpfm.encoder.script.ScriptNode;
import io.github.gpfm.encoder.script.ScriptProgram;
import io.github.gpfm.encoder.script.ScriptSource;
import io.github.gpfm.encoder.vit.VitConfig;
import io.github.gpfm.encoder.vit.VitProgram;
import io.github.gpfm.encoder.vit.VitWeights;
import io.github.gpfm.encoder.weights.WeightFile;
import java.awt.image.BufferedImage;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.OptionalInt;

/**
 * Looks inside a vision transformer in DINOv2's layout: attention of the class token, tokens of
 * intermediate layers. For GPFM and its like; thread-safe.
 */
public final class VitInspector implements AutoCloseable {
  private final VitConfig config;
  private final Preprocessor preprocessor;
  private final ScriptModule module;

  private VitInspector(VitWeights weights, ComputeDevice device) {
    this.config = weights.config();
    Preprocessing preprocessing = Preprocessing.exact(config.imageSize());
    this.preprocessor = new Preprocessor(preprocessing);
    ScriptNode root =
        ScriptNode.of("Inspector")
            .child("model", VitProgram.node(config, weights.tensors()))
            .buffer("mean", EncoderModel.channels(preprocessing.mean()))
            .buffer("std", EncoderModel.channels(preprocessing.std()));
    ScriptSource source =
        VitProgram.source()
            .and(ScriptSource.resources(VitInspector.class, "inspector.torchscript"));
    this.module =
        new ScriptProgram(source, root).load(device.resolve().get(0), ScriptProgram.Mode.INFERENCE);
  }

  /**
   * Opens a weight file.
   *
   * @throws io.github.gpfm.api.WeightsException if it holds no such transformer
   */
  public static VitInspector open(Path weights, ComputeDevice device) {
    return of(VitWeights.of(WeightFile.open(weights), OptionalInt.empty()), device);
  }

  /** Puts weights on the first of the devices. */
  public static VitInspector of(VitWeights weights, ComputeDevice device) {
    return new VitInspector(weights, device);
  }

  /** Shape of the transformer. */
  public VitConfig config() {
    return config;
  }

  /** The class token's attention to the patches in the last block. */
  public AttentionMap attention(BufferedImage image) {
    try (NDManager scope = module.newScope()) {
      NDArray weights = module.infer(scope, "attention", input(scope, image)).singletonOrThrow();
      int side = config.positionGrid();
      return new AttentionMap(config.heads(), side, side, weights.toFloatArray());
    }
  }

  /**
   * Tokens after some blocks (the official {@code get_intermediate_layers}).
   *
   * @param normalise whether to apply the model's final norm to each
   * @param layers blocks from 0, each once, ascending
   * @throws InvalidOptionException if a block is not there
   */
  public List<LayerTokens> layers(BufferedImage image, boolean normalise, int... layers) {
    for (int i = 0; i < layers.length; i++) {
      if (layers[i] < 0 || layers[i] >= config.depth() || (i > 0 && layers[i] <= layers[i - 1])) {
        throw new InvalidOptionException(
            "Layers must be ascending numbers from 0 to %d, not %s."
                .formatted(config.depth() - 1, Arrays.toString(layers)));
      }
    }
    if (layers.length == 0) {
      return List.of();
    }
    long[] blocks = Arrays.stream(layers).asLongStream().toArray();
    List<LayerTokens> result = new ArrayList<>();
    try (NDManager scope = module.newScope()) {
      NDList tokens = module.infer(scope, "layers", input(scope, image), blocks, normalise);
      int d = config.dimension();
      int side = config.positionGrid();
      for (int i = 0; i < layers.length; i++) {
        float[] all = tokens.get(i).toFloatArray();
        result.add(
            new LayerTokens(
                layers[i],
                Arrays.copyOf(all, d),
                new Embeddings.PatchGrid(side, side, d),
                Arrays.copyOfRange(all, (1 + config.registers()) * d, all.length)));
      }
    }
    return result;
  }

  private NDArray input(NDManager scope, BufferedImage image) {
    int size = preprocessor.preprocessing().inputSize();
    ByteBuffer pixels = ByteBuffer.wrap(preprocessor.apply(image));
    return scope.create(pixels, new Shape(1, size, size, 3), DataType.UINT8);
  }

  @Override
  public void close() {
    module.close();
  }
}
