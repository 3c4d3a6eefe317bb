package org.example;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;

import io.github.gpfm.api.Encoder;
import io.github.gpfm.api.EncoderRequest;
import io.github.gpfm.encoder.catalog.EncoderProviders;
import java.awt.image.BufferedImage;
import java.util.List;
import org.junit.jupiter.api.Test;

class ProviderTest {
  @Test
  void isFoundByName() {
    EncoderRequest request = EncoderRequest.of("brightness");
    BufferedImage image = new BufferedImage(1, 1, BufferedImage.TYPE_INT_RGB);
    image.setRGB(0, 0, 0x0a141e);
    try (Encoder encoder = EncoderProviders.find("Brightness").orElseThrow().open(request)) {
      assertArrayEquals(new float[] {10, 20, 30}, encoder.embed(image));
      assertArrayEquals(
          new float[] {10, 20, 30}, encoder.embedAsync(List.of(image)).join().vector(0));
    }
  }
}
