package io.github.gpfm.image;

/** Kernel of a resize, widened when shrinking (antialiasing), as in Pillow. */
public enum Interpolation {
  /** Triangle; support 1. */
  BILINEAR(1) {
    @Override
    public double weight(double x) {
      return Math.max(0, 1 - Math.abs(x));
    }
  },
  /** Cubic convolution with a = -0.5; support 2. */
  BICUBIC(2) {
    @Override
    public double weight(double x) {
      double a = -0.5;
      double d = Math.abs(x);
      if (d < 1) {
        return ((a + 2) * d - (a + 3)) * d * d + 1;
      }
      return d < 2 ? (((d - 5) * d + 8) * d - 4) * a : 0;
    }
  };

  private final double support;

  Interpolation(double support) {
    this.support = support;
  }

  /** Half the kernel's width, in source pixels when not shrinking. */
  public double support() {
    return support;
  }

  /**
   * The kernel's value.
   *
   * @param x distance from its centre, in source pixels when not shrinking
   */
  public abstract double weight(double x);
}
