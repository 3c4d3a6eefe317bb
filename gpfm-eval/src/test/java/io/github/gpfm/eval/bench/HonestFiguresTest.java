package io.github.gpfm.eval.bench;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.gpfm.api.ProgressListener;
import io.github.gpfm.eval.Protocol;
import io.github.gpfm.eval.metric.Interval;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What would make a benchmark's figures look better than they are. */
class HonestFiguresTest {
  @TempDir private Path folder;

  private final SplittableRandom random = new SplittableRandom(8);

  private void write(String name, String text) throws IOException {
    Path file = folder.resolve(name);
    Files.createDirectories(file.getParent());
    Files.writeString(file, text);
  }

  private void bag(String encoder, String slide, double shift) throws IOException {
    StringBuilder text = new StringBuilder("a,b,c\n");
    for (int t = 0; t < 4; t++) {
      text.append(
          String.format(
              Locale.ROOT,
              "%.5f,%.5f,%.5f%n",
              shift + random.nextGaussian(),
              random.nextGaussian(),
              random.nextGaussian()));
    }
    write(encoder + "/" + slide + ".csv", text.toString());
  }

  private BenchReport run(String yaml) throws IOException {
    write("tasks.yaml", yaml);
    return new BenchRunner(BenchConfig.read(folder.resolve("tasks.yaml")))
        .run(ProgressListener.NONE);
  }

  private static final String HEAD =
      "hidden: 8, attention: 4, epochs: 4, sure_epochs: 4, learning_rate: 0.01";

  private void labels(int slides) throws IOException {
    StringBuilder labels = new StringBuilder("case_id,slide_id,label\n");
    for (int i = 0; i < slides; i++) {
      labels.append("p%d,s%d,%s%n".formatted(i, i, i % 2 == 0 ? "a" : "b"));
    }
    write("labels.csv", labels.toString());
  }

  private static double width(Figure figure) {
    return figure.interval().upper() - figure.interval().lower();
  }

  @Test
  void tenSeedsOnOneSplitAreNoLargerTestSet() throws IOException {
    labels(60);
    for (int i = 0; i < 60; i++) {
      bag("e", "s" + i, i % 2 * 0.9);
    }
    StringBuilder split = new StringBuilder("train,val,test\n");
    for (int i = 0; i < 30; i++) {
      String val = i < 10 ? "s" + (30 + i) : "";
      String test = i < 20 ? "s" + (40 + i) : "";
      split.append("s%d,%s,%s%n".formatted(i, val, test));
    }
    write("lists/splits_0.csv", split.toString());
    String task =
        "tasks: [{name: t, type: wsi-classification, table: labels.csv, splits: lists, "
            + HEAD
            + "}]\nencoders: [{name: e, features: e}]\nreplicates: 400\noutput: ";
    Figure one = run(task + "one\nseeds: [0]\n").table().get("t").get("e").get("auc");
    BenchReport ten = run(task + "ten\nseeds: [0, 1, 2, 3, 4, 5, 6, 7, 8, 9]\n");
    Figure joint = ten.table().get("t").get("e").get("auc");
    // Dividing by the number of seeds would leave a third of the width.
    assertTrue(width(joint) > 0.6 * width(one), one + " against " + joint);
    assertEquals(10, joint.perSeed().length);
    assertTrue(joint.seedStd() > 0);
    ten.write();
    String csv = Files.readString(folder.resolve("ten/table.csv"));
    assertTrue(
        csv.startsWith("task,type,encoder,figure,value,mean,std,lower,upper,replicates,seeds"));
  }

  @Test
  void theSameScoresTenTimesHaveTheIntervalOfOnce() {
    int n = 50;
    double[][] scores = new double[n][];
    int[] labels = new int[n];
    List<String> names = new ArrayList<>();
    for (int i = 0; i < n; i++) {
      labels[i] = i % 2;
      double p = 1 / (1 + Math.exp(-labels[i] - random.nextGaussian()));
      scores[i] = new double[] {1 - p, p};
      names.add("s" + i);
    }
    Predictions said =
        Predictions.classes("t", "", names, names, List.of("a", "b"), labels, scores);
    List<TaskResult> ten = new ArrayList<>();
    for (long seed = 0; seed < 10; seed++) {
      ten.add(new TaskResult(seed, List.of(said), Map.of(), List.of()));
    }
    TaskFigures joint = new TaskFigures(ten, Protocol.SOUND, 500, 3);
    Interval once = joint.of(ten.subList(0, 1)).get("auc").interval();
    Interval tenTimes = joint.of(ten).get("auc").interval();
    assertEquals(once.lower(), tenTimes.lower(), 1e-12);
    assertEquals(once.upper(), tenTimes.upper(), 1e-12);
    assertTrue(once.upper() - once.lower() > 0.1, once.toString());
  }

