package io.github.gpfm.distill.model;

import ai.djl.Device;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import io.github.gpfm.distill.config.DistillConfig;
import io.github.gpfm.encoder.script.ScriptModule;
import io.github.gpfm.encoder.script.ScriptProgram;
import java.util.List;
import java.util.Map;

/**
 * The step's program on one device. Its parameters have no memory of their own; {@link #bind} lends
 * them that of arrays. Methods:
 *
 * <ul>
 *   <li>{@code teacher_tokens(crops)}, {@code teacher_logits(globalCrops, maskIndices)}
 *   <li>the teacher's targets, as {@link TeacherTargets} asks for them
 *   <li>{@code student_step(w, globalCrops, localCrops, masks, maskIndices, maskWeights,
 *       classTargets, patchTargets, expertTokens, globalKeep, localKeep, scale)} with w {@link
 *       #student()}: objective, logged terms, gradients
 * </ul>
 */
public final class StepModule implements AutoCloseable {
  private final ScriptModule module;
  private final NDList student = new NDList();
  private final NDList teacher = new NDList();

  /** Loads the program of a configuration. */
  public StepModule(DistillConfig config, ParameterLayout layout, Device device) {
    module = StepProgram.of(config, layout).load(device, ScriptProgram.Mode.TRAINING);
    Map<String, NDArray> parameters = module.parameters();
    for (ParameterSpec spec : layout.student()) {
      student.add(parameters.get(path(spec, config)));
    }
    // A frozen teacher keeps the values it was loaded with.
    int bound = config.recipe().hasFrozenTeacher() ? 0 : layout.teacherCount();
    for (ParameterSpec spec : layout.student().subList(0, bound)) {
      teacher.add(parameters.get(path(spec, config).replaceFirst("^student\\.", "teacher.")));
    }
  }

  /**
   * Makes the parameters share the memory of arrays, which are to live as long as they are used. To
   * be done again when an array may have got other memory, as DJL's {@code set} and {@code copyTo}
   * give it.
   *
   * @param studentMemory the student's parameters, on this device, in the layout's order
   * @param teacherMemory the teacher's
   */
  public void bind(NDList studentMemory, NDList teacherMemory) {
    try (NDManager scope = module.newScope()) {
      module.call(scope, "bind", student, studentMemory);
      if (!teacher.isEmpty()) {
        module.call(scope, "bind", teacher, teacherMemory);
      }
    }
  }

  /** The dotted name a parameter has in the program. */
  private static String path(ParameterSpec spec, DistillConfig config) {
    String name = spec.flatName();
    if (!name.startsWith(ParameterSpec.DISTILL_HEADS)) {
      return name;
    }
    List<String> experts = List.copyOf(config.experts().keySet());
    String expert = spec.module().substring(ParameterSpec.DISTILL_HEADS.length());
    if (config.recipe().changesTerms()) {
      return RecipeProgram.path(config, expert, spec.localName());
    }
    int index = experts.indexOf(expert);
    if (index >= 0) {
      return "pupils." + index + ".head." + spec.localName();
    }
    String owner = expert.substring(0, expert.length() - ParameterLayout.PATCH_HEAD.length());
    return "pupils." + experts.indexOf(owner) + ".patch_head." + spec.localName();
  }

  /** The device this is on. */
  public Device device() {
    return module.device();
  }

  /** The student's parameters, in the layout's order: what gradients are taken of. */
  NDList student() {
    return student;
  }

  /** A manager on this module's device, to be closed by the caller. */
  public NDManager newScope() {
    return module.newScope();
  }

  /** Calls a method; results belong to {@code scope}. */
  public NDList call(NDManager scope, String method, Object... arguments) {
    return module.call(scope, method, arguments);
  }

  @Override
  public void close() {
    module.close();
  }
}
