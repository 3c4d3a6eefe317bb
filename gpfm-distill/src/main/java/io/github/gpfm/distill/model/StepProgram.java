package io.github.gpfm.distill.model;

import io.github.gpfm.distill.config.DistillConfig;
import io.github.gpfm.distill.config.DistillTermsConfig.ClassLoss;
import io.github.gpfm.distill.config.DistillTermsConfig.Globals;
import io.github.gpfm.distill.config.ExpertConfig;
import io.github.gpfm.distill.config.SelfConfig;
import io.github.gpfm.distill.config.SelfConfig.Pairing;
import io.github.gpfm.distill.config.StudentConfig;
import io.github.gpfm.distill.loss.LossSource;
import io.github.gpfm.encoder.script.ScriptNode;
import io.github.gpfm.encoder.script.ScriptProgram;
import io.github.gpfm.encoder.script.ScriptSource;
import io.github.gpfm.encoder.vit.FeedForward;
import io.github.gpfm.encoder.vit.PositionResampling;
import io.github.gpfm.encoder.vit.VitForm;
import io.github.gpfm.encoder.vit.VitProgram;
import io.github.gpfm.encoder.weights.WeightTensor;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The training step as a TorchScript program: the encoder's transformer and heads ({@link
 * VitProgram}) as student and teacher, the loss terms, and {@code networks.torchscript} and {@code
 * step.torchscript} around them. {@link StepModule} gives it its parameters.
 */
final class StepProgram {
  private static final ScriptSource SOURCE =
      VitProgram.source()
          .and(LossSource.terms())
          .and(
              ScriptSource.resources(
                  StepProgram.class,
                  "networks.torchscript",
                  "recipe.torchscript",
                  "step.torchscript"));

  private final DistillConfig config;
  private final ParameterLayout layout;

  private StepProgram(DistillConfig config, ParameterLayout layout) {
    this.config = config;
    this.layout = layout;
  }

  /** The program of a configuration; its parameters have no values yet, and not their shapes. */
  static ScriptProgram of(DistillConfig config, ParameterLayout layout) {
    return new ScriptProgram(SOURCE, new StepProgram(config, layout).root());
  }

  private ScriptNode root() {
    SelfConfig self = config.self();
    boolean official = !config.recipe().changesTerms();
    List<ScriptNode> pupils = new ArrayList<>();
    if (official) {
      config.experts().forEach((name, expert) -> pupils.add(pupil(name, expert)));
    }
    return ScriptNode.of("Step")
        .child("student", network())
        .child(
            "teacher",
            config.recipe().hasFrozenTeacher()
                ? mixed(FrozenTeacher.open(config).network())
                : network())
        .children("pupils", pupils)
        .child("recipe", official ? null : mixed(new RecipeProgram(config, this::head).node()))
        .constant("ladder", RecipeProgram.ladder(config))
        .constant("depth", config.student().depth())
        .constant("patch", config.student().patchSize())
        .constant("recompute", config.train().recompute())
        .constant("unmasked_experts", config.distill().globals() == Globals.UNMASKED)
        .constant("dino", self.dinoWeight() > 0)
        .constant("ibot", self.ibotWeight() > 0)
        .constant("swap_views", self.pairing() == Pairing.CROSSED)
        .constant("student_temperature", self.studentTemperature())
        .constant("centre_momentum", self.centreMomentum())
        .constant("dino_weight", self.dinoWeight())
        .constant("koleo_weight", self.koleoWeight())
        .constant("ibot_weight", self.ibotWeight());
  }

  private ScriptNode network() {
    StudentConfig student = config.student();
    VitForm form =
        new VitForm(
            student.depth(),
            student.heads(),
            student.patchSize(),
            student.registers(),
            student.feedForward() == StudentConfig.FeedForward.SWIGLU
                ? FeedForward.SWIGLU
                : FeedForward.GELU,
            1e-6,
            PositionResampling.ofRegisters(student.registers()),
            true,
            "class_token");
    ScriptNode network =
        ScriptNode.of("Network")
            .child("backbone", VitProgram.node(form, placeholders("student.backbone.")))
            .child("dino_head", head("student.dino_head."))
            .child("ibot_head", head("student.ibot_head."));
    return mixed(network);
  }

  private ScriptNode pupil(String name, ExpertConfig expert) {
    return mixed(
        ScriptNode.of("Pupil")
            .child("head", head(ParameterSpec.DISTILL_HEADS + name + "."))
            .child(
                "patch_head",
                head(ParameterSpec.DISTILL_HEADS + name + ParameterLayout.PATCH_HEAD + "."))
            .constant("class_weight", expert.classWeight())
            .constant("patch_weight", expert.patchWeight())
            .constant("kl", config.distill().classLoss() == ClassLoss.KL));
  }

  private @Nullable ScriptNode head(String prefix) {
    Map<String, WeightTensor> weights = placeholders(prefix);
    if (weights.isEmpty()) {
      return null;
    }
    return weights.containsKey("fc1.weight")
        ? VitProgram.feedForward(weights, "", FeedForward.GELU)
        : VitProgram.head(weights);
  }

  private ScriptNode mixed(ScriptNode node) {
    return VitProgram.mixed(node, config.train().precision().code());
  }

  /** Something under each flat name; {@link StepModule} puts the parameters in its place. */
  private Map<String, WeightTensor> placeholders(String prefix) {
    Map<String, WeightTensor> found = new LinkedHashMap<>();
    for (ParameterSpec spec : layout.student()) {
      String name = spec.flatName();
      if (name.startsWith(prefix)) {
        String local = name.substring(prefix.length());
        found.put(local, WeightTensor.ofFloats(local, List.of(1L), new float[1]));
      }
    }
    return found;
  }
}
