package io.github.gpfm.distill.run;

import com.google.gson.JsonObject;
import io.github.gpfm.distill.config.DistillConfig;
import io.github.gpfm.distill.model.ParameterSpec;
import io.github.gpfm.encoder.weights.Safetensors;
import io.github.gpfm.encoder.weights.TorchCheckpoint;
import io.github.gpfm.encoder.weights.WeightTensor;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Writes a trained model for use: {@code NAME.pth} in the official layout ({@code teacher} to
 * {@code backbone.*} and heads) and {@code NAME.safetensors} of the backbone with flat block names.
 */
final class TeacherExport {
  private static final String TEACHER = "teacher.";
  private static final String BACKBONE = "backbone.";

  private TeacherExport() {}

  /** Writes both files from a state's tensors; returns them. */
  static List<Path> write(
      Path folder, String name, DistillConfig config, Map<String, WeightTensor> tensors) {
    Map<String, WeightTensor> teacher = new LinkedHashMap<>();
    List<WeightTensor> flat = new ArrayList<>();
    tensors.forEach(
        (full, tensor) -> {
          if (full.startsWith(TEACHER)) {
            String local = full.substring(TEACHER.length());
            teacher.put(local, tensor.renamed(local));
            if (local.startsWith(BACKBONE)) {
              flat.add(tensor.renamed(ParameterSpec.flatName(local.substring(BACKBONE.length()))));
            }
          }
        });
    Path pth = folder.resolve(name + ".pth");
    Path safetensors = folder.resolve(name + ".safetensors");
    String description = describe(config);
    // Beside the official layout's only key: shapes do not tell the number of heads.
    Map<String, Object> content = new LinkedHashMap<>();
    content.put("teacher", teacher);
    content.put("config", description);
    TorchCheckpoint.write(pth, content);
    Safetensors.write(safetensors, flat, Map.of("config", description));
    return List.of(pth, safetensors);
  }

  private static String describe(DistillConfig config) {
    JsonObject json = new JsonObject();
    json.addProperty("img_size", config.crops().globalSize());
    json.addProperty("patch_size", config.student().patchSize());
    json.addProperty("embed_dim", config.student().width());
    json.addProperty("depth", config.student().depth());
    json.addProperty("num_heads", config.student().heads());
    json.addProperty("mlp_ratio", config.student().mlpRatio());
    return json.toString();
  }
}
