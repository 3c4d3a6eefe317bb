package io.github.gpfm.encoder.vit;

import java.util.Locale;

/** How a position table is resampled for a grid it was not made for; bicubic in every case. */
public enum PositionResampling {
  /** Kernel a = -0.75, no antialias, output size given (Hugging Face models). */
  PLAIN,
  /**
   * As {@link #PLAIN}, with the scale (n + 0.1) / side in place of n / side (DINOv2 without
   * register tokens, GPFM).
   */
  PLAIN_OFFSET,
  /** Kernel a = -0.5, support widened when shrinking (timm, DINOv2 with register tokens). */
  ANTIALIAS;

  /** What DINOv2's networks do, without and with register tokens. */
  public static PositionResampling ofRegisters(int registers) {
    return registers > 0 ? ANTIALIAS : PLAIN_OFFSET;
  }

  /** The name by which the program knows it. */
  String programName() {
    return name().toLowerCase(Locale.ROOT);
  }
}
