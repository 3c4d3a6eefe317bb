package io.github.gpfm.examples.miniature;

import io.github.gpfm.api.Recipe;
import io.github.gpfm.distill.data.CropBatch;
import io.github.gpfm.distill.expert.Expert;
import io.github.gpfm.distill.expert.ExpertTokens;
import io.github.gpfm.support.Sha256;
import java.util.Arrays;

/**
 * A small expert without weights: some numbers for each cell of a grid over the crop. The patch
 * tokens are the cells' numbers, the class token their mean and standard deviation, both
 * standardised by what the training tiles give.
 */
final class CellExpert implements Expert {
  /** Cells along an edge; other than the student's grid on purpose. */
  static final int GRID = 7;

  /** What an expert sees in a cell. */
  interface Measure {
    /** Number of values. */
    int count();

    /**
     * Measures one cell.
     *
     * @param picture planes of the whole crop
     * @param x left edge of the cell, pixels
     * @param y top edge
     * @param size edge of the cell
     * @param values to be filled from {@code offset} on
     */
    void measure(Planes picture, int x, int y, int size, float[] values, int offset);
  }

  private final Measure measure;
  private final float[] mean;
  private final float[] std;

  private CellExpert(Measure measure, float[] mean, float[] std) {
    this.measure = measure;
    this.mean = mean;
    this.std = std;
  }

  /**
   * An expert standardised by example crops.
   *
   * @param examples crops such as the student will see
   */
  static CellExpert of(Measure measure, CropBatch examples) {
    int c = measure.count();
    float[] none = new float[3 * c];
    float[] ones = new float[3 * c];
    Arrays.fill(ones, 1);
    ExpertTokens raw = new CellExpert(measure, none, ones).tokens(examples, true);
    float[] mean = new float[3 * c];
    float[] std = new float[3 * c];
    moments(raw.classTokens(), 2 * c, mean, std, 0);
    float[] patches = raw.patchTokens();
    float[] own = new float[patches.length / 2];
    for (int i = 0; i < own.length; i++) {
      own[i] = patches[i / c * 2 * c + i % c];
    }
    moments(own, c, mean, std, 2 * c);
    return new CellExpert(measure, mean, std);
  }

  /** The measure, and how it is standardised. */
  @Override
  public void describe(Recipe.Builder recipe) {
    recipe
        .add("measure", measure.getClass().getSimpleName())
        .add("mean", Sha256.of(Arrays.toString(mean)))
        .add("std", Sha256.of(Arrays.toString(std)));
  }

  @Override
  public int dimension() {
    return 2 * measure.count();
  }

  @Override
  public boolean hasPatchTokens() {
    return true;
  }

  @Override
  public ExpertTokens tokens(CropBatch batch, boolean patchTokens) {
    int crops = 2 * batch.tiles().length;
    int size = (int) Math.round(Math.sqrt(batch.globals().length / 3.0 / crops));
    int c = measure.count();
    int e = 2 * c;
    int cells = GRID * GRID;
    float[] classes = new float[crops * e];
    float[] patches = new float[crops * cells * e];
    for (int i = 0; i < crops; i++) {
      Planes picture = Planes.of(batch.globals(), i, size);
      float[] values = new float[cells * c];
      for (int cell = 0; cell < cells; cell++) {
        int x = cell % GRID * size / GRID;
        int y = cell / GRID * size / GRID;
        measure.measure(picture, x, y, size / GRID, values, cell * c);
      }
      float[] cellMean = new float[c];
      float[] cellStd = new float[c];
      moments(values, c, cellMean, cellStd, 0);
      for (int k = 0; k < c; k++) {
        classes[i * e + k] = standard(cellMean[k], k);
        classes[i * e + c + k] = standard(cellStd[k], c + k);
        for (int cell = 0; cell < cells; cell++) {
          // A cell's own number, then how it differs from the crop's mean.
          int at = (i * cells + cell) * e;
          patches[at + k] = standard(values[cell * c + k], 2 * c + k);
          patches[at + c + k] =
              (values[cell * c + k] - cellMean[k]) / Math.max(std[2 * c + k], 1e-6f);
        }
      }
    }
    return new ExpertTokens(e, classes, GRID, GRID, patches);
  }

  @Override
  public void close() {}

  private float standard(float value, int k) {
    return (value - mean[k]) / Math.max(std[k], 1e-6f);
  }

  private static void moments(float[] rows, int columns, float[] mean, float[] std, int offset) {
    int n = rows.length / columns;
    for (int k = 0; k < columns; k++) {
      double sum = 0;
      double squares = 0;
      for (int r = 0; r < n; r++) {
        double value = rows[r * columns + k];
        sum += value;
        squares += value * value;
      }
      mean[offset + k] = (float) (sum / n);
      std[offset + k] = (float) Math.sqrt(Math.max(0, squares / n - sum / n * (sum / n)));
    }
  }
}
