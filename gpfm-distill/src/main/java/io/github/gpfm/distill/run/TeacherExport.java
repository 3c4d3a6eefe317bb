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
 * {@code backbone.*} and heads), {@code NAME.safetensors} of the backbone with flat block names,
 * and the folder {@code NAME} for timm and transformers.
 */
final class TeacherExport {
  private static final String TEACHER = "teacher.";
  private static final String BACKBONE = "backbone.";

  private TeacherExport() {}

  /**
   * Writes all from a state's tensors; returns the two files.
   *
   * @param card the model card
   */
  static List<Path> write(
      Path folder,
      String name,
      DistillConfig config,
      Map<String, WeightTensor> tensors,
      String card) {
    Map<String, WeightTensor> teacher = new LinkedHashMap<>();
    tensors.forEach(
        (full, tensor) -> {
          if (full.startsWith(TEACHER)) {
            String local = full.substring(TEACHER.length());
            teacher.put(local, tensor.renamed(local));
          }
        });
    Path pth = folder.resolve(name + ".pth");
    Path safetensors = folder.resolve(name + ".safetensors");
    // Beside the official layout's only key: shapes do not tell the number of heads.
    Map<String, Object> content = new LinkedHashMap<>();
    content.put("teacher", teacher);
    content.put("config", describe(config));
    TorchCheckpoint.write(pth, content);
    writeBackbone(safetensors, config, tensors);
    Map<String, WeightTensor> backbone = new LinkedHashMap<>();
    flat(tensors).forEach(tensor -> backbone.put(tensor.name(), tensor));
    HubExport.write(folder.resolve(name), config, backbone, card);
    return List.of(pth, safetensors);
  }

  /** Writes the backbone with flat block names. */
  static void writeBackbone(Path file, DistillConfig config, Map<String, WeightTensor> tensors) {
    Safetensors.write(file, flat(tensors), Map.of("config", describe(config)));
  }

  private static List<WeightTensor> flat(Map<String, WeightTensor> tensors) {
    String prefix = TEACHER + BACKBONE;
    List<WeightTensor> flat = new ArrayList<>();
    tensors.forEach(
        (full, tensor) -> {
          if (full.startsWith(prefix)) {
            flat.add(tensor.renamed(ParameterSpec.flatName(full.substring(prefix.length()))));
          }
        });
    return flat;
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
