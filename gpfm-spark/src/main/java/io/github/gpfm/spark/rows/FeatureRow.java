package io.github.gpfm.spark.rows;

import java.io.Serializable;

/** A tile with its feature. */
public class FeatureRow implements Serializable {
  private static final long serialVersionUID = 1;

  private String slide = "";
  private long x;
  private long y;
  private int level;
  private double mpp;
  private float[] feature = {};
  private String provenance = "";

  /** An empty row, to be filled. */
  public FeatureRow() {}

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

  /** The level its pixels were read from. */
  public int getLevel() {
    return level;
  }

  /** Sets that. */
  public void setLevel(int value) {
    level = value;
  }

  /** Resolution of the tile, um per pixel; NaN where the slide states none. */
  public double getMpp() {
    return mpp;
  }

  /** Sets that. */
  public void setMpp(double value) {
    mpp = value;
  }

  /** The feature; with patch tokens all of them, row by row of their grid. */
  public float[] getFeature() {
    return feature.clone();
  }

  /** Sets that. */
  public void setFeature(float[] value) {
    feature = value.clone();
  }

  /** What the feature was made of: the JSON that the slide's file holds. */
  public String getProvenance() {
    return provenance;
  }

  /** Sets that. */
  public void setProvenance(String value) {
    provenance = value;
  }
}
