package io.github.gpfm.spark.rows;

import java.io.Serializable;

/** A figure of a cell of a benchmark, or why there is none. */
public class CellRow implements Serializable {
  private static final long serialVersionUID = 1;

  private String task = "";
  private String encoder = "";
  private long seed;
  private String figure = "";
  private double value;
  private String reason = "";

  /** An empty row, to be filled. */
  public CellRow() {}

  /** Name of the task. */
  public String getTask() {
    return task;
  }

  /** Sets that. */
  public void setTask(String value) {
    task = value;
  }

  /** Name of the encoder. */
  public String getEncoder() {
    return encoder;
  }

  /** Sets that. */
  public void setEncoder(String value) {
    encoder = value;
  }

  /** The seed. */
  public long getSeed() {
    return seed;
  }

  /** Sets that. */
  public void setSeed(long value) {
    seed = value;
  }

  /** Name of the figure; empty where the cell could not be made. */
  public String getFigure() {
    return figure;
  }

  /** Sets that. */
  public void setFigure(String value) {
    figure = value;
  }

  /** Its value. */
  public double getValue() {
    return value;
  }

  /** Sets that. */
  public void setValue(double value) {
    this.value = value;
  }

  /** Why the cell could not be made; empty if it was. */
  public String getReason() {
    return reason;
  }

  /** Sets that. */
  public void setReason(String value) {
    reason = value;
  }
}
