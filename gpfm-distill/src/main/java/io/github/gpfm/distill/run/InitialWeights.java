package io.github.gpfm.distill.run;

import io.github.gpfm.api.WeightsException;
import io.github.gpfm.distill.model.ParameterLayout;
import io.github.gpfm.distill.model.ParameterSpec;
import io.github.gpfm.encoder.weights.WeightFile;
import io.github.gpfm.encoder.weights.WeightTensor;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;

/** Backbone weights to start a student from, whatever prefixes and block names the file uses. */
final class InitialWeights {
  private InitialWeights() {}

  /**
   * The student's backbone, and its DINO head where the file has one of the same shape.
   *
   * @throws WeightsException if a backbone tensor is missing or of another shape
   */
  static Map<String, WeightTensor> read(Path file, ParameterLayout layout) {
    Map<String, WeightTensor> given = new LinkedHashMap<>();
    WeightFile.open(file).tensors().forEach((name, tensor) -> given.put(plain(name), tensor));
    Map<String, WeightTensor> found = new LinkedHashMap<>();
    for (ParameterSpec spec : layout.student()) {
      WeightTensor tensor = given.get(plain(spec.name()));
      if (tensor != null && tensor.shape().equals(spec.shape())) {
        found.put(spec.name(), tensor.renamed(spec.name()));
      } else if (spec.module().endsWith(".backbone")) {
        throw new WeightsException(
            "Weight file '%s' has %s for '%s' where the student needs %s; adapt student.* or choose another file."
                .formatted(
                    file,
                    tensor == null ? "nothing" : tensor.describe(),
                    spec.localName(),
                    spec.shape()));
      }
    }
    return found;
  }

  private static String plain(String name) {
    return name.replaceFirst("^(teacher\\.|student\\.)", "")
        .replaceFirst("^backbone\\.", "")
        .replaceFirst("^blocks\\.\\d+\\.(\\d+)\\.", "blocks.$1.");
  }
}
