package io.github.gpfm.eval.bench;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.gpfm.api.InvalidOptionException;
import io.github.gpfm.api.ProgressListener;
import io.github.gpfm.encoder.weights.Safetensors;
import io.github.gpfm.encoder.weights.WeightFile;
import io.github.gpfm.eval.EvaluationException;
import io.github.gpfm.eval.data.FeatureFusion;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Slides of three classes of which each of two encoders sees only one boundary: fused they are told
 * apart, alone they are not. And every head that needs keys of its own, by these keys.
 */
class HeadsAndFusionsTest {
  private static final int SLIDES = 60;
  private static final List<String> CLASSES = List.of("benign", "mild", "severe");
  private static final String TRAINING =
      "hidden: 16, attention: 8, epochs: 12, sure-epochs: 12, learning-rate: 0.01";

  @TempDir private Path folder;

  private void write(String name, CharSequence text) throws IOException {
    Path file = folder.resolve(name);
    Files.createDirectories(file.getParent());
    Files.writeString(file, text);
  }

  @BeforeEach
  void data() throws IOException {
    SplittableRandom random = new SplittableRandom(4);
    StringBuilder table = new StringBuilder("slide_id,label\n");
    for (int i = 0; i < SLIDES; i++) {
      int label = i % 3;
      table.append("s%d,%s%n".formatted(i, CLASSES.get(label)));
      StringBuilder a = new StringBuilder("x,y\n");
      StringBuilder b = new StringBuilder("x,y\n");
      for (int t = 0; t < 6; t++) {
        row(a, random, label > 0);
        row(b, random, label > 1);
      }
      write("a/s" + i + ".csv", a);
      write("b/s" + i + ".csv", b);
    }
    write("t.csv", table);
  }

  private static void row(StringBuilder rows, SplittableRandom random, boolean sign) {
    rows.append(random.nextGaussian() + (sign ? 2.5 : -2.5)).append(',');
    rows.append(random.nextGaussian()).append('\n');
  }

  private BenchReport run(String encoders, String tasks) throws IOException {
    write("tasks.yaml", "replicates: 50\nencoders:\n" + encoders + "tasks:\n" + tasks);
    return new BenchRunner(BenchConfig.read(folder.resolve("tasks.yaml")))
        .run(ProgressListener.NONE);
  }

  private static double value(BenchReport report, String task, String encoder) {
    return report.table().get(task).get(encoder).get("balanced_accuracy").value();
  }

  private Path head(String encoder) {
    return folder.resolve("results/heads/grade/" + encoder + "/7_1_2-seed-0.safetensors");
  }

  @Test
  void encodersAreFused() throws IOException {
    String encoders =
        "  - {name: a, features: a}\n  - {name: b, features: b}\n"
            + "  - {name: both, fuse: [a, b]}\n"
            + "  - {name: mean, fuse: [a, b], fusion: average}\n"
            + "  - {name: shazam, fuse: [a, b], fusion: shazam}\n";
    String task = "  - {name: grade, type: wsi-classification, table: t.csv, " + TRAINING + "}\n";
    BenchReport report = run(encoders, task);
    assertEquals(0, report.failed(), report.notes().toString());
    assertTrue(value(report, "grade", "a") < 0.85, report.table().toString());
    assertTrue(value(report, "grade", "b") < 0.85, report.table().toString());
    for (String fused : List.of("both", "mean", "shazam")) {
      assertTrue(value(report, "grade", fused) > 0.9, report.table().toString());
    }
    // The fusion and the order are in the head's file.
    for (String fused : List.of("both", "mean", "shazam")) {
      assertTrue(applied(head(fused), Optional.empty(), "a", "b") > 0.9, fused);
    }
    // A slide that one encoder lacks is lacking to all; other features of one make its fusions new.
    Files.delete(folder.resolve("b/s3.csv"));
    Files.copy(
        folder.resolve("b/s0.csv"),
        folder.resolve("b/s6.csv"),
        StandardCopyOption.REPLACE_EXISTING);
    BenchReport again = run(encoders, task);
    String notes = String.join("\n", again.notes());
    assertTrue(notes.contains("59 of 60 cases that all encoders share"), notes);
    assertTrue(notes.contains("'s3' (b, both, mean, shazam)"), notes);
  }

