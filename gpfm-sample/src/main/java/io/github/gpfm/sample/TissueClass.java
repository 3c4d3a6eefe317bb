package io.github.gpfm.sample;

import java.util.Locale;

/** The textures a synthetic slide is made of. */
public enum TissueClass {
  /** Pink wavy fibres with sparse spindle nuclei. */
  STROMA(0xE8A0BF),
  /** Sheets of large, pale, crowded nuclei. */
  TUMOUR(0x7B3F9E),
  /** Small dark round nuclei, densely packed. */
  LYMPHOCYTES(0x2B4C9B),
  /** Rings of nuclei around clear lumina. */
  GLANDS(0x3FA796),
  /** Empty vacuoles behind thin membranes. */
  ADIPOSE(0xF2C14E),
  /** Structureless pink ground with dark crumbs. */
  NECROSIS(0x8C5A3C);

  private final int rgb;

  TissueClass(int rgb) {
    this.rgb = rgb;
  }

  /** Value in the label picture; 0 there is glass. */
  public int label() {
    return ordinal() + 1;
  }

  /** Lower-case name used in files, for instance {@code stroma}. */
  public String id() {
    return name().toLowerCase(Locale.ROOT);
  }

  /** Colour in the label picture, 0xRRGGBB. */
  public int rgb() {
    return rgb;
  }
}
