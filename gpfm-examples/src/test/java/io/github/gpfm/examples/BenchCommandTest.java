package io.github.gpfm.examples;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.gpfm.eval.bench.DemoBenchmark;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** {@code gpfm bench} on bad input, and after a kill. */
class BenchCommandTest {
  private static final List<String> ENCODERS = List.of("four", "six");

  @TempDir private Path folder;

  private final SplittableRandom random = new SplittableRandom(11);

  private void write(String name, String text) throws IOException {
    Path file = folder.resolve(name);
    Files.createDirectories(file.getParent());
    Files.writeString(file, text);
  }

  /** Rows of noise as CSV; the first column is shifted, a class stands behind if there is one. */
  private String rows(int rows, int dimension, double shift, String label) {
    StringBuilder text = new StringBuilder();
    for (int r = 0; r < rows; r++) {
      for (int d = 0; d < dimension; d++) {
        double value = random.nextGaussian() + (d == 0 ? shift : 0);
        text.append(String.format(Locale.ROOT, d == 0 ? "%.4f" : ",%.4f", value));
      }
      text.append(label.isEmpty() ? "" : "," + label).append('\n');
    }
    return text.toString();
  }

  private static String header(int dimension, String last) {
    return "a,b,c,d,e,f".substring(0, 2 * dimension - 1) + last + "\n";
  }

  /** Slides of two classes, a third class with one slide, and bags nobody can use. */
  private void slides() throws IOException {
    StringBuilder labels = new StringBuilder("case_id,slide_id,label\n");
    StringBuilder parts = new StringBuilder(",train,val,test\n");
    for (int i = 0; i < 24; i++) {
      String label = i % 2 == 0 ? "low" : "high";
      labels.append("p%d,s%d,%s%n".formatted(i, i, label));
      if (i < 6) {
        parts.append("%d,s%d,s%d,s%d%n".formatted(i, i, 12 + i, 18 + i));
      } else if (i < 12) {
        parts.append("%d,s%d,,%n".formatted(i, i));
      }
      for (String encoder : ENCODERS) {
        int width = width(encoder);
        write(
            encoder + "/s" + i + ".csv",
            header(width, "") + rows(5, width, i % 2 == 0 ? 0 : 4, ""));
      }
    }
    for (String encoder : ENCODERS) {
      int width = width(encoder);
      write(encoder + "/empty.csv", header(width, ""));
      write(encoder + "/nan.csv", header(width, "") + "NaN" + ",1".repeat(width - 1) + "\n");
      write(encoder + "/other.csv", header(width - 1, "") + rows(5, width - 1, 0, ""));
      write(encoder + "/rare.csv", header(width, "") + rows(5, width, 0, ""));
    }
    labels.append("q1,empty,low\nq2,nan,low\nq3,other,low\nq4,unlabelled,\n");
    write("labels.csv", labels.toString());
    // In both lists, the class is on one side only.
    write("untrained.csv", labels + "q5,rare,rare\n");
    write("untrained/splits_0.csv", parts + "12,,,rare\n");
    write("untrained/splits_1.csv", parts + "12,rare,,\n");
    write("unreported.csv", labels + "q5,rare,rare\n");
    write("unreported/splits_0.csv", parts + "12,rare,,\n");
    write("fair/splits_0.csv", parts.toString());
  }

  private static int width(String encoder) {
    return encoder.equals("four") ? 4 : 6;
  }

  private Path config() throws IOException {
    write("train.csv", header(4, ",label") + rows(30, 4, 0, "x") + rows(30, 4, 4, "y"));
    write("test.csv", header(4, ",label") + rows(10, 4, 0, "x") + rows(10, 4, 4, "y"));
    write("wide.csv", header(6, ",label") + rows(10, 6, 0, "x") + rows(10, 6, 4, "y"));
    write("third.csv", header(4, ",label") + rows(20, 4, 0, "x") + rows(20, 4, 4, "z"));
    String slides =
        "type: wsi-classification, hidden: 8, attention: 8, epochs: 6, sure_epochs: 6, "
            + "learning_rate: 0.01";
    write(
        "tasks.yaml",
        """
        output: out
        replicates: 50
        encoders: [{name: four, features: four}, {name: six, features: six}]
        tasks:
          - {name: fair, table: labels.csv, splits: fair, SLIDES}
          - {name: untrained, table: untrained.csv, splits: untrained, SLIDES}
          - {name: unreported, table: unreported.csv, splits: unreported, SLIDES}
          - {name: widths, type: roi-classification, train: train.csv, test: wide.csv, epochs: 5}
          - {name: width of queries, type: roi-retrieval, train: train.csv, test: wide.csv}
          - {name: foreign, type: roi-classification, train: train.csv, test: third.csv, epochs: 5}
          - {name: tiles, type: roi-classification, train: train.csv, test: test.csv, epochs: 300}
        """
            .replace("SLIDES", slides));
    return folder.resolve("tasks.yaml");
  }

