package io.github.gpfm.distill.run;

import io.github.gpfm.distill.data.CropBatch;
import io.github.gpfm.distill.expert.Expert;
import io.github.gpfm.distill.expert.ExpertTokens;

/** Means of a crop's channels, whole and in a 2 x 2 grid, mixed into tokens of a given length. */
final class GridExpert implements Expert {
  private final int length;

  GridExpert(int length) {
    this.length = length;
  }

  @Override
  public int dimension() {
    return length;
  }

  @Override
  public boolean hasPatchTokens() {
    return true;
  }

  @Override
  public ExpertTokens tokens(CropBatch batch, boolean patchTokens) {
    int n = 2 * batch.tiles().length;
    int size = batch.globalSize();
    float[] classes = new float[n * length];
    float[] patches = new float[n * 4 * length];
    for (int i = 0; i < n; i++) {
      for (int c = 0; c < 3; c++) {
        for (int y = 0; y < size; y++) {
          for (int x = 0; x < size; x++) {
            float value = batch.globals()[((i * 3 + c) * size + y) * size + x] / (size * size);
            int cell = 2 * (2 * y / size) + 2 * x / size;
            for (int k = 0; k < length; k++) {
              float mixed = (float) (value * Math.sin(1 + c + 3 * k));
              classes[i * length + k] += mixed;
              patches[(i * 4 + cell) * length + k] += 4 * mixed;
            }
          }
        }
      }
    }
    return new ExpertTokens(length, classes, 2, 2, patches);
  }

  @Override
  public void close() {}
}
