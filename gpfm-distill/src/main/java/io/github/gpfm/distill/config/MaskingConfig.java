package io.github.gpfm.distill.config;

/**
 * Block masks.
 *
 * @param probability share of the global crops that get a mask
 * @param ratioMin least masked share of a masked crop's patches
 * @param ratioMax largest masked share
 */
public record MaskingConfig(double probability, double ratioMin, double ratioMax) {}
