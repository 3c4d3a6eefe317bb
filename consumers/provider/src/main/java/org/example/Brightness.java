package org.example;

import io.github.gpfm.api.Embeddings;
import io.github.gpfm.api.Encoder;
import io.github.gpfm.api.EncoderInfo;
import io.github.gpfm.api.TokenOutput;
import java.awt.image.BufferedImage;
import java.util.List;

/** The mean of each color as a feature. */
final class Brightness implements Encoder {
  @Override
  public EncoderInfo info() {
    return EncoderInfo.builder("brightness", 3).architecture("three means").build();
  }

  @Override
  public Embeddings embed(List<BufferedImage> images, TokenOutput output) {
    float[] means = new float[3 * images.size()];
    for (int n = 0; n < images.size(); n++) {
      BufferedImage image = images.get(n);
      int pixels = image.getWidth() * image.getHeight();
      for (int rgb : image.getRGB(0, 0, image.getWidth(), image.getHeight(), null, 0, image.getWidth())) {
        means[3 * n] += (rgb >> 16 & 255) / (float) pixels;
        means[3 * n + 1] += (rgb >> 8 & 255) / (float) pixels;
        means[3 * n + 2] += (rgb & 255) / (float) pixels;
      }
    }
    return Embeddings.of(images.size(), 3, means);
  }

  @Override
  public void close() {}
}
