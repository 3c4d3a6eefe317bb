package io.github.gpfm.distill.config;

/**
 * A projection head.
 *
 * @param prototypes outputs
 * @param layers linear layers before the weight-normalised last one, at least 1
 * @param hidden size of the layers between; unused with one layer
 * @param bottleneck inputs of the last layer
 */
public record HeadConfig(int prototypes, int layers, int hidden, int bottleneck) {}
