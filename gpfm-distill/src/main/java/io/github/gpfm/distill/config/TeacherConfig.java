package io.github.gpfm.distill.config;

/**
 * Schedules of the momentum teacher.
 *
 * @param momentum of the running mean of the student, at the start
 * @param momentumEnd at the end
 * @param temperatureStart of the teacher's softmax, at the start
 * @param temperature after warm-up
 * @param temperatureWarmupEpochs epochs of linear warm-up
 */
public record TeacherConfig(
    double momentum,
    double momentumEnd,
    double temperatureStart,
    double temperature,
    int temperatureWarmupEpochs) {}
