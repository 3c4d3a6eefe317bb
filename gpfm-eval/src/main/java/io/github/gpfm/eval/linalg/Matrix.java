package io.github.gpfm.eval.linalg;

import io.github.gpfm.eval.EvaluationException;
import java.util.Arrays;

/** A dense row-major float32 matrix. Mutable; not thread-safe while written. */
public final class Matrix {
  private final int rows;
  private final int columns;
  private final float[] values;

  private Matrix(int rows, int columns, float[] values) {
    this.rows = rows;
    this.columns = columns;
    this.values = values;
  }

  /**
   * @param rows number of rows
   * @param columns number of columns
   * @param values rows x columns, row-major; owned by the result from now on
   */
  public static Matrix of(int rows, int columns, float[] values) {
    if ((long) rows * columns != values.length) {
      throw new EvaluationException(
          rows + " x " + columns + " do not fit " + values.length + " values");
    }
    return new Matrix(rows, columns, values);
  }

  /** A matrix of zeros. */
  public static Matrix zeros(int rows, int columns) {
    return new Matrix(rows, columns, new float[Math.multiplyExact(rows, columns)]);
  }

  /** Stacks rows of equal length. */
  public static Matrix ofRows(float[][] rows) {
    int columns = rows.length == 0 ? 0 : rows[0].length;
    Matrix result = zeros(rows.length, columns);
    for (int r = 0; r < rows.length; r++) {
      if (rows[r].length != columns) {
        throw new EvaluationException(
            "row " + r + " has " + rows[r].length + " values where " + columns + " are due");
      }
      System.arraycopy(rows[r], 0, result.values, r * columns, columns);
    }
    return result;
  }

  /** Number of rows. */
  public int rows() {
    return rows;
  }

  /** Number of columns. */
  public int columns() {
    return columns;
  }

  /** One value. */
  public float get(int row, int column) {
    return values[row * columns + column];
  }

  /** Sets one value. */
  public void set(int row, int column, float value) {
    values[row * columns + column] = value;
  }

  /** The values themselves, row-major: writing to them writes to the matrix. */
  public float[] values() {
    return values;
  }

  /** A copy of one row. */
  public float[] row(int row) {
    return Arrays.copyOfRange(values, row * columns, (row + 1) * columns);
  }

  /** A copy of the given rows in the given order. */
  public Matrix select(int... indices) {
    Matrix result = zeros(indices.length, columns);
    for (int i = 0; i < indices.length; i++) {
      System.arraycopy(values, indices[i] * columns, result.values, i * columns, columns);
    }
    return result;
  }

  /** A copy of rows {@code from} (inclusive) to {@code to} (exclusive). */
  public Matrix rows(int from, int to) {
    return new Matrix(to - from, columns, Arrays.copyOfRange(values, from * columns, to * columns));
  }

  /** A copy. */
  public Matrix copy() {
    return new Matrix(rows, columns, values.clone());
  }
}
