package io.github.gpfm.distill.config;

import io.github.gpfm.api.InvalidOptionException;

/** What a configuration must satisfy beyond its types. */
final class ConfigRules {
  /** Floats in 2 GB. */
  private static final double MOST_VALUES = 1 << 29;

  private final String source;

  private ConfigRules(String source) {
    this.source = source;
  }

  static void check(String source, DistillConfig config) {
    new ConfigRules(source).check(config);
  }

  private void check(DistillConfig config) {
    StudentConfig student = config.student();
    require(
        student.width() > 0 && student.depth() > 0 && student.heads() > 0,
        "student.width, student.depth and student.heads must be positive");
    require(
        student.width() % student.heads() == 0,
        "student.heads (%d) must divide student.width (%d)"
            .formatted(student.heads(), student.width()));
    require(
        student.blockChunks() == 0
            || student.blockChunks() > 0 && student.depth() % student.blockChunks() == 0,
        "student.block-chunks (%d) must be 0 or divide student.depth (%d)"
            .formatted(student.blockChunks(), student.depth()));
    require(
        student.dropPath() >= 0 && student.dropPath() < 1, "student.drop-path must be in [0, 1)");
    require(
        student.hidden() > 0, "student.mlp-ratio (%s) is too small".formatted(student.mlpRatio()));
    notNegative("student.registers", student.registers());
    notNegative("student.layer-scale", student.layerScale());
    checkCrops(config);
    checkTerms(config);
    checkSelf(config.self());
    checkOptimisation(config.optim(), config.teacher());
    checkTraining(config);
    checkSizes(config);
    RecipeRules.check(source, config);
  }

  /** A tensor, a shard's crops and the count of steps each have to fit an array or an int. */
  private void checkSizes(DistillConfig config) {
    StudentConfig student = config.student();
    HeadConfig head = config.self().head();
    double widest = Math.max(3.0 * student.width(), 2.0 * student.hidden()) * student.width();
    double largest = Math.max(widest, (double) head.prototypes() * head.bottleneck());
    require(
        largest < MOST_VALUES,
        "student.width, student.mlp-ratio or self.head make a tensor of more than 2 GB");
    CropsConfig crops = config.crops();
    double pixels =
        2.0 * crops.globalSize() * crops.globalSize()
            + (double) crops.localCount() * crops.localSize() * crops.localSize();
    require(
        3 * pixels * config.train().batch() / config.train().shards() < 4.0 * MOST_VALUES,
        "the crops of train.batch / train.shards tiles are too many for one part; raise train.shards");
    require(
        (double) config.optim().epochs() * config.train().epochLength() < Integer.MAX_VALUE,
        "optim.epochs x train.epoch-length must be below 2^31 steps");
  }

  private void checkSelf(SelfConfig self) {
    notNegative("self.dino-weight", self.dinoWeight());
    notNegative("self.koleo-weight", self.koleoWeight());
    notNegative("self.ibot-weight", self.ibotWeight());
    positive("self.student-temperature", self.studentTemperature());
    share("self.centre-momentum", self.centreMomentum());
    checkHead("self.head", self.head());
    checkHead("self.ibot-head", self.ibotHead());
  }

  private void checkHead(String name, HeadConfig head) {
    positive(name + ".prototypes", head.prototypes());
    positive(name + ".layers", head.layers());
    positive(name + ".hidden", head.hidden());
    positive(name + ".bottleneck", head.bottleneck());
  }

  private void checkOptimisation(OptimConfig optim, TeacherConfig teacher) {
    notNegative("optim.base-lr", optim.baseLr());
    notNegative("optim.min-lr", optim.minLr());
    notNegative("optim.warmup-epochs", optim.warmupEpochs());
    notNegative("optim.weight-decay", optim.weightDecay());
    notNegative("optim.weight-decay-end", optim.weightDecayEnd());
    share("optim.beta1", optim.beta1());
    share("optim.beta2", optim.beta2());
    notNegative("optim.epsilon", optim.epsilon());
    positive("optim.layerwise-decay", optim.layerwiseDecay());
    notNegative("optim.patch-embed-lr-multiplier", optim.patchEmbedLrMultiplier());
    notNegative("optim.freeze-last-layer-epochs", optim.freezeLastLayerEpochs());
    notNegative("optim.clip-grad", optim.clipGrad());
    share("teacher.momentum", teacher.momentum());
    share("teacher.momentum-end", teacher.momentumEnd());
    positive("teacher.temperature-start", teacher.temperatureStart());
    positive("teacher.temperature", teacher.temperature());
    notNegative("teacher.temperature-warmup-epochs", teacher.temperatureWarmupEpochs());
  }

