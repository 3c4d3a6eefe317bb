package io.github.gpfm.examples;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.gpfm.api.ProgressListener;
import io.github.gpfm.sample.SyntheticSlide;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SortedMap;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Two processes at one {@code SOURCE_DATE_EPOCH} write the same files to the byte. */
class EqualBytesTest {
  /** What says how long something took, and what runs keep of themselves. */
  private static final Pattern TIMED =
      Pattern.compile(
          ".*summary\\.json|(?!bench).*report\\.html|run/(metrics\\.jsonl|curves\\.html)|.*\\.gpfm/.*");

  @TempDir private Path temp;

  /** Runs the commands of its arguments, which stand apart by {@code --}, in one process. */
  static final class Commands {
    private Commands() {}

    public static void main(String[] args) {
      List<String> command = new ArrayList<>();
      for (String arg : args) {
        if (!arg.equals("--")) {
          command.add(arg);
          continue;
        }
        int exit = Gpfm.run(command.toArray(String[]::new));
        if (exit != 0) {
          System.exit(exit);
        }
        command.clear();
      }
    }
  }

  private void benchmark() throws IOException {
    SplittableRandom random = new SplittableRandom(3);
    StringBuilder table = new StringBuilder("case_id,slide_id,survival_months,censorship\n");
    StringBuilder labels = new StringBuilder("slide_id,label\n");
    Files.createDirectories(temp.resolve("f"));
    for (int i = 0; i < 30; i++) {
      StringBuilder bag = new StringBuilder("a,b\n");
      for (int t = 0; t < 4; t++) {
        bag.append(random.nextGaussian() + i % 2 * 3).append(',').append(random.nextGaussian());
        bag.append('\n');
      }
      Files.writeString(temp.resolve("f/s" + i + ".csv"), bag);
      table.append("p%d,s%d,%d,%d%n".formatted(i, i, 10 + random.nextInt(50), i % 4 / 3));
      labels.append("s%d,%s%n".formatted(i, i % 2 == 0 ? "low" : "high"));
    }
    Files.writeString(temp.resolve("survival.csv"), table);
    Files.writeString(temp.resolve("labels.csv"), labels);
    Files.writeString(
        temp.resolve("tasks.yaml"),
        """
        replicates: 20
        encoders: [{name: e, features: f}, {name: d, features: f}]
        tasks:
          - {name: grade, type: wsi-classification, table: labels.csv, hidden: 8, attention: 4, epochs: 2}
          - {name: linear, type: wsi-classification, table: labels.csv, head: linear}
          - {name: months, type: survival, table: survival.csv, loss: cox, hidden: 8, attention: 4, epochs: 2}
          - {name: net, type: survival, table: survival.csv, head: coxnet}
        """);
  }

  private SortedMap<String, Path> run(String name) throws IOException, InterruptedException {
    Path out = temp.resolve(name);
    String slide = "one.tif --tile-size 112 --mpp 1 --max-tiles 6";
    List<String> commands = new ArrayList<>();
    commands.add("tile " + slide + " --mosaic --table csv --out OUT/tile");
    for (String format : List.of("h5", "safetensors", "npy", "parquet")) {
      commands.add("embed " + slide + " --format " + format + " --out OUT/" + format);
    }
    commands.add("extract " + slide + " --out OUT/shards");
    commands.add("cache --data OUT/shards --out OUT/cache.safetensors");
    commands.add(
        "distill --config tiny --data OUT/shards --out OUT/run --set train.batch=2 --set"
            + " optim.epochs=1 --set optim.warmup-epochs=0 --set train.epoch-length=2");
    commands.add("bench --config tasks.yaml --out OUT/bench");
    List<String> line =
        new ArrayList<>(
            List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xshare:auto",
                "-cp",
                System.getProperty(
                    "surefire.test.class.path", System.getProperty("java.class.path")),
                Commands.class.getName()));
    for (String command : commands) {
      // The same words in both: an output's path is not to differ.
      line.addAll(Arrays.asList(command.replace("OUT", "out").split(" ")));
      line.add("--");
    }
    ProcessBuilder builder = new ProcessBuilder(line).directory(temp.toFile());
    builder.environment().put("SOURCE_DATE_EPOCH", "1700000000");
    builder.environment().put("OMP_NUM_THREADS", "1");
    Path log = temp.resolve(name + ".log");
    Process process = builder.redirectErrorStream(true).redirectOutput(log.toFile()).start();
    assertTrue(process.waitFor(5, TimeUnit.MINUTES));
    assertEquals(0, process.exitValue(), () -> text(log));
    Files.move(temp.resolve("out"), out);
    SortedMap<String, Path> files = new TreeMap<>();
    try (Stream<Path> all = Files.walk(out)) {
      all.filter(Files::isRegularFile).forEach(f -> files.put(out.relativize(f).toString(), f));
      files.keySet().removeIf(file -> TIMED.matcher(file).matches());
    }
    return files;
  }

  private static String text(Path file) {
    try {
      return Files.readString(file);
    } catch (IOException e) {
      return e.toString();
    }
  }

  @Test
  void equalRunsWriteEqualBytes() throws IOException, InterruptedException {
    new SyntheticSlide(3, 1600, 1400, 0.5, SyntheticSlide.Compression.DEFLATE)
        .write(temp.resolve("one.tif"), ProgressListener.NONE);
    benchmark();
    SortedMap<String, Path> first = run("first");
    // Another second, and other salts of what Java keeps without an order.
    SortedMap<String, Path> second = run("second");
    assertEquals(first.keySet(), second.keySet());
    List<String> other = new ArrayList<>();
    for (String name : first.keySet()) {
      if (Files.mismatch(first.get(name), second.get(name)) >= 0) {
        other.add(name);
      }
    }
    assertEquals(List.of(), other);
    assertTrue(first.size() > 40, "files " + first.keySet());
    for (String kind :
        List.of(".h5", ".npy", ".parquet", ".tar", ".safetensors", ".jpg", ".html")) {
      assertTrue(first.keySet().stream().anyMatch(name -> name.endsWith(kind)), kind);
    }
    byte[] file = Files.readAllBytes(first.get("h5/one.h5"));
    assertArrayEquals(file, Files.readAllBytes(second.get("h5/one.h5")));
    assertTrue(
        new String(file, java.nio.charset.StandardCharsets.ISO_8859_1)
            .contains("2023-11-14T22:13:20Z"));
  }
}
