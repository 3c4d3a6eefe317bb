package io.github.gpfm.encoder.explain;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import io.github.gpfm.api.Embeddings;
import io.github.gpfm.api.InvalidOptionException;
import io.github.gpfm.encoder.ComputeDevice;
import io.github.gpfm.encoder.catalog.Encoders;
import io.github.gpfm.encoder.catalog.ModelChoice;
import io.github.gpfm.encoder.image.Preprocessor;
import io.github.gpfm.encoder.model.EncoderModel;
import io.github.gpfm.encoder.script.ScriptModule;
import io.github.gpfm.encoder.script.ScriptNode;
import io.github.gpfm.encoder.script.ScriptProgram;
import io.github.gpfm.encoder.script.ScriptSource;
import java.awt.image.BufferedImage;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Looks inside a vision transformer: attention of the class token, tokens of intermediate layers.
 * Thread-safe.
 */
public final class VitInspector implements AutoCloseable {
  private final EncoderModel model;
  private final Preprocessor preprocessor;
  private final ScriptModule module;

  private VitInspector(EncoderModel model, ComputeDevice device) {
    this.model = model;
    this.preprocessor = new Preprocessor(model.preprocessing());
    ScriptNode root =
        ScriptNode.of("Inspector")
            .child("model", model.program().root())
            .buffer("mean", EncoderModel.channels(model.preprocessing().mean()))
            .buffer("std", EncoderModel.channels(model.preprocessing().std()));
    ScriptSource source =
        model
            .program()
            .source()
            .and(ScriptSource.resources(VitInspector.class, "inspector.torchscript"));
    this.module =
        new ScriptProgram(source, root).load(device.resolve().get(0), ScriptProgram.Mode.INFERENCE);
  }

  /**
   * Opens a weight file of a vision transformer, GPFM's for instance, as {@link
   * io.github.gpfm.encoder.GpfmEncoder.Builder#weights} does.
   *
   * @throws io.github.gpfm.api.WeightsException if it holds no such transformer
   * @throws InvalidOptionException if the network is no vision transformer
   */
  public static VitInspector open(Path weights, ComputeDevice device) {
    return of(Encoders.model(ModelChoice.any(), weights), device);
  }

  /**
   * Puts a network on the first of the devices, in float32.
   *
   * @throws InvalidOptionException if the network is no vision transformer
   */
  public static VitInspector of(EncoderModel model, ComputeDevice device) {
    model.requireLayers();
    return new VitInspector(model, device);
  }

  /** The network. */
  public EncoderModel model() {
    return model;
  }

  /** The class token's attention to the patches in the last block. */
  public AttentionMap attention(BufferedImage image) {
    try (NDManager scope = module.newScope()) {
      NDArray weights = module.infer(scope, "attention", input(scope, image)).singletonOrThrow();
      int heads = (int) weights.getShape().get(1);
      return new AttentionMap(heads, side(), side(), weights.toFloatArray());
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
    model.requireLayers(layers);
    if (layers.length == 0) {
      return List.of();
    }
    long[] blocks = Arrays.stream(layers).asLongStream().toArray();
    List<LayerTokens> result = new ArrayList<>();
    try (NDManager scope = module.newScope()) {
      NDList tokens = module.infer(scope, "layers", input(scope, image), blocks, normalise);
      for (int i = 0; i < layers.length; i++) {
        int d = (int) tokens.get(i).getShape().get(2);
        float[] all = tokens.get(i).toFloatArray();
        // Registers stand between the class token and the patches.
        int patches = all.length - side() * side() * d;
        result.add(
            new LayerTokens(
                layers[i],
                Arrays.copyOf(all, d),
                new Embeddings.PatchGrid(side(), side(), d),
                Arrays.copyOfRange(all, patches, all.length)));
      }
    }
    return result;
  }

  private int side() {
    return model.preprocessing().inputSize() / model.info().patchSize();
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