  @Test
  void shazamIsOfSlidesAndHasItsOwnHead() throws IOException {
    write("tiles.csv", "image,label,x\nt1,a,1\nt2,b,2\n");
    String encoders =
        "  - {name: a, features: a}\n  - {name: b, features: b}\n"
            + "  - {name: s, fuse: [a, b], fusion: shazam}\n";
    BenchReport report =
        run(encoders, "  - {name: tiles, type: roi-retrieval, table: tiles.csv}\n");
    String notes = String.join("\n", report.notes());
    assertTrue(notes.contains("'fusion: shazam' of encoder 's' is a head of slides"), notes);
    // The width of an attention that the task's own head lacks is that of Shazam's; its remark is
    // of the other encoders.
    String task = "  - {name: grade, type: wsi-classification, table: t.csv, head: mean, ";
    String few = "hidden: 16, epochs: 1, sure-epochs: 0, attention: ";
    List<String> idle = run(encoders, task + few + "8, pseudo-bags: 2}\n").notes();
    assertTrue(
        idle.contains("grade, a and b: 'attention' has no effect with 'head: mean'"), "" + idle);
    assertTrue(
        idle.contains(
            "grade, s: 'head' has no effect with 'fusion: shazam', which has a head of its own"),
        "" + idle);
    assertEquals(1, idle.stream().filter(n -> n.contains("'attention'")).count(), "" + idle);
    assertEquals(2, idle.stream().filter(n -> n.contains("'pseudo-bags'")).count(), "" + idle);
    byte[] narrow = Files.readAllBytes(head("s"));
    run(encoders, task + few + "4}\n");
    assertTrue(Files.readAllBytes(head("s")).length < narrow.length);
  }

  private double applied(Path head, Optional<FeatureFusion> fusion, String... encoders) {
    List<Path> folders = Stream.of(encoders).map(folder::resolve).toList();
    return HeadApplication.of(head, folders, fusion, Optional.of(folder.resolve("t.csv")))
        .figures()
        .get("balanced_accuracy")
        .value();
  }

  private void refusedApplication(
      Path head, Optional<FeatureFusion> fusion, String sentence, String... encoders) {
    InvalidOptionException e =
        assertThrows(InvalidOptionException.class, () -> applied(head, fusion, encoders));
    assertTrue(e.getMessage().contains(sentence), e.getMessage());
    assertEquals(1, e.parameters().size());
  }

  @Test
  void headsRememberWhatTheyFuse() throws IOException {
    BenchReport report =
        run(
            "  - {name: a, features: a}\n  - {name: b, features: b}\n"
                + "  - {name: both, fuse: [b, a]}\n"
                + "  - {name: mean, fuse: [b, a], fusion: average}\n",
            "  - {name: grade, type: wsi-classification, table: t.csv, head: linear}\n");
    assertEquals(0, report.failed(), report.notes().toString());
    HeadInputs inputs = new HeadInputs(List.of("b", "a"), FeatureFusion.AVERAGE);
    assertEquals(Optional.of(inputs), HeadInputs.of(head("mean")));
    assertEquals(List.of("a"), HeadInputs.of(head("a")).orElseThrow().encoders());
    assertEquals("b = x, a = y (average)", inputs.describe(List.of(Path.of("x"), Path.of("y"))));
    Optional<FeatureFusion> asFound = Optional.empty();
    Optional<FeatureFusion> average = Optional.of(FeatureFusion.AVERAGE);
    assertTrue(applied(head("mean"), asFound, "b", "a") > 0.9);
    assertTrue(applied(head("mean"), average, "b", "a") > 0.9);
    refusedApplication(head("mean"), asFound, "of each of b, a, in this order; 1 were given", "b");
    refusedApplication(head("a"), asFound, "of each of a, in this order; 2 were given", "a", "b");
    refusedApplication(
        head("mean"), Optional.of(FeatureFusion.CONCATENATION), "on the average", "b", "a");
    refusedApplication(head("both"), average, "trained on the concatenation", "b", "a");
    // A head of a version that did not say so takes what it is given.
    for (String fused : List.of("both", "mean")) {
      WeightFile saved = WeightFile.open(head(fused));
      Map<String, String> metadata = new TreeMap<>(saved.metadata());
      metadata.keySet().removeIf(key -> key.startsWith("bench."));
      Path old = folder.resolve("old-" + fused + ".safetensors");
      Safetensors.write(old, List.of(saved.tensor("weight"), saved.tensor("bias")), metadata);
      assertEquals(Optional.empty(), HeadInputs.of(old));
      assertTrue(applied(old, fused.equals("mean") ? average : asFound, "b", "a") > 0.9, fused);
    }
    Path old = folder.resolve("old-both.safetensors");
    assertThrows(EvaluationException.class, () -> applied(old, asFound, "a"));
  }

