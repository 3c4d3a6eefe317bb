package io.github.gpfm.tiling.format;

/** Whose attributes a coordinates file carries. */
public enum CoordsLayout {
  /** CLAM's and GPFM's: {@code patch_size} pixels are read at {@code patch_level}. */
  CLAM,
  /** TRIDENT's: {@code patch_size} pixels at {@code target_magnification}. */
  TRIDENT,
  /**
   * Both in one file. {@code patch_size} has CLAM's meaning, and TRIDENT's {@code
   * target_magnification} is that of the level, so that both readers read the same regions.
   */
  BOTH
}
