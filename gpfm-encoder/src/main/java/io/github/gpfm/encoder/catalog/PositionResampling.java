package io.github.gpfm.encoder.catalog;

/** How a position table is resampled for a grid it was not made for; bicubic in every case. */
public enum PositionResampling {
  /** Kernel a = -0.75, no antialias, output size given (Hugging Face models). */
  PLAIN("plain"),
  /**
   * As {@link #PLAIN}, with the scale (n + 0.1) / side in place of n / side (DINOv2 without register
   * tokens, GPFM).
   */
  PLAIN_OFFSET("plain_offset"),
  /** Kernel a = -0.5, support widened when shrinking (timm, DINOv2 with register tokens). */
  ANTIALIAS("antialias");

  private final String programName;

  PositionResampling(String programName) {
    this.programName = programName;
  }

  /** The name by which the program knows it. */
  public String programName() {
    return programName;
  }
}
