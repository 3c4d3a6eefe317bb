package io.github.gpfm.distill.model;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import io.github.gpfm.distill.config.DistillConfig;
import io.github.gpfm.distill.config.OptimConfig;
import io.github.gpfm.distill.schedule.Schedules.Rates;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Sums the replicas' gradients, clips, updates and lets the teacher follow. Each parameter's owner
 * does so for it on its own device and copies the new values to the others; the teacher follows on
 * every replica by itself. Owners work in parallel.
 */
final class Update {
  private record Group(ParameterGroup rates, List<int[]> members) {}

  private record Module(String name, int from, int to, double clip) {}

  /** Most bytes of gradients that are on their way between two devices at once. */
  private static final long BUCKET = 64L << 20;

  private final StepState state;
  private final List<Replica> replicas;
  private final ReplicaThreads threads;
  private final Ownership ownership;
  private final List<Group> groups;
  private final List<Module> modules;

  Update(DistillConfig config, StepState state, List<Replica> replicas, ReplicaThreads threads) {
    this.state = state;
    this.replicas = replicas;
    this.threads = threads;
    this.ownership = state.ownership();
    OptimConfig optim = config.optim();
    List<ParameterSpec> specs = state.layout().student();
    Map<ParameterGroup, List<Integer>> members = new LinkedHashMap<>();
    Map<String, List<Integer>> byModule = new LinkedHashMap<>();
    for (int i = 0; i < specs.size(); i++) {
      ParameterSpec spec = specs.get(i);
      ParameterGroup group = ParameterGroup.of(spec, config.student().depth(), optim);
      members.computeIfAbsent(group, g -> new ArrayList<>()).add(i);
      byModule.computeIfAbsent(spec.module(), m -> new ArrayList<>()).add(i);
    }
    groups =
        members.entrySet().stream().map(e -> new Group(e.getKey(), byOwner(e.getValue()))).toList();
    double most = optim.clipGrad();
    modules =
        byModule.entrySet().stream()
            .map(
                e ->
                    new Module(
                        e.getKey(),
                        e.getValue().get(0),
                        e.getValue().get(e.getValue().size() - 1) + 1,
                        e.getKey().startsWith(ParameterSpec.DISTILL_HEADS)
                                && !config.distill().clipHeads()
                            ? 0
                            : most))
            .toList();
  }

  private List<int[]> byOwner(List<Integer> parameters) {
    List<int[]> split = new ArrayList<>();
    for (int owner = 0; owner < ownership.owners(); owner++) {
      int o = owner;
      split.add(parameters.stream().mapToInt(i -> i).filter(i -> ownership.of(i) == o).toArray());
    }
    return split;
  }

  /** Adds the gradients of all replicas at their owners', in place and a bucket at a time. */
  void reduce(List<NDList> gradients) {
    threads.map(
        ownership.owners(),
        owner -> {
          for (int r = 0; r < gradients.size(); r++) {
            if (r != owner) {
              for (int[] bucket : buckets(ownership.parameters(owner))) {
                add(owner, gradients, r, bucket);
              }
            }
          }
          return owner;
        });
  }

  private void add(int owner, List<NDList> gradients, int from, int[] bucket) {
    Replica replica = replicas.get(owner);
    try (NDManager scope = replica.newScope()) {
      replica.operate(
          scope, "add", pick(gradients.get(owner), bucket), pick(gradients.get(from), bucket));
    }
  }

  private List<int[]> buckets(int[] parameters) {
    List<int[]> buckets = new ArrayList<>();
    int from = 0;
    long bytes = 0;
    for (int k = 0; k < parameters.length; k++) {
      bytes += Float.BYTES * state.layout().student().get(parameters[k]).count();
      if (bytes >= BUCKET || k == parameters.length - 1) {
        buckets.add(Arrays.copyOfRange(parameters, from, k + 1));
        from = k + 1;
        bytes = 0;
      }
    }
    return buckets;
  }

