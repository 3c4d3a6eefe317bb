package io.github.gpfm.benchmarks;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import io.github.gpfm.encoder.ComputeDevice;
import io.github.gpfm.encoder.GpfmEncoder;
import io.github.gpfm.encoder.Precision;
import io.github.gpfm.encoder.model.EncoderModel;
import io.github.gpfm.encoder.script.ScriptModule;
import io.github.gpfm.encoder.script.ScriptProgram;
import io.github.gpfm.pipeline.SlideResult;
import io.github.gpfm.pipeline.SlideToFeatures;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Comparator;
import java.util.Locale;
import java.util.Random;
import java.util.stream.Stream;

/**
 * What share of the network's own speed a slide is embedded with: batches that lie ready in memory
 * are timed before and after the whole way of a slide through {@link SlideToFeatures} (tissue,
 * tiles, decoding, resizing, network, files), in one process.
 *
 * <p>Arguments: SLIDE {@code S|B|L} {@code float32|bfloat16|float16} BATCH BATCHES [IMAGE_THREADS]
 */
public final class EndToEnd {
  private EndToEnd() {}

  /** Runs the benchmark. */
  public static void main(String[] args) throws IOException {
    Path slide = Path.of(args[0]);
    Precision precision = Precision.parse(args[2]);
    int batch = Integer.parseInt(args[3]);
    int batches = Integer.parseInt(args[4]);
    int threads =
        args.length > 5 ? Integer.parseInt(args[5]) : Runtime.getRuntime().availableProcessors();
    EncoderModel model = EncoderSpeed.model(args[1]);
    Path output = Files.createTempDirectory("end-to-end");
    double before = imagesPerSecond(model, precision, batch, batches);
    SlideResult result;
    try (GpfmEncoder encoder =
        GpfmEncoder.builder()
            .model(model)
            .precision(precision)
            .batchSize(batch)
            .imageThreads(threads)
            .warmUp(true)
            .build()) {
      SlideToFeatures pipeline =
          SlideToFeatures.builder().encoder(encoder).output(output).overwrite(true).build();
      result = pipeline.run(slide);
    } finally {
      delete(output);
    }
    double after = imagesPerSecond(model, precision, batch, batches);
    double network = (before + after) / 2;
    double rate = result.tiles() / result.totalSeconds();
    System.out.printf(
        Locale.ROOT,
        "ViT-%s/14 %s batch %d: network %.2f img/s before, %.2f after; slide %d tiles in %.1f s,"
            + " %.2f tiles/s: %.1f %% of the network (encode stage alone %.1f %%)%n",
        args[1],
        args[2],
        batch,
        before,
        after,
        result.tiles(),
        result.totalSeconds(),
        rate,
        100 * rate / network,
        100
            * result.tiles()
            / result.seconds().getOrDefault("encode", result.totalSeconds())
            / network);
    System.out.println(result.seconds());
  }

  /** The network alone, on one batch of pixels that stays where it is. */
  private static double imagesPerSecond(
      EncoderModel model, Precision precision, int batch, int batches) {
    int size = model.preprocessing().inputSize();
    byte[] pixels = new byte[batch * size * size * 3];
    new Random(1).nextBytes(pixels);
    double[] seconds = new double[batches];
    try (ScriptModule module =
            model
                .onPixels(precision.dtype())
                .load(ComputeDevice.auto().resolve().get(0), ScriptProgram.Mode.INFERENCE);
        NDManager lasting = module.newScope()) {
      NDArray input =
          lasting.create(ByteBuffer.wrap(pixels), new Shape(batch, size, size, 3), DataType.UINT8);
      for (int i = -1; i < batches; i++) {
        long start = System.nanoTime();
        try (NDManager scope = module.newScope()) {
          module.infer(scope, "feature", input).get(0).toFloatArray();
        }
        if (i >= 0) {
          seconds[i] = (System.nanoTime() - start) / 1e9;
        }
      }
    }
    return batch * batches / Arrays.stream(seconds).sum();
  }

  private static void delete(Path folder) throws IOException {
    try (Stream<Path> files = Files.walk(folder)) {
      for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
        Files.delete(file);
      }
    }
  }
}
