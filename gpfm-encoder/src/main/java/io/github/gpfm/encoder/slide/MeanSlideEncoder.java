package io.github.gpfm.encoder.slide;

import io.github.gpfm.api.SlideEncoder;
import io.github.gpfm.api.SlideEncoderInfo;
import io.github.gpfm.api.SlideFeatures;
import java.util.List;

/** The mean of the tiles' features, summed in double precision. */
final class MeanSlideEncoder implements SlideEncoder {
  private static final SlideEncoderInfo INFO =
      new SlideEncoderInfo(
          SlideEncoders.MEAN,
          "mean of the tiles' features",
          "slide",
          0,
          List.of(),
          0,
          0,
          false,
          "that of the patch encoder",
          "");

  @Override
  public SlideEncoderInfo info() {
    return INFO;
  }

  @Override
  public float[] embed(SlideFeatures tiles) {
    INFO.require(tiles);
    float[] values = tiles.values();
    double[] sums = new double[tiles.dimension()];
    for (int i = 0; i < values.length; i++) {
      sums[i % sums.length] += values[i];
    }
    float[] mean = new float[sums.length];
    for (int i = 0; i < mean.length; i++) {
      mean[i] = (float) (sums[i] / tiles.count());
    }
    return mean;
  }

  @Override
  public void close() {
    // Nothing is held.
  }
}
