package io.github.gpfm.encoder;

import ai.djl.Device;
import ai.djl.MalformedModelException;
import ai.djl.engine.Engine;
import ai.djl.engine.EngineException;
import ai.djl.inference.Predictor;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import ai.djl.repository.zoo.Criteria;
import ai.djl.repository.zoo.ModelNotFoundException;
import ai.djl.repository.zoo.ZooModel;
import ai.djl.translate.NoopTranslator;
import ai.djl.translate.TranslateException;
import io.github.gpfm.api.DeviceMemoryException;
import io.github.gpfm.api.EncoderException;
import io.github.gpfm.api.TokenOutput;
import io.github.gpfm.api.WeightsException;
import io.github.gpfm.encoder.image.Preprocessing;
import io.github.gpfm.encoder.model.ProgramFile;
import io.github.gpfm.encoder.script.Engines;
import io.github.gpfm.encoder.script.HostBuffer;
import io.github.gpfm.encoder.script.ScriptModule;
import io.github.gpfm.encoder.script.ScriptNode;
import io.github.gpfm.encoder.script.ScriptProgram;
import io.github.gpfm.encoder.script.ScriptSource;
import io.github.gpfm.support.Printable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.FloatBuffer;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A user's own TorchScript or ONNX file on one device. Used by one thread at a time. */
final class ProgramModel implements BatchModel {
  private static final Logger LOG = LoggerFactory.getLogger(ProgramModel.class);

  /** Element types that a program may compute in, by PyTorch's number, in the order tried. */
  private enum Type {
    FLOAT32(6),
    BFLOAT16(15),
    FLOAT64(7),
    FLOAT16(5);

    private final int number;

    Type(int number) {
      this.number = number;
    }
  }

  /** Arrays of types that DJL does not know are converted by PyTorch itself. */
  private static final ScriptProgram CASTS =
      new ScriptProgram(
          ScriptSource.of(
              """
              class Casts:
                def cast(self, x: Tensor, dtype: int) -> Tensor:
                  return x.to(dtype)
              """),
          ScriptNode.of("Casts"));

  /** What ONNX Runtime says of the first axis. */
  private static final Pattern FIXED_BATCH =
      Pattern.compile("index: 0 Got: \\d+ Expected: (\\d{1,5})\\b");

  private final HostBuffer input = new HostBuffer();
  private final ProgramFile file;
  private final Device device;
  private final ZooModel<NDList, NDList> model;
  private final Predictor<NDList, NDList> predictor;

  /** Of TorchScript; {@code null} for ONNX. */
  private final @Nullable ScriptModule casts;

  private Type type = Type.FLOAT32;

