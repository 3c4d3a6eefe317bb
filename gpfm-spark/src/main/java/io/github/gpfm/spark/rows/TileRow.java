package io.github.gpfm.spark.rows;

import java.io.Serializable;

/** A tile. */
public class TileRow implements Serializable {
  private static final long serialVersionUID = 1;

  private String slide = "";
  private long x;
  private long y;
  private int level;
  private double mpp;
  private int tileSize;
  private double level0Size;

  /** An empty row, to be filled. */
  public TileRow() {}

  /** Name of its slide. */
  public String getSlide() {
    return slide;
  }

  /** Sets that. */
  public void setSlide(String value) {
    slide = value;
  }

  /** Left edge, level-0 pixels. */
  public long getX() {
    return x;
  }

  /** Sets that. */
  public void setX(long value) {
    x = value;
  }

  /** Top edge, level-0 pixels. */
  public long getY() {
    return y;
  }

  /** Sets that. */
  public void setY(long value) {
    y = value;
  }

  /** The level its pixels are read from. */
  public int getLevel() {
    return level;
  }

  /** Sets that. */
  public void setLevel(int value) {
    level = value;
  }

  /** Resolution of the tile as it is handed on, um per pixel; NaN where the slide states none. */
  public double getMpp() {
    return mpp;
  }

  /** Sets that. */
  public void setMpp(double value) {
    mpp = value;
  }

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
