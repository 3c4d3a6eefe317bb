package io.github.gpfm.examples.miniature;

import java.awt.image.BufferedImage;

/**
 * A crop's red, green and blue in [0, 1], its grey, and its haematoxylin and eosin as optical
 * densities.
 *
 * @param size edge, pixels
 */
record Planes(int size, float[][] rgb, float[] grey, float[] haematoxylin, float[] eosin) {
  static final float[] MEAN = {0.485f, 0.456f, 0.406f};
  static final float[] STD = {0.229f, 0.224f, 0.225f};

  /** Crop {@code index} of a batch normalised by ImageNet's mean and deviation. */
  static Planes of(float[] batch, int index, int size) {
    int n = size * size;
    float[][] rgb = new float[3][n];
    float[] grey = new float[n];
    float[] haematoxylin = new float[n];
    float[] eosin = new float[n];
    for (int i = 0; i < n; i++) {
      for (int c = 0; c < 3; c++) {
        float value = batch[(index * 3 + c) * n + i] * STD[c] + MEAN[c];
        rgb[c][i] = Math.max(0, Math.min(1, value));
      }
      grey[i] = 0.299f * rgb[0][i] + 0.587f * rgb[1][i] + 0.114f * rgb[2][i];
      float r = density(rgb[0][i]);
      float g = density(rgb[1][i]);
      float b = density(rgb[2][i]);
      // Rows of the inverse of Ruifrok and Johnston's stain matrix.
      haematoxylin[i] = 1.878f * r - 0.066f * g - 0.602f * b;
      eosin[i] = -1.008f * r + 1.135f * g - 0.480f * b;
    }
    return new Planes(size, rgb, grey, haematoxylin, eosin);
  }

  /** The crop as a picture. */
  BufferedImage image() {
    BufferedImage image = new BufferedImage(size, size, BufferedImage.TYPE_INT_RGB);
    for (int i = 0; i < size * size; i++) {
      int packed = 0;
      for (float[] channel : rgb) {
        packed = packed << 8 | Math.round(255 * channel[i]);
      }
      image.setRGB(i % size, i / size, packed);
    }
    return image;
  }

  /** Value of a plane with edges clamped. */
  float at(float[] plane, int x, int y) {
    int cx = Math.max(0, Math.min(size - 1, x));
    int cy = Math.max(0, Math.min(size - 1, y));
    return plane[cy * size + cx];
  }

  private static float density(float value) {
    return (float) -Math.log10(Math.max(value, 1 / 256f));
  }
}
