package io.github.gpfm.distill.schedule;

import io.github.gpfm.distill.config.DistillConfig;
import io.github.gpfm.distill.config.OptimConfig;
import io.github.gpfm.distill.config.TeacherConfig;

/**
 * The five schedules of a run.
 *
 * @param lr learning rate
 * @param weightDecay weight decay
 * @param momentum of the teacher
 * @param temperature of the teacher
 * @param frozenSteps steps in which last layers have learning rate 0
 */
public record Schedules(
    CosineSchedule lr,
    CosineSchedule weightDecay,
    CosineSchedule momentum,
    CosineSchedule temperature,
    int frozenSteps) {

  /** The schedules of a configuration. */
  public static Schedules of(DistillConfig config) {
    OptimConfig optim = config.optim();
    TeacherConfig teacher = config.teacher();
    int epoch = config.train().epochLength();
    int steps = config.totalSteps();
    int temperatureSteps = teacher.temperatureWarmupEpochs() * epoch;
    return new Schedules(
        new CosineSchedule(
            0,
            optim.lr(config.train().batch()),
            optim.minLr(),
            optim.warmupEpochs() * epoch,
            steps),
        CosineSchedule.of(optim.weightDecay(), optim.weightDecayEnd(), steps),
        CosineSchedule.of(teacher.momentum(), teacher.momentumEnd(), steps),
        new CosineSchedule(
            teacher.temperatureStart(),
            teacher.temperature(),
            teacher.temperature(),
            temperatureSteps,
            temperatureSteps),
        optim.freezeLastLayerEpochs() * epoch);
  }

  /** All values at step {@code step}, from 0. */
  public Rates at(long step) {
    double rate = lr.at(step);
    return new Rates(
        rate,
        step < frozenSteps ? 0 : rate,
        weightDecay.at(step),
        momentum.at(step),
        temperature.at(step));
  }

  /**
   * The schedules' values at one step.
   *
   * @param lr learning rate
   * @param lastLayerLr learning rate of last layers
   * @param weightDecay weight decay
   * @param momentum of the teacher
   * @param temperature of the teacher
   */
  public record Rates(
      double lr, double lastLayerLr, double weightDecay, double momentum, double temperature) {}
}
