package io.github.gpfm.distill.model;

import ai.djl.Device;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import io.github.gpfm.distill.config.DistillConfig;
import io.github.gpfm.distill.config.OptimConfig;
import io.github.gpfm.distill.schedule.Schedules.Rates;
import io.github.gpfm.encoder.script.ScriptModule;
import io.github.gpfm.encoder.script.ScriptNode;
import io.github.gpfm.encoder.script.ScriptProgram;
import io.github.gpfm.encoder.script.ScriptSource;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Clips, updates and lets the teacher follow; all on the state's device. */
final class Update implements AutoCloseable {
  private record Group(ParameterGroup rates, int[] members) {}

  private record Module(String name, int from, int to, double clip) {}

  private final StepState state;
  private final List<Group> groups;
  private final List<Module> modules;
  private final ScriptModule program;

  Update(DistillConfig config, StepState state, Device device) {
    this.state = state;
    OptimConfig optim = config.optim();
    ScriptNode root =
        ScriptNode.of("Update")
            .constant("beta1", optim.beta1())
            .constant("beta2", optim.beta2())
            .constant("epsilon", optim.epsilon());
    program =
        new ScriptProgram(ScriptSource.resources(Update.class, "update.torchscript"), root)
            .load(device, ScriptProgram.Mode.INFERENCE);
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
        members.entrySet().stream()
            .map(e -> new Group(e.getKey(), e.getValue().stream().mapToInt(i -> i).toArray()))
            .toList();
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

  /** Clips the gradients in place; returns every submodule's norm before. */
  Map<String, Double> clip(NDManager scope, NDList gradients, double lossScale) {
    NDArray unscale = scope.create(1 / lossScale);
    Map<String, Double> norms = new LinkedHashMap<>();
    for (Module module : modules) {
      NDList part = new NDList(gradients.subList(module.from(), module.to()));
      NDArray norm = program.call(scope, "clip", part, scope.create(module.clip()), unscale).get(0);
      norms.put(module.name(), (double) norm.getFloat());
    }
    return norms;
  }

  /** Updates the student and its heads in place. */
  void apply(NDManager scope, NDList gradients, Rates rates) {
    NDArray step = scope.create((float) (state.updates() + 1));
    for (Group group : groups) {
      ParameterGroup multipliers = group.rates();
      double lr = multipliers.lastLayer() ? rates.lastLayerLr() : rates.lr();
      program.call(
          scope,
          "adamw",
          pick(state.student(), group.members()),
          pick(gradients, group.members()),
          pick(state.firstMoments(), group.members()),
          pick(state.secondMoments(), group.members()),
          step,
          scope.create(lr * multipliers.lrMultiplier()),
          scope.create(rates.weightDecay() * multipliers.weightDecayMultiplier()));
    }
    state.countUpdate();
  }

  /** Lets the teacher follow the student, in place. */
  void follow(NDManager scope, double momentum) {
    NDList teacher = state.teacher();
    NDList followed = new NDList(state.student().subList(0, teacher.size()));
    program.call(scope, "follow", teacher, followed, scope.create(momentum));
  }

  @Override
  public void close() {
    program.close();
  }

  private static NDList pick(NDList list, int[] members) {
    NDList picked = new NDList(members.length);
    for (int member : members) {
      picked.add(list.get(member));
    }
    return picked;
  }
}
