package io.github.gpfm.benchmarks;

import io.github.gpfm.api.EncoderInfo;
import io.github.gpfm.api.TokenOutput;
import io.github.gpfm.encoder.GpfmEncoder;
import io.github.gpfm.encoder.Precision;
import io.github.gpfm.encoder.image.Preprocessing;
import io.github.gpfm.encoder.model.EncoderModel;
import io.github.gpfm.encoder.script.ScriptProgram;
import io.github.gpfm.encoder.vit.VitConfig;
import io.github.gpfm.encoder.vit.VitInitialization;
import io.github.gpfm.encoder.vit.VitProgram;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Random;
import java.util.stream.IntStream;

/**
 * Images per second of a ViT/14, batches through {@link GpfmEncoder}: preprocessing of 224 px
 * images included.
 *
 * <p>Arguments: {@code S|B|L} {@code float32|bfloat16|float16} BATCH BATCHES
 */
public final class EncoderSpeed {
  private EncoderSpeed() {}

  /** A network of that size with drawn weights. */
  static EncoderModel model(String size) {
    VitConfig config =
        switch (size) {
          case "tiny" -> VitConfig.TINY;
          case "S" -> VitConfig.of(384, 12, 6, 14, 16);
          case "B" -> VitConfig.of(768, 12, 12, 14, 16);
          case "L" -> VitConfig.GPFM;
          default -> throw new IllegalArgumentException("size must be tiny, S, B or L: " + size);
        };
    EncoderInfo info =
        EncoderInfo.builder(size, config.dimension())
            .architecture(config.describe())
            .inputSize(224)
            .patchSize(14)
            .tileSize(512)
            .mpp(0.25)
            .license("none")
            .weightsSha256("drawn")
            .build();
    ScriptProgram program =
        new ScriptProgram(
            VitProgram.source(), VitProgram.node(config, VitInitialization.draw(config, 1, 1)));
    return new EncoderModel(
        info,
        program,
        config.dimension(),
        Preprocessing.GPFM,
        false,
        config.depth(),
        config.toString());
  }

  static BufferedImage image(int seed) {
    BufferedImage image = new BufferedImage(224, 224, BufferedImage.TYPE_INT_RGB);
    Random random = new Random(seed);
    for (int i = 0; i < 224 * 224; i++) {
      image.setRGB(i % 224, i / 224, random.nextInt(1 << 24));
    }
    return image;
  }

  private static double cpuSeconds() {
    return ProcessHandle.current().info().totalCpuDuration().orElseThrow().toMillis() / 1e3;
  }

  /** Runs the benchmark. */
  public static void main(String[] args) throws IOException {
    int batch = Integer.parseInt(args[2]);
    int batches = Integer.parseInt(args[3]);
    List<BufferedImage> images = IntStream.range(0, batch).mapToObj(EncoderSpeed::image).toList();
    try (GpfmEncoder encoder =
        GpfmEncoder.builder()
            .model(model(args[0]))
            .precision(Precision.parse(args[1]))
            .batchSize(batch)
            .build()) {
      encoder.embed(images);
      double[] seconds = new double[batches];
      double cpuBefore = cpuSeconds();
      for (int i = 0; i < batches; i++) {
        long start = System.nanoTime();
        encoder.embed(images, TokenOutput.CLASS_TOKEN);
        seconds[i] = (System.nanoTime() - start) / 1e9;
      }
      double cpu = (cpuSeconds() - cpuBefore) / (batch * batches);
      Arrays.sort(seconds);
      System.out.printf(
          Locale.ROOT,
          "java ViT-%s/14 %s batch %d: median %.2f img/s, best %.2f img/s, %.3f CPU s/img,"
              + " peak RSS %d MB%n",
          args[0],
          args[1],
          batch,
          batch / seconds[batches / 2],
          batch / seconds[0],
          cpu,
          Memory.peak());
    }
  }
}
