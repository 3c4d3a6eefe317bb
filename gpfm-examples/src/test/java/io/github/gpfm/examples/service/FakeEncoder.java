package io.github.gpfm.examples.service;

import io.github.gpfm.api.Embeddings;
import io.github.gpfm.api.Encoder;
import io.github.gpfm.api.EncoderInfo;
import io.github.gpfm.api.TokenOutput;
import java.awt.image.BufferedImage;
import java.util.List;
import java.util.function.Consumer;

/** Answers an image with its size, after whatever a test wants to happen. */
final class FakeEncoder implements Encoder {
  private volatile Consumer<List<BufferedImage>> before = images -> {};

  void before(Consumer<List<BufferedImage>> action) {
    before = action;
  }

  @Override
  public EncoderInfo info() {
    return EncoderInfo.builder("fake", 2)
        .architecture("none")
        .inputSize(16)
        .tileSize(256)
        .license("none")
        .weightsSha256("0")
        .build();
  }

  @Override
  public Embeddings embed(List<BufferedImage> images, TokenOutput output) {
    before.accept(images);
    float[] values = new float[2 * images.size()];
    for (int i = 0; i < images.size(); i++) {
      values[2 * i] = images.get(i).getWidth();
      values[2 * i + 1] = images.get(i).getHeight();
    }
    return Embeddings.of(images.size(), 2, values);
  }

  @Override
  public void close() {}
}
