package io.github.gpfm.distill.model;

import io.github.gpfm.distill.config.DistillConfig;
import io.github.gpfm.distill.config.DistillTermsConfig.ClassLoss;
import io.github.gpfm.distill.config.DistillTermsConfig.Globals;
import io.github.gpfm.distill.config.ExpertConfig;
import io.github.gpfm.distill.config.SelfConfig;
import io.github.gpfm.distill.config.SelfConfig.Centering;
import io.github.gpfm.distill.config.SelfConfig.Pairing;
import io.github.gpfm.distill.config.StudentConfig;
import io.github.gpfm.distill.loss.LossSource;
import io.github.gpfm.encoder.script.ScriptNode;
import io.github.gpfm.encoder.script.ScriptProgram;
import io.github.gpfm.encoder.script.ScriptSource;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.ToDoubleFunction;
import java.util.stream.Collectors;

/**
 * The whole training step as one TorchScript program: the fragments of {@code loss}, {@code model}
 * and {@code optim} with a configuration's constants filled in. Its methods:
 *
 * <ul>
 *   <li>{@code teacher_logits(w, globalCrops, maskIndices)}
 *   <li>{@code teacher_targets(classLogits, patchLogits, classCentre, patchCentre, temperature)}
 *   <li>{@code student_step(w, globalCrops, localCrops, masks, maskIndices, maskWeights,
 *       classTargets, patchTargets, expertTokens, globalKeep, localKeep, scale)}: objective, logged
 *       terms, gradients
 *   <li>{@code clip(g, most, unscale)}, {@code adamw(w, g, m, v, step, lr, weightDecay)}, {@code
 *       follow(teacher, student, momentum)}
 * </ul>
 *
 * <p>Parameters are arguments, not attributes: one program serves student and teacher on every
 * device, and a step's state is nothing but lists of tensors.
 */
public final class StepProgram {
  private StepProgram() {}

  /** The program of a configuration. */
  public static ScriptProgram of(DistillConfig config, ParameterLayout layout) {
    Map<String, String> constants = constants(config, layout);
    String body =
        LossSource.fragment(StepProgram.class, "layers.torchscript", constants)
            + LossSource.fragment(StepProgram.class, "vit.torchscript", constants)
            + LossSource.self(constants)
            + LossSource.expert(constants)
            + LossSource.fragment(StepProgram.class, "teacher.torchscript", constants)
            + LossSource.fragment(StepProgram.class, "student.torchscript", constants)
            + LossSource.fragment(ParameterGroup.class, "update.torchscript", constants);
    return new ScriptProgram(ScriptSource.of("class Step:\n" + body), ScriptNode.of("Step"));
  }

  private static Map<String, String> constants(DistillConfig config, ParameterLayout layout) {
    StudentConfig student = config.student();
    SelfConfig self = config.self();
    Map<String, String> c = new LinkedHashMap<>();
    c.put("patch", number(student.patchSize()));
    c.put("grid", number(config.globalGrid()));
    c.put("heads", number(student.heads()));
    c.put("depth", number(student.depth()));
    c.put("chunks", number(student.blockChunks()));
    c.put("chunk_length", number(student.depth() / Math.max(1, student.blockChunks())));
    c.put("dtype", number(config.train().precision().code()));
    c.put("recompute", flag(config.train().recompute()));
    c.put("student_names", strings(layout.studentNames()));
    c.put("teacher_names", strings(layout.teacherNames()));
    c.put("student_temperature", real(self.studentTemperature()));
    c.put("centre_momentum", real(self.centreMomentum()));
    c.put("sinkhorn", flag(self.centering() == Centering.SINKHORN_KNOPP));
    c.put("swap_views", flag(self.pairing() == Pairing.CROSSED));
    c.put("dino", flag(self.dinoWeight() > 0));
    c.put("ibot", flag(self.ibotWeight() > 0));
    c.put("separate_head", flag(self.separateIbotHead()));
    c.put("dino_weight", real(self.dinoWeight()));
    c.put("koleo_weight", real(self.koleoWeight()));
    c.put("ibot_weight", real(self.ibotWeight()));
    c.put("kl", flag(config.distill().classLoss() == ClassLoss.KL));
    c.put("unmasked_experts", flag(config.distill().globals() == Globals.UNMASKED));
    c.put("expert_names", strings(List.copyOf(config.experts().keySet())));
    c.put("expert_class_weights", reals(config, ExpertConfig::classWeight));
    c.put("expert_patch_weights", reals(config, ExpertConfig::patchWeight));
    c.put("beta1", real(config.optim().beta1()));
    c.put("beta2", real(config.optim().beta2()));
    c.put("epsilon", real(config.optim().epsilon()));
    return c;
  }

  private static String number(long value) {
    return Long.toString(value);
  }

  private static String real(double value) {
    return String.format(Locale.ROOT, "%.17g", value).replace(",", "");
  }

  private static String flag(boolean value) {
    return value ? "True" : "False";
  }

  private static String strings(List<String> values) {
    return values.isEmpty()
        ? "annotate(List[str], [])"
        : values.stream().map(v -> "\"" + v + "\"").collect(Collectors.joining(", ", "[", "]"));
  }

  private static String reals(DistillConfig config, ToDoubleFunction<ExpertConfig> weight) {
    return config.experts().isEmpty()
        ? "annotate(List[float], [])"
        : config.experts().values().stream()
            .map(expert -> real(weight.applyAsDouble(expert)))
            .collect(Collectors.joining(", ", "[", "]"));
  }
}
