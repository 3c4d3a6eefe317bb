package io.github.gpfm.distill.run;

import ai.djl.Device;
import io.github.gpfm.api.Encoder;
import io.github.gpfm.api.GpfmException;
import io.github.gpfm.distill.config.DistillConfig;
import io.github.gpfm.distill.model.StepState;
import io.github.gpfm.encoder.ComputeDevice;
import io.github.gpfm.encoder.GpfmEncoder;
import io.github.gpfm.support.AtomicFile;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Runs a {@link TeacherEvaluation} every n steps. The teacher goes through the file that an export
 * writes, so that what is measured is what a user would load.
 */
final class PeriodicEvaluation {
  private static final Logger LOG = LoggerFactory.getLogger(PeriodicEvaluation.class);
  private static final String NAME = ".evaluated";

  private final int every;
  private final TeacherEvaluation evaluation;

  PeriodicEvaluation(int every, TeacherEvaluation evaluation) {
    this.every = every;
    this.evaluation = evaluation;
  }

  /** Whether the teacher is to be measured after {@code done} of {@code total} steps. */
  boolean due(long done, long total) {
    return done % every == 0 || done == total;
  }

  /** Figures after {@code done} steps; none, with a warning, if they fail later than step 0. */
  Map<String, Double> figures(
      long done, Path folder, DistillConfig config, StepState state, Device device) {
    try {
      return measured(done, folder, config, state, device);
    } catch (GpfmException e) {
      if (done == 0) {
        throw e;
      }
      LOG.warn("The evaluation after step {} is left out: {}", done, e.getMessage());
      return Map.of();
    }
  }

  private Map<String, Double> measured(
      long done, Path folder, DistillConfig config, StepState state, Device device) {
    Path file = folder.resolve(NAME + ".safetensors");
    try {
      TeacherExport.writeBackbone(file, config, state.view());
      try (Encoder teacher =
          GpfmEncoder.builder()
              .weights(file)
              .heads(config.student().heads())
              .device(
                  device.isGpu() ? ComputeDevice.gpu(device.getDeviceId()) : ComputeDevice.cpu())
              .build()) {
        Map<String, Double> figures = new LinkedHashMap<>();
        evaluation
            .evaluate(done, teacher)
            .forEach(
                (name, value) -> {
                  if (Double.isFinite(value)) {
                    figures.put(name, value);
                  } else {
                    LOG.warn("'{}' is {} after step {} and is left out", name, value, done);
                  }
                });
        return figures;
      }
    } finally {
      AtomicFile.deleteQuietly(file);
    }
  }
}
