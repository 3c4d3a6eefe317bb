package io.github.gpfm.distill.run;

import ai.djl.Device;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import io.github.gpfm.distill.config.DistillConfig;
import io.github.gpfm.distill.config.DistillConfigs;
import io.github.gpfm.distill.data.BlockMasks;
import io.github.gpfm.distill.data.Seeds;
import io.github.gpfm.distill.data.Seeds.Purpose;
import io.github.gpfm.distill.model.DropPath;
import io.github.gpfm.distill.model.ParameterLayout;
import io.github.gpfm.distill.model.StepBatch;
import io.github.gpfm.distill.model.StepState;
import io.github.gpfm.distill.model.TrainStep;
import io.github.gpfm.distill.schedule.Schedules.Rates;
import io.github.gpfm.encoder.weights.WeightTensor;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;

/**
 * A training step of a small model on made-up images, to see whether a device trains as the
 * processor does and how fast.
 *
 * @param objective of the first step
 * @param student parameters after the last step
 * @param secondsPerStep of the steps after the first
 */
public record StepTrial(
    double objective, Map<String, WeightTensor> student, double secondsPerStep) {
  private static final String CONFIG =
      """
      preset: tiny
      student: {width: 64, depth: 2, heads: 2, drop-path: 0.0}
      self:
        head: {prototypes: 128, hidden: 64, bottleneck: 32}
      experts: {}
      crops: {global-size: 56, local-size: 28, local-count: 2}
      train: {batch: 8}
      """;

  private static final Rates RATES = new Rates(1e-3, 1e-3, 0.04, 0.99, 0.05);

  /**
   * Runs steps on a device; the same numbers go in on every device.
   *
   * @param steps 2 or more to measure the time
   */
  public static StepTrial run(Device device, int steps) {
    DistillConfig config = DistillConfigs.parse("trial", CONFIG);
    ParameterLayout layout = ParameterLayout.of(config, Map.of());
    try (StepState state = new StepState(config, layout, device);
        TrainStep step = new TrainStep(config, state, List.of(device))) {
      double objective = 0;
      long start = System.nanoTime();
      for (int k = 0; k < steps; k++) {
        try (NDManager scope = step.newScope(0)) {
          double found = step.run(List.of(batch(scope, config, k)), RATES).objective();
          if (k == 0) {
            objective = found;
            start = System.nanoTime();
          }
        }
      }
      double seconds = (System.nanoTime() - start) / 1e9 / Math.max(1, steps - 1);
      Map<String, WeightTensor> tensors = state.tensors();
      tensors.keySet().removeIf(name -> !name.startsWith("student."));
      return new StepTrial(objective, tensors, seconds);
    }
  }

  /** Largest difference between the parameters of two trials. */
  public double difference(StepTrial other) {
    double largest = 0;
    for (Map.Entry<String, WeightTensor> entry : student.entrySet()) {
      WeightTensor theirs = other.student.get(entry.getKey());
      if (theirs == null) {
        return Double.POSITIVE_INFINITY;
      }
      float[] a = entry.getValue().toFloats();
      float[] b = theirs.toFloats();
      for (int i = 0; i < a.length; i++) {
        largest = Math.max(largest, Math.abs((double) a[i] - b[i]));
      }
    }
    return largest;
  }

  private static StepBatch batch(NDManager scope, DistillConfig config, long step) {
    int images = config.train().batch();
    int global = config.crops().globalSize();
    int local = config.crops().localSize();
    int locals = config.crops().localCount() * images;
    int grid = config.globalGrid();
    SplittableRandom random = new SplittableRandom(step);
    BlockMasks.Collated masks =
        new BlockMasks(grid, grid)
            .collate(2 * images, config.masking(), Seeds.stream(7, Purpose.MASKS, step, 0));
    return new StepBatch(
        scope.create(noise(random, 2 * images * 3 * global * global), crops(2L * images, global)),
        scope.create(noise(random, locals * 3 * local * local), crops(locals, local)),
        scope.create(masks.masks(), new Shape(2L * images, (long) grid * grid)),
        scope.create(masks.indices()),
        scope.create(masks.weights()),
        new NDList(scope.zeros(new Shape(0))),
        DropPath.none(scope),
        DropPath.none(scope));
  }

  private static Shape crops(long count, long size) {
    return new Shape(count, 3, size, size);
  }

  private static float[] noise(SplittableRandom random, int count) {
    float[] values = new float[count];
    for (int i = 0; i < count; i++) {
      values[i] = (float) random.nextGaussian();
    }
    return values;
  }
}
