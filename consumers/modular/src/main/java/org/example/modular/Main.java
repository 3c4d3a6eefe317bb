package org.example.modular;

import io.github.gpfm.api.Encoder;
import io.github.gpfm.encoder.GpfmEncoder;
import io.github.gpfm.slideio.Slides;
import java.awt.image.BufferedImage;

/** Started by {@code java -p … -m org.example.modular/org.example.modular.Main}. */
public final class Main {
  private Main() {}

  /**
   * @param args none
   */
  public static void main(String[] args) {
    if (!Main.class.getModule().isNamed() || !Encoder.class.getModule().isNamed()) {
      throw new IllegalStateException("not on the module path");
    }
    try (Encoder encoder = GpfmEncoder.builder().build()) {
      float[] feature = encoder.embed(new BufferedImage(224, 224, BufferedImage.TYPE_INT_RGB));
      System.out.println("readers " + Slides.readers() + ", feature of " + feature.length);
    }
  }
}
