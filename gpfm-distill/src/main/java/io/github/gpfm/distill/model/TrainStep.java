package io.github.gpfm.distill.model;

import ai.djl.Device;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDArrays;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.index.NDIndex;
import ai.djl.ndarray.types.Shape;
import io.github.gpfm.distill.config.DistillConfig;
import io.github.gpfm.distill.config.TrainConfig.Precision;
import io.github.gpfm.distill.schedule.Schedules.Rates;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * One training step over one or more shards of a batch.
 *
 * <p>Shards are worked through one after the other on each device (gradient accumulation) and in
 * parallel over the devices (data parallelism). The teacher's logits of all shards are centred, or
 * balanced by Sinkhorn-Knopp, together; every other term is a mean over images. So a step of k
 * shards equals a step of the whole batch, but for KoLeo, whose neighbours are sought within a
 * shard (the official code seeks them within a device).
 */
public final class TrainStep implements AutoCloseable {
  private final DistillConfig config;
  private final StepState state;
  private final List<Replica> replicas = new ArrayList<>();
  private final ReplicaThreads threads;
  private final Update update;
  private final List<String> terms;

  /**
   * @param state owned by the caller; updated in place by every step
   * @param devices the first is the state's; repeated devices make separate replicas
   */
  public TrainStep(DistillConfig config, StepState state, List<Device> devices) {
    this.config = config;
    this.state = state;
    for (int i = 0; i < devices.size(); i++) {
      replicas.add(new Replica(config, devices.get(i), state, i == 0));
    }
    threads = new ReplicaThreads(devices.size());
    update = new Update(config, state, devices.get(0));
    terms = Terms.of(config);
  }

  /** The device that shard {@code i} is worked on. */
  public Device device(int shard) {
    return replicas.get(shard % replicas.size()).device();
  }

  /** A manager for shard {@code i}'s arrays, to be closed after the step. */
  public NDManager newScope(int shard) {
    return replicas.get(shard % replicas.size()).newScope();
  }

  /**
   * Runs one step.
   *
   * @param shards parts of the batch, of equal size, each on its {@link #device}
   * @param rates the schedules' values
   * @throws NonFiniteException if a term is NaN or infinite; nothing has been updated then
   */
  public StepResult run(List<StepBatch> shards, Rates rates) {
    replicas.forEach(Replica::begin);
    addBalance(shards);
    try (NDManager scope = replicas.get(0).newScope()) {
      NDList centres = new NDList();
      List<NDList> targets = targets(scope, shards, rates.temperature(), centres);
      double scale = lossScale() / shards.size();
      List<NDList> results =
          threads.map(
              replicas.size(),
              r -> replicas.get(r).students(shards, targets, r, replicas.size(), scale));
      try {
        return finish(scope, results, centres, shards.size(), rates);
      } finally {
        replicas.forEach(Replica::releaseStep);
      }
    }
  }

  @Override
  public void close() {
    threads.close();
    update.close();
    replicas.forEach(Replica::close);
  }

  /** The factors on the experts' terms go behind their tokens. */
  private void addBalance(List<StepBatch> shards) {
    if (state.balance().used()) {
      float[] factors = state.balance().factors();
      shards.forEach(
          shard -> shard.expertTokens().add(shard.globalCrops().getManager().create(factors)));
    }
  }

  private double lossScale() {
    return config.train().precision() == Precision.FLOAT16 ? state.lossScale() : 1;
  }

