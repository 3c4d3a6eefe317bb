package io.github.gpfm.eval.bench;

import io.github.gpfm.api.Encoder;
import io.github.gpfm.eval.data.FeatureFusion;
import io.github.gpfm.eval.linalg.Matrix;
import java.awt.image.BufferedImage;
import java.util.ArrayList;
import java.util.List;

/** Embeds images with an encoder, or with all that it fuses. To be closed. */
final class ImageFeatures implements AutoCloseable {
  private final List<Encoder> encoders = new ArrayList<>();
  private final FeatureFusion fusion;

  ImageFeatures(TaskRunner.Run run) {
    this.fusion = run.encoder().fusion();
    try {
      run.config().sources(run.encoder()).forEach(source -> encoders.add(source.open()));
    } catch (RuntimeException e) {
      close();
      throw e;
    }
  }

  float[] embed(BufferedImage image) {
    List<Matrix> parts = new ArrayList<>();
    for (Encoder encoder : encoders) {
      float[] feature = encoder.embed(image);
      parts.add(Matrix.of(1, feature.length, feature));
    }
    return parts.size() == 1 ? parts.get(0).values() : fusion.join("an image", parts).values();
  }

  @Override
  public void close() {
    encoders.forEach(Encoder::close);
  }
}
