package io.github.gpfm.distill.data;

import java.util.List;

/**
 * One shard of a batch in the JVM's memory; B tiles, crop-major.
 *
 * @param step the step it is for
 * @param tiles numbers of the tiles in their dataset, B of them
 * @param globals float32 [2B, 3, s, s], normalised
 * @param geometry where in its tile every global crop lies, 2B of them
 * @param locals float32 [L * B, 3, s', s'], normalised
 * @param masks of the global crops
 */
public record CropBatch(
    long step,
    int[] tiles,
    float[] globals,
    List<CropGeometry> geometry,
    float[] locals,
    BlockMasks.Collated masks) {
  /** Edge s of the global crops, pixels. */
  public int globalSize() {
    return (int) Math.round(Math.sqrt(globals.length / (6.0 * tiles.length)));
  }
}
