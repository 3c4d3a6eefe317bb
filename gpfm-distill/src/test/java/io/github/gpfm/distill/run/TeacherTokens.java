package io.github.gpfm.distill.run;

import ai.djl.Device;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import io.github.gpfm.distill.config.DistillConfig;
import io.github.gpfm.distill.model.ParameterLayout;
import io.github.gpfm.distill.model.StepModule;
import io.github.gpfm.encoder.script.Engines;
import io.github.gpfm.encoder.script.Tensors;
import io.github.gpfm.encoder.weights.WeightFile;
import java.util.Map;

/** What the training program's teacher makes of a picture. */
final class TeacherTokens {
  private TeacherTokens() {}

  /**
   * All tokens [1 + registers + patches][width] of one picture.
   *
   * @param widths of the experts, by name
   * @param pixels normalised, [3, size, size]
   */
  static float[][] of(
      DistillConfig config,
      Map<String, Integer> widths,
      WeightFile checkpoint,
      float[] pixels,
      int size) {
    ParameterLayout layout = ParameterLayout.of(config, widths);
    try (NDManager scope = Engines.newManager(Device.cpu());
        StepModule module = new StepModule(config, layout, Device.cpu())) {
      NDList student = new NDList();
      for (String name : layout.studentNames()) {
        student.add(Tensors.toArray(scope, checkpoint.tensor(name)));
      }
      NDList teacher = new NDList();
      for (String name : layout.teacherNames()) {
        teacher.add(Tensors.toArray(scope, checkpoint.tensor("teacher." + name)));
      }
      NDArray input = scope.create(pixels, new Shape(1, 3, size, size));
      module.bind(student, teacher);
      NDArray tokens = module.call(scope, "teacher_tokens", input).get(0).get(0);
      float[][] rows = new float[(int) tokens.getShape().get(0)][];
      for (int i = 0; i < rows.length; i++) {
        rows[i] = tokens.get(i).toFloatArray();
      }
      return rows;
    }
  }
}
