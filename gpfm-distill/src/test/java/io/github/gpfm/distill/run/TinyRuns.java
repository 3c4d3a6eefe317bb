package io.github.gpfm.distill.run;

import io.github.gpfm.distill.config.DistillConfig;
import io.github.gpfm.distill.config.DistillConfigs;
import io.github.gpfm.distill.data.CropBatch;
import io.github.gpfm.distill.expert.Expert;
import io.github.gpfm.distill.expert.ExpertTokens;
import io.github.gpfm.distill.model.TestDevice;
import java.util.Map;

/** A configuration that takes milliseconds a step, with one expert. */
final class TinyRuns {
  static final String YAML =
      """
      preset: tiny
      student: {width: 32, depth: 2, heads: 2, drop-path: 0.3}
      self:
        head: {prototypes: 48, hidden: 40, bottleneck: 16}
      distill: {head-bottleneck: 24}
      experts:
        mean: {kind: program, model: mean, path: "", class-weight: 1.0, patch-weight: 0.0, normalize: true}
      crops: {global-size: 56, local-size: 28, local-count: 2}
      optim: {epochs: 3, warmup-epochs: 1, base-lr: 0.01}
      teacher: {temperature-warmup-epochs: 1}
      train: {batch: 4, epoch-length: 4, devices: "DEVICE", checkpoint-every: 5, seed: 7, log-every: 1}
      """
          .replace("DEVICE", TestDevice.name());

  private TinyRuns() {}

  static DistillConfig config() {
    return DistillConfigs.parse("test", YAML);
  }

  static DistillConfig config(Map<String, String> changes) {
    return DistillConfigs.with(config(), changes);
  }

  static Map<String, Expert> experts() {
    return Map.of("mean", new MeanExpert());
  }

  /** Mean and variance of each channel. */
  private static final class MeanExpert implements Expert {
    @Override
    public int dimension() {
      return 6;
    }

    @Override
    public boolean hasPatchTokens() {
      return false;
    }

    @Override
    public ExpertTokens tokens(CropBatch batch, boolean patchTokens) {
      int planes = 2 * batch.tiles().length * 3;
      int length = batch.globals().length / planes;
      float[] tokens = new float[planes * 2];
      for (int p = 0; p < planes; p++) {
        for (int i = 0; i < length; i++) {
          float value = batch.globals()[p * length + i];
          tokens[2 * p] += value / length;
          tokens[2 * p + 1] += value * value / length;
        }
      }
      return ExpertTokens.ofClasses(6, tokens);
    }

    @Override
    public void close() {}
  }
}
