package io.github.gpfm.distill.model;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import io.github.gpfm.distill.config.CropsConfig;
import io.github.gpfm.distill.config.DistillConfig;
import io.github.gpfm.distill.config.DistillTermsConfig;
import io.github.gpfm.distill.config.ExpertConfig;
import io.github.gpfm.distill.config.HeadConfig;
import io.github.gpfm.distill.config.MaskingConfig;
import io.github.gpfm.distill.config.OptimConfig;
import io.github.gpfm.distill.config.SelfConfig;
import io.github.gpfm.distill.config.StudentConfig;
import io.github.gpfm.distill.config.TeacherConfig;
import io.github.gpfm.distill.config.TrainConfig;
import io.github.gpfm.distill.schedule.Schedules.Rates;
import io.github.gpfm.encoder.script.Tensors;
import io.github.gpfm.encoder.weights.WeightFile;
import io.github.gpfm.encoder.weights.WeightTensor;
import io.github.gpfm.testkit.Fixtures;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** The recorded steps: configuration, batches and rates, all sizes from the files' metadata. */
final class StepFixture {
  final Path folder = Fixtures.parity("step");
  final JsonObject trajectory = Fixtures.json(folder.resolve("trajectory.json"));
  final WeightFile data = WeightFile.open(folder.resolve("data.safetensors"));
  final WeightFile initial = WeightFile.open(folder.resolve("initial.safetensors"));
  final JsonObject config = JsonParser.parseString(data.metadata().get("config")).getAsJsonObject();

  DistillConfig distillConfig(String centering) {
    JsonObject head = config.getAsJsonObject("head");
    JsonObject distillHead = config.getAsJsonObject("distill_head");
    JsonObject weights = config.getAsJsonObject("weights");
    JsonObject optimizer = config.getAsJsonObject("optimizer");
    HeadConfig dino =
        new HeadConfig(
            integer("prototypes"),
            head.get("nlayers").getAsInt(),
            head.get("hidden").getAsInt(),
            head.get("bottleneck").getAsInt());
    Map<String, ExpertConfig> experts = new LinkedHashMap<>();
    for (String name : distillHead.getAsJsonObject("out").keySet()) {
      experts.put(
          name,
          new ExpertConfig(
              ExpertConfig.Kind.PROGRAM,
              name,
              "",
              weight(weights, name + "_cls"),
              weight(weights, name + "_patch"),
              false));
    }
    return new DistillConfig(
        new StudentConfig(
            integer("dim"),
            integer("depth"),
            integer("heads"),
            integer("patch_size"),
            0,
            integer("mlp_ratio"),
            text("ffn_layer").startsWith("swiglu")
                ? StudentConfig.FeedForward.SWIGLU
                : StudentConfig.FeedForward.MLP,
            1,
            config.get("drop_path").getAsDouble(),
            true,
            integer("block_chunks"),
            ""),
        new SelfConfig(
            weights.get("dino").getAsDouble(),
            weights.get("koleo").getAsDouble(),
            weights.get("ibot").getAsDouble(),
            SelfConfig.Centering.valueOf(centering.toUpperCase(Locale.ROOT)),
            config.get("student_temp").getAsDouble(),
            config.get("center_momentum").getAsDouble(),
            SelfConfig.Pairing.CROSSED,
            dino,
            !config.get("shared_dino_ibot_head").getAsBoolean(),
            dino),
        new DistillTermsConfig(
            text("distill_loss").startsWith("KL")
                ? DistillTermsConfig.ClassLoss.KL
                : DistillTermsConfig.ClassLoss.COSINE,
            distillHead.get("nlayers").getAsInt(),
            1,
            distillHead.get("bottleneck").getAsInt(),
            DistillTermsConfig.Globals.MASKED,
            false),
        experts,
        new CropsConfig(
            integer("img_size"),
            integer("local_size"),
            integer("n_local_crops"),
            0.32,
            1,
            0.05,
            0.32,
            CropsConfig.Blur.CODE,
            1,
            true,
            0,
            false,
            List.of(0.485, 0.456, 0.406),
            List.of(0.229, 0.224, 0.225)),
        new MaskingConfig(0.5, 0.1, 0.5),
        new OptimConfig(
            1,
            optimizer.get("lr").getAsDouble(),
            OptimConfig.Scaling.NONE,
            optimizer.get("lr").getAsDouble(),
            0,
            optimizer.get("weight_decay").getAsDouble(),
            optimizer.get("weight_decay").getAsDouble(),
            OptimConfig.DecayOn.WEIGHTS,
            optimizer.getAsJsonArray("betas").get(0).getAsDouble(),
            optimizer.getAsJsonArray("betas").get(1).getAsDouble(),
            optimizer.get("eps").getAsDouble(),
            optimizer.get("layerwise_decay").getAsDouble(),
            optimizer.get("patch_embed_lr_mult").getAsDouble(),
            0,
            config.get("clip_grad").getAsDouble()),
        new TeacherConfig(momentum(), momentum(), 0.04, 0.07, 0),
        new TrainConfig(
            integer("B"),
            1,
            "cpu",
            false,
            integer("steps"),
            TrainConfig.Precision.FLOAT32,
            false,
            1,
            TrainConfig.Unreadable.STOP,
            1,
            1,
            1,
            0,
            1));
  }

