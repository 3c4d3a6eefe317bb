package io.github.gpfm.distill.run;

import com.google.gson.GsonBuilder;
import com.google.gson.JsonArray;
import com.google.gson.JsonObject;
import io.github.gpfm.api.OutputException;
import io.github.gpfm.distill.config.DistillConfig;
import io.github.gpfm.distill.config.StudentConfig;
import io.github.gpfm.distill.config.StudentConfig.FeedForward;
import io.github.gpfm.encoder.weights.Safetensors;
import io.github.gpfm.encoder.weights.WeightTensor;
import io.github.gpfm.support.AtomicFile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A folder that Python's timm and transformers load: {@code config.json}, {@code model.safetensors}
 * under timm's names, and the model card {@code README.md}.
 *
 * <p>timm has no position for registers and none for the class token beside them: the class token's
 * is added to it, as timm's own conversion of DINOv2 does. It has no mask token either.
 */
final class HubExport {
  private HubExport() {}

  /**
   * Writes the folder.
   *
   * @param backbone tensors under flat names
   * @param card the model card
   */
  static void write(
      Path folder, DistillConfig config, Map<String, WeightTensor> backbone, String card) {
    try {
      Files.createDirectories(folder);
      Safetensors.write(
          folder.resolve("model.safetensors"),
          renamed(config.student(), backbone),
          Map.of("format", "pt"));
      AtomicFile.text(folder.resolve("config.json"), describe(config));
      AtomicFile.text(folder.resolve("README.md"), card);
    } catch (IOException e) {
      throw new OutputException(
          "'%s' cannot be written (%s); make room and export again."
              .formatted(folder, e.getMessage()),
          e);
    }
  }

  private static List<WeightTensor> renamed(
      StudentConfig student, Map<String, WeightTensor> backbone) {
    List<WeightTensor> tensors = new ArrayList<>();
    backbone.forEach(
        (name, tensor) -> {
          if (name.equals("mask_token")) {
            return;
          }
          if (student.registers() > 0 && name.equals("cls_token")) {
            tensors.add(withPosition(tensor, backbone.get("pos_embed")));
          } else if (student.registers() > 0 && name.equals("pos_embed")) {
            tensors.add(withoutFirst(tensor));
          } else {
            tensors.add(
                tensor.renamed(
                    name.replace("register_tokens", "reg_token")
                        .replace("mlp.w12.", "mlp.fc1.")
                        .replace("mlp.w3.", "mlp.fc2.")));
          }
        });
    // transformers drops an argument that is null, and timm's default is to scale: by one, then.
    for (int i = 0; i < student.depth() && student.layerScale() == 0; i++) {
      float[] ones = new float[student.width()];
      Arrays.fill(ones, 1);
      for (String scale : List.of("ls1", "ls2")) {
        String name = "blocks.%d.%s.gamma".formatted(i, scale);
        tensors.add(WeightTensor.ofFloats(name, List.of((long) ones.length), ones));
      }
    }
    return tensors;
  }

  private static WeightTensor withPosition(WeightTensor token, @Nullable WeightTensor positions) {
    float[] values = token.toFloats();
    float[] first = positions == null ? new float[values.length] : positions.toFloats();
    for (int i = 0; i < values.length; i++) {
      values[i] += first[i];
    }
    return WeightTensor.ofFloats(token.name(), token.shape(), values);
  }

  private static WeightTensor withoutFirst(WeightTensor positions) {
    long width = positions.size(2);
    float[] all = positions.toFloats();
    float[] rest = new float[all.length - (int) width];
    System.arraycopy(all, (int) width, rest, 0, rest.length);
    return WeightTensor.ofFloats(positions.name(), List.of(1L, positions.size(1) - 1, width), rest);
  }

  private static String describe(DistillConfig config) {
    StudentConfig student = config.student();
    boolean gated = student.feedForward() == FeedForward.SWIGLU;
    int size = config.crops().globalSize();
    JsonObject arguments = new JsonObject();
    arguments.addProperty("img_size", size);
    arguments.addProperty("patch_size", student.patchSize());
    arguments.addProperty("embed_dim", student.width());
    arguments.addProperty("depth", student.depth());
    arguments.addProperty("num_heads", student.heads());
    // timm rounds the product down: half a value more is safe from rounding.
    int hidden = gated ? 2 * student.hidden() : student.hidden();
    arguments.addProperty("mlp_ratio", (hidden + 0.5) / student.width());
    arguments.addProperty("init_values", student.layerScale() > 0 ? student.layerScale() : 1.0);
    arguments.addProperty("reg_tokens", student.registers());
    arguments.addProperty("no_embed_class", student.registers() > 0);
    arguments.addProperty("dynamic_img_size", true);
    JsonObject pretrained = new JsonObject();
    JsonArray input = new JsonArray();
    for (int n : new int[] {3, size, size}) {
      input.add(n);
    }
    pretrained.add("input_size", input);
    pretrained.addProperty("fixed_input_size", false);
    pretrained.addProperty("interpolation", "bicubic");
    pretrained.addProperty("crop_pct", 1.0);
    pretrained.add("mean", numbers(config.crops().mean()));
    pretrained.add("std", numbers(config.crops().std()));
    pretrained.addProperty("num_classes", 0);
    pretrained.addProperty("first_conv", "patch_embed.proj");
    pretrained.addProperty("classifier", "head");
    JsonObject json = new JsonObject();
    json.addProperty(
        "architecture",
        gated
            ? "vit_giant_patch14_dinov2"
            : student.registers() > 0
                ? "vit_small_patch14_reg4_dinov2"
                : "vit_small_patch14_dinov2");
    json.addProperty("num_classes", 0);
    json.addProperty("num_features", student.width());
    json.addProperty("global_pool", "token");
    json.add("model_args", arguments);
    json.add("pretrained_cfg", pretrained);
    return new GsonBuilder().setPrettyPrinting().create().toJson(json) + "\n";
  }

  private static JsonArray numbers(List<Double> values) {
    JsonArray array = new JsonArray();
    values.forEach(array::add);
    return array;
  }
}
