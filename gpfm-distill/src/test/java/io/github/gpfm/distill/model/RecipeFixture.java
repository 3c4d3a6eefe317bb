package io.github.gpfm.distill.model;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import io.github.gpfm.distill.config.DistillConfig;
import io.github.gpfm.distill.config.DistillConfigs;
import io.github.gpfm.encoder.script.Tensors;
import io.github.gpfm.encoder.weights.DType;
import io.github.gpfm.encoder.weights.Safetensors;
import io.github.gpfm.encoder.weights.WeightFile;
import io.github.gpfm.encoder.weights.WeightTensor;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/**
 * Steps of the recipes on small random weights, made in PyTorch with the authors' public code: UNIC
 * (naver/unic: ladder, losses, dropping), the Gram loss (facebookresearch/dinov3) and PHI-S's
 * matrix (NVlabs/RADIO). Nested heads, Shazam's cosine and Huber, and the frozen teacher have no
 * public training code: they are restated there from the papers.
 */
final class RecipeFixture {
  private static final String YAML =
      """
      preset: tiny
      student: {width: %d, depth: %d, heads: %d, patch-size: %d, layer-scale: 0.5}
      self: {dino-weight: 0.0, koleo-weight: 0.0, ibot-weight: 0.0}
      distill: {head-layers: 1, head-bottleneck: 24}
      experts:
        a: {kind: program, model: a, path: "", class-weight: 1.0, patch-weight: 0.25, normalize: false}
        b: {kind: program, model: b, path: "", class-weight: 0.5, patch-weight: 0.5, normalize: false}
      crops: {global-size: %d, local-count: 0}
      train: {devices: cpu, batch: %d}
      """;

  final WeightFile data = WeightFile.ofSafetensors("recipes", bytes("recipes.safetensors"));
  final JsonObject meta =
      JsonParser.parseString(new String(bytes("recipes.json"), StandardCharsets.UTF_8))
          .getAsJsonObject();

  /** What a step gave. */
  record Outcome(double objective, Map<String, Double> terms, Map<String, float[]> gradients) {
    double norm(String module) {
      double sum = 0;
      for (Map.Entry<String, float[]> entry : gradients.entrySet()) {
        if (entry.getKey().startsWith(module + ".")) {
          for (float value : entry.getValue()) {
            sum += (double) value * value;
          }
        }
      }
      return Math.sqrt(sum);
    }
  }

