package io.github.gpfm.pipeline;

import io.github.gpfm.api.Embeddings;
import io.github.gpfm.api.Encoder;
import io.github.gpfm.api.EncoderInfo;
import io.github.gpfm.api.TokenOutput;
import java.awt.image.BufferedImage;
import java.util.List;

/**
 * An encoder without a network: mean color times what its weights' name hashes to, so that rows of
 * other weights show. Slow on demand, so that processes meet.
 */
record MeanColor(String weights, int millisPerBatch) implements Encoder {
  @Override
  public EncoderInfo info() {
    return EncoderInfo.builder("mean", 3)
        .architecture("mean color")
        .inputSize(96)
        .mpp(0.25)
        .license("none")
        .weightsSha256(weights)
        .build();
  }

  @Override
  public Embeddings embed(List<BufferedImage> list, TokenOutput output) {
    float factor = 1 + (weights.hashCode() & 15);
    float[] values = new float[3 * list.size()];
    for (int i = 0; i < list.size(); i++) {
      BufferedImage image = list.get(i);
      for (int p = 0; p < image.getWidth() * image.getHeight(); p++) {
        int rgb = image.getRGB(p % image.getWidth(), p / image.getWidth());
        for (int c = 0; c < 3; c++) {
          values[3 * i + c] += factor * (rgb >> 8 * c & 255);
        }
      }
    }
    try {
      Thread.sleep(millisPerBatch);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    return Embeddings.of(list.size(), 3, values);
  }

  @Override
  public void close() {}
}