  @Test
  void whatCannotBeUsedIsNamedAndTheRestRuns() throws IOException {
    slides();
    CommandRun run = CommandRun.of("bench", "--config", config().toString()).succeeded();
    List<String> remarks =
        run.out().lines().filter(l -> l.startsWith("- ")).map(l -> l.substring(2)).toList();
    for (String whole :
        List.of(
            "fair: 'unlabelled' has no label and was left out",
            "fair: tile 0 of the bag of 'nan' holds NaN or infinity; 'nan' was left out",
            "untrained: split 'splits_0' was left out: class 'rare' has no slide to train on",
            "unreported: class 'rare' has no test slide in split 'splits_0'",
            "widths: left out: 'widths/train' has features of 4 dimensions, 'widths/test' of 6;"
                + " both must come from one encoder",
            "foreign: class 'z' has no training tile and was left out of all sides")) {
      assertTrue(remarks.contains(whole), whole + " in\n" + run.out());
    }
    for (String encoder : ENCODERS) {
      int width = width(encoder);
      for (String part :
          List.of(
              encoder + "/empty.csv' is empty",
              "'other' have " + (width - 1) + " dimensions, those of most cases " + width)) {
        assertTrue(run.out().contains(part), part + " in\n" + run.out());
      }
    }
    for (String task : List.of("fair", "untrained", "unreported", "tiles")) {
      assertTrue(figure(run, task, "auc"), run.out());
    }
    // No area under a curve of a test set of one class.
    assertFalse(figure(run, "foreign", "auc"), run.out());
    assertTrue(figure(run, "foreign", "balanced_accuracy"), run.out());
    assertTrue(run.out().contains("| widths | – | auc | – | – |"), run.out());
    // Neither encoder's features fit the tiles of the two tasks on widths.
    assertEquals(
        "4 of 14 cells (tasks x encoders x seeds) could not be run",
        run.out().lines().reduce("", (before, line) -> line));
    assertTrue(run.out().contains("| **mean rank** | "), run.out());
    String html = Files.readString(folder.resolve("out/report.html"));
    List<String> kept = Files.readAllLines(folder.resolve("out/left-out.txt"));
    assertEquals(remarks, kept);
    assertTrue(html.contains("has no slide to train on") && html.contains("is empty"));
  }

  private static boolean figure(CommandRun run, String task, String metric) {
    return run.out()
        .lines()
        .anyMatch(l -> l.matches("\\| " + task + " \\| \\d+ \\| " + metric + " \\| [01]\\..*"));
  }

  @Test
  void aBenchmarkOfWhichNothingCouldBeRunFails() throws IOException {
    write("labels.csv", "slide_id,label\ns1,a\ns2,b\n");
    write(
        "none.yaml",
        """
        output: none
        seeds: [0, 1]
        encoders: [{name: e, features: nowhere}]
        tasks: [{name: t, type: wsi-classification, table: labels.csv}]
        """);
    CommandRun run = CommandRun.of("bench", "--config", folder.resolve("none.yaml").toString());
    assertEquals(1, run.exitCode(), run.err());
    assertEquals(
        "2 of 2 cells (tasks x encoders x seeds) could not be run",
        run.out().lines().reduce("", (before, line) -> line));
    assertTrue(Files.exists(folder.resolve("none/report.html")));
  }

  @Test
  void saysWhyACellIsMadeAgain() throws IOException {
    write("train.csv", header(4, ",label") + rows(20, 4, 0, "x") + rows(20, 4, 4, "y"));
    write("test.csv", header(4, ",label") + rows(10, 4, 0, "x") + rows(10, 4, 4, "y"));
    write(
        "again.yaml",
        """
        output: again
        encoders: [{name: e, features: nowhere}]
        tasks: [{name: tiles, type: roi-retrieval, train: train.csv, test: test.csv}]
        """);
    String config = folder.resolve("again.yaml").toString();
    CommandRun.of("bench", "--config", config).succeeded();
    String same = CommandRun.of("bench", "--config", config).succeeded().err();
    assertFalse(same.contains("again"), same);
    write("test.csv", header(4, ",label") + rows(10, 4, 4, "x") + rows(10, 4, 0, "y"));
    String changed = CommandRun.of("bench", "--config", config).succeeded().err();
    assertTrue(
        changed.contains("tiles with e, seed 0 is made again: task.test: test.csv ("), changed);
  }

