package org.example;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;

import io.github.gpfm.api.Encoder;
import io.github.gpfm.encoder.GpfmEncoder;
import java.awt.image.BufferedImage;
import org.junit.jupiter.api.Test;

class EncoderTest {
  @Test
  void embedsAnImage() {
    try (Encoder encoder = GpfmEncoder.builder().build()) {
      float[] feature = encoder.embed(new BufferedImage(224, 224, BufferedImage.TYPE_INT_RGB));
      assertEquals(encoder.info().dimension(), feature.length);
      assertNotEquals(0f, feature[0]);
    }
  }
}
