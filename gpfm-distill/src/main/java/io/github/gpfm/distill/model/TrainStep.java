package io.github.gpfm.distill.model;

import ai.djl.Device;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
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
 * parallel over the devices (data parallelism). The teacher's logits are centred by the centre of
 * all shards, or balanced by Sinkhorn-Knopp over all shards, each on its device; every other term
 * is a mean over images. So a step of k shards equals a step of the whole batch, but for KoLeo,
 * whose neighbours are sought within a shard (the official code seeks them within a device).
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
    update = new Update(config, state, replicas, threads);
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
    return run(shards.size(), ShardSource.of(shards), rates);
  }

  /**
   * Runs one step over shards that are made when their turn comes: a device holds one at a time.
   *
   * @param shards their number, at least that of the devices
   * @param source asked by each replica on its own thread; what it throws ends the step, and
   *     nothing has been updated then
   * @throws NonFiniteException as {@link #run(List, Rates)}
   */
  public StepResult run(int shards, ShardSource source, Rates rates) {
    if (shards < replicas.size()) {
      throw new IllegalArgumentException(
          "%d shards leave some of %d devices without work".formatted(shards, replicas.size()));
    }
    replicas.forEach(Replica::begin);
    try {
      TeacherTargets targets =
          TeacherTargets.of(config, state, replicas, threads, source, shards, rates.temperature());
      double scale = lossScale() / shards;
      List<NDList> results =
          threads.map(
              replicas.size(),
              r ->
                  replicas
                      .get(r)
                      .students(
                          source, shards, targets, state.balance(), r, replicas.size(), scale));
      return finish(results, targets, shards, rates);
    } finally {
      replicas.forEach(Replica::end);
    }
  }

  @Override
  public void close() {
    threads.close();
    replicas.forEach(Replica::close);
  }

  private double lossScale() {
    return config.train().precision() == Precision.FLOAT16 ? state.lossScale() : 1;
  }

  /** Checks the terms, sums the gradients over the devices and updates. */
  private StepResult finish(List<NDList> results, TeacherTargets targets, int shards, Rates rates) {
    double[] values = new double[terms.size() + 1];
    List<NDList> gradients = new ArrayList<>();
    for (NDList result : results) {
      for (int k = 0; k < values.length; k++) {
        values[k] += result.get(k).getFloat() / shards;
      }
      gradients.add(new NDList(result.subList(values.length, result.size())));
    }
    Map<String, Double> named = new LinkedHashMap<>();
    for (int k = 0; k < terms.size(); k++) {
      named.put(terms.get(k), values[k + 1]);
      requireFinite(terms.get(k), values[k + 1]);
    }
    requireFinite("objective", values[0]);
    state.balance().update(named);
    update.reduce(gradients);
    Map<String, Double> norms = update.clip(gradients, lossScale());
    boolean finite = norms.values().stream().allMatch(Double::isFinite);
    if (config.train().precision() == Precision.FLOAT16) {
      state.recordOverflow(!finite);
    } else {
      norms.forEach((module, norm) -> requireFinite("gradient of " + module, norm));
    }
    targets.finish(state);
    if (finite) {
      update.apply(gradients, rates);
    }
    // As in the official code, also after a step that was skipped.
    update.follow(rates.momentum());
    return new StepResult(values[0], named, norms, finite);
  }

  private void requireFinite(String name, double value) {
    if (!Double.isFinite(value)) {
      throw new NonFiniteException(name, value, state.updates());
    }
  }
}