  @Test
  void aHeadSaysWhatItTakes() throws IOException {
    slides();
    write(
        "fused.yaml",
        """
        output: fused
        replicates: 20
        encoders:
          - {name: four, features: four}
          - {name: six, features: six}
          - {name: both, fuse: [six, four]}
        tasks: [{name: grade, type: wsi-classification, table: labels.csv, head: linear}]
        """);
    CommandRun.of("bench", "--config", folder.resolve("fused.yaml").toString()).succeeded();
    String head = folder.resolve("fused/heads/grade/both/7_1_2-seed-0.safetensors").toString();
    String four = folder.resolve("four").toString();
    String six = folder.resolve("six").toString();
    String out = folder.resolve("applied").toString();
    String[] whole = {
      "bench", "apply", "--head", head, "--out", out, "--features", six, "--features", four
    };
    String said = CommandRun.of(whole).succeeded().out();
    assertTrue(said.contains("six = " + six + ", four = " + four + " (concatenation)"), said);
    CommandRun one =
        CommandRun.of("bench", "apply", "--head", head, "--out", out, "--features", six);
    assertEquals(2, one.exitCode(), one.err());
    assertTrue(one.err().contains("six, four, in this order; 1"), one.err());
    assertTrue(one.err().contains("--features"), one.err());
    String[] other = Arrays.copyOf(whole, whole.length + 2);
    other[whole.length] = "--fusion";
    other[whole.length + 1] = "average";
    CommandRun average = CommandRun.of(other);
    assertEquals(2, average.exitCode(), average.err());
    assertTrue(average.err().contains("--fusion"), average.err());
  }

  /** What an option cannot mean, or means nothing, ends with 2 and names the option. */
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          bench | --config
          bench --config c.yaml --protocol offical | --protocol
          bench --list journal-72 --protocol sound | --protocol has no effect with --list
          bench --list journal-72 --out o | --out has no effect with --list
          bench --list journal-73 | --list must be one of paper-39, journal-72, not 'journal-73'
          bench --demo d --out o | --out has no effect with --demo
          bench --ranks r.json --protocol sound | --protocol has no effect with --ranks
          bench --config c.yaml --demo d | Only one of --config, --demo
          bench --out o apply --head h --features f --out p | write them behind 'apply'
          bench --config none.yaml | none.yaml
          """)
  void optionsThatSayNothing(String line, String expected) {
    CommandRun run = CommandRun.of(line.split(" "));
    assertEquals(2, run.exitCode(), run.err());
    assertTrue(run.err().contains(expected), run.err());
  }

  /** The process is killed after the first finished cell; the same command does the rest. */
  @Test
  void goesOnAfterAKill() throws IOException, InterruptedException {
    String config = quickened(DemoBenchmark.write(folder.resolve("demo"))).toString();
    Path killed = folder.resolve("killed");
    Process child =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-cp",
                System.getProperty(
                    "surefire.test.class.path", System.getProperty("java.class.path")),
                Gpfm.class.getName(),
                "bench",
                "--config",
                config,
                "--out",
                killed.toString())
            .redirectErrorStream(true)
            .redirectOutput(folder.resolve("child.log").toFile())
            .start();
    Path first = killed.resolve("results/tiles/sharp/seed-0.json");
    for (int i = 0; i < 1200 && child.isAlive() && !Files.exists(first); i++) {
      Thread.sleep(50);
    }
    assertTrue(child.isAlive(), () -> log());
    child.destroyForcibly();
    assertTrue(child.waitFor(60, TimeUnit.SECONDS));
    assertTrue(Files.exists(first), () -> log());
    Path last = killed.resolve("results/reports/sharp/seed-0.json");
    assertFalse(Files.exists(last) || Files.exists(killed.resolve("report.html")), "too late");
    FileTime made = Files.getLastModifiedTime(first);
    CommandRun rest =
        CommandRun.of("bench", "--config", config, "--out", killed.toString()).succeeded();
    assertEquals(made, Files.getLastModifiedTime(first));
    assertTrue(Files.exists(last) && Files.exists(killed.resolve("report.html")));
    String whole = folder.resolve("whole").toString();
    CommandRun unbroken = CommandRun.of("bench", "--config", config, "--out", whole).succeeded();
    assertEquals(unbroken.out().replace(whole, killed.toString()), rest.out());
  }

  /** The demo with few epochs and two encoders: the same cells, sooner. */
  private static Path quickened(Path config) throws IOException {
    String text = Files.readString(config);
    String quick =
        text.replaceAll("epochs: \\d+", "epochs: 2")
            .replaceAll("(?m)^  - \\{name: blurred, .*\\R", "");
    assertTrue(quick.length() < text.length() - 40, text);
    return Files.writeString(config, quick);
  }

  private String log() {
    try {
      return Files.readString(folder.resolve("child.log"));
    } catch (IOException e) {
      return e.toString();
    }
  }
}
