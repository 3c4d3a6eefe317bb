package io.github.gpfm.distill.model;

import ai.djl.Device;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import io.github.gpfm.api.WeightsException;
import io.github.gpfm.distill.config.DistillConfig;
import io.github.gpfm.encoder.script.Engines;
import io.github.gpfm.encoder.script.Tensors;
import io.github.gpfm.encoder.weights.DType;
import io.github.gpfm.encoder.weights.WeightTensor;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.BiFunction;
import org.jspecify.annotations.Nullable;

/**
 * All that a training run carries from step to step, on its first device: student, momentum
 * teacher, moments of the optimiser, centres, counts. {@link #tensors} and {@link #load} are the
 * checkpoint.
 */
public final class StepState implements AutoCloseable {
  private static final String COUNTERS = "counters";

  private final ParameterLayout layout;
  private final LossBalance balance;
  private final NDManager manager;
  private final Ownership ownership;
  private final List<NDManager> moments = new ArrayList<>();
  private final NDList student = new NDList();
  private final NDList teacher = new NDList();
  private final NDList first = new NDList();
  private final NDList second = new NDList();
  private NDArray classCentre;
  private NDArray nextClassCentre;
  private NDArray patchCentre;
  private NDArray nextPatchCentre;
  private long updates;
  private int loads;
  private double lossScale;
  private long goodSteps;

  /** Everything on one device; as {@link #StepState(DistillConfig, ParameterLayout, List)}. */
  public StepState(DistillConfig config, ParameterLayout layout, Device device) {
    this(config, layout, List.of(device));
  }

  /**
   * Fresh parameters drawn from the configuration's seed; the teacher is a copy of the student.
   *
   * @param devices those of the {@link TrainStep}; the first holds everything, but with {@code
   *     train.shard-optimizer} the moments are divided among all
   */
  public StepState(DistillConfig config, ParameterLayout layout, List<Device> devices) {
    this.layout = layout;
    this.balance = new LossBalance(config);
    this.manager = Engines.newManager(devices.get(0));
    this.ownership =
        config.train().shardOptimizer()
            ? Ownership.divided(layout.student(), devices.size())
            : Ownership.ofFirst(layout.student().size());
    for (int r = 0; r < ownership.owners(); r++) {
      moments.add(Engines.newManager(devices.get(r)));
    }
    for (int i = 0; i < layout.student().size(); i++) {
      ParameterSpec spec = layout.student().get(i);
      student.add(Tensors.toArray(manager, Initializer.draw(spec, config.train().seed())));
      NDManager owner = moments.get(ownership.of(i));
      Shape shape = student.get(i).getShape();
      first.add(owner.zeros(shape));
      second.add(owner.zeros(shape));
    }
    for (int i = 0; i < layout.teacherCount(); i++) {
      teacher.add(student.get(i).duplicate());
    }
    int classes = config.self().head().prototypes();
    int patches =
        config.self().separateIbotHead() ? config.self().ibotHead().prototypes() : classes;
    classCentre = manager.zeros(new Shape(1, classes));
    nextClassCentre = manager.zeros(new Shape(1, classes));
    patchCentre = manager.zeros(new Shape(1, patches));
    nextPatchCentre = manager.zeros(new Shape(1, patches));
    lossScale = 65536;
  }

  /** Names, shapes and order of the parameters. */
  public ParameterLayout layout() {
    return layout;
  }

  LossBalance balance() {
    return balance;
  }

  /** How often the parameters came from outside; replicas then take them over. */
  int loads() {
    return loads;
  }

  Ownership ownership() {
    return ownership;
  }

  NDManager manager() {
    return manager;
  }

  NDList student() {
    return student;
  }

  NDList teacher() {
    return teacher;
  }

  NDList firstMoments() {
    return first;
  }

  NDList secondMoments() {
    return second;
  }

  /** Takes up the centre that the last step left pending, as the official code does. */
  void applyPendingCentres() {
    classCentre.close();
    patchCentre.close();
    classCentre = nextClassCentre.duplicate();
    patchCentre = nextPatchCentre.duplicate();
  }

  NDArray classCentre() {
    return classCentre;
  }

  NDArray patchCentre() {
    return patchCentre;
  }

  /** Leaves centres pending for the next step; copies them. */
  void setPendingCentres(NDArray nextClass, NDArray nextPatch) {
    nextClassCentre.close();
    nextPatchCentre.close();
    nextClassCentre = copy(nextClass);
    nextPatchCentre = copy(nextPatch);
  }

  /** Updates done so far. */
  public long updates() {
    return updates;
  }

  void countUpdate() {
    updates++;
  }

  /** Factor on the objective in float16; halves on overflow, doubles after 2000 good steps. */
  double lossScale() {
    return lossScale;
  }

  void recordOverflow(boolean overflow) {
    goodSteps = overflow ? 0 : goodSteps + 1;
    if (overflow) {
      lossScale = Math.max(1, lossScale / 2);
    } else if (goodSteps % 2000 == 0) {
      lossScale = Math.min(lossScale * 2, 1L << 24);
    }
  }

  /** About how many bytes a checkpoint has: parameters, both moments, the teacher. */
  public long byteSize() {
    long teacherCount =
        layout.student().stream().limit(teacher.size()).mapToLong(ParameterSpec::count).sum();
    return Float.BYTES * (3 * layout.parameterCount() + teacherCount);
  }

