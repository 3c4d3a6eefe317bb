package io.github.gpfm.encoder;

import ai.djl.Device;
import ai.djl.MalformedModelException;
import ai.djl.engine.Engine;
import ai.djl.engine.EngineException;
import ai.djl.inference.Predictor;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import ai.djl.repository.zoo.Criteria;
import ai.djl.repository.zoo.ModelNotFoundException;
import ai.djl.repository.zoo.ZooModel;
import ai.djl.translate.NoopTranslator;
import ai.djl.translate.TranslateException;
import io.github.gpfm.api.EncoderException;
import io.github.gpfm.api.TokenOutput;
import io.github.gpfm.api.WeightsException;
import io.github.gpfm.encoder.image.Preprocessing;
import io.github.gpfm.encoder.model.ProgramFile;
import io.github.gpfm.encoder.script.Engines;
import io.github.gpfm.encoder.script.HostBuffer;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.FloatBuffer;
import java.util.Optional;

/** A user's own TorchScript or ONNX file on one device. Used by one thread at a time. */
final class ProgramModel implements BatchModel {
  private final HostBuffer input = new HostBuffer();
  private final ProgramFile file;
  private final Device device;
  private final ZooModel<NDList, NDList> model;
  private final Predictor<NDList, NDList> predictor;

  ProgramModel(ProgramFile file, Device device) {
    this.file = file;
    this.device = device;
    ProgramFile.Engine engine = file.engine();
    Engines.pytorch();
    if (!Engine.hasEngine(engine.djlName())) {
      throw new EncoderException(
          "'%s' is taken for an ONNX file, but ONNX Runtime is not there; add"
                  .formatted(file.path())
              + " ai.djl.onnxruntime:onnxruntime-engine to the class path, or give TorchScript.");
    }
    try {
      this.model =
          Criteria.builder()
              .setTypes(NDList.class, NDList.class)
              .optModelPath(file.path().toAbsolutePath())
              .optEngine(engine.djlName())
              .optDevice(device)
              .optTranslator(new NoopTranslator())
              .build()
              .loadModel();
    } catch (IOException | ModelNotFoundException | MalformedModelException | EngineException e) {
      throw new WeightsException(
          "Program file '%s' is neither TorchScript nor ONNX that can be loaded (%s); export it again."
              .formatted(file.path(), firstLine(e)),
          e);
    }
    this.predictor = model.newPredictor();
  }

  @Override
  public Result run(ByteBuffer pixels, int count, TokenOutput output) {
    int size = file.preprocessing().inputSize();
    normalise(pixels, count, size);
    try (NDManager scope = model.getNDManager().newSubManager()) {
      NDArray array = input.create(scope, new Shape(count, 3, size, size));
      try (NDList result = predictor.predict(new NDList(array))) {
        NDArray first = result.get(0);
        long[] shape = first.getShape().getShape();
        float[] values = first.toFloatArray();
        if (shape.length < 2 || shape.length > 3 || shape[0] != count) {
          throw new EncoderException(
              "Program file '%s' answers with shape %s; its first output must be [batch, d] or [batch, tokens, d]."
                  .formatted(file.path(), first.getShape()));
        }
        return new Result(
            shape.length == 2 ? values : firstTokens(values, shape),
            Optional.empty(),
            new float[0]);
      }
    } catch (TranslateException | EngineException e) {
      if (DeviceMemory.ranOut(e)) {
        DeviceMemory.releaseCache(device);
        throw DeviceMemory.exception(device, count, e);
      }
      throw new EncoderException(
          "Program file '%s' failed on [%d, 3, %d, %d] float32 (%s); give the input size it was exported for."
              .formatted(file.path(), count, size, size, firstLine(e)),
          e);
    }
  }

  private static float[] firstTokens(float[] values, long[] shape) {
    int dimension = (int) shape[2];
    float[] first = new float[(int) shape[0] * dimension];
    for (int i = 0; i < shape[0]; i++) {
      System.arraycopy(values, i * (int) shape[1] * dimension, first, i * dimension, dimension);
    }
    return first;
  }

  private void normalise(ByteBuffer pixels, int count, int size) {
    Preprocessing rule = file.preprocessing();
    int plane = size * size;
    FloatBuffer out = input.floats(Math.multiplyExact(count * 3, plane));
    for (int channel = 0; channel < 3; channel++) {
      float[] table = new float[256];
      float mean = rule.mean().get(channel).floatValue();
      float std = rule.std().get(channel).floatValue();
      for (int value = 0; value < 256; value++) {
        table[value] = (value / 255f - mean) / std;
      }
      for (int image = 0; image < count; image++) {
        int from = image * plane * 3 + channel;
        int to = (image * 3 + channel) * plane;
        for (int i = 0; i < plane; i++) {
          out.put(to + i, table[pixels.get(from + i * 3) & 255]);
        }
      }
    }
  }

  private static String firstLine(Exception e) {
    return String.valueOf(e.getMessage()).lines().findFirst().orElse("no reason given");
  }

  @Override
  public void close() {
    predictor.close();
    model.close();
  }
}
