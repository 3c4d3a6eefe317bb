package io.github.gpfm.eval.head;

import ai.djl.Device;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import io.github.gpfm.api.WeightsException;
import io.github.gpfm.encoder.script.Engines;
import io.github.gpfm.encoder.script.HostBuffer;
import io.github.gpfm.encoder.script.IntraOpThreads;
import io.github.gpfm.encoder.script.ScriptModule;
import io.github.gpfm.encoder.script.ScriptProgram;
import io.github.gpfm.encoder.script.Tensors;
import io.github.gpfm.encoder.weights.Safetensors;
import io.github.gpfm.encoder.weights.WeightFile;
import io.github.gpfm.encoder.weights.WeightTensor;
import io.github.gpfm.eval.linalg.Matrix;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.function.Supplier;

/**
 * A small network in training: a program whose root has a method {@code adam} (resource {@code
 * optimizers.torchscript}), its parameters and the optimiser's moments. One thread at a time. To be
 * closed.
 */
public final class TrainableHead implements AutoCloseable {
  /** Values of input up to which one thread is faster than all: a bag of 64 tiles of ViT-L. */
  private static final long SMALL_INPUT = 1 << 16;

  /** Parameters up to which it is: every MIL head at its usual size. */
  private static final long SMALL_NETWORK = 1 << 22;

  private final ScriptModule module;
  private final boolean small;
  private final NDManager manager;
  private final NDList parameters = new NDList();
  private final NDList first = new NDList();
  private final NDList second = new NDList();
  private final NDList steps = new NDList();
  private final List<HostBuffer> inputs = new ArrayList<>();
  private int inputsUsed;
  private long valuesUsed;

  /**
   * Loads the program for training.
   *
   * @param program root class with a method {@code adam}
   * @param device where to train
   */
  public TrainableHead(ScriptProgram program, Device device) {
    this.module = program.load(device, ScriptProgram.Mode.TRAINING);
    this.manager = module.newScope();
    for (NDArray parameter : module.parameters().values()) {
      parameters.add(parameter);
      first.add(manager.zeros(parameter.getShape()));
      second.add(manager.zeros(parameter.getShape()));
      steps.add(manager.create(0f));
    }
    long size = module.parameters().values().stream().mapToLong(NDArray::size).sum();
    this.small = !device.isGpu() && size <= SMALL_NETWORK;
  }

  /** Loads onto the first GPU, or the CPU if there is none. */
  public static TrainableHead load(ScriptProgram program) {
    return new TrainableHead(program, Engines.defaultDevice());
  }

  /** Seeds dropout; training calls of one seed and order give the same weights. */
  public static void seed(long seed) {
    Engines.pytorch().setRandomSeed((int) (seed ^ (seed >>> 32)));
  }

  /**
   * Runs a method without gradients and reads its result within a scope closed afterwards.
   *
   * @param arguments may use {@link #input}
   */
  public <T> T evaluate(
      String method, Function<NDManager, Object[]> arguments, Function<NDList, T> result) {
    try (NDManager scope = module.newScope()) {
      Object[] values = arguments(scope, arguments);
      return run(() -> result.apply(module.call(scope, method, values)));
    }
  }

  private Object[] arguments(NDManager scope, Function<NDManager, Object[]> arguments) {
    inputsUsed = 0;
    valuesUsed = 0;
    return arguments.apply(scope);
  }

  private <T> T run(Supplier<T> work) {
    return small && valuesUsed <= SMALL_INPUT ? IntraOpThreads.one(work) : work.get();
  }

  /**
   * One step of Adam (L2 penalty in the gradient) on the loss a method returns.
   *
   * @param arguments may use {@link #input}
   * @return the loss before the step
   */
  public float step(
      String method,
      Function<NDManager, Object[]> arguments,
      double learningRate,
      double weightDecay) {
    try (NDManager scope = module.newScope()) {
      Object[] values = arguments(scope, arguments);
      return run(() -> step(scope, method, values, learningRate, weightDecay));
    }
  }

  private float step(
      NDManager scope, String method, Object[] arguments, double learningRate, double weightDecay) {
    NDArray loss = module.callWithGradients(scope, method, arguments).singletonOrThrow();
    ScriptModule.backward(loss);
    NDList touched = new NDList();
    NDList gradients = new NDList();
    NDList m = new NDList();
    NDList v = new NDList();
    NDList t = new NDList();
    for (int i = 0; i < parameters.size(); i++) {
      // A layer the loss did not use has no gradient and is left as it is, as in PyTorch.
      if (parameters.get(i).hasGradient()) {
        NDArray gradient = parameters.get(i).getGradient();
        gradient.attach(scope);
        touched.add(parameters.get(i));
        gradients.add(gradient);
        m.add(first.get(i));
        v.add(second.get(i));
        t.add(steps.get(i));
      }
    }
    NDArray rate = scope.create((float) learningRate);
    NDArray decay = scope.create((float) weightDecay);
    module.call(scope, "adam", touched, gradients, m, v, t, rate, decay);
    module.zeroGradients();
    return loss.getFloat();
  }

  /** A matrix as array of rank 2, for arguments of {@link #step} and {@link #evaluate}. */
  public NDArray input(NDManager scope, Matrix matrix) {
    if (inputsUsed == inputs.size()) {
      inputs.add(new HostBuffer());
    }
    valuesUsed += (long) matrix.rows() * matrix.columns();
    Shape shape = new Shape(matrix.rows(), matrix.columns());
    return inputs.get(inputsUsed++).create(scope, matrix.values(), shape);
  }

  /** A copy of the parameters by name. */
  public Map<String, WeightTensor> snapshot() {
    Map<String, WeightTensor> copy = new LinkedHashMap<>();
    module.parameters().forEach((name, array) -> copy.put(name, Tensors.toTensor(name, array)));
    return copy;
  }

  /** Sets the parameters to those of a snapshot. */
  public void restore(Map<String, WeightTensor> snapshot) {
    try (NDManager scope = module.newScope()) {
      module
          .parameters()
          .forEach(
              (name, array) -> {
                WeightTensor tensor = snapshot.get(name);
                List<Long> shape = new ArrayList<>();
                for (long size : array.getShape().getShape()) {
                  shape.add(size);
                }
                if (tensor == null || !tensor.shape().equals(shape)) {
                  throw new WeightsException(
                      "the saved head has no parameter '%s' of shape %s; it is of another kind"
                          .formatted(name, shape));
                }
                Tensors.toArray(scope, tensor).copyTo(array);
              });
    }
  }

  /**
   * Writes the parameters as safetensors.
   *
   * @param metadata facts to keep beside them, written in the order of their names
   */
  public void save(Path file, Map<String, String> metadata) {
    Safetensors.write(file, List.copyOf(snapshot().values()), new TreeMap<>(metadata));
  }

  /** Reads parameters that {@link #save} wrote. */
  public void restore(Path file) {
    restore(WeightFile.open(file).tensors());
  }

  @Override
  public void close() {
    manager.close();
    module.close();
  }
}
