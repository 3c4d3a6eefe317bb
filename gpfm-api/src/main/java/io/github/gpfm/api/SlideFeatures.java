package io.github.gpfm.api;

/**
 * The features of one slide's tiles, and what is known of how they were made: the input of a {@link
 * SlideEncoder}. Immutable.
 */
public final class SlideFeatures {
  private final Builder facts;

  private SlideFeatures(Builder facts) {
    this.facts = facts;
  }

  /**
   * Features about to be described further.
   *
   * @param name of the slide, for messages
   * @param dimension length of a tile's feature, positive
   * @param values tiles x dimension, row-major, finite; not copied, not to be changed any more
   * @throws IllegalArgumentException if there is no tile, the sizes do not fit or a value is not
   *     finite
   */
  public static Builder builder(String name, int dimension, float[] values) {
    return new Builder(name, dimension, values);
  }

  /** Name of the slide. */
  public String name() {
    return facts.name;
  }

  /** Number of tiles. */
  public int count() {
    return facts.values.length / facts.dimension;
  }

  /** Length of a tile's feature. */
  public int dimension() {
    return facts.dimension;
  }

  /** A copy of the features, tiles x dimension, row-major. */
  public float[] values() {
    return facts.values.clone();
  }

  /** A copy of x0, y0, x1, y1, … in level-0 pixels, a pair a tile; empty if not known. */
  public long[] coords() {
    return facts.coords.clone();
  }

  /** Edge of a tile, level-0 pixels; 0 if not known. */
  public double level0Size() {
    return facts.level0Size;
  }

  /** Edge of a tile, pixels at {@link #mpp()}; 0 if not known. */
  public int tileSize() {
    return facts.tileSize;
  }

  /** Resolution of the tiles, µm per pixel; 0 if not known. */
  public double mpp() {
    return facts.mpp;
  }

  /** Catalogue name of the patch encoder; empty if not known. */
  public String encoder() {
    return facts.encoder;
  }

  /** Label of the patch encoder's feature, for instance {@code class-token}; empty if not known. */
  public String feature() {
    return facts.feature;
  }

  /** Describes the features; not thread-safe. */
  public static final class Builder {
    private final String name;
    private final int dimension;
    private final float[] values;
    private long[] coords = {};
    private double level0Size;
    private int tileSize;
    private double mpp;
    private String encoder = "";
    private String feature = "";

    private Builder(String name, int dimension, float[] values) {
      if (dimension < 1 || values.length == 0 || values.length % dimension != 0) {
        throw new IllegalArgumentException(
            values.length + " values are not the features of tiles, of " + dimension + " each");
      }
      for (int i = 0; i < values.length; i++) {
        if (!Float.isFinite(values[i])) {
          throw new IllegalArgumentException(
              "the feature of tile " + i / dimension + " of '" + name + "' holds " + values[i]);
        }
      }
      this.name = name;
      this.dimension = dimension;
      this.values = values;
    }

    private Builder(Builder other) {
      this.name = other.name;
      this.dimension = other.dimension;
      this.values = other.values;
      this.coords = other.coords;
      this.level0Size = other.level0Size;
      this.tileSize = other.tileSize;
      this.mpp = other.mpp;
      this.encoder = other.encoder;
      this.feature = other.feature;
    }

    /**
     * Where the tiles lie.
     *
     * @param xy x0, y0, x1, y1, … of the corners, level-0 pixels; copied
     * @throws IllegalArgumentException if it is not a pair a tile
     */
    public Builder coords(long... xy) {
      if (xy.length != 2 * (values.length / dimension)) {
        throw new IllegalArgumentException(
            xy.length / 2 + " places do not fit " + values.length / dimension + " tiles");
      }
      this.coords = xy.clone();
      return this;
    }

    /** Edge of a tile, level-0 pixels, positive. */
    public Builder level0Size(double pixels) {
      this.level0Size = positive("level0Size", pixels);
      return this;
    }

    /** Edge of a tile as the patch encoder was given it, pixels, positive. */
    public Builder tileSize(int pixels) {
      this.tileSize = (int) positive("tileSize", pixels);
      return this;
    }

    /** Resolution of the tiles, µm per pixel, positive. */
    public Builder mpp(double micrometres) {
      this.mpp = positive("mpp", micrometres);
      return this;
    }

    /** Catalogue name of the patch encoder. */
    public Builder encoder(String catalogName) {
      this.encoder = catalogName;
      return this;
    }

    /** Label of the patch encoder's feature, for instance {@code class-token}. */
    public Builder feature(String label) {
      this.feature = label;
      return this;
    }

    /** The features as described so far. */
    public SlideFeatures build() {
      return new SlideFeatures(new Builder(this));
    }

    private static double positive(String parameter, double value) {
      if (!(value > 0) || Double.isInfinite(value)) {
        throw new IllegalArgumentException(parameter + " must be positive, not " + value);
      }
      return value;
    }
  }
}
