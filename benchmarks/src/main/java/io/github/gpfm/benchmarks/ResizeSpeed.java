package io.github.gpfm.benchmarks;

import io.github.gpfm.encoder.image.Preprocessing;
import io.github.gpfm.encoder.image.Preprocessor;
import java.awt.image.BufferedImage;
import java.util.Locale;
import java.util.Random;

/**
 * Images per second and thread of the exact resize from 512 to 224 pixels.
 *
 * <p>Argument: IMAGES
 */
public final class ResizeSpeed {
  private ResizeSpeed() {}

  /** Runs the benchmark. */
  public static void main(String[] args) {
    int images = Integer.parseInt(args[0]);
    BufferedImage image = new BufferedImage(512, 512, BufferedImage.TYPE_INT_RGB);
    Random random = new Random(1);
    for (int i = 0; i < 512 * 512; i++) {
      image.setRGB(i % 512, i / 512, random.nextInt(1 << 24));
    }
    Preprocessor preprocessor = new Preprocessor(Preprocessing.GPFM);
    int sum = 0;
    double best = Double.MAX_VALUE;
    for (int round = 0; round < 5; round++) {
      long start = System.nanoTime();
      for (int i = 0; i < images; i++) {
        sum += preprocessor.apply(image)[i];
      }
      best = Math.min(best, (System.nanoTime() - start) / 1e9);
    }
    System.out.printf(
        Locale.ROOT, "resize 512 -> 224: %.0f img/s a thread (check %d)%n", images / best, sum);
  }
}
