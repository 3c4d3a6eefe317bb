package io.github.gpfm.distill.model;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import io.github.gpfm.distill.config.DistillConfig;
import io.github.gpfm.distill.config.SelfConfig.Centering;
import io.github.gpfm.distill.model.ShardSource.TeacherInput;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * What the teacher teaches in one step, made a shard at a time on the shard's own device. Centring
 * needs no other shard: it uses the centre left by the step before. Sinkhorn-Knopp agrees on one
 * factor a prototype over all shards before the first student runs. Between devices go vectors of
 * one value a prototype.
 */
abstract sealed class TeacherTargets {
  /** Class and patch targets of a shard, on the replica's thread. */
  abstract NDList of(Replica replica, NDManager scope, int shard, StepBatch batch);

  /** Leaves in the state what the next step needs; after all shards. */
  abstract void finish(StepState state);

  /** For one step over {@code shards} shards; all replicas have begun it. */
  static TeacherTargets of(
      DistillConfig config,
      StepState state,
      List<Replica> replicas,
      ReplicaThreads threads,
      ShardSource source,
      int shards,
      double temperature) {
    if (!config.usesSelfDistillation()) {
      return new None();
    }
    state.applyPendingCentres();
    if (config.self().centering() == Centering.CENTERING) {
      return new Centred(state, replicas, temperature);
    }
    return shards == 1
        ? new BalancedAlone(temperature)
        : new Balanced(replicas, threads, source, shards, temperature);
  }

  private static final class None extends TeacherTargets {
    @Override
    NDList of(Replica replica, NDManager scope, int shard, StepBatch batch) {
      NDArray none = scope.zeros(new Shape(0, 0));
      return new NDList(none, none);
    }

    @Override
    void finish(StepState state) {}
  }

  private static final class Centred extends TeacherTargets {
    private final Replica first;
    private final double temperature;
    private final Map<Replica, NDList> centres = new ConcurrentHashMap<>();
    private final Map<Replica, NDList> sums = new ConcurrentHashMap<>();
    private final Map<Replica, long[]> counts = new ConcurrentHashMap<>();

    Centred(StepState state, List<Replica> replicas, double temperature) {
      this.first = replicas.get(0);
      this.temperature = temperature;
      NDList now = new NDList(state.classCentre(), state.patchCentre());
      for (Replica replica : replicas) {
        centres.put(replica, replica.moved(replica.stepScope(), now));
        counts.put(replica, new long[2]);
      }
    }

    @Override
    NDList of(Replica replica, NDManager scope, int shard, StepBatch batch) {
      NDList centre = get(centres, replica);
      NDList made =
          replica.call(
              scope,
              "centred_targets",
              batch.globalCrops(),
              batch.maskIndices(),
              centre.get(0),
              centre.get(1),
              scope.create(temperature));
      long[] count = get(counts, replica);
      count[0] += made.get(0).getShape().get(0);
      count[1] += made.get(1).getShape().get(0);
      NDList more = new NDList(made.subList(2, 4));
      NDList sum = sums.get(replica);
      if (sum == null) {
        more.forEach(array -> array.attach(replica.stepScope()));
        sums.put(replica, more);
      } else {
        replica.operate(scope, "add", sum, more);
      }
      return new NDList(made.subList(0, 2));
    }

    @Override
    void finish(StepState state) {
      try (NDManager scope = first.newScope()) {
        NDList total = get(sums, first);
        long[] count = new long[2];
        for (Map.Entry<Replica, NDList> entry : sums.entrySet()) {
          if (entry.getKey() != first) {
            first.operate(scope, "add", total, entry.getValue());
          }
        }
        for (long[] each : counts.values()) {
          count[0] += each[0];
          count[1] += each[1];
        }
        NDList centre = get(centres, first);
        NDList next =
            first.call(
                scope,
                "next_centres",
                centre.get(0),
                centre.get(1),
                total.get(0),
                total.get(1),
                scope.create(new double[] {count[0], count[1]}));
        state.setPendingCentres(next.get(0), next.get(1));
      }
    }
  }

