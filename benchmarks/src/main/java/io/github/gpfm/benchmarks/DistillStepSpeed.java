package io.github.gpfm.benchmarks;

import ai.djl.Device;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import io.github.gpfm.distill.config.DistillConfig;
import io.github.gpfm.distill.config.DistillConfigs;
import io.github.gpfm.distill.data.BlockMasks;
import io.github.gpfm.distill.model.DropPath;
import io.github.gpfm.distill.model.ParameterLayout;
import io.github.gpfm.distill.model.StepBatch;
import io.github.gpfm.distill.model.StepState;
import io.github.gpfm.distill.model.TrainStep;
import io.github.gpfm.distill.schedule.Schedules.Rates;
import io.github.gpfm.encoder.script.Engines;
import java.io.IOException;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.SplittableRandom;

/**
 * Seconds of a training step: ViT-S/14, two global and eight local crops, three experts, every
 * term; forward, backward, clipping, AdamW, momentum teacher. {@code python/distill_step.py} is the
 * other side.
 */
public final class DistillStepSpeed {
  private DistillStepSpeed() {}

  /**
   * @param args images of a batch, prototypes, timed steps
   */
  public static void main(String[] args) throws IOException {
    int batch = Integer.parseInt(args[0]);
    int prototypes = Integer.parseInt(args[1]);
    int steps = Integer.parseInt(args[2]);
    DistillConfig config =
        DistillConfigs.parse(
            "benchmark",
            """
            preset: official-vitl14
            student: {width: 384, depth: 12, heads: 6, drop-path: 0.0, block-chunks: 0}
            self: {head: {prototypes: %d}}
            train: {batch: %d, shards: 1, precision: float32}
            """
                .formatted(prototypes, batch));
    Device device = Engines.defaultDevice();
    Map<String, Integer> widths = Map.of("uni", 1024, "phikon", 768, "conch", 512);
    try (StepState state = new StepState(config, ParameterLayout.of(config, widths), device);
        TrainStep step = new TrainStep(config, state, List.of(device));
        NDManager scope = step.newScope(0)) {
      StepBatch data = batch(scope, config, batch, widths);
      Rates rates = new Rates(1e-4, 1e-4, 0.04, 0.992, 0.05);
      System.out.printf("%d masked patches%n", data.maskIndices().size());
      step.run(List.of(data), rates);
      for (int i = 0; i < steps; i++) {
        long start = System.nanoTime();
        double loss = step.run(List.of(data), rates).objective();
        System.out.printf(
            Locale.ROOT,
            "step %d: %.3f s, objective %.4f, peak %d MB%n",
            i,
            (System.nanoTime() - start) / 1e9,
            loss,
            Memory.peak());
      }
    }
  }

  private static StepBatch batch(
      NDManager scope, DistillConfig config, int n, Map<String, Integer> widths) {
    NDList tokens = new NDList();
    config
        .experts()
        .forEach(
            (name, expert) -> {
              long width = widths.getOrDefault(name, 0);
              tokens.add(scope.randomNormal(new Shape(2L * n, 1, width)));
              if (expert.patchWeight() > 0) {
                tokens.add(scope.randomNormal(new Shape(2L * n, 14, 14, width)));
              }
            });
    BlockMasks.Collated masks =
        new BlockMasks(16, 16).collate(2 * n, config.masking(), new SplittableRandom(1));
    NDArray flags = scope.create(masks.masks(), new Shape(2L * n, 256));
    return new StepBatch(
        scope.randomNormal(new Shape(2L * n, 3, 224, 224)),
        scope.randomNormal(new Shape(8L * n, 3, 98, 98)),
        flags.toType(DataType.BOOLEAN, false),
        scope.create(masks.indices()),
        scope.create(masks.weights()),
        tokens,
        DropPath.none(scope),
        DropPath.none(scope));
  }
}