  /**
   * Takes the loss scale out of the summed gradients and clips them, in place.
   *
   * @return every submodule's norm before
   */
  Map<String, Double> clip(List<NDList> gradients, double lossScale) {
    double[] squares = new double[state.layout().student().size()];
    threads.map(
        ownership.owners(),
        owner -> {
          Replica replica = replicas.get(owner);
          int[] mine = ownership.parameters(owner);
          if (mine.length == 0) {
            return owner;
          }
          try (NDManager scope = replica.newScope()) {
            NDList part = pick(gradients.get(owner), mine);
            NDArray norms =
                replica.operate(scope, "norms", part, scope.create(1 / lossScale)).get(0);
            float[] values = norms.toFloatArray();
            for (int k = 0; k < mine.length; k++) {
              squares[mine[k]] = (double) values[k] * values[k];
            }
          }
          return owner;
        });
    Map<String, Double> norms = new LinkedHashMap<>();
    for (Module module : modules) {
      double norm = Math.sqrt(Arrays.stream(squares, module.from(), module.to()).sum());
      norms.put(module.name(), norm);
      double factor = Math.min(1, module.clip() / (norm + 1e-6));
      if (module.clip() > 0 && factor < 1) {
        scale(gradients, module, factor);
      }
    }
    return norms;
  }

  private void scale(List<NDList> gradients, Module module, double factor) {
    threads.map(
        ownership.owners(),
        owner -> {
          int[] mine = ownership.parameters(owner, module.from(), module.to());
          Replica replica = replicas.get(owner);
          if (mine.length > 0) {
            try (NDManager scope = replica.newScope()) {
              NDList part = pick(gradients.get(owner), mine);
              replica.operate(scope, "scale", part, scope.create(factor));
            }
          }
          return owner;
        });
  }

  /** Updates the student and its heads in place, and every replica's copy. */
  void apply(List<NDList> gradients, Rates rates) {
    threads.map(
        ownership.owners(),
        owner -> {
          try (NDManager scope = replicas.get(owner).newScope()) {
            for (Group group : groups) {
              adamw(scope, owner, group, gradients.get(owner), rates);
            }
            handRound(scope, owner);
          }
          return owner;
        });
    state.countUpdate();
  }

  private void adamw(NDManager scope, int owner, Group group, NDList gradients, Rates rates) {
    int[] members = group.members().get(owner);
    if (members.length == 0) {
      return;
    }
    ParameterGroup multipliers = group.rates();
    double lr = multipliers.lastLayer() ? rates.lastLayerLr() : rates.lr();
    replicas
        .get(owner)
        .operate(
            scope,
            "adamw",
            pick(replicas.get(owner).student(), members),
            pick(gradients, members),
            pick(state.firstMoments(), members),
            pick(state.secondMoments(), members),
            scope.create((float) (state.updates() + 1)),
            scope.create(lr * multipliers.lrMultiplier()),
            scope.create(rates.weightDecay() * multipliers.weightDecayMultiplier()));
  }

  /** The owner gives, so that no two threads name one array (DJL passes lists by names). */
  private void handRound(NDManager scope, int owner) {
    int[] mine = ownership.parameters(owner);
    for (int r = 0; r < replicas.size() && mine.length > 0; r++) {
      if (r != owner) {
        replicas
            .get(owner)
            .operate(
                scope,
                "copy",
                pick(replicas.get(r).student(), mine),
                pick(replicas.get(owner).student(), mine));
      }
    }
  }

  /** Lets every replica's teacher follow its student, in place. */
  void follow(double momentum) {
    threads.map(
        replicas.size(),
        r -> {
          Replica replica = replicas.get(r);
          try (NDManager scope = replica.newScope()) {
            NDList teacher = replica.teacher();
            NDList followed = new NDList(replica.student().subList(0, teacher.size()));
            replica.operate(scope, "follow", teacher, followed, scope.create(momentum));
          }
          return r;
        });
  }

  private static NDList pick(NDList list, int[] members) {
    NDList picked = new NDList(members.length);
    for (int member : members) {
      picked.add(list.get(member));
    }
    return picked;
  }
}