  double momentum() {
    return config.get("ema_momentum").getAsDouble();
  }

  int steps() {
    return integer("steps");
  }

  ParameterLayout layout(DistillConfig distill) {
    Map<String, Integer> widths = new LinkedHashMap<>();
    config
        .getAsJsonObject("distill_head")
        .getAsJsonObject("out")
        .entrySet()
        .forEach(e -> widths.put(e.getKey(), e.getValue().getAsInt()));
    return ParameterLayout.of(distill, widths);
  }

  StepState state(DistillConfig distill) {
    StepState state = new StepState(distill, layout(distill), TestDevice.get());
    state.start(initial.tensors());
    return state;
  }

  Rates rates(DistillConfig distill, int step) {
    JsonObject optimizer = config.getAsJsonObject("optimizer");
    JsonElement temperature = config.getAsJsonArray("teacher_temps").get(step);
    return new Rates(
        distill.optim().baseLr(),
        optimizer.get("last_layer_lr").getAsDouble(),
        distill.optim().weightDecay(),
        distill.teacher().momentum(),
        temperature.getAsDouble());
  }

  StepBatch batch(NDManager scope, DistillConfig distill, int step) {
    String k = "step" + step + ".";
    NDList tokens = new NDList();
    distill
        .experts()
        .forEach(
            (name, expert) -> {
              if (expert.classWeight() > 0) {
                tokens.add(array(scope, k + name + ".cls_token"));
              }
              if (expert.patchWeight() > 0) {
                NDArray flat = array(scope, k + name + ".patch_token");
                int side = (int) Math.round(Math.sqrt(flat.getShape().get(1)));
                tokens.add(
                    flat.reshape(flat.getShape().get(0), side, side, flat.getShape().get(2)));
              }
            });
    NDList none = new NDList(scope.zeros(new Shape(0), DataType.INT64));
    return new StepBatch(
        array(scope, "global_crops"),
        array(scope, "local_crops"),
        array(scope, k + "masks").toType(DataType.BOOLEAN, false),
        array(scope, k + "mask_indices"),
        array(scope, k + "masks_weight"),
        tokens,
        none,
        none);
  }

  List<StepResult> run(DistillConfig distill, StepState state) {
    List<StepResult> results = new ArrayList<>();
    try (TrainStep step = new TrainStep(distill, state, List.of(TestDevice.get()))) {
      for (int k = 0; k < steps(); k++) {
        try (NDManager scope = step.newScope(0)) {
          results.add(step.run(List.of(batch(scope, distill, k)), rates(distill, k)));
        }
      }
    }
    return results;
  }

  JsonObject expected(String centering, int step) {
    return trajectory
        .getAsJsonObject(centering)
        .getAsJsonArray("per_step")
        .get(step)
        .getAsJsonObject();
  }

  /** First values of every final tensor. */
  Map<String, WeightTensor> finalHeads(String centering) {
    return WeightFile.open(folder.resolve("final-" + centering + "-head256.safetensors")).tensors();
  }

  private NDArray array(NDManager scope, String name) {
    return Tensors.toArray(scope, data.tensor(name));
  }

  /** An option that not every fixture states. */
  private String text(String name) {
    return config.has(name) ? config.get(name).getAsString() : "";
  }

  private int integer(String name) {
    return config.get(name).getAsInt();
  }

  private static double weight(JsonObject weights, String name) {
    return weights.has(name) ? weights.get(name).getAsDouble() : 0;
  }
}
