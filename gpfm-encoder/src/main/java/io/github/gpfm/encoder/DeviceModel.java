package io.github.gpfm.encoder;

import ai.djl.Device;
import ai.djl.engine.EngineException;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import io.github.gpfm.api.Embeddings;
import io.github.gpfm.api.EncoderException;
import io.github.gpfm.api.TokenOutput;
import io.github.gpfm.encoder.model.EncoderModel;
import io.github.gpfm.encoder.script.ScriptModule;
import io.github.gpfm.encoder.script.ScriptProgram;
import io.github.gpfm.encoder.weights.DType;
import java.nio.ByteBuffer;
import java.util.Optional;

/** The network on one device. Used by one thread at a time. */
final class DeviceModel implements BatchModel {
  private final EncoderModel model;
  private final ScriptModule module;

  DeviceModel(EncoderModel model, Device device, DType dtype) {
    this.model = model;
    this.module = model.onPixels(dtype).load(device, ScriptProgram.Mode.INFERENCE);
  }

  @Override
  public Result run(ByteBuffer pixels, int count, TokenOutput output) {
    int size = model.preprocessing().inputSize();
    try (NDManager scope = module.newScope()) {
      ByteBuffer part = pixels.duplicate().position(0).limit(count * size * size * 3);
      NDArray input = scope.create(part.slice(), new Shape(count, size, size, 3), DataType.UINT8);
      NDList result =
          switch (output) {
            case CLASS_TOKEN -> module.infer(scope, "feature", input);
            case MEAN_PATCH_TOKEN -> module.infer(scope, "mean_patch", input);
            case CLASS_AND_MEAN_PATCH_TOKEN -> module.infer(scope, "feature_and_mean_patch", input);
            case PATCH_TOKENS -> module.infer(scope, "feature_and_patches", input);
          };
      float[] features = result.get(0).toFloatArray();
      if (output != TokenOutput.PATCH_TOKENS) {
        return new Result(features, Optional.empty(), new float[0]);
      }
      return new Result(features, Optional.of(grid(result.get(1))), result.get(1).toFloatArray());
    } catch (EngineException e) {
      if (DeviceMemory.ranOut(e)) {
        DeviceMemory.releaseCache(module.device());
        throw DeviceMemory.exception(module.device(), count, e);
      }
      throw new EncoderException(
          "The network failed on a batch of " + count + " images: " + firstLine(e), e);
    }
  }

  private Embeddings.PatchGrid grid(NDArray patches) {
    long[] shape = patches.getShape().getShape();
    if (shape.length == 4) {
      return new Embeddings.PatchGrid((int) shape[1], (int) shape[2], (int) shape[3]);
    }
    int columns = model.preprocessing().inputSize() / model.info().patchSize();
    return new Embeddings.PatchGrid((int) shape[1] / columns, columns, (int) shape[2]);
  }

  private static String firstLine(Exception e) {
    return String.valueOf(e.getMessage()).lines().findFirst().orElse("no reason given");
  }

  @Override
  public void close() {
    module.close();
  }
}
