package io.github.gpfm.distill.model;

import ai.djl.Device;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import io.github.gpfm.distill.config.DistillConfig;
import io.github.gpfm.distill.config.OptimConfig;
import io.github.gpfm.encoder.script.Engines;
import io.github.gpfm.encoder.script.ScriptModule;
import io.github.gpfm.encoder.script.ScriptNode;
import io.github.gpfm.encoder.script.ScriptProgram;
import io.github.gpfm.encoder.script.ScriptSource;
import org.jspecify.annotations.Nullable;

/**
 * The programs and the parameters on one device. The first shares its parameters with the state.
 * Whatever moves between devices does so in TorchScript: DJL's own ways go through the host, leave
 * copies on long-lived managers, and abort at bfloat16.
 */
final class Replica implements AutoCloseable {
  private static final ScriptSource OPERATIONS =
      ScriptSource.resources(Replica.class, "update.torchscript");

  private final StepModule module;
  private final ScriptModule operations;
  private final NDManager manager;
  private final NDList student;
  private final NDList teacher;
  private final StepState state;
  private int loads;
  private @Nullable NDManager stepScope;

  Replica(DistillConfig config, Device device, StepState state, boolean shares) {
    this.state = state;
    this.loads = state.loads();
    manager = Engines.newManager(device);
    OptimConfig optim = config.optim();
    ScriptNode root =
        ScriptNode.of("Update")
            .constant("beta1", optim.beta1())
            .constant("beta2", optim.beta2())
            .constant("epsilon", optim.epsilon());
    operations = new ScriptProgram(OPERATIONS, root).load(device, ScriptProgram.Mode.INFERENCE);
    student = shares ? state.student() : moved(manager, state.student());
    teacher = shares ? state.teacher() : moved(manager, state.teacher());
    module = new StepModule(config, state.layout(), device);
  }

  Device device() {
    return module.device();
  }

  NDManager newScope() {
    return module.newScope();
  }

  NDList student() {
    return student;
  }

  NDList teacher() {
    return teacher;
  }

  /** Calls a method of the step's program. */
  NDList call(NDManager scope, String method, Object... arguments) {
    return module.call(scope, method, arguments);
  }

  /** Calls a method of {@code update.torchscript}. */
  NDList operate(NDManager scope, String method, Object... arguments) {
    return operations.call(scope, method, arguments);
  }

  /** Copies of arrays of any device on this one. */
  NDList moved(NDManager scope, NDList arrays) {
    try (NDManager like = Engines.newManager(manager.getDevice())) {
      return operations.call(scope, "moved", arrays, like.create(0f));
    }
  }

  /** Takes the parameters as they are now and opens the step. */
  void begin() {
    if (loads != state.loads()) {
      loads = state.loads();
      if (student != state.student()) {
        try (NDManager scope = module.newScope()) {
          operate(scope, "copy", student, state.student());
          operate(scope, "copy", teacher, state.teacher());
        }
      }
    }
    module.bind(student, teacher);
    stepScope = module.newScope();
  }

  /** Where arrays of this step live, on this device. */
  NDManager stepScope() {
    if (stepScope == null) {
      throw new IllegalStateException("no step has begun");
    }
    return stepScope;
  }

  /**
   * Objective, logged terms and gradients, summed over this replica's shards. One shard at a time
   * is on the device, its targets with it.
   *
   * @param index of this replica among {@code count}
   */
  NDList students(
      ShardSource source,
      int shards,
      TeacherTargets targets,
      LossBalance balance,
      int index,
      int count,
      double scale) {
    NDList sum = new NDList();
    for (int i = index; i < shards; i += count) {
      try (NDManager scope = module.newScope()) {
        StepBatch shard = source.shard(i, scope);
        NDList experts = new NDList(shard.expertTokens());
        if (balance.used()) {
          // The factors on the experts' terms go behind their tokens.
          experts.add(scope.create(balance.factors()));
        }
        NDList made = student(scope, shard, experts, targets.of(this, scope, i, shard), scale);
        if (sum.isEmpty()) {
          made.forEach(array -> array.attach(stepScope()));
          sum = made;
        } else {
          operate(scope, "add", sum, made);
        }
      }
    }
    return sum;
  }

  private NDList student(
      NDManager scope, StepBatch shard, NDList experts, NDList targets, double scale) {
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
        experts,
        shard.globalKeep(),
        shard.localKeep(),
        factor);
  }

  /** Frees all of the step's arrays. */
  void end() {
    if (stepScope != null) {
      stepScope.close();
      stepScope = null;
    }
  }

  @Override
  public void close() {
    end();
    module.close();
    operations.close();
    manager.close();
  }
}
