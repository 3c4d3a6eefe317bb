package io.github.gpfm.encoder.catalog;

/** Which tokens the position table has rows for, in the order class, registers, patches. */
public enum PositionRows {
  /** The patches only (timm's {@code no_embed_class}). */
  PATCHES,
  /** The class token and the patches; register tokens receive no position (DINOv2). */
  CLASS,
  /** The class token, the register tokens and the patches (Virchow2). */
  ALL;

  /** Rows in front of those of the patches. */
  int prefix(int registers, boolean classToken) {
    int first = classToken ? 1 : 0;
    return switch (this) {
      case PATCHES -> 0;
      case CLASS -> first;
      case ALL -> first + registers;
    };
  }
}
