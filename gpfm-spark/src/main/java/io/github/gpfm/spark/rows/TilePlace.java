package io.github.gpfm.spark.rows;

import java.io.Serializable;

/** Where a tile is: what rows of tiles have in common. */
public abstract class TilePlace implements Serializable {
  private static final long serialVersionUID = 1;

  private String slide = "";
  private long x;
  private long y;
  private int level;
  private double mpp;

  TilePlace() {}

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
}