  /** Images at a time, as the program was exported; 0 for any number. */
  private int batch;

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
          "Program file '%s' is neither TorchScript nor ONNX that can be loaded (%s); export it again, or give a checkpoint of weights as weights."
              .formatted(file.path(), reason(e)),
          e);
    }
    this.predictor = model.newPredictor();
    boolean torch = engine == ProgramFile.Engine.TORCHSCRIPT;
    this.casts = torch ? CASTS.load(device, ScriptProgram.Mode.INFERENCE) : null;
    try {
      probe();
    } catch (RuntimeException e) {
      close();
      throw e;
    }
  }

  /** The batch for which an ONNX file was exported, if that is why it failed. */
  private static OptionalInt expectedBatch(Throwable failure) {
    for (Throwable e = failure; e != null; e = e.getCause()) {
      Matcher matcher = FIXED_BATCH.matcher(String.valueOf(e.getMessage()));
      if (matcher.find()) {
        return OptionalInt.of(Integer.parseInt(matcher.group(1)));
      }
    }
    return OptionalInt.empty();
  }

  /** Finds the element type that the program takes and whether it takes more than one image. */
  private void probe() {
    int size = file.preprocessing().inputSize();
    ByteBuffer black = ByteBuffer.allocateDirect(2 * size * size * 3);
    EncoderException first = null;
    for (Type candidate :
        casts == null ? List.of(Type.FLOAT32, Type.FLOAT64) : List.of(Type.values())) {
      type = candidate;
      EncoderException failure = failure(black, Math.max(batch, 1));
      if (failure != null && expectedBatch(failure).isPresent()) {
        batch = expectedBatch(failure).getAsInt();
        failure = failure(black, batch);
      }
      if (failure == null) {
        first = null;
        break;
      }
      first = first == null ? failure : first;
    }
    if (first != null) {
      throw first;
    }
    if (batch == 0 && failure(black, 2) != null) {
      batch = 1;
    }
    if (type != Type.FLOAT32) {
      LOG.info("Program '{}' computes in {}.", file.path(), type);
    }
    if (batch > 0) {
      LOG.warn(
          "Program '{}' was exported for {} at a time and is fed so; exported with a free batch it is faster.",
          file.path(),
          batch == 1 ? "one image" : batch + " images");
    }
  }

  private @Nullable EncoderException failure(ByteBuffer pixels, int count) {
    try {
      forward(pixels, 0, 1, count);
      return null;
    } catch (DeviceMemoryException e) {
      throw e;
    } catch (EncoderException e) {
      return e;
    }
  }

  @Override
  public Result run(ByteBuffer pixels, int count, TokenOutput output) {
    int step = batch == 0 ? count : batch;
    float[] features = new float[0];
    for (int from = 0; from < count; from += step) {
      int images = Math.min(step, count - from);
      float[] part = forward(pixels, from, images, batch == 0 ? images : batch);
      if (from == 0) {
        features = new float[part.length / images * count];
      }
      System.arraycopy(part, 0, features, part.length / images * from, part.length);
    }
    return new Result(features, Optional.empty(), new float[0]);
  }

  /**
   * The features of some images.
   *
   * @param rows images that the program is given; those beyond {@code count} are empty and dropped
   */
  private float[] forward(ByteBuffer pixels, int from, int count, int rows) {
    int size = file.preprocessing().inputSize();
    try (NDManager scope = model.getNDManager().newSubManager()) {
      NDArray array = array(scope, normalised(pixels, from, count, rows, size), rows, size);
      try (NDList result = predictor.predict(new NDList(array))) {
        NDArray first = result.get(0);
        long[] shape = first.getShape().getShape();
        if (shape.length < 2 || shape.length > 3 || shape[0] != rows) {
          throw new EncoderException(
              "Program file '%s' answers with shape %s; its first output must be [batch, d] or [batch, tokens, d]."
                  .formatted(file.path(), first.getShape()));
        }
        return firstTokens(floats(scope, first), shape, count);
      }
    } catch (TranslateException | EngineException | IllegalArgumentException e) {
      if (DeviceMemory.ranOut(e)) {
        DeviceMemory.releaseCache(device);
        throw DeviceMemory.exception(device, rows, e);
      }
      throw new EncoderException(
          "Program file '%s' failed on [%d, 3, %d, %d] %s (%s); give the input size it was exported for."
              .formatted(
                  file.path(), rows, size, size, type.name().toLowerCase(Locale.ROOT), reason(e)),
          e);
    }
  }

  private NDArray array(NDManager scope, FloatBuffer values, int rows, int size) {
    Shape shape = new Shape(rows, 3, size, size);
    if (type == Type.FLOAT32) {
      return input.create(scope, shape);
    }
    if (casts != null) {
      return casts.infer(scope, "cast", input.create(scope, shape), type.number).singletonOrThrow();
    }
    double[] doubles = new double[values.capacity()];
    for (int i = 0; i < doubles.length; i++) {
      doubles[i] = values.get(i);
    }
    return scope.create(doubles, shape);
  }

  private float[] floats(NDManager scope, NDArray array) {
    if (casts != null) {
      return casts
          .infer(scope, "cast", array, Type.FLOAT32.number)
          .singletonOrThrow()
          .toFloatArray();
    }
    if (array.getDataType() != DataType.FLOAT64) {
      return array.toFloatArray();
    }
    double[] doubles = array.toDoubleArray();
    float[] values = new float[doubles.length];
    for (int i = 0; i < values.length; i++) {
      values[i] = (float) doubles[i];
    }
    return values;
  }

  private static float[] firstTokens(float[] values, long[] shape, int count) {
    int tokens = shape.length == 2 ? 1 : (int) shape[1];
    int dimension = (int) shape[shape.length - 1];
    float[] first = new float[count * dimension];
    for (int i = 0; i < count; i++) {
      System.arraycopy(values, i * tokens * dimension, first, i * dimension, dimension);
    }
    return first;
  }

  private FloatBuffer normalised(ByteBuffer pixels, int first, int count, int rows, int size) {
    Preprocessing rule = file.preprocessing();
    int plane = size * size;
    FloatBuffer out = input.floats(Math.multiplyExact(rows * 3, plane));
    for (int channel = 0; channel < 3; channel++) {
      float[] table = new float[256];
      float mean = rule.mean().get(channel).floatValue();
      float std = rule.std().get(channel).floatValue();
      for (int value = 0; value < 256; value++) {
        table[value] = (value / 255f - mean) / std;
      }
      for (int image = 0; image < rows; image++) {
        int from = (first + image) * plane * 3 + channel;
        int to = (image * 3 + channel) * plane;
        for (int i = 0; i < plane; i++) {
          out.put(to + i, image < count ? table[pixels.get(from + i * 3) & 255] : 0);
        }
      }
    }
    return out;
  }

  /** What the innermost exception says: the outer ones say only that loading or running failed. */
  private static String reason(Throwable e) {
    Throwable cause = e;
    String said = "no reason given";
    for (int depth = 0; cause != null && depth < 10; depth++) {
      Optional<String> line =
          String.valueOf(cause.getMessage()).lines().filter(text -> !text.isBlank()).findFirst();
      if (cause.getMessage() != null && line.isPresent()) {
        said = line.get();
      }
      cause = cause.getCause();
    }
    return Printable.line(said.strip(), 300);
  }

  @Override
  public void close() {
    predictor.close();
    model.close();
    if (casts != null) {
      casts.close();
    }
  }
}
