package io.github.gpfm.spark.rows;

import java.io.Serializable;

/** A slide with its feature. */
public class SlideVectorRow implements Serializable {
  private static final long serialVersionUID = 1;

  private String slide = "";
  private String encoder = "";
  private float[] feature = {};
  private String provenance = "";

  /** An empty row, to be filled. */
  public SlideVectorRow() {}

  /** Its name. */
  public String getSlide() {
    return slide;
  }

  /** Sets that. */
  public void setSlide(String value) {
    slide = value;
  }

  /** Name of the slide encoder. */
  public String getEncoder() {
    return encoder;
  }

  /** Sets that. */
  public void setEncoder(String value) {
    encoder = value;
  }

  /** The feature. */
  public float[] getFeature() {
    return feature.clone();
  }

  /** Sets that. */
  public void setFeature(float[] value) {
    feature = value.clone();
  }

  /** What it was made of, as JSON. */
  public String getProvenance() {
    return provenance;
  }

  /** Sets that. */
  public void setProvenance(String value) {
    provenance = value;
  }
}
