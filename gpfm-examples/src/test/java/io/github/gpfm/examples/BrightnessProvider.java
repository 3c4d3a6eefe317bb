package io.github.gpfm.examples;

import io.github.gpfm.api.Embeddings;
import io.github.gpfm.api.Encoder;
import io.github.gpfm.api.EncoderInfo;
import io.github.gpfm.api.EncoderProvider;
import io.github.gpfm.api.EncoderRequest;
import io.github.gpfm.api.TokenOutput;
import java.awt.image.BufferedImage;
import java.util.List;

/** An encoder of another jar: the mean of red, green and blue. */
public final class BrightnessProvider implements EncoderProvider {
  @Override
  public List<String> names() {
    return List.of("brightness");
  }

  @Override
  public String describe(String name) {
    return "the mean of red, green and blue";
  }

  @Override
  public Encoder open(EncoderRequest request) {
    return new Brightness();
  }

  private static final class Brightness implements Encoder {
    @Override
    public EncoderInfo info() {
      return EncoderInfo.builder("brightness", 3)
          .architecture("mean colour")
          .inputSize(16)
          .tileSize(256)
          .license("none")
          .build();
    }

    @Override
    public Embeddings embed(List<BufferedImage> images, TokenOutput output) {
      float[] values = new float[3 * images.size()];
      for (int i = 0; i < images.size(); i++) {
        BufferedImage image = images.get(i);
        for (int y = 0; y < image.getHeight(); y++) {
          for (int x = 0; x < image.getWidth(); x++) {
            int rgb = image.getRGB(x, y);
            for (int channel = 0; channel < 3; channel++) {
              values[3 * i + channel] += rgb >> (16 - 8 * channel) & 255;
            }
          }
        }
        for (int channel = 0; channel < 3; channel++) {
          values[3 * i + channel] /= image.getWidth() * image.getHeight();
        }
      }
      return Embeddings.of(images.size(), 3, values);
    }

    @Override
    public void close() {
      // Nothing is held.
    }
  }
}