  /**
   * Every tensor by its checkpoint name: {@code student.…}, {@code teacher.…}, {@code optim.…}; a
   * copy of all.
   */
  public Map<String, WeightTensor> tensors() {
    return tensors(Tensors::toTensor);
  }

  /** The same without copies, to be written before the next step. */
  public Map<String, WeightTensor> view() {
    return tensors(Tensors::view);
  }

  private Map<String, WeightTensor> tensors(BiFunction<String, NDArray, WeightTensor> of) {
    Map<String, WeightTensor> tensors = new LinkedHashMap<>();
    List<String> names = layout.studentNames();
    for (int i = 0; i < names.size(); i++) {
      put(of, tensors, names.get(i), student.get(i));
    }
    for (int i = 0; i < teacher.size(); i++) {
      put(of, tensors, "teacher." + layout.teacherNames().get(i), teacher.get(i));
    }
    put(of, tensors, "dino_loss.center", classCentre);
    put(of, tensors, "ibot_patch_loss.center", patchCentre);
    put(of, tensors, "dino_loss.next_center", nextClassCentre);
    put(of, tensors, "ibot_patch_loss.next_center", nextPatchCentre);
    for (int i = 0; i < names.size(); i++) {
      put(of, tensors, "optim.exp_avg." + names.get(i), first.get(i));
      put(of, tensors, "optim.exp_avg_sq." + names.get(i), second.get(i));
    }
    if (balance.used()) {
      tensors.put(LossBalance.TENSOR, balance.tensor());
    }
    tensors.put(
        COUNTERS,
        WeightTensor.ofLongs(
            COUNTERS, List.of(3L), updates, Double.doubleToLongBits(lossScale), goodSteps));
    return tensors;
  }

  /**
   * Takes the values of a checkpoint.
   *
   * @throws WeightsException if a tensor is missing or of another shape; nothing has changed then
   */
  public void load(Map<String, WeightTensor> tensors) {
    Map<String, WeightTensor> mine = view();
    mine.forEach((name, tensor) -> require(tensors, name, tensor.shape()));
    List<String> names = layout.studentNames();
    for (int i = 0; i < names.size(); i++) {
      NDManager owner = moments.get(ownership.of(i));
      replace(manager, student, i, tensors.get(names.get(i)));
      replace(owner, first, i, tensors.get("optim.exp_avg." + names.get(i)));
      replace(owner, second, i, tensors.get("optim.exp_avg_sq." + names.get(i)));
    }
    for (int i = 0; i < teacher.size(); i++) {
      replace(manager, teacher, i, tensors.get("teacher." + layout.teacherNames().get(i)));
    }
    classCentre = replaced(manager, classCentre, tensors.get("dino_loss.center"));
    patchCentre = replaced(manager, patchCentre, tensors.get("ibot_patch_loss.center"));
    nextClassCentre = replaced(manager, nextClassCentre, tensors.get("dino_loss.next_center"));
    nextPatchCentre =
        replaced(manager, nextPatchCentre, tensors.get("ibot_patch_loss.next_center"));
    if (balance.used()) {
      balance.load(Objects.requireNonNull(tensors.get(LossBalance.TENSOR)));
    }
    long[] counters = Objects.requireNonNull(tensors.get(COUNTERS)).toLongs();
    updates = counters[0];
    lossScale = Double.longBitsToDouble(counters[1]);
    goodSteps = counters[2];
    loads++;
  }

  /**
   * Sets student parameters by name and makes the teacher a copy of the student.
   *
   * @param tensors full names; those not given keep their values
   * @throws WeightsException if a name is unknown or a shape differs
   */
  public void start(Map<String, WeightTensor> tensors) {
    List<String> names = layout.studentNames();
    tensors.forEach(
        (name, tensor) -> {
          int i = names.indexOf(name);
          if (i < 0) {
            throw new WeightsException(
                "The student has no parameter '%s'; the weights are of another architecture."
                    .formatted(name));
          }
          require(tensors, name, layout.student().get(i).shape());
          replace(manager, student, i, tensor);
        });
    for (int i = 0; i < teacher.size(); i++) {
      teacher.get(i).close();
      teacher.set(i, student.get(i).duplicate());
    }
    loads++;
  }

  @Override
  public void close() {
    moments.forEach(NDManager::close);
    manager.close();
  }

  private NDArray copy(NDArray array) {
    NDArray mine = array.duplicate();
    mine.attach(manager);
    return mine;
  }

  private static void replace(
      NDManager manager, NDList list, int i, @Nullable WeightTensor tensor) {
    list.set(i, replaced(manager, list.get(i), tensor));
  }

  private static NDArray replaced(NDManager manager, NDArray old, @Nullable WeightTensor tensor) {
    old.close();
    return Tensors.toArray(manager, Objects.requireNonNull(tensor).cast(DType.FLOAT32));
  }

  private static void put(
      BiFunction<String, NDArray, WeightTensor> of,
      Map<String, WeightTensor> tensors,
      String name,
      NDArray array) {
    tensors.put(name, of.apply(name, array));
  }

  private static void require(Map<String, WeightTensor> tensors, String name, List<Long> shape) {
    WeightTensor tensor = tensors.get(name);
    if (tensor == null || !tensor.shape().equals(shape)) {
      throw new WeightsException(
          "Tensor '%s' must be of shape %s but is %s; the file is of another configuration."
              .formatted(name, shape, tensor == null ? "missing" : tensor.describe()));
    }
  }
}
