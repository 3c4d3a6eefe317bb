package io.github.gpfm.distill.config;

/**
 * One of the trainings that a configuration has under {@code phases}.
 *
 * @param name letters, digits, dots and dashes; empty for the only one of a file without phases
 * @param config what it trains with
 */
public record Phase(String name, DistillConfig config) {}
