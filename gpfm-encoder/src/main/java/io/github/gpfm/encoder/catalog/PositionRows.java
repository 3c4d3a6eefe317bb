package io.github.gpfm.encoder.catalog;

/** Which tokens the position table has rows for, in the order class, registers, patches. */
public enum PositionRows {
  /** The patches only (timm's {@code no_embed_class}). */
  PATCHES,
  /** The class token and the patches; register tokens receive no position (DINOv2). */
  CLASS,
  /** The class token, the register tokens and the patches (Virchow2). */
  ALL;

  int prefix(int registers) {
    return switch (this) {
      case PATCHES -> 0;
      case CLASS -> 1;
      case ALL -> 1 + registers;
    };
  }
}