  private void checkCrops(DistillConfig config) {
    CropsConfig crops = config.crops();
    int patch = config.student().patchSize();
    require(patch > 0, "student.patch-size must be positive");
    require(
        crops.globalSize() > 0 && crops.globalSize() % patch == 0,
        "crops.global-size (%d) must be a multiple of student.patch-size (%d)"
            .formatted(crops.globalSize(), patch));
    notNegative("crops.local-count", crops.localCount());
    notNegative("crops.colour", crops.colour());
    notNegative("crops.stain-jitter", crops.stainJitter());
    require(
        crops.localCount() == 0 || crops.localSize() > 0 && crops.localSize() % patch == 0,
        "crops.local-size (%d) must be a multiple of student.patch-size (%d)"
            .formatted(crops.localSize(), patch));
    require(
        crops.mean().size() == 3
            && crops.std().size() == 3
            && crops.std().stream().allMatch(s -> s > 0),
        "crops.mean and crops.std must have three values, std positive");
    require(
        0 < crops.globalScaleMin()
            && crops.globalScaleMin() <= crops.globalScaleMax()
            && crops.globalScaleMax() <= 1
            && 0 < crops.localScaleMin()
            && crops.localScaleMin() <= crops.localScaleMax()
            && crops.localScaleMax() <= 1,
        "the crops' scales must satisfy 0 < min <= max <= 1");
  }

  private void checkTerms(DistillConfig config) {
    boolean expert =
        config.experts().values().stream()
            .anyMatch(e -> e.classWeight() > 0 || e.patchWeight() > 0);
    require(
        config.usesSelfDistillation() || expert || config.recipe().hasGram(),
        "there is nothing to learn; give self.dino-weight, self.ibot-weight or an expert's weight");
    MaskingConfig masking = config.masking();
    require(
        masking.probability() >= 0
            && masking.probability() <= 1
            && 0 <= masking.ratioMin()
            && masking.ratioMin() <= masking.ratioMax()
            && masking.ratioMax() <= 1,
        "masking.probability and the masking ratios must lie in [0, 1], ratio-min <= ratio-max");
    config
        .experts()
        .forEach(
            (name, e) -> {
              require(
                  name.matches("[A-Za-z0-9_]+"),
                  "expert name '%s' may have letters, digits and underscores only".formatted(name));
              require(
                  !config.experts().containsKey(name + "_patch"),
                  "experts.%s_patch must have another name beside experts.%s"
                      .formatted(name, name));
              notNegative("experts." + name + ".class-weight", e.classWeight());
              notNegative("experts." + name + ".patch-weight", e.patchWeight());
              require(
                  e.classWeight() > 0
                      || e.patchWeight() > 0
                      || config.recipe().gramExpert().equals(name),
                  "experts.%s has no weight; give one or leave the expert out".formatted(name));
            });
  }

  private void checkTraining(DistillConfig config) {
    TrainConfig train = config.train();
    require(
        train.batch() > 0 && train.shards() > 0 && train.batch() % train.shards() == 0,
        "train.shards (%d) must divide train.batch (%d)".formatted(train.shards(), train.batch()));
    require(
        train.epochLength() > 0 && config.optim().epochs() > 0,
        "train.epoch-length and optim.epochs must be positive");
    require(
        config.optim().warmupEpochs() <= config.optim().epochs(),
        "optim.warmup-epochs (%d) must not exceed optim.epochs (%d)"
            .formatted(config.optim().warmupEpochs(), config.optim().epochs()));
    positive("train.loader-threads", train.loaderThreads());
    notNegative("train.export-every", train.exportEvery());
    require(
        train.checkpointEvery() > 0 && train.keepCheckpoints() > 0 && train.logEvery() > 0,
        "train.checkpoint-every, train.keep-checkpoints and train.log-every must be positive");
  }

  private void positive(String option, double value) {
    require(value > 0, option + " must be positive");
  }

  private void notNegative(String option, double value) {
    require(value >= 0, option + " must not be negative");
  }

  private void share(String option, double value) {
    require(value >= 0 && value <= 1, option + " must be in [0, 1]");
  }

  private void require(boolean holds, String rule) {
    if (!holds) {
      throw new InvalidOptionException("%s: %s.".formatted(source, rule));
    }
  }
}
