package io.github.gpfm.api;

import java.util.Arrays;
import java.util.Iterator;
import java.util.NoSuchElementException;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/** The tiles of one slide in a fixed order. Immutable; holds 16 bytes a tile. */
public final class TileGrid implements Iterable<Tile> {
  private final TileGeometry geometry;
  private final long[] coords;

  private TileGrid(TileGeometry geometry, long[] coords) {
    this.geometry = geometry;
    this.coords = coords;
  }

  /**
   * @param geometry what the tiles have in common
   * @param coords x0, y0, x1, y1, … in level-0 pixels; copied
   * @throws IllegalArgumentException if the number of values is odd
   */
  public static TileGrid of(TileGeometry geometry, long... coords) {
    if (coords.length % 2 != 0) {
      throw new IllegalArgumentException("coords must be x, y pairs; got " + coords.length);
    }
    return new TileGrid(geometry, coords.clone());
  }

  /** What the tiles have in common. */
  public TileGeometry geometry() {
    return geometry;
  }

  /** Number of tiles. */
  public int size() {
    return coords.length / 2;
  }

  /** Whether there is no tile. */
  public boolean isEmpty() {
    return coords.length == 0;
  }

  /** Left edge of tile {@code i}, level-0 pixels. */
  public long x(int i) {
    return coords[2 * i];
  }

  /** Top edge of tile {@code i}, level-0 pixels. */
  public long y(int i) {
    return coords[2 * i + 1];
  }

  /** Tile {@code i}, 0 ≤ i &lt; {@link #size()}. */
  public Tile tile(int i) {
    return new Tile(x(i), y(i), geometry.level(), geometry.readSize(), geometry.readHeight());
  }

  /** A copy of the coordinates: x0, y0, x1, y1, … in level-0 pixels. */
  public long[] coords() {
    return coords.clone();
  }

  /** The tiles in order. */
  public Stream<Tile> stream() {
    return IntStream.range(0, size()).mapToObj(this::tile);
  }

  /**
   * The tiles with the given indices, in the given order.
   *
   * @param indices each 0 ≤ index &lt; {@link #size()}
   */
  public TileGrid select(int... indices) {
    long[] selected = new long[indices.length * 2];
    for (int i = 0; i < indices.length; i++) {
      selected[2 * i] = x(indices[i]);
      selected[2 * i + 1] = y(indices[i]);
    }
    return new TileGrid(geometry, selected);
  }

  @Override
  public Iterator<Tile> iterator() {
    return new Iterator<>() {
      private int next;

      @Override
      public boolean hasNext() {
        return next < size();
      }

      @Override
      public Tile next() {
        if (!hasNext()) {
          throw new NoSuchElementException();
        }
        return tile(next++);
      }
    };
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof TileGrid that
        && geometry.equals(that.geometry)
        && Arrays.equals(coords, that.coords);
  }

  @Override
  public int hashCode() {
    return 31 * geometry.hashCode() + Arrays.hashCode(coords);
  }

  @Override
  public String toString() {
    return "TileGrid[" + size() + " tiles, " + geometry + "]";
  }
}
