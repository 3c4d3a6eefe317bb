package io.github.gpfm.distill.run;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import ai.djl.Device;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import io.github.gpfm.distill.config.DistillConfig;
import io.github.gpfm.distill.data.BatchLoader;
import io.github.gpfm.distill.data.CropBatch;
import io.github.gpfm.distill.model.StepBatch;
import io.github.gpfm.encoder.script.Engines;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** From crops in the JVM's memory to what a step takes. */
class ShardBuilderTest {
  private static final DistillConfig CONFIG =
      TinyRuns.config(Map.of("train.shards", "2", "train.batch", "16"));

  private static List<List<CropBatch>> steps() {
    try (BatchLoader loader = new BatchLoader(CONFIG, new RandomTiles(40, 64), 0)) {
      return List.of(loader.next(), loader.next());
    }
  }

  private static long[] kept(StepBatch batch) {
    return batch.globalKeep().stream()
        .map(NDArray::toLongArray)
        .flatMapToLong(Arrays::stream)
        .toArray();
  }

  @Test
  void dropPathIsDrawnAnewForEveryStepAndShard() {
    List<List<CropBatch>> steps = steps();
    ShardBuilder builder = new ShardBuilder(CONFIG, TinyRuns.experts());
    try (NDManager scope = Engines.newManager(Device.cpu())) {
      long[] first = kept(builder.build(scope, steps.get(0).get(0), 0));
      assertArrayEquals(first, kept(builder.build(scope, steps.get(0).get(0), 0)));
      assertFalse(
          Arrays.equals(first, kept(builder.build(scope, steps.get(0).get(1), 1))), "other shard");
      assertFalse(
          Arrays.equals(first, kept(builder.build(scope, steps.get(1).get(0), 0))), "other step");
    }
  }

  @Test
  void arraysHaveTheShapesOfAShard() {
    CropBatch crops = steps().get(0).get(0);
    int n = CONFIG.train().batch() / CONFIG.train().shards();
    int patches = CONFIG.globalGrid() * CONFIG.globalGrid();
    try (NDManager scope = Engines.newManager(Device.cpu())) {
      StepBatch batch = new ShardBuilder(CONFIG, TinyRuns.experts()).build(scope, crops, 0);
      assertEquals(new Shape(2 * n, 3, 56, 56), batch.globalCrops().getShape());
      assertEquals(new Shape(2 * n, 3, 28, 28), batch.localCrops().getShape());
      assertEquals(new Shape(2 * n, patches), batch.masks().getShape());
      assertEquals(batch.maskIndices().size(), batch.maskWeights().size());
      assertEquals(1, batch.expertTokens().size());
      NDArray tokens = batch.expertTokens().get(0);
      assertEquals(new Shape(2 * n, 1, 6), tokens.getShape());
      // The configuration asks for tokens of unit length.
      for (float square : tokens.pow(2).sum(new int[] {2}).toFloatArray()) {
        assertEquals(1, square, 1e-5);
      }
    }
  }
}