  private static byte[] bytes(String name) {
    try (InputStream in = RecipeFixture.class.getResourceAsStream(name)) {
      return Objects.requireNonNull(in, name).readAllBytes();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private int integer(String name) {
    return meta.get(name).getAsInt();
  }

  JsonObject expected(String name) {
    return meta.getAsJsonObject("cases").getAsJsonObject(name);
  }

  /** The fixture's configuration with single options changed. */
  DistillConfig config(Map<String, String> changes) {
    String yaml =
        YAML.formatted(
            integer("width"),
            integer("depth"),
            integer("heads"),
            integer("patch"),
            integer("global"),
            integer("batch"));
    return DistillConfigs.with(DistillConfigs.parse("fixture", yaml), changes);
  }

  /** The frozen teacher of the fixture as a file. */
  Path writeFrozenTeacher(Path folder) {
    List<WeightTensor> tensors = new ArrayList<>();
    data.tensors()
        .forEach(
            (name, tensor) -> {
              if (name.startsWith("frozen/")) {
                tensors.add(tensor.renamed("teacher." + name.substring("frozen/".length())));
              }
            });
    Path file = folder.resolve("frozen.safetensors");
    int heads = meta.getAsJsonObject("frozen").get("heads").getAsInt();
    Safetensors.write(file, tensors, Map.of("config", "{\"num_heads\": %d}".formatted(heads)));
    return file;
  }

  private Map<String, Integer> widths() {
    Map<String, Integer> widths = new LinkedHashMap<>();
    meta.getAsJsonObject("dims")
        .entrySet()
        .forEach(entry -> widths.put(entry.getKey(), entry.getValue().getAsInt()));
    return widths;
  }

  /** One step. The anchor of a Gram term is what expert b's place holds in the official order. */
  Outcome run(String name, DistillConfig config, boolean swapDropNumbers) {
    Map<String, Integer> widths = widths();
    widths.put("anchor", integer("width"));
    ParameterLayout layout = ParameterLayout.of(config, widths);
    int images = 2 * integer("batch");
    int patches = config.globalGrid() * config.globalGrid();
    try (StepModule module = new StepModule(config, layout, TestDevice.get());
        NDManager scope = module.newScope()) {
      NDList memory = memory(scope, layout, name);
      module.bind(memory, new NDList(memory.subList(0, layout.teacherCount())));
      boolean self = config.usesSelfDistillation();
      NDArray crops = array(scope, "crops");
      boolean[] masked = new boolean[images * patches];
      if (!self) {
        float[] mask = data.tensor("masks").cast(DType.FLOAT32).toFloats();
        for (int i = 0; i < mask.length; i++) {
          masked[i] = mask[i] > 0;
        }
      }
      NDArray indices = scope.arange(0, images * patches, 1, DataType.INT64);
      NDArray weights = scope.ones(new Shape((long) images * patches)).div(patches);
      NDList targets = new NDList(scope.zeros(new Shape(0, 0)), scope.zeros(new Shape(0, 0)));
      if (self) {
        NDArray centre = scope.zeros(new Shape(1, config.self().head().prototypes()));
        double temperature = expected(name).get("temperature").getAsDouble();
        targets =
            module.call(
                scope,
                "centred_targets",
                crops,
                indices,
                centre,
                centre.duplicate(),
                scope.create(temperature));
      }
      NDList result =
          module.call(
              scope,
              "student_step",
              module.student(),
              crops,
              scope.zeros(new Shape(0, 3, 14, 14)),
              scope.create(masked, new Shape(images, patches)),
              indices,
              weights,
              targets.get(0),
              targets.get(1),
              tokens(scope, config, swapDropNumbers),
              DropPath.none(scope),
              DropPath.none(scope),
              scope.create(1.0));
      return outcome(result, config, layout);
    }
  }

  private NDList tokens(NDManager scope, DistillConfig config, boolean swapDropNumbers) {
    NDList tokens = new NDList();
    config
        .experts()
        .forEach(
            (name, expert) -> {
              if (expert.classWeight() > 0) {
                tokens.add(array(scope, name + ".class").expandDims(1));
              }
              if (expert.patchWeight() > 0) {
                tokens.add(array(scope, name + ".patch"));
              }
            });
    if (config.recipe().hasGram()) {
      tokens.add(array(scope, "anchor"));
    }
    if (config.recipe().teacherDrop() > 0) {
      NDArray uniform = array(scope, "uniform");
      tokens.add(swapDropNumbers ? uniform.flip(0) : uniform);
    }
    if (tokens.isEmpty()) {
      tokens.add(scope.zeros(new Shape(0)));
    }
    return tokens;
  }

  private static Outcome outcome(NDList result, DistillConfig config, ParameterLayout layout) {
    Map<String, Double> terms = new LinkedHashMap<>();
    List<String> names = Terms.of(config);
    for (int i = 0; i < names.size(); i++) {
      terms.put(names.get(i), (double) result.get(1 + i).getFloat());
    }
    Map<String, float[]> gradients = new LinkedHashMap<>();
    for (int i = 0; i < layout.student().size(); i++) {
      gradients.put(
          layout.student().get(i).name(), result.get(1 + names.size() + i).toFloatArray());
    }
    return new Outcome(result.get(0).getFloat(), terms, gradients);
  }

  private NDList memory(NDManager scope, ParameterLayout layout, String name) {
    NDList memory = new NDList();
    for (ParameterSpec spec : layout.student()) {
      WeightTensor own = data.tensors().get(name + "/w/" + spec.name());
      memory.add(
          own == null && !spec.name().startsWith("student.backbone.")
              // A mistaken configuration has heads that the fixture does not.
              ? scope.randomNormal(new Shape(shape(spec))).mul(0.3f)
              : Tensors.toArray(scope, own == null ? data.tensor(spec.flatName()) : own));
    }
    return memory;
  }

  private static long[] shape(ParameterSpec spec) {
    return spec.shape().stream().mapToLong(Long::longValue).toArray();
  }

  private NDArray array(NDManager scope, String name) {
    return Tensors.toArray(scope, data.tensor(name));
  }
}
