package org.example;

import io.github.gpfm.api.Encoder;
import io.github.gpfm.encoder.GpfmEncoder;
import java.awt.image.BufferedImage;

/** The length of the bundled model's feature. */
public final class Main {
  private Main() {}

  /**
   * @param args none
   */
  public static void main(String[] args) {
    try (Encoder encoder = GpfmEncoder.builder().build()) {
      System.out.println(
          encoder.embed(new BufferedImage(224, 224, BufferedImage.TYPE_INT_RGB)).length);
    }
  }
}
