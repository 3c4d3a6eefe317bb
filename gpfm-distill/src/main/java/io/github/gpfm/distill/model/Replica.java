package io.github.gpfm.distill.model;

import ai.djl.Device;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import io.github.gpfm.distill.config.DistillConfig;
import io.github.gpfm.encoder.script.Engines;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The program and the parameters on one device. The first shares its parameters with the state. */
final class Replica implements AutoCloseable {
  private final StepModule module;
  private final NDManager manager;
  private final NDList student;
  private final NDList teacher;
  private @Nullable NDManager stepScope;

  Replica(DistillConfig config, Device device, StepState state, boolean shares) {
    manager = Engines.newManager(device);
    student = shares ? state.student() : copies(state.student(), device);
    teacher = shares ? state.teacher() : copies(state.teacher(), device);
    module = new StepModule(config, state.layout(), device);
  }

  Device device() {
    return module.device();
  }

  NDManager newScope() {
    return module.newScope();
  }

  NDList call(NDManager scope, String method, Object... arguments) {
    return module.call(scope, method, arguments);
  }

  /** Takes the parameters as they are now. */
  void begin() {
    module.bind(student, teacher);
  }

  /**
   * Teacher logits of this replica's shards; they live until the end of the step.
   *
   * @param index of this replica among {@code count}
   */
  List<NDList> teachers(NDManager scope, List<StepBatch> shards, int index, int count) {
    List<NDList> logits = new ArrayList<>();
    for (int i = index; i < shards.size(); i += count) {
      StepBatch shard = shards.get(i);
      logits.add(module.call(scope, "teacher_logits", shard.globalCrops(), shard.maskIndices()));
    }
    return logits;
  }

  /**
   * Objective, logged terms and gradients, summed over this replica's shards.
   *
   * @param index of this replica among {@code count}
   */
  NDList students(
      List<StepBatch> shards, List<NDList> targets, int index, int count, double scale) {
    NDManager scope = module.newScope();
    stepScope = scope;
    NDList sum = new NDList();
    for (int i = index; i < shards.size(); i += count) {
      if (sum.isEmpty()) {
        sum = student(scope, shards.get(i), targets.get(i), scale);
        continue;
      }
      try (NDManager shardScope = module.newScope()) {
        NDList more = student(shardScope, shards.get(i), targets.get(i), scale);
        for (int k = 0; k < sum.size(); k++) {
          sum.get(k).addi(more.get(k));
        }
      }
    }
    return sum;
  }

  private NDList student(NDManager scope, StepBatch shard, NDList targets, double scale) {
    NDArray factor = scope.create(scale);
    return module.call(
        scope,
        "student_step",
        module.student(),
        shard.globalCrops(),
        shard.localCrops(),
        shard.masks(),
        shard.maskIndices(),
        shard.maskWeights(),
        targets.get(0),
        targets.get(1),
        shard.expertTokens(),
        shard.globalKeep(),
        shard.localKeep(),
        factor);
  }

  /** Frees what {@link #students} returned. */
  void releaseStep() {
    if (stepScope != null) {
      stepScope.close();
      stepScope = null;
    }
  }

  /** Takes over the updated parameters. */
  void copyFrom(StepState state) {
    for (int i = 0; i < student.size(); i++) {
      state.student().get(i).copyTo(student.get(i));
    }
    for (int i = 0; i < teacher.size(); i++) {
      state.teacher().get(i).copyTo(teacher.get(i));
    }
  }

  @Override
  public void close() {
    releaseStep();
    module.close();
    manager.close();
  }

  private NDList copies(NDList list, Device device) {
    NDList copy = new NDList();
    for (NDArray array : list) {
      NDArray mine = array.toDevice(device, true);
      mine.attach(manager);
      copy.add(mine);
    }
    return copy;
  }
}
