package io.github.gpfm.distill.model;

import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import io.github.gpfm.distill.config.StudentConfig;
import java.util.SplittableRandom;

/**
 * Stochastic depth by subset: for each residual branch the images that are computed, a random
 * subset of fixed size (DINOv2's {@code drop_add_residual_stochastic_depth}).
 */
public final class DropPath {
  private DropPath() {}

  /** No image is skipped. */
  public static NDList none(NDManager scope) {
    return new NDList(scope.zeros(new Shape(0), DataType.INT64));
  }

  /**
   * Subsets for a batch of {@code images}, two per block.
   *
   * @param random gives the subsets
   */
  public static NDList draw(
      NDManager scope, StudentConfig student, int images, SplittableRandom random) {
    if (student.dropPath() == 0 || images == 0) {
      return none(scope);
    }
    NDList keep = new NDList();
    for (int branch = 0; branch < 2 * student.depth(); branch++) {
      double rate = student.dropPathOf(branch / 2);
      int kept = rate == 0 ? images : Math.max((int) (images * (1 - rate)), 1);
      long[] order = new long[images];
      for (int i = 0; i < images; i++) {
        int j = random.nextInt(i + 1);
        order[i] = order[j];
        order[j] = i;
      }
      long[] subset = new long[kept];
      System.arraycopy(order, 0, subset, 0, kept);
      keep.add(scope.create(subset));
    }
    return keep;
  }
}
