package io.github.gpfm.spark.rows;

import java.io.Serializable;

/** What became of a slide. */
public class OutcomeRow implements Serializable {
  /** The status of a slide of which nothing was written. */
  public static final String FAILED = "failed";

  private static final long serialVersionUID = 1;

  private String path = "";
  private String name = "";
  private String status = "";
  private String file = "";
  private int tiles;
  private int damagedTiles;
  private int patches;
  private int dimension;
  private int pieces;
  private double seconds;
  private String error = "";
  private String remark = "";

  /** An empty row, to be filled. */
  public OutcomeRow() {}

  /** The slide as it was given. */
  public String getPath() {
    return path;
  }

  /** Sets that. */
  public void setPath(String value) {
    path = value;
  }

  /** The name its results are kept under. */
  public String getName() {
    return name;
  }

  /** Sets that. */
  public void setName(String value) {
    name = value;
  }

  /** done, skipped, empty or failed. */
  public String getStatus() {
    return status;
  }

  /** Sets that. */
  public void setStatus(String value) {
    status = value;
  }

  /** The file of tiles or features; empty if there is none. */
  public String getFile() {
    return file;
  }

  /** Sets that. */
  public void setFile(String value) {
    file = value;
  }

  /** Number of tiles. */
  public int getTiles() {
    return tiles;
  }

  /** Sets that. */
  public void setTiles(int value) {
    tiles = value;
  }

  /** Tiles left out because they cannot be read. */
  public int getDamagedTiles() {
    return damagedTiles;
  }

  /** Sets that. */
  public void setDamagedTiles(int value) {
    damagedTiles = value;
  }

  /** Patch tokens of a tile; 0 where a tile has one vector. */
  public int getPatches() {
    return patches;
  }

  /** Sets that. */
  public void setPatches(int value) {
    patches = value;
  }

  /** Length of one vector; 0 where no features were asked for. */
  public int getDimension() {
    return dimension;
  }

  /** Sets that. */
  public void setDimension(int value) {
    dimension = value;
  }

  /** In how many pieces it was embedded; 0 where nothing was. */
  public int getPieces() {
    return pieces;
  }

  /** Sets that. */
  public void setPieces(int value) {
    pieces = value;
  }

  /** Time that tasks worked on it. */
  public double getSeconds() {
    return seconds;
  }

  /** Sets that. */
  public void setSeconds(double value) {
    seconds = value;
  }

  /** Why it failed; empty if it did not. */
  public String getError() {
    return error;
  }

  /** Sets that. */
  public void setError(String value) {
    error = value;
  }

  /** What else is worth a line. */
  public String getRemark() {
    return remark;
  }

  /** Sets that. */
  public void setRemark(String value) {
    remark = value;
  }
}