  /**
   * Class and patch targets of every shard, on its device.
   *
   * @param centres receives the centres with the batch taken in
   */
  private List<NDList> targets(
      NDManager scope, List<StepBatch> shards, double temperature, NDList centres) {
    List<NDList> targets = new ArrayList<>();
    if (!config.usesSelfDistillation()) {
      NDArray none = scope.zeros(new Shape(0, 0));
      shards.forEach(shard -> targets.add(new NDList(none, none)));
      return targets;
    }
    // The logits are as large as the targets: they go as soon as those are there.
    try (NDManager logitScope = replicas.get(0).newScope()) {
      // A replica works on one shard at a time: DJL names the arrays of a call.
      List<List<NDList>> byReplica =
          threads.map(
              replicas.size(),
              r -> replicas.get(r).teachers(logitScope, shards, r, replicas.size()));
      NDList classes = new NDList();
      NDList patches = new NDList();
      for (int i = 0; i < shards.size(); i++) {
        NDList pair = byReplica.get(i % replicas.size()).get(i / replicas.size());
        classes.add(pair.get(0).toDevice(scope.getDevice(), false));
        patches.add(pair.get(1).toDevice(scope.getDevice(), false));
      }
      state.applyPendingCentres();
      NDList made =
          replicas
              .get(0)
              .call(
                  scope,
                  "teacher_targets",
                  classes.size() == 1 ? classes.get(0) : NDArrays.concat(classes),
                  patches.size() == 1 ? patches.get(0) : NDArrays.concat(patches),
                  state.classCentre(),
                  state.patchCentre(),
                  scope.create(temperature));
      centres.addAll(made.subList(2, 4));
      long classRow = 0;
      long patchRow = 0;
      for (int i = 0; i < shards.size(); i++) {
        long classEnd = classRow + classes.get(i).getShape().get(0);
        long patchEnd = patchRow + patches.get(i).getShape().get(0);
        targets.add(
            new NDList(
                rows(made.get(0), classRow, classEnd).toDevice(device(i), false),
                rows(made.get(1), patchRow, patchEnd).toDevice(device(i), false)));
        classRow = classEnd;
        patchRow = patchEnd;
      }
    }
    return targets;
  }

  private static NDArray rows(NDArray array, long from, long to) {
    return from == 0 && to == array.getShape().get(0)
        ? array
        : array.get(new NDIndex("{}:{}", from, to));
  }

  /** Checks the terms, sums the gradients over the devices and updates. */
  private StepResult finish(
      NDManager scope, List<NDList> results, NDList centres, int shards, Rates rates) {
    double[] values = new double[terms.size() + 1];
    NDList gradients = new NDList();
    for (NDList result : results) {
      for (int k = 0; k < values.length; k++) {
        values[k] += result.get(k).getFloat() / shards;
      }
    }
    Map<String, Double> named = new LinkedHashMap<>();
    for (int k = 0; k < terms.size(); k++) {
      named.put(terms.get(k), values[k + 1]);
      requireFinite(terms.get(k), values[k + 1]);
    }
    requireFinite("objective", values[0]);
    state.balance().update(named);
    for (int k = values.length; k < results.get(0).size(); k++) {
      NDArray sum = results.get(0).get(k);
      for (NDList other : results.subList(1, results.size())) {
        sum.addi(other.get(k).toDevice(scope.getDevice(), false));
      }
      gradients.add(sum);
    }
    Map<String, Double> norms = update.clip(scope, gradients, lossScale());
    boolean finite = norms.values().stream().allMatch(Double::isFinite);
    if (config.train().precision() == Precision.FLOAT16) {
      state.recordOverflow(!finite);
    } else {
      norms.forEach((module, norm) -> requireFinite("gradient of " + module, norm));
    }
    if (!centres.isEmpty()) {
      state.setPendingCentres(centres.get(0), centres.get(1));
    }
    if (finite) {
      update.apply(scope, gradients, rates);
    }
    // As in the official code, also after a step that was skipped.
    update.follow(scope, rates.momentum());
    for (Replica replica : replicas.subList(1, replicas.size())) {
      replica.copyFrom(state);
    }
    return new StepResult(values[0], named, norms, finite);
  }

  private void requireFinite(String name, double value) {
    if (!Double.isFinite(value)) {
      throw new NonFiniteException(name, value, state.updates());
    }
  }
}
