package io.github.gpfm.distill.model;

import static io.github.gpfm.distill.model.RandomSteps.config;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import io.github.gpfm.distill.config.StudentConfig;
import io.github.gpfm.encoder.script.Engines;
import io.github.gpfm.encoder.script.ScriptModule;
import io.github.gpfm.encoder.script.ScriptNode;
import io.github.gpfm.encoder.script.ScriptProgram;
import io.github.gpfm.encoder.script.ScriptSource;
import io.github.gpfm.encoder.vit.VitConfig;
import io.github.gpfm.encoder.vit.VitInitialization;
import io.github.gpfm.encoder.vit.VitProgram;
import java.util.HashSet;
import java.util.Set;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

/** Stochastic depth by subsets of the images. */
class DropPathTest {
  private static final String FACE =
      """
      class Face:
        def run(self, x: Tensor, kept: List[Tensor]) -> List[Tensor]:
          return [self.backbone.run_kept(x, kept)]

        def whole(self, x: Tensor) -> List[Tensor]:
          return [self.backbone.run_blocks(x)]
      """;

  @Test
  void subsetsHaveTheirSizeAndEveryImageItsTurn() {
    StudentConfig uniform = config("student.drop-path=0.4").student();
    try (NDManager scope = Engines.newManager(TestDevice.get())) {
      assertEquals(1, DropPath.draw(scope, config().student(), 6, new SplittableRandom(1)).size());
      Set<Long> seen = new HashSet<>();
      for (int seed = 0; seed < 20; seed++) {
        NDList keep = DropPath.draw(scope, uniform, 6, new SplittableRandom(seed));
        assertEquals(2 * uniform.depth(), keep.size());
        for (NDArray subset : keep) {
          Set<Long> images = new HashSet<>();
          for (long image : subset.toLongArray()) {
            images.add(image);
          }
          // 6 images at a rate of 0.4: the official code keeps the whole part of 3.6.
          assertEquals(3, images.size());
          seen.addAll(images);
        }
      }
      assertEquals(Set.of(0L, 1L, 2L, 3L, 4L, 5L), seen);
      StudentConfig rising =
          config("student.drop-path=0.5", "student.drop-path-uniform=false").student();
      NDList keep = DropPath.draw(scope, rising, 8, new SplittableRandom(3));
      assertEquals(8, keep.get(0).size());
      assertEquals(6, keep.get(2).size());
      assertEquals(4, keep.get(4).size());
      assertEquals(1, DropPath.draw(scope, rising, 1, new SplittableRandom(3)).get(4).size());
    }
  }

  /** An image left out is as it was; over all subsets the mean is what no dropping gives. */
  @Test
  void branchesAreScaledSoThatTheirMeanStays() {
    VitConfig shape = VitConfig.of(16, 1, 2, 14, 2);
    ScriptNode root =
        ScriptNode.of("Face")
            .child("backbone", VitProgram.node(shape, VitInitialization.draw(shape, 3, 0.5)));
    ScriptProgram program = new ScriptProgram(VitProgram.source().and(ScriptSource.of(FACE)), root);
    int images = 3;
    try (ScriptModule module = program.load(TestDevice.get(), ScriptProgram.Mode.TRAINING);
        NDManager scope = module.newScope()) {
      NDArray x = scope.randomNormal(0, 1, new Shape(images, 5, 16), DataType.FLOAT32);
      NDArray whole = module.call(scope, "whole", x).get(0);
      NDArray all = scope.create(new long[] {0, 1, 2});
      NDArray none = module.call(scope, "run", x, new NDList(all, all)).get(0);
      assertArrayEquals(whole.toFloatArray(), none.toFloatArray(), 1e-6f);
      float[] mean = new float[(int) x.size()];
      for (int image = 0; image < images; image++) {
        NDArray one = scope.create(new long[] {image});
        NDArray left = module.call(scope, "run", x, new NDList(one, one)).get(0);
        int other = (image + 1) % images;
        assertArrayEquals(x.get(other).toFloatArray(), left.get(other).toFloatArray());
        // Only the second branch drops: the mean over its subsets is exact.
        float[] part = module.call(scope, "run", x, new NDList(all, one)).get(0).toFloatArray();
        for (int i = 0; i < mean.length; i++) {
          mean[i] += part[i] / images;
        }
      }
      assertArrayEquals(whole.toFloatArray(), mean, 1e-5f);
      assertTrue(whole.sub(x).abs().max().getFloat() > 1e-3);
    }
  }
}
