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
import io.github.gpfm.pipeline.RunSummary;
import io.github.gpfm.pipeline.SlideInput;
import io.github.gpfm.pipeline.SlideResult;
import io.github.gpfm.pipeline.SlideToFeatures;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Random;
import java.util.stream.Stream;

/**
 * What share of the network's own speed slides are embedded with: batches that lie ready in memory
 * are timed before and after the whole way of the slides through {@link SlideToFeatures} (tissue,
 * tiles, decoding, resizing, network, files), in one process, by the clock and by processor time,
 * which other work on the machine disturbs less.
 *
 * <p>Arguments: SLIDE or a folder of slides, {@code S|B|L} {@code float32|bfloat16|float16} BATCH
 * BATCHES [IMAGE_THREADS]
 */
public final class EndToEnd {
  private EndToEnd() {}

  /** Runs the benchmark. */
  public static void main(String[] args) throws IOException {
    List<SlideInput> slides = slides(Path.of(args[0]));
    Precision precision = Precision.parse(args[2]);
    int batch = Integer.parseInt(args[3]);
    int batches = Integer.parseInt(args[4]);
    int threads =
        args.length > 5 ? Integer.parseInt(args[5]) : Runtime.getRuntime().availableProcessors();
    EncoderModel model = EncoderSpeed.model(args[1]);
    Path output = Files.createTempDirectory("end-to-end");
    Speed before = network(model, precision, batch, batches);
    RunSummary summary;
    Speed whole;
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
      double cpu = cpuSeconds();
      summary = pipeline.run(slides);
      int tiles = summary.slides().stream().mapToInt(SlideResult::tiles).sum();
      whole = new Speed(tiles, summary.seconds(), cpuSeconds() - cpu);
    } finally {
      delete(output);
    }
    Speed after = network(model, precision, batch, batches);
    double rate = (before.rate() + after.rate()) / 2;
    double cpu = (before.cpu() + after.cpu()) / 2;
    System.out.printf(
        Locale.ROOT,
        "ViT-%s/14 %s batch %d: network %.2f img/s before, %.2f after; %d slides, %d tiles in %.1f"
            + " s, %.2f tiles/s: %.1f %% of the network by the clock; processor ms a tile: network"
            + " %.1f, whole %.1f: %.1f %%%n",
        args[1],
        args[2],
        batch,
        before.rate(),
        after.rate(),
        slides.size(),
        whole.images(),
        whole.seconds(),
        whole.rate(),
        100 * whole.rate() / rate,
        cpu,
        whole.cpu(),
        100 * cpu / whole.cpu());
    summary.slides().stream()
        .limit(3)
        .forEach(each -> System.out.println(each.name() + " " + each.seconds()));
  }

  /** Images in a time by the clock and by the processor. */
  private record Speed(int images, double seconds, double cpuSeconds) {
    double rate() {
      return images / seconds;
    }

    /** Processor milliseconds an image. */
    double cpu() {
      return 1000 * cpuSeconds / images;
    }
  }

  private static List<SlideInput> slides(Path path) throws IOException {
    if (!Files.isDirectory(path)) {
      return List.of(SlideInput.of(path));
    }
    try (Stream<Path> files = Files.list(path)) {
      return files.sorted().map(SlideInput::of).toList();
    }
  }

  private static double cpuSeconds() {
    return ProcessHandle.current().info().totalCpuDuration().orElseThrow().toMillis() / 1e3;
  }

  /** The network alone, on one batch of pixels that stays where it is. */
  private static Speed network(EncoderModel model, Precision precision, int batch, int batches) {
    int size = model.preprocessing().inputSize();
    byte[] pixels = new byte[batch * size * size * 3];
    new Random(1).nextBytes(pixels);
    double seconds = 0;
    double cpu = 0;
    try (ScriptModule module =
            model
                .onPixels(precision.dtype())
                .load(ComputeDevice.auto().resolve().get(0), ScriptProgram.Mode.INFERENCE);
        NDManager lasting = module.newScope()) {
      NDArray input =
          lasting.create(ByteBuffer.wrap(pixels), new Shape(batch, size, size, 3), DataType.UINT8);
      for (int i = -1; i < batches; i++) {
        long start = System.nanoTime();
        double cpuStart = cpuSeconds();
        try (NDManager scope = module.newScope()) {
          module.infer(scope, "feature", input).get(0).toFloatArray();
        }
        if (i >= 0) {
          seconds += (System.nanoTime() - start) / 1e9;
          cpu += cpuSeconds() - cpuStart;
        }
      }
    }
    return new Speed(batch * batches, seconds, cpu);
  }

  private static void delete(Path folder) throws IOException {
    try (Stream<Path> files = Files.walk(folder)) {
      for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
        Files.delete(file);
      }
    }
  }
}
