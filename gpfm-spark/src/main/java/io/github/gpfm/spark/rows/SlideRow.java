package io.github.gpfm.spark.rows;

import java.io.Serializable;

/** A slide to work on. */
public class SlideRow implements Serializable {
  private static final long serialVersionUID = 1;

  private String path = "";
  private String name = "";
  private long bytes;
  private long modified;

  /** An empty row, to be filled. */
  public SlideRow() {}

  /** File or folder: a local path, or a URI of a Hadoop file system. */
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

  /** Length of all its files; 0 where it is not known. */
  public long getBytes() {
    return bytes;
  }

  /** Sets that. */
  public void setBytes(long value) {
    bytes = value;
  }

  /** When the last of them was modified, milliseconds since 1970; 0 where it is not known. */
  public long getModified() {
    return modified;
  }

  /** Sets that. */
  public void setModified(long value) {
    modified = value;
  }
}
