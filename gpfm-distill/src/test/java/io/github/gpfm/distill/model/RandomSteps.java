package io.github.gpfm.distill.model;

import ai.djl.Device;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import io.github.gpfm.distill.config.DistillConfig;
import io.github.gpfm.distill.config.DistillConfigs;
import io.github.gpfm.distill.data.BlockMasks;
import io.github.gpfm.distill.data.Seeds;
import io.github.gpfm.distill.data.Seeds.Purpose;
import io.github.gpfm.distill.schedule.Schedules.Rates;
import io.github.gpfm.encoder.weights.WeightTensor;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;

/** Steps of a small network over values drawn from a seed, with one expert, {@code e}. */
final class RandomSteps {
  static final int EXPERT = 5;
  static final Rates RATES = new Rates(1e-3, 1e-3, 0.04, 0.99, 0.05);
  static final Map<String, Integer> WIDTHS = Map.of("e", EXPERT);

  static final String YAML =
      """
      preset: tiny
      student: {width: 32, depth: 3, heads: 2, layer-scale: 0.5}
      self:
        koleo-weight: 0.0
        head: {prototypes: 48, hidden: 40, bottleneck: 16}
        ibot-head: {prototypes: 40, hidden: 40, bottleneck: 16}
      distill: {head-bottleneck: 24}
      experts:
        e: {kind: program, model: e, path: "", class-weight: 1.0, patch-weight: 0.5, normalize: false}
      crops: {global-size: 56, local-size: 28, local-count: 2}
      train: {batch: 4, devices: cpu}
      """;

  static DistillConfig config(String... changes) {
    Map<String, String> map = new HashMap<>();
    for (String change : changes) {
      map.put(change.split("=")[0], change.split("=")[1]);
    }
    return DistillConfigs.with(DistillConfigs.parse("test", YAML), map);
  }

  /** Images {@code from} to {@code to} of a batch drawn from a seed. */
  static StepBatch batch(
      NDManager scope, DistillConfig config, int all, int from, int to, long seed) {
    int n = to - from;
    BlockMasks masks = new BlockMasks(config.globalGrid(), config.globalGrid());
    boolean[] flat = new boolean[2 * n * 16];
    List<Long> indices = new ArrayList<>();
    List<Float> weights = new ArrayList<>();
    for (int crop = 0; crop < 2 * n; crop++) {
      int image = from + crop % n;
      boolean[] mask = masks.draw(3 + image, Seeds.stream(seed, Purpose.MASKS, image, crop / n));
      long count = 0;
      for (boolean b : mask) {
        count += b ? 1 : 0;
      }
      for (int p = 0; p < mask.length; p++) {
        if (mask[p]) {
          flat[crop * mask.length + p] = true;
          indices.add((long) crop * mask.length + p);
          weights.add(1f / count);
        }
      }
    }
    int global = config.crops().globalSize();
    int local = config.crops().localSize();
    int locals = config.crops().localCount();
    float[] weightValues = new float[weights.size()];
    for (int i = 0; i < weightValues.length; i++) {
      weightValues[i] = weights.get(i);
    }
    NDList tokens =
        new NDList(
            values(scope, new Shape(2, all, 1, EXPERT), from, to, seed + 3),
            values(scope, new Shape(2, all, 3, 2, EXPERT), from, to, seed + 4));
    return new StepBatch(
        values(scope, new Shape(2, all, 3, global, global), from, to, seed + 1),
        values(scope, new Shape(locals, all, 3, local, local), from, to, seed + 2),
        scope.create(flat, new Shape(2L * n, 16)),
        scope.create(indices.stream().mapToLong(i -> i).toArray()),
        scope.create(weightValues),
        tokens,
        DropPath.draw(scope, config.student(), 2 * n, Seeds.stream(seed, Purpose.DROP_PATH, 0)),
        DropPath.draw(
            scope, config.student(), locals * n, Seeds.stream(seed, Purpose.DROP_PATH, 1)));
  }

  /** [crops, all, …] normal values, of which images {@code from} to {@code to} are taken. */
  static NDArray values(NDManager scope, Shape shape, int from, int to, long seed) {
    SplittableRandom random = new SplittableRandom(seed);
    int image = (int) shape.slice(2).size();
    int all = (int) shape.get(1);
    int n = to - from;
    float[] taken = new float[(int) shape.get(0) * n * image];
    for (int crop = 0; crop < shape.get(0); crop++) {
      for (int i = 0; i < all; i++) {
        for (int k = 0; k < image; k++) {
          float value = (float) random.nextGaussian();
          if (i >= from && i < to) {
            taken[(crop * n + i - from) * image + k] = value;
          }
        }
      }
    }
    long[] sizes = shape.slice(1).getShape();
    sizes[0] = shape.get(0) * n;
    return scope.create(taken, new Shape(sizes));
  }

  record Outcome(List<StepResult> results, Map<String, WeightTensor> tensors) {}

  /** Three steps with the batch in {@code parts} shards over {@code replicas} replicas. */
  static Outcome train(DistillConfig config, int parts, int replicas) {
    int all = config.train().batch();
    List<Device> devices = new ArrayList<>();
    for (int i = 0; i < replicas; i++) {
      devices.add(TestDevice.get());
    }
    try (StepState state =
            new StepState(config, ParameterLayout.of(config, WIDTHS), TestDevice.get());
        TrainStep step = new TrainStep(config, state, devices)) {
      List<StepResult> results = new ArrayList<>();
      for (int k = 0; k < 3; k++) {
        try (NDManager scope = step.newScope(0)) {
          List<StepBatch> shards = new ArrayList<>();
          for (int p = 0; p < parts; p++) {
            shards.add(batch(scope, config, all, p * all / parts, (p + 1) * all / parts, 100 * k));
          }
          results.add(step.run(shards, RATES));
        }
      }
      return new Outcome(results, state.tensors());
    }
  }

  private RandomSteps() {}
}