  private static final class BalancedAlone extends TeacherTargets {
    private final double temperature;

    BalancedAlone(double temperature) {
      this.temperature = temperature;
    }

    @Override
    NDList of(Replica replica, NDManager scope, int shard, StepBatch batch) {
      return replica.call(
          scope,
          "balanced_targets",
          batch.globalCrops(),
          batch.maskIndices(),
          scope.create(temperature));
    }

    @Override
    void finish(StepState state) {}
  }

  private static final class Balanced extends TeacherTargets {
    private static final int ROUNDS = 3;

    private final double temperature;
    private final Map<Integer, NDList> rows = new ConcurrentHashMap<>();
    private final Map<Replica, NDList> factors = new ConcurrentHashMap<>();

    Balanced(
        List<Replica> replicas,
        ReplicaThreads threads,
        ShardSource source,
        int shards,
        double temperature) {
      this.temperature = temperature;
      int count = replicas.size();
      for (Replica replica : replicas) {
        NDArray none = replica.stepScope().zeros(new Shape(0));
        factors.put(replica, new NDList(none, none));
      }
      threads.map(
          count,
          r -> {
            for (int i = r; i < shards; i += count) {
              keepRows(replicas.get(r), source, i);
            }
            return r;
          });
      for (int round = 0; round < ROUNDS; round++) {
        List<NDList> sums = threads.map(count, r -> sums(replicas.get(r), r, count, shards));
        agree(replicas, sums);
      }
    }

    private void keepRows(Replica replica, ShardSource source, int shard) {
      try (NDManager scope = replica.newScope()) {
        TeacherInput input = source.teacherInput(shard, scope);
        NDList made = replica.call(scope, "teacher_rows", input.globalCrops(), input.maskIndices());
        made.forEach(array -> array.attach(replica.stepScope()));
        rows.put(shard, made);
      }
    }

    /** Sums over a replica's shards; they live until the end of the step: a value a prototype. */
    private NDList sums(Replica replica, int index, int count, int shards) {
      NDList sum = new NDList();
      for (int i = index; i < shards; i += count) {
        try (NDManager scope = replica.newScope()) {
          NDList more = balance(replica, scope, "sinkhorn_sums", i);
          if (sum.isEmpty()) {
            more.forEach(array -> array.attach(replica.stepScope()));
            sum = more;
          } else {
            replica.operate(scope, "add", sum, more);
          }
        }
      }
      return sum;
    }

    private void agree(List<Replica> replicas, List<NDList> sums) {
      Replica first = replicas.get(0);
      try (NDManager scope = first.newScope()) {
        for (NDList other : sums.subList(1, sums.size())) {
          first.operate(scope, "add", sums.get(0), other);
        }
        NDList made = first.call(scope, "sinkhorn_factors", sums.get(0));
        for (Replica replica : replicas) {
          get(factors, replica).forEach(NDArray::close);
          factors.put(replica, replica.moved(replica.stepScope(), made));
        }
      }
      sums.forEach(NDList::close);
    }

    private NDList balance(Replica replica, NDManager scope, String method, int shard) {
      NDList row = get(rows, shard);
      NDList factor = get(factors, replica);
      return replica.call(
          scope,
          method,
          row.get(0),
          row.get(1),
          factor.get(0),
          factor.get(1),
          scope.create(temperature));
    }

    @Override
    NDList of(Replica replica, NDManager scope, int shard, StepBatch batch) {
      return balance(replica, scope, "sinkhorn_targets", shard);
    }

    @Override
    void finish(StepState state) {}
  }

  private static <K, V> V get(Map<K, V> map, K key) {
    V value = map.get(key);
    if (value == null) {
      throw new IllegalStateException("nothing is kept for " + key);
    }
    return value;
  }
}
