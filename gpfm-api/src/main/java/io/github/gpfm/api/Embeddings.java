package io.github.gpfm.api;

import java.nio.FloatBuffer;
import java.util.Arrays;
import java.util.Objects;
import java.util.Optional;

/** Features of a batch of images. Immutable. */
public final class Embeddings {
  /**
   * Patch tokens of a batch, row-major over the grid.
   *
   * @param rows grid rows
   * @param columns grid columns
   * @param dimension length of one token
   */
  public record PatchGrid(int rows, int columns, int dimension) {
    /** Values of one image: rows x columns x dimension. */
    public int length() {
      return rows * columns * dimension;
    }
  }

  private final int count;
  private final int dimension;
  private final float[] values;
  private final Optional<PatchGrid> patchGrid;
  private final float[] patchTokens;

  private Embeddings(
      int count,
      int dimension,
      float[] values,
      Optional<PatchGrid> patchGrid,
      float[] patchTokens) {
    if ((long) count * dimension != values.length) {
      throw new IllegalArgumentException(
          count + " x " + dimension + " features do not fit " + values.length + " values");
    }
    if (patchGrid.isPresent() && (long) count * patchGrid.get().length() != patchTokens.length) {
      throw new IllegalArgumentException(
          count + " x " + patchGrid.get() + " do not fit " + patchTokens.length + " values");
    }
    this.count = count;
    this.dimension = dimension;
    this.values = values;
    this.patchGrid = patchGrid;
    this.patchTokens = patchTokens;
  }

  /**
   * @param count number of images
   * @param dimension length of one feature
   * @param values count x dimension, row-major; owned by the result from now on
   */
  public static Embeddings of(int count, int dimension, float[] values) {
    return new Embeddings(count, dimension, values, Optional.empty(), new float[0]);
  }

  /**
   * @param count number of images
   * @param dimension length of one feature
   * @param values count x dimension, row-major; owned by the result from now on
   * @param grid shape of one image's patch tokens
   * @param patchTokens count x rows x columns x grid dimension; owned by the result from now on
   */
  public static Embeddings withPatchTokens(
      int count, int dimension, float[] values, PatchGrid grid, float[] patchTokens) {
    return new Embeddings(count, dimension, values, Optional.of(grid), patchTokens);
  }

  /**
   * The same of some of the images.
   *
   * @param first number of the first of them
   * @param number how many
   * @throws IndexOutOfBoundsException if there are not that many
   */
  public Embeddings part(int first, int number) {
    Objects.checkFromIndexSize(first, number, count);
    if (number == count) {
      return this;
    }
    int length = patchGrid.map(PatchGrid::length).orElse(0);
    return new Embeddings(
        number,
        dimension,
        Arrays.copyOfRange(values, first * dimension, (first + number) * dimension),
        patchGrid,
        Arrays.copyOfRange(patchTokens, first * length, (first + number) * length));
  }

  /** Number of images. */
  public int count() {
    return count;
  }

  /** Length of one feature. */
  public int dimension() {
    return dimension;
  }

  /** A copy of the feature of image {@code i}. */
  public float[] vector(int i) {
    if (i < 0 || i >= count) {
      throw new IndexOutOfBoundsException("image " + i + " of " + count);
    }
    return Arrays.copyOfRange(values, i * dimension, (i + 1) * dimension);
  }

  /** A copy of all features, count x dimension, row-major. */
  public float[] toArray() {
    return values.clone();
  }

  /** A read-only view of all features, count x dimension, row-major; nothing is copied. */
  public FloatBuffer buffer() {
    return FloatBuffer.wrap(values).asReadOnlyBuffer();
  }

  /**
   * A read-only view of all patch tokens, count x rows x columns x dimension, row-major; nothing is
   * copied. Empty if patch tokens were not asked for.
   */
  public FloatBuffer patchBuffer() {
    return FloatBuffer.wrap(patchTokens).asReadOnlyBuffer();
  }

  /** Shape of one image's patch tokens, if they were asked for. */
  public Optional<PatchGrid> patchGrid() {
    return patchGrid;
  }

  /**
   * A copy of the patch tokens of image {@code i}: rows x columns x dimension, row-major.
   *
   * @throws IllegalStateException if patch tokens were not asked for
   */
  public float[] patchTokens(int i) {
    PatchGrid grid =
        patchGrid.orElseThrow(
            () -> new IllegalStateException("patch tokens were not asked for (TokenOutput)"));
    if (i < 0 || i >= count) {
      throw new IndexOutOfBoundsException("image " + i + " of " + count);
    }
    return Arrays.copyOfRange(patchTokens, i * grid.length(), (i + 1) * grid.length());
  }
}
