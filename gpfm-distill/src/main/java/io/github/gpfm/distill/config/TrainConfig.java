package io.github.gpfm.distill.config;

import io.github.gpfm.support.Note;

/**
 * Batch, length, precision and files of a run.
 *
 * @param batch tiles a step over all devices and accumulated shards
 * @param shards parts a batch is worked through in, one after the other on each device (gradient
 *     accumulation); must divide {@code batch} together with the devices
 * @param devices {@code auto}, {@code cpu}, {@code gpu}, or for instance {@code gpu:0,gpu:1}
 * @param shardOptimizer whether each device keeps the optimiser's moments of a part of the
 *     parameters (ZeRO stage 1) in place of the first those of all; the step is the same
 * @param epochLength steps of an epoch
 * @param precision of matrix products
 * @param recompute whether block activations are computed again in the backward pass instead of
 *     kept
 * @param seed of initial weights, order, crops, masks and drop path
 * @param unreadable what becomes of a tile that cannot be read
 * @param loaderThreads threads that make batches; results do not depend on their number
 * @param checkpointEvery steps between checkpoints
 * @param keepCheckpoints newest checkpoints kept
 * @param exportEvery steps between exports of the teacher; 0 for the end only
 * @param logEvery steps between metric lines
 */
public record TrainConfig(
    int batch,
    @Note int shards,
    @Note String devices,
    @Note boolean shardOptimizer,
    int epochLength,
    @Note Precision precision,
    @Note boolean recompute,
    long seed,
    @Note Unreadable unreadable,
    @Note int loaderThreads,
    @Note int checkpointEvery,
    @Note int keepCheckpoints,
    @Note int exportEvery,
    @Note int logEvery) {
  /** Ways to meet a tile that cannot be read. */
  public enum Unreadable {
    /** Write a checkpoint and end, naming it. */
    STOP,
    /** Take the first tile in its place, as the official code does, and name it in the log. */
    REPLACE
  }

  /** Types of matrix products; norms, softmaxes, losses and the optimiser stay float32. */
  public enum Precision {
    /** IEEE binary32. */
    FLOAT32(6),
    /** The upper half of binary32. */
    BFLOAT16(15),
    /** IEEE binary16, with a dynamic loss scale. */
    FLOAT16(5);

    private final int code;

    Precision(int code) {
      this.code = code;
    }

    /** PyTorch's scalar type number. */
    public int code() {
      return code;
    }
  }
}