  /** Two slides of one patient are one draw: the interval is that of the patients. */
  @Test
  void replicatesDrawPatients() {
    int n = 60;
    double[][] scores = new double[n][];
    int[] labels = new int[n];
    List<String> slides = new ArrayList<>();
    List<String> patients = new ArrayList<>();
    for (int i = 0; i < n; i++) {
      int patient = i % 15;
      labels[i] = patient % 2;
      double p = 1 / (1 + Math.exp(-labels[i] - new SplittableRandom(patient).nextGaussian()));
      scores[i] = new double[] {1 - p, p};
      slides.add("s" + i);
      patients.add("p" + patient);
    }
    List<String> classes = List.of("a", "b");
    Predictions grouped = Predictions.classes("t", "", slides, patients, classes, labels, scores);
    Predictions single = Predictions.classes("t", "", slides, slides, classes, labels, scores);
    assertTrue(
        accuracyWidth(grouped) > 1.5 * accuracyWidth(single),
        accuracyWidth(grouped) + " against " + accuracyWidth(single));
  }

  private static double accuracyWidth(Predictions said) {
    List<TaskResult> one = List.of(new TaskResult(0, List.of(said), Map.of(), List.of()));
    return width(new TaskFigures(one, Protocol.SOUND, 500, 3).of(one).get("accuracy"));
  }

  @Test
  void aMissingFileGivesNoEncoderAnotherSplit() throws IOException {
    labels(40);
    for (int i = 0; i < 40; i++) {
      bag("full", "s" + i, i % 2);
      Files.createDirectories(folder.resolve("lacks"));
      Files.copy(folder.resolve("full/s" + i + ".csv"), folder.resolve("lacks/s" + i + ".csv"));
    }
    Files.delete(folder.resolve("lacks/s5.csv"));
    BenchReport report =
        run(
            "output: out\nreplicates: 50\n"
                + "encoders: [{name: full, features: full}, {name: lacks, features: lacks}]\n"
                + "tasks: [{name: t, type: wsi-classification, table: labels.csv, "
                + HEAD
                + "}]\n");
    assertEquals(
        report.table().get("t").get("full").get("auc").value(),
        report.table().get("t").get("lacks").get("auc").value());
    String notes = String.join("\n", report.notes());
    assertTrue(
        notes.contains("compared on the 39 of 40 cases that all encoders share")
            && notes.contains("'s5' (lacks)"),
        notes);
  }

  @Test
  void anExternalCohortIsNotTrainedOn() throws IOException {
    StringBuilder home = new StringBuilder("case_id,slide_id,survival_months,censorship\n");
    StringBuilder away = new StringBuilder("case_id,slide_id,survival_months,censorship,Fold 0\n");
    for (int i = 0; i < 60; i++) {
      double months = 1 + 40 * random.nextDouble();
      home.append(
          String.format(Locale.ROOT, "h%d,h%d,%.3f,%d%n", i, i, months, i % 4 == 0 ? 1 : 0));
      bag("noise", "h" + i, 0);
      bag("sharp", "h" + i, months / 10);
      double other = 1 + 40 * random.nextDouble();
      away.append(
          String.format(
              Locale.ROOT, "w%d,w%d,%.3f,%d,%s%n", i, i, other, i % 4 == 0 ? 1 : 0, "train"));
      bag("noise", "w" + i, 0);
      bag("sharp", "w" + i, other / 10);
    }
    // A patient of both cohorts is not reported on.
    away.append("h3,w60,7,0,train\n");
    bag("noise", "w60", 0);
    bag("sharp", "w60", 0.7);
    write("home.csv", home.toString());
    write("away.csv", away.toString());
    StringBuilder same = new StringBuilder("train,val,test\n");
    for (int i = 0; i < 60; i++) {
      same.append("w%d,w%d,w%d%n".formatted(i, i, i));
    }
    write("same/splits_0.csv", same.toString());
    String survival = "hidden: 16, attention: 8, epochs: 15, sure_epochs: 15, learning_rate: 0.01";
    for (String protocol : new String[] {"sound", "official"}) {
      BenchReport report =
          run(
              "protocol: %s\noutput: out-%s\nreplicates: 100\n".formatted(protocol, protocol)
                  + "encoders: [{name: noise, features: noise}, {name: sharp, features: sharp}]\n"
                  + "tasks:\n"
                  + "  - {name: abroad, type: survival, table: away.csv, train-on: at home}\n"
                  + "  - {name: at home, type: survival, table: home.csv, folds: 3, %s}\n"
                      .formatted(survival)
                  + "  - {name: itself, type: survival, table: away.csv, splits: same, %s}\n"
                      .formatted(survival));
      String notes = String.join("\n", report.notes());
      assertTrue(notes.contains("trains on the cases it reports on"), notes);
      assertFalse(report.table().get("itself").containsKey("noise"), notes);
      assertTrue(report.table().get("abroad").containsKey("noise"), notes);
      double noise = report.table().get("abroad").get("noise").get("c_index").value();
      double sharp = report.table().get("abroad").get("sharp").get("c_index").value();
      assertEquals(0.5, noise, 0.12, protocol);
      assertTrue(sharp > 0.75, protocol + " " + sharp);
      if (protocol.equals("sound")) {
        assertTrue(notes.contains("1 cases are of patients of task 'at home' too"), notes);
      }
    }
  }