  private BenchConfig config(String encoders) throws IOException {
    write(
        "c.yaml",
        "encoders:\n"
            + encoders
            + "tasks:\n  - {name: g, type: wsi-classification, table: t.csv}\n");
    return BenchConfig.read(folder.resolve("c.yaml"));
  }

  @Test
  void whatCannotBeFusedIsRefused() {
    refused("fuse: [a, c]", "names of encoders that fuse none: a, b");
    refused("fuse: [a]", "two encoders or more");
    refused("fuse: [a, a]", "none twice");
    refused("fuse: [a, b], features: a", "beside 'fuse'");
    refused("features: a, fusion: average", "without 'fuse'");
  }

  private void refused(String encoder, String sentence) {
    BenchConfigException e =
        assertThrows(
            BenchConfigException.class,
            () ->
                config(
                    "  - {name: a, features: a}\n  - {name: b, features: b}\n  - {name: f, "
                        + encoder
                        + "}\n"));
    assertTrue(e.getMessage().contains(sentence), e.getMessage());
  }

  @Test
  void headsTakeTheirKeys() throws IOException {
    StringBuilder texts = new StringBuilder();
    for (int d = 0; d < 16; d++) {
      texts.append(d == 0 ? "" : ",").append('d').append(d);
    }
    for (int t = 0; t < 3; t++) {
      texts.append('\n').append("0.5,".repeat(15)).append(t);
    }
    write("texts.csv", texts);
    String of = ", type: wsi-classification, table: t.csv, " + TRAINING;
    String coarse = "coarse: {benign: none, mild: some, severe: some}, cases-per-step: 4";
    BenchReport report =
        run(
            "  - {name: e, fuse: [a, b]}\n  - {name: a, features: a}\n  - {name: b, features: b}\n",
            "  - {name: dtfd, head: dtfd, pseudo-bags: 3"
                + of
                + "}\n  - {name: panther, head: panther, prototypes: 4"
                + of
                + "}\n  - {name: hmil, head: hmil, "
                + coarse
                + of
                + "}\n  - {name: focus, head: focus, text-features: texts.csv, max-tiles: 5"
                + of
                + "}\n  - {name: gap, head: hmil, coarse: {benign: none, mild: some}"
                + of
                + "}\n  - {name: more, head: hmil, coarse: {benign: x, mild: y, severe: y, odd: y}"
                + of
                + "}\n");
    for (String task : List.of("dtfd", "panther", "hmil", "focus")) {
      assertTrue(value(report, task, "e") > 0.9, task + ": " + report.table());
    }
    String notes = String.join("\n", report.notes());
    assertTrue(notes.contains("'coarse' does not say the coarse class of 'severe'"), notes);
    assertTrue(notes.contains("'coarse' names odd, but the classes are benign, mild"), notes);
  }
}
