package io.github.gpfm.benchmarks;

import io.github.gpfm.api.TokenOutput;
import io.github.gpfm.encoder.GpfmEncoder;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.util.List;
import java.util.stream.IntStream;

/**
 * Resident memory over many batches: flat if nothing leaks.
 *
 * <p>Arguments: {@code tiny|S|B|L} BATCH BATCHES
 */
public final class EncoderMemory {
  private EncoderMemory() {}

  /** Runs the benchmark. */
  public static void main(String[] args) throws IOException {
    int batch = Integer.parseInt(args[1]);
    int batches = Integer.parseInt(args[2]);
    List<BufferedImage> images = IntStream.range(0, batch).mapToObj(EncoderSpeed::image).toList();
    try (GpfmEncoder encoder =
        GpfmEncoder.builder().model(EncoderSpeed.model(args[0])).batchSize(batch).build()) {
      int step = Math.max(batches / 10, 1);
      for (int i = 1; i <= batches; i++) {
        encoder.embed(images, i % 2 == 0 ? TokenOutput.CLASS_TOKEN : TokenOutput.MEAN_PATCH_TOKEN);
        if (i % step == 0) {
          System.out.printf("batch %d: RSS %d MB%n", i, Memory.resident());
        }
      }
    }
  }
}
