package io.github.gpfm.spark;

import io.github.gpfm.api.Encoder;
import io.github.gpfm.api.ProgressListener;
import io.github.gpfm.encoder.GpfmEncoder;
import io.github.gpfm.encoder.features.FeatureReader;
import io.github.gpfm.pipeline.SlideInput;
import io.github.gpfm.pipeline.SlideToFeatures;
import io.github.gpfm.sample.SyntheticSlide;
import io.github.gpfm.spark.rows.OutcomeRow;
import io.github.gpfm.spark.rows.SlideRow;
import io.github.gpfm.support.PartFile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Stream;
import org.apache.spark.scheduler.SparkListener;
import org.apache.spark.scheduler.SparkListenerTaskEnd;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.SparkSession;

/**
 * Not a test: measures by hand on a master of one's choice.
 *
 * <pre>{@code
 * SparkMeasures draw FOLDER COUNT          slides of very different size
 * SparkMeasures alone FOLDER OUT           one process; prints its seconds
 * SparkMeasures spark MASTER FOLDER OUT    on Spark; prints seconds, tasks, their sum and longest
 * SparkMeasures compare OUT OUT            whether all features are the same to the bit
 * }</pre>
 */
final class SparkMeasures {
  private SparkMeasures() {}

  public static void main(String[] args) throws Exception {
    switch (args[0]) {
      case "draw" -> draw(Path.of(args[1]), Integer.parseInt(args[2]));
      case "alone" -> alone(Path.of(args[1]), Path.of(args[2]));
      case "spark" -> spark(args[1], Path.of(args[2]), args[3]);
      case "compare" -> compare(Path.of(args[1]), Path.of(args[2]));
      default -> throw new IllegalArgumentException(args[0]);
    }
  }

  private static void draw(Path folder, int count) throws IOException {
    Files.createDirectories(folder);
    for (int i = 0; i < count; i++) {
      // A few are long: the largest has about 30 times the tiles of the smallest.
      int width = (int) (520 + 15_000 * Math.pow((i + 1.0) / count, 12));
      new SyntheticSlide(100 + i, width, 760, 0.25, SyntheticSlide.Compression.JPEG)
          .write(folder.resolve("s%03d.tif".formatted(i)), ProgressListener.NONE);
    }
  }

  private static List<Path> slides(Path folder) throws IOException {
    try (Stream<Path> files = Files.list(folder)) {
      return files.filter(file -> file.toString().endsWith(".tif")).sorted().toList();
    }
  }

  private static void alone(Path folder, Path out) throws IOException {
    PartFile.deleteTree(out);
    try (Encoder encoder = GpfmEncoder.builder().build()) {
      SlideToFeatures pipeline =
          SlideToFeatures.builder()
              .encoder(encoder)
              .encoderParameters(Map.of("precision", "FLOAT32"))
              .plan(LocalSpark.SMALL_TILES.plan(encoder.info()))
              .output(out)
              .pictures(false)
              .build();
      // The first slide pays for what both load once.
      pipeline.run(slides(folder).get(0));
      PartFile.deleteTree(out);
      long start = System.nanoTime();
      long tiles = pipeline.run(slides(folder).stream().map(SlideInput::of).toList()).tiles();
      System.out.printf("alone: %d tiles, %.1f s%n", tiles, (System.nanoTime() - start) / 1e9);
    }
  }

  private static void spark(String master, Path folder, String out) throws IOException {
    PartFile.deleteTree(Path.of(out));
    SparkSession.Builder builder =
        SparkSession.builder()
            .master(master)
            .appName("gpfm measures")
            .config("spark.ui.enabled", "false")
            .config("spark.driver.host", "127.0.0.1")
            .config("spark.driver.bindAddress", "127.0.0.1")
            .config("spark.executorEnv.OMP_NUM_THREADS", "1")
            .config("spark.executor.extraClassPath", System.getProperty("java.class.path"))
            .config(
                "spark.executor.extraJavaOptions",
                "-Dai.djl.offline=true -Djava.awt.headless=true");
    try (SparkSession spark = builder.getOrCreate()) {
      AtomicInteger tasks = new AtomicInteger();
      AtomicInteger lost = new AtomicInteger();
      AtomicLong millis = new AtomicLong();
      AtomicLong longest = new AtomicLong();
      List<String> ends = new ArrayList<>();
      spark
          .sparkContext()
          .addSparkListener(
              new SparkListener() {
                @Override
                public void onTaskEnd(SparkListenerTaskEnd end) {
                  tasks.incrementAndGet();
                  millis.addAndGet(end.taskInfo().duration());
                  longest.accumulateAndGet(end.taskInfo().duration(), Math::max);
                  if (!end.taskInfo().successful()) {
                    lost.incrementAndGet();
                    ends.add(end.reason().toString());
                  }
                }
              });
      Dataset<SlideRow> rows =
          GpfmSpark.slides(spark, slides(folder).stream().map(Path::toString).toList());
      int slots = Integer.getInteger("gpfm.slots", 2);
      SparkOptions options = SparkOptions.builder(out).slots(slots).build();
      Path first = Path.of(out + "-first");
      PartFile.deleteTree(first);
      GpfmSpark.embed(
          GpfmSpark.slides(
              spark, slides(folder).subList(0, 2).stream().map(Path::toString).toList()),
          EncoderSpec.tiny(),
          LocalSpark.SMALL_TILES,
          SparkOptions.builder(first.toString()).slots(slots).build());
      tasks.set(0);
      millis.set(0);
      longest.set(0);
      long start = System.nanoTime();
      List<OutcomeRow> outcomes =
          GpfmSpark.embed(rows, EncoderSpec.tiny(), LocalSpark.SMALL_TILES, options)
              .outcomes()
              .collectAsList();
      double seconds = (System.nanoTime() - start) / 1e9;
      System.out.printf(
          "spark: %d tiles of %d slides (%s), %.1f s; %d tasks, %.1f s in all, the longest %.1f s; %d lost %s%n",
          outcomes.stream().mapToLong(OutcomeRow::getTiles).sum(),
          outcomes.size(),
          outcomes.stream().map(OutcomeRow::getStatus).distinct().toList(),
          seconds,
          tasks.get(),
          millis.get() / 1e3,
          longest.get() / 1e3,
          lost.get(),
          ends);
      System.out.printf(
          "ideal on %d cores: %.1f s; %d slides cut%n",
          slots,
          millis.get() / 1e3 / slots,
          outcomes.stream().filter(row -> row.getPieces() > 1).count());
    }
  }

  private static void compare(Path one, Path other) throws IOException {
    int same = 0;
    try (Stream<Path> files = Files.list(one)) {
      for (Path file : files.filter(f -> f.toString().endsWith(".h5")).toList()) {
        try (FeatureReader a = FeatureReader.open(file);
            FeatureReader b = FeatureReader.open(other.resolve(file.getFileName()))) {
          boolean equal =
              Arrays.equals(a.coords(), b.coords())
                  && Arrays.equals(a.read(0, a.rows()), b.read(0, b.rows()))
                  && a.provenance()
                      .orElseThrow()
                      .entries()
                      .equals(b.provenance().orElseThrow().entries());
          same += equal ? 1 : 0;
          if (!equal) {
            System.out.println("differs: " + file);
          }
        }
      }
    }
    System.out.println(same + " files are the same to the bit, with their provenance");
  }
}
