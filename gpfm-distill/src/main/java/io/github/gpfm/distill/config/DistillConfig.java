package io.github.gpfm.distill.config;

import io.github.gpfm.support.yaml.Default;
import java.util.List;
import java.util.Map;

/**
 * Everything a training run is told. Read from YAML by {@link DistillConfigs}; every preset is
 * complete, so no value is hidden in code.
 *
 * @param student architecture of student and teacher backbone
 * @param self self-distillation terms and their heads
 * @param distill how the experts' tokens are learned
 * @param experts the experts by name, in the order their terms are logged; may be empty
 * @param crops multi-crop augmentation
 * @param masking block masks of the global crops
 * @param optim optimiser and its schedules
 * @param teacher momentum and temperature schedules
 * @param train batch, length, precision, files
 * @param recipe ingredients beyond GPFM's
 */
public record DistillConfig(
    StudentConfig student,
    SelfConfig self,
    DistillTermsConfig distill,
    Map<String, ExpertConfig> experts,
    CropsConfig crops,
    MaskingConfig masking,
    OptimConfig optim,
    TeacherConfig teacher,
    TrainConfig train,
    @Default("{}") RecipeConfig recipe) {

  /** GPFM's own recipe. */
  public DistillConfig(
      StudentConfig student,
      SelfConfig self,
      DistillTermsConfig distill,
      Map<String, ExpertConfig> experts,
      CropsConfig crops,
      MaskingConfig masking,
      OptimConfig optim,
      TeacherConfig teacher,
      TrainConfig train) {
    this(student, self, distill, experts, crops, masking, optim, teacher, train, RecipeConfig.GPFM);
  }

  /** The experts in their order. */
  public List<ExpertConfig> expertList() {
    return List.copyOf(experts.values());
  }

  /** Whether the momentum teacher has anything to teach. */
  public boolean usesSelfDistillation() {
    return self.dinoWeight() > 0 || self.ibotWeight() > 0;
  }

  /** Optimiser steps of the whole schedule. */
  public int totalSteps() {
    return Math.multiplyExact(optim.epochs(), train.epochLength());
  }

  /** Whether an expert's patch tokens are needed, for its own term or for the Gram term. */
  public boolean needsPatchTokens(String expert) {
    ExpertConfig its = experts.get(expert);
    return its != null && its.patchWeight() > 0 || recipe.gramExpert().equals(expert);
  }

  /** Global crop edge in patches. */
  public int globalGrid() {
    return crops.globalSize() / student.patchSize();
  }
}
