package io.github.gpfm.encoder.script;

import ai.djl.Device;
import ai.djl.engine.EngineException;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.pytorch.engine.PtNDArray;
import ai.djl.pytorch.engine.PtNDManager;
import ai.djl.pytorch.engine.PtSymbolBlock;
import ai.djl.pytorch.jni.IValue;
import ai.djl.pytorch.jni.IValueUtils;
import ai.djl.pytorch.jni.JniUtils;
import io.github.gpfm.api.EncoderException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * A loaded program. Three ways to call a method:
 *
 * <ul>
 *   <li>{@link #infer}: PyTorch's inference mode. Fastest; results cannot take part in a later
 *       computation with gradients. Thread-safe. Arguments may be scalars.
 *   <li>{@link #call}: without gradients, but results may be used as constants in a computation
 *       with gradients (a teacher's output in a student's loss).
 *   <li>{@link #callWithGradients}: records the computation; {@link #backward} then adds to the
 *       gradients of parameters and of inputs that require them.
 * </ul>
 *
 * <p>Results belong to the manager given with the call: use a sub-manager per batch or step and
 * close it, or native memory grows. Training calls of one module come from one thread at a time.
 */
public final class ScriptModule implements AutoCloseable {
  /**
   * TorchScript's own optimiser guesses shapes from the first calls and recompiles when they
   * change; networks of large matrix products gain nothing from it. The switch is per thread.
   */
  private static final ThreadLocal<Boolean> PLAIN_EXECUTOR =
      ThreadLocal.withInitial(
          () -> {
            JniUtils.setGraphExecutorOptimize(false);
            return true;
          });

  private final PtNDManager manager;
  private final PtSymbolBlock block;
  private final Set<String> methods;
  private final Map<String, NDArray> parameters;

  private ScriptModule(PtNDManager manager, PtSymbolBlock block) {
    this.manager = manager;
    this.block = block;
    this.methods = Set.of(JniUtils.getMethodNames(block));
    Map<String, NDArray> found = new LinkedHashMap<>();
    for (NDArray parameter : JniUtils.moduleGetParams(block, manager)) {
      found.put(parameter.getName(), parameter);
    }
    this.parameters = Collections.unmodifiableMap(found);
  }

  static ScriptModule load(Device device, ScriptProgram.Mode mode, Path archive) {
    boolean training = mode == ScriptProgram.Mode.TRAINING;
    return load(
        device,
        mode,
        manager ->
            JniUtils.loadModule(manager, archive, true, new String[0], new String[0], training));
  }

  static ScriptModule load(Device device, ScriptProgram.Mode mode, InputStream archive) {
    return load(device, mode, manager -> JniUtils.loadModule(manager, archive, true, false));
  }

  private interface Loader {
    PtSymbolBlock load(PtNDManager manager) throws IOException;
  }

  private static ScriptModule load(Device device, ScriptProgram.Mode mode, Loader loader) {
    PtNDManager manager = Engines.newManager(device);
    try {
      PtSymbolBlock block = loader.load(manager);
      if (mode == ScriptProgram.Mode.INFERENCE) {
        JniUtils.enableInferenceMode(block);
      }
      return new ScriptModule(manager, block);
    } catch (EngineException | IOException e) {
      manager.close();
      throw new EncoderException("PyTorch refuses the program: " + e.getMessage(), e);
    }
  }

  /** The device the weights are on. */
  public Device device() {
    return manager.getDevice();
  }

  /** Names of the methods that can be called. */
  public Set<String> methods() {
    return methods;
  }

  /** The parameters by dotted name. They share memory with the module and are owned by it. */
  public Map<String, NDArray> parameters() {
    return parameters;
  }

  /** A manager on this module's device, for one batch or step; to be closed by the caller. */
  public NDManager newScope() {
    return Engines.newManager(device());
  }

  /**
   * Calls a method in inference mode.
   *
   * @param scope owner of the results
   * @param method {@code forward} or another method of the root class
   * @param arguments {@code NDArray} (Tensor), {@code NDList} (List[Tensor]), {@code Long} or
   *     {@code Integer} (int), {@code Double} (float), {@code Boolean}, {@code String}, {@code
   *     long[]} (List[int])
   * @return the tensors of the result, a tuple or list in its order; scalars are not returned
   */
  public NDList infer(NDManager scope, String method, Object... arguments) {
    PLAIN_EXECUTOR.get();
    List<IValue> values = new ArrayList<>();
    try {
      for (Object argument : arguments) {
        values.add(toValue(argument));
      }
      try (IValue result = IValueUtils.runMethod(block, method, values.toArray(new IValue[0]))) {
        return result.toNDList((PtNDManager) scope);
      }
    } finally {
      values.forEach(IValue::close);
    }
  }

  /**
   * Calls a method without recording gradients.
   *
   * @param arguments {@code NDArray} (Tensor) or {@code NDList} (List[Tensor]); a scalar is passed
   *     as a tensor without axes
   */
  public NDList call(NDManager scope, String method, Object... arguments) {
    return run(scope, method, false, arguments);
  }

  /** Calls a method and records gradients; arguments as {@link #call}. */
  public NDList callWithGradients(NDManager scope, String method, Object... arguments) {
    return run(scope, method, true, arguments);
  }

  /**
   * Adds the gradients of a scalar to every parameter and input it was computed from.
   *
   * @param loss a tensor of one element that {@link #callWithGradients} returned
   */
  public static void backward(NDArray loss) {
    try (NDManager scope = loss.getManager().newSubManager()) {
      NDArray one = scope.ones(loss.getShape(), loss.getDataType());
      JniUtils.backward((PtNDArray) loss, (PtNDArray) one, false, false);
    }
  }

  /** Adds the gradients of {@code output} weighted by {@code cotangent}, of the same shape. */
  public static void backward(NDArray output, NDArray cotangent) {
    JniUtils.backward((PtNDArray) output, (PtNDArray) cotangent, false, false);
  }

  /** Sets the gradients of all parameters to zero; they accumulate otherwise. */
  public void zeroGradients() {
    for (NDArray parameter : parameters.values()) {
      if (parameter.hasGradient()) {
        JniUtils.zeroGrad((PtNDArray) parameter);
      }
    }
  }

  @Override
  public void close() {
    manager.close();
  }

  private NDList run(NDManager scope, String method, boolean gradients, Object... arguments) {
    PLAIN_EXECUTOR.get();
    boolean before = JniUtils.isGradMode();
    JniUtils.setGradMode(gradients);
    try (NamedArguments named = new NamedArguments((PtNDManager) scope, method, arguments)) {
      return IValueUtils.forward(block, named.list(), true);
    } finally {
      JniUtils.setGradMode(before);
    }
  }

  private static IValue toValue(Object argument) {
    if (argument instanceof PtNDArray array) {
      return IValue.from(array);
    } else if (argument instanceof NDList list) {
      return IValue.listFrom(list.toArray(new PtNDArray[0]));
    } else if (argument instanceof Long || argument instanceof Integer) {
      return IValue.from(((Number) argument).longValue());
    } else if (argument instanceof Double number) {
      return IValue.from(number.doubleValue());
    } else if (argument instanceof Boolean flag) {
      return IValue.from(flag.booleanValue());
    } else if (argument instanceof String text) {
      return IValue.from(text);
    } else if (argument instanceof long[] numbers) {
      return IValue.listFrom(numbers);
    }
    throw new IllegalArgumentException("unsupported argument: " + argument.getClass().getName());
  }
}