  @Test
  void survivalPoolsItsFoldsAndKeepsWhatItCan() throws IOException {
    StringBuilder table = new StringBuilder("case_id,slide_id,survival_months,censorship\n");
    for (int i = 0; i < 60; i++) {
      double months = 1 + 40 * random.nextDouble();
      table.append(
          String.format(Locale.ROOT, "c%d,c%d,%.3f,%d%n", i, i, months, i % 3 == 0 ? 1 : 0));
      bag("sharp", "c" + i, months / 8);
      write("constant/c" + i + ".csv", "a,b,c\n1,1,1\n");
    }
    table.append("blank,c1,,0\nnegative,c2,-3,0\nword,c3,soon,0\nodd,c4,5,2\n");
    write("survival.csv", table.toString());
    BenchReport report =
        run(
            "output: out\nreplicates: 60\n"
                + "encoders: [{name: sharp, features: sharp}, {name: constant, features: constant}]\n"
                + "tasks: [{name: s, type: survival, table: survival.csv, folds: 3, hidden: 16, "
                + "attention: 8, epochs: 15, sure_epochs: 15, learning_rate: 0.01}]\n");
    String notes = String.join("\n", report.notes());
    for (String part :
        new String[] {
          "case 'blank' has no value in column 'survival_months'",
          "case 'negative' has '-3' in column 'survival_months'",
          "case 'word' has 'soon' in column 'survival_months'",
          "case 'odd' has '2' in column 'censorship'"
        }) {
      assertTrue(notes.contains(part), part + " in\n" + notes);
    }
    // Equal risks are a coin toss, not a fold to drop.
    assertEquals(0.5, report.table().get("s").get("constant").get("c_index").value());
    assertFalse(report.table().get("s").get("constant").containsKey("log_rank_p"));
    // One test of all folds, the same that the plot shows.
    double p = report.table().get("s").get("sharp").get("log_rank_p").value();
    assertEquals(PooledRisks.logRank(report.results().get("s").get("sharp")), p);
    assertTrue(p < 0.01, "p " + p);
    assertTrue(report.table().get("s").get("sharp").containsKey("ibs"));
    assertEquals(0, report.failed());
  }

  @Test
  void oneFailingEncoderDoesNotTakeTheRanksAway() throws IOException {
    labels(40);
    for (int i = 0; i < 40; i++) {
      bag("good", "s" + i, i % 2 * 3);
      bag("poor", "s" + i, 0);
    }
    BenchReport report =
        run(
            "output: out\nreplicates: 30\nencoders: [{name: good, features: good}, "
                + "{name: \"ab|\\n\\e[31msent\", features: nowhere}, {name: poor, features: poor}]\n"
                + "tasks:\n"
                + "  - {name: t, type: wsi-classification, table: labels.csv, %s}\n".formatted(HEAD)
                + "  - {name: u, type: wsi-classification, table: labels.csv, %s, head: mean}\n"
                    .formatted(HEAD)
                + "  - {name: gone, type: wsi-classification, table: no.csv}\n");
    assertEquals(List.of("good", "poor"), report.ranks().orElseThrow().encoders());
    assertEquals(List.of("t", "u"), report.ranks().orElseThrow().tasks());
    String reasons = String.join("\n", report.selection().leftOut());
    assertTrue(reasons.contains("encoder 'ab|\n\u001b[31msent' is not ranked"), reasons);
    assertTrue(reasons.contains("task 'gone' is not ranked"), reasons);
    assertEquals(9, report.cells());
    assertEquals(5, report.failed());
    report.write();
    String html = Files.readString(folder.resolve("out/report.html"));
    assertTrue(html.contains("Left out of the ranks") && html.contains("5 of 9 cells"), html);
    assertTrue(Files.readString(folder.resolve("out/table.tex")).contains("\\toprule"));
    // A name of several lines with escapes of a terminal and marks of tables stays in its cell.
    assertTrue(
        report
            .markdown()
            .startsWith("| task | n | figure | good | ab\\|\\n\\x1b[31msent | poor |\n|"));
    assertTrue(
        Files.readString(folder.resolve("out/cases/t/good/seed-0.csv"))
            .startsWith("split,case,patient,label,a,b\n7:1:2,"));
  }
}
