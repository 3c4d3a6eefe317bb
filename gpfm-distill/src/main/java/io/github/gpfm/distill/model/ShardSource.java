package io.github.gpfm.distill.model;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import java.util.List;

/**
 * Makes the shards of a step when their turn comes, so that a device holds one at a time. Each
 * replica asks for its own shards in rising order on its own thread.
 */
public interface ShardSource {
  /** What the teacher needs of a shard: global crops and mask indices as in {@link StepBatch}. */
  record TeacherInput(NDArray globalCrops, NDArray maskIndices) {}

  /**
   * The arrays of a shard, all on the scope's device.
   *
   * @param shard from 0
   * @param scope closed before this replica's next shard is asked for
   */
  StepBatch shard(int shard, NDManager scope);

  /**
   * The teacher's part of a shard alone. Asked for before {@link #shard} where the targets of one
   * shard depend on all others (Sinkhorn-Knopp over several shards).
   */
  TeacherInput teacherInput(int shard, NDManager scope);

  /** Shards that are there already. */
  static ShardSource of(List<StepBatch> shards) {
    return new ShardSource() {
      @Override
      public StepBatch shard(int shard, NDManager scope) {
        return shards.get(shard);
      }

      @Override
      public TeacherInput teacherInput(int shard, NDManager scope) {
        StepBatch batch = shards.get(shard);
        return new TeacherInput(batch.globalCrops(), batch.maskIndices());
      }
    };
  }
}
