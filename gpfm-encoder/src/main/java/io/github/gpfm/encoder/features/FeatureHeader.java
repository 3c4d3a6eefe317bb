package io.github.gpfm.encoder.features;

import io.github.gpfm.api.Embeddings;
import io.github.gpfm.api.Provenance;
import io.github.gpfm.api.TileGrid;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * What a feature file says beside its features.
 *
 * @param name of the slide
 * @param encoder name of the encoder
 * @param patches patch tokens of a row; 0 where a row is one vector
 * @param dimension length of one vector
 * @param coords x0, y0, x1, y1, … in level-0 pixels, one pair a row, in the order of the features
 * @param coordsAttributes what readers of coordinates look for, {@code patch_size} and the like:
 *     {@code Long}, {@code Double}, {@code String}, {@code long[]} or {@code double[]} by name
 * @param provenance where the features come from
 * @param nonFinite what becomes of values that are not numbers
 */
public record FeatureHeader(
    String name,
    String encoder,
    int patches,
    int dimension,
    long[] coords,
    SortedMap<String, Object> coordsAttributes,
    Provenance provenance,
    NonFinitePolicy nonFinite) {
  /** A header whose file refuses values that are not numbers. */
  public FeatureHeader(
      String name,
      String encoder,
      int patches,
      int dimension,
      long[] coords,
      SortedMap<String, Object> coordsAttributes,
      Provenance provenance) {
    this(
        name,
        encoder,
        patches,
        dimension,
        coords,
        coordsAttributes,
        provenance,
        NonFinitePolicy.refuse());
  }

  /** Copies the collections. */
  public FeatureHeader {
    if (dimension < 1 || patches < 0 || coords.length % 2 != 0) {
      throw new IllegalArgumentException(
          "impossible features: "
              + patches
              + " patches of dimension "
              + dimension
              + ", "
              + coords.length
              + " coordinates");
    }
    coords = coords.clone();
    coordsAttributes = Collections.unmodifiableSortedMap(new TreeMap<>(coordsAttributes));
  }

  /** The header for the tiles of a grid, one vector a tile. */
  public static FeatureHeader of(
      String name,
      String encoder,
      int dimension,
      TileGrid grid,
      Map<String, Object> coordsAttributes,
      Provenance provenance) {
    return new FeatureHeader(
        name, encoder, 0, dimension, grid.coords(), new TreeMap<>(coordsAttributes), provenance);
  }

  /** The same with rows of patch tokens: {@code count} vectors of {@code length} values. */
  public FeatureHeader withPatches(int count, int length) {
    return new FeatureHeader(
        name, encoder, count, length, coords, coordsAttributes, provenance, nonFinite);
  }

  /** The same with another rule for values that are not numbers. */
  public FeatureHeader withNonFinite(NonFinitePolicy policy) {
    return new FeatureHeader(
        name, encoder, patches, dimension, coords, coordsAttributes, provenance, policy);
  }

  /**
   * The same for some of its rows.
   *
   * @param first the first of them
   * @param count how many
   */
  public FeatureHeader withRows(int first, int count) {
    return new FeatureHeader(
        name,
        encoder,
        patches,
        dimension,
        Arrays.copyOfRange(coords, 2 * first, 2 * (first + count)),
        coordsAttributes,
        provenance,
        nonFinite);
  }

  /** The same of another origin. */
  public FeatureHeader withProvenance(Provenance other) {
    return new FeatureHeader(
        name, encoder, patches, dimension, coords, coordsAttributes, other, nonFinite);
  }

  /** Number of rows. */
  public int rows() {
    return coords.length / 2;
  }

  /** Shape of the features: [rows, dimension], or [rows, patches, dimension]. */
  public List<Integer> shape() {
    return patches == 0 ? List.of(rows(), dimension) : List.of(rows(), patches, dimension);
  }

  /**
   * Number of values of a row.
   *
   * @throws ArithmeticException if it is beyond an array's length
   */
  public int rowLength() {
    return patches == 0 ? dimension : Math.multiplyExact(patches, dimension);
  }

  /** Length of coordinates and features in a file that does not compress them. */
  public long bytes() {
    return 4L * rows() * rowLength() + 8L * coords.length;
  }

  /**
   * The values of a row: the patch tokens where the file holds those, otherwise the vector. Every
   * writer takes its rows from here, for here they are checked.
   *
   * @param firstRow row of the first image of {@code images}
   * @param i number of the image
   * @throws IllegalArgumentException if the images do not fit the file
   * @throws io.github.gpfm.api.NonFiniteFeatureException if a value is not a number, and such are
   *     refused
   */
  public float[] row(int firstRow, Embeddings images, int i) {
    if (firstRow < 0 || firstRow + images.count() > rows()) {
      throw new IllegalArgumentException(
          images.count() + " features from row " + firstRow + " do not fit " + rows() + " rows");
    }
    if (patches == 0) {
      return checked(firstRow + i, images.vector(i));
    }
    if (images.patchGrid().isEmpty()) {
      throw new IllegalArgumentException("the file holds patch tokens, which are not there");
    }
    return checked(firstRow + i, images.patchTokens(i));
  }

  private float[] checked(int row, float[] values) {
    if (values.length != rowLength()) {
      throw new IllegalArgumentException(
          values.length + " values do not fit a row of the features " + shape());
    }
    nonFinite.pass(this, row, values);
    return values;
  }
}
