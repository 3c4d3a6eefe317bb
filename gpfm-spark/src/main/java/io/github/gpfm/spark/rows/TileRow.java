package io.github.gpfm.spark.rows;

/** A tile. */
public class TileRow extends TilePlace {
  private static final long serialVersionUID = 1;

  private int tileSize;
  private double level0Size;

  /** An empty row, to be filled. */
  public TileRow() {}

  /** Edge of the tile as it is handed on, pixels. */
  public int getTileSize() {
    return tileSize;
  }

  /** Sets that. */
  public void setTileSize(int value) {
    tileSize = value;
  }

  /** Width of the tile, level-0 pixels. */
  public double getLevel0Size() {
    return level0Size;
  }

  /** Sets that. */
  public void setLevel0Size(double value) {
    level0Size = value;
  }
}
