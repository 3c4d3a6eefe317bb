package io.github.gpfm.spark.rows;

/** A tile with its feature. */
public class FeatureRow extends TilePlace {
  private static final long serialVersionUID = 1;

  private float[] feature = {};
  private String provenance = "";

  /** An empty row, to be filled. */
  public FeatureRow() {}

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
