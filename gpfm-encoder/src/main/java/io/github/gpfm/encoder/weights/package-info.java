/**
 * Weights as data: named tensors in files.
 *
 * <p>{@link io.github.gpfm.encoder.weights.WeightFile#open} tells a file's kind by its content and
 * reads {@code safetensors} and PyTorch checkpoints ({@code .pth}, {@code .pt}, {@code .bin}, both
 * the zip and the older layout). A checkpoint is a pickle, that is a program; here it is read by an
 * interpreter that knows tensors and plain containers only and refuses everything else by name, so
 * that opening a hostile file runs nothing. Sizes are checked against the file before memory is
 * taken. Tensor data stay in the file until they are read.
 *
 * <p>{@link io.github.gpfm.encoder.weights.Safetensors} and {@link
 * io.github.gpfm.encoder.weights.TorchCheckpoint} write the two kinds.
 */
@NullMarked
package io.github.gpfm.encoder.weights;

import org.jspecify.annotations.NullMarked;
