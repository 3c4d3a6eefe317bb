package io.github.gpfm.eval.bench;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.gpfm.api.GpfmException;
import io.github.gpfm.api.ProgressListener;
import io.github.gpfm.eval.EvaluationException;
import io.github.gpfm.eval.Protocol;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A whole benchmark on made-up data, with every kind of bad input among it. */
class BenchRunnerTest {
  @TempDir private Path folder;

  /** A bag as CSV: four features, the second shifted by {@code shift}. */
  private void bag(String encoder, String slide, double shift, int tiles, SplittableRandom random)
      throws IOException {
    StringBuilder text = new StringBuilder("a,b,c,d\n");
    for (int t = 0; t < tiles; t++) {
      text.append(
          String.format(
              Locale.ROOT,
              "%.4f,%.4f,%.4f,%.4f%n",
              random.nextGaussian(),
              shift + random.nextGaussian(),
              random.nextGaussian(),
              random.nextGaussian()));
    }
    write(encoder + "/" + slide + ".csv", text.toString());
  }

  private void write(String name, String text) throws IOException {
    Path file = folder.resolve(name);
    Files.createDirectories(file.getParent());
    Files.writeString(file, text);
  }

  private void slides() throws IOException {
    SplittableRandom random = new SplittableRandom(4);
    StringBuilder labels = new StringBuilder("case_id,slide_id,label\n");
    StringBuilder survival = new StringBuilder("case_id,slide_id,survival_months,censorship\n");
    for (int i = 0; i < 60; i++) {
      double grade = i % 2 == 0 ? random.nextDouble() * 0.4 : 0.6 + random.nextDouble() * 0.4;
      bag("good", "s" + i, 4 * grade, 8, random);
      bag("noise", "s" + i, 0, 8, random);
      labels.append("p").append(i / 2 * 2 + i % 2).append(",s").append(i);
      labels.append(i % 2 == 0 ? ",low\n" : ",high\n");
      survival.append(
          String.format(
              Locale.ROOT, "p%d,s%d,%.3f,%d%n", i, i, 50 - 40 * grade, i % 5 == 0 ? 1 : 0));
    }
    labels.append("x1,unlabelled,\nx2,nan,low\nx3,empty,low\nx4,wide,low\nx5,absent,low\n");
    labels.append("x6,torn,low\nx6,torn,high\n");
    survival.append("q1,s0,10,0\nq1,s1,20,0\n");
    bag("good", "unlabelled", 0, 8, random);
    bag("noise", "unlabelled", 0, 8, random);
    for (String encoder : List.of("good", "noise")) {
      write(encoder + "/nan.csv", "a,b,c,d\n1,NaN,2,3\n");
      write(encoder + "/empty.csv", "a,b,c,d\n");
      write(encoder + "/wide.csv", "a,b,c,d,e\n1,2,3,4,5\n");
    }
    write("labels.csv", labels.toString());
    write("survival.csv", survival.toString());
  }

  private Path config() throws IOException {
    String encoders =
        """
        output: out
        replicates: 100
        encoders:
          - {name: good, features: good}
          - {name: noise, features: noise}
        tasks:
        """;
    String tasks =
        """
          - {name: grade, type: wsi-classification, table: labels.csv, hidden: 16, attention: 8,
             epochs: 10, sure_epochs: 10, learning_rate: 0.005}
          - {name: months, type: survival, table: survival.csv, folds: 3, hidden: 16, attention: 8,
             epochs: 8, sure_epochs: 8, learning_rate: 0.005}
          - {name: nothing, type: survival, table: missing.csv}
        """;
    write("tasks.yaml", encoders + tasks);
    return folder.resolve("tasks.yaml");
  }

  @Test
  void runsLeavesOutRanksAndResumes() throws IOException {
    slides();
    BenchConfig config = BenchConfig.read(config());
    BenchReport report = new BenchRunner(config).run(ProgressListener.NONE);
    report.write();
    double auc = report.table().get("grade").get("good").get("auc").value();
    assertTrue(auc >= 0.9, "AUC " + auc);
    double c = report.table().get("months").get("good").get("c_index").value();
    assertTrue(c >= 0.8, "C " + c);
    String notes = String.join("\n", report.notes());
    for (String part :
        List.of(
            "'unlabelled' has no label",
            "'nan' holds NaN",
            "empty.csv",
            "'wide' have 5 dimensions",
            "'absent' has no feature file",
            "slide 'torn' has two labels, 'low' and 'high', and was left out",
            "case 'q1' has two outcomes and was left out",
            "nothing: left out")) {
      assertTrue(notes.contains(part), part + " in\n" + notes);
    }
    assertEquals(2, report.ranked().size());
    assertEquals(1.0, report.ranks().orElseThrow().meanRanks()[0]);
    Path out = folder.resolve("out");
    String html = Files.readString(out.resolve("report.html"));
    assertTrue(html.contains("Nemenyi") && html.contains("Wilcoxon") && html.contains("NaN"));
    assertTrue(Files.isRegularFile(out.resolve("critical-difference.svg")));
    assertTrue(Files.isRegularFile(out.resolve("figures/months-good-survival.svg")));
    assertTrue(
        Files.readString(out.resolve("table.csv")).contains("grade,wsi-classification,good"));

    // Resumes: a kept result is used as it is, so a changed one shows.
    Path kept = out.resolve("results/grade/good/seed-0.json");
    String json = Files.readString(kept);
    Files.writeString(kept, json.replace("\"notes\": [", "\"notes\": [\"kept as it was\", "));
    BenchReport again = new BenchRunner(config).run(ProgressListener.NONE);
    assertTrue(String.join("", again.notes()).contains("kept as it was"));
    assertEquals(auc, again.table().get("grade").get("good").get("auc").value());

    // Other data is another result: labels, then features.
    String labels = Files.readString(folder.resolve("labels.csv"));
    write("labels.csv", labels.replaceFirst("s7,high", "s7,low"));
    assertMadeAgain(config, "grade");
    SplittableRandom random = new SplittableRandom(77);
    bag("good", "s3", 9, 8, random);
    BenchReport third = new BenchRunner(config).run(ProgressListener.NONE);
    assertTrue(third.table().get("months").get("good").get("c_index").value() != c);
  }

  private static void assertMadeAgain(BenchConfig config, String task) {
    BenchReport report = new BenchRunner(config).run(ProgressListener.NONE);
    assertFalse(String.join("", report.notes()).contains("kept as it was"));
    assertTrue(report.table().get(task).get("good").get("auc").value() > 0.5);
  }

  @Test
  void tilesFromATableUnderBothProtocols() throws IOException {
    SplittableRandom random = new SplittableRandom(9);
    StringBuilder text = new StringBuilder("kind,u,v,w\n");
    for (int i = 0; i < 150; i++) {
      int label = i % 3;
      text.append("k").append(label);
      for (int d = 0; d < 3; d++) {
        text.append(
            String.format(Locale.ROOT, ",%.4f", (d == label ? 2.5 : 0) + random.nextGaussian()));
      }
      text.append('\n');
    }
    text.append("k1,NaN,2.5,0\n");
    write("tiles.csv", text.toString());
    write(
        "tiles.yaml",
        """
        output: tiles-out
        replicates: 100
        encoders: [{name: table, features: none}]
        tasks:
          - {name: kinds, type: roi-classification, table: tiles.csv, label: kind, epochs: 400}
          - {name: alike, type: roi-retrieval, table: tiles.csv, label: kind}
        """);
    BenchConfig config = BenchConfig.read(folder.resolve("tiles.yaml"));
    BenchReport sound = new BenchRunner(config).run(ProgressListener.NONE);
    BenchReport official =
        new BenchRunner(config.withProtocol(Protocol.OFFICIAL)).run(ProgressListener.NONE);
    for (BenchReport report : List.of(sound, official)) {
      assertTrue(report.table().get("kinds").get("table").get("auc").value() > 0.9);
      assertTrue(
          report.table().get("kinds").get("table").get("simpleshot_balanced_accuracy").value()
              > 0.8);
      assertTrue(report.table().get("alike").get("table").get("any_of_acc@5").value() > 0.9);
      assertTrue(report.table().get("kinds").get("table").get("balanced_accuracy").value() > 0.75);
      assertTrue(report.ranks().isEmpty());
      String notes = String.join("\n", report.notes());
      assertTrue(notes.contains("tile 'row 151'") && notes.contains("left out"), notes);
    }
    assertTrue(String.join("", official.notes()).contains("selected on the reported tiles"));
    assertTrue(!String.join("", sound.notes()).contains("selected on the reported tiles"));
  }

  @Test
  void questionsAndReportsAreLearned() throws IOException {
    SplittableRandom random = new SplittableRandom(2);
    StringBuilder questions = new StringBuilder("id,question,answer,split\n");
    StringBuilder reports = new StringBuilder("id,report,split\n");
    for (int i = 0; i < 60; i++) {
      boolean high = i % 2 == 1;
      bag("good", "s" + i, high ? 3 : -3, 4, random);
      String split = i < 36 ? "train" : i < 48 ? "val" : "test";
      questions.append("s%d,Is there tumour?,%s,%s%n".formatted(i, high ? "yes" : "no", split));
      questions.append(
          "s%d,What is seen?,%s,%s%n".formatted(i, high ? "carcinoma" : "normal", split));
      String finding = high ? "Invasive carcinoma of high grade." : "Normal tissue, no tumour.";
      reports.append("s%d,\"%s\",%s%n".formatted(i, finding, split));
    }
    write("questions.csv", questions.toString());
    write("reports.csv", reports.toString());
    write(
        "language.yaml",
        """
        output: language-out
        replicates: 100
        encoders: [{name: good, features: good}]
        tasks:
          - {name: ask, type: vqa, table: questions.csv, width: 32, heads: 2, layers: 1,
             epochs: 8, learning_rate: 0.003}
          - {name: tell, type: report-generation, table: reports.csv, width: 32, heads: 2,
             layers: 1, epochs: 8, max_words: 16, learning_rate: 0.003}
        """);
    BenchReport report =
        new BenchRunner(BenchConfig.read(folder.resolve("language.yaml")))
            .run(ProgressListener.NONE);
    assertTrue(report.notes().isEmpty(), report.notes().toString());
    assertTrue(report.table().get("ask").get("good").get("closed_accuracy").value() >= 0.9);
    assertTrue(report.table().get("ask").get("good").get("open_accuracy").value() >= 0.9);
    assertTrue(report.table().get("tell").get("good").get("bleu_4").value() >= 0.9);
    assertTrue(report.table().get("tell").get("good").get("rouge_l").value() >= 0.9);
  }

  @Test
  void catalogueTasksTakePathsAndBadConfigurationsAreNamed() throws IOException {
    Map<TaskType, Long> published =
        Map.of(
            TaskType.WSI_CLASSIFICATION, 12L,
            TaskType.SURVIVAL, 12L,
            TaskType.ROI_CLASSIFICATION, 12L,
            TaskType.ROI_RETRIEVAL, 1L,
            TaskType.VQA, 1L,
            TaskType.REPORT_GENERATION, 1L);
    assertEquals(
        published,
        TaskCatalogue.load("paper-39").stream()
            .collect(Collectors.groupingBy(TaskDefinition::type, Collectors.counting())));
    assertEquals(72, TaskCatalogue.load("journal-72").size());
    write(
        "catalogue.yaml",
        """
        encoders: [{name: e, features: f}]
        tasks: [{catalogue: journal-72, task: UBC-OCEAN, table: labels.csv}]
        """);
    TaskDefinition task = BenchConfig.read(folder.resolve("catalogue.yaml")).tasks().get(0);
    assertEquals(TaskType.WSI_CLASSIFICATION, task.type());
    assertEquals(List.of("CC", "EC", "HGSC", "LGSC", "MC"), task.settings().list("classes"));
    write("bad.yaml", "encoders: [{name: e}]\ntasks: []\n");
    EvaluationException e =
        assertThrows(EvaluationException.class, () -> BenchConfig.read(folder.resolve("bad.yaml")));
    assertTrue(e.getMessage().contains("'e'"));
  }

  @Test
  void misspeltKeysAreNamedWithTheirPlaceAndTheRightOnes() throws IOException {
    String encoders = "encoders: [{name: e, features: f}]\n";
    String task = "tasks: [{name: t, type: wsi-classification, table: l.csv}]\n";
    for (String[] wrong :
        new String[][] {
          {"seed: [1]\n" + encoders + task, "option seed;", "'seeds'", "line 1"},
          {"protocl: official\n" + encoders + task, "option protocl;", "'protocol'", "line 1"},
          {
            encoders + "tasks:\n- {name: t, type: wsi-classification, table: l.csv, hed: mean}\n",
            "hed;",
            "'head'",
            "line 3"
          },
          {
            encoders + "tasks:\n- {name: t, type: survival, table: l.csv, learning_rat: 0.1}\n",
            "learning_rat;",
            "'learning-rate'",
            "line 3"
          },
          {
            encoders + "tasks:\n- {name: t, type: survival, table: l.csv, epochs: many}\n",
            "epochs",
            "'many'",
            "line 3"
          },
          {"replicates: 5\nreplicates: 6\n" + encoders + task, "replicates", "line 2", "line 1"},
          {
            encoders + "tasks:\n- {name: t, type: wsi-clasification, table: l.csv}\n",
            "wsi-clasification",
            "wsi-classification",
            "line 3"
          }
        }) {
      write("wrong.yaml", wrong[0]);
      GpfmException e =
          assertThrows(
              GpfmException.class, () -> BenchConfig.read(folder.resolve("wrong.yaml")), wrong[0]);
      for (String part : List.of(wrong[1], wrong[2], wrong[3])) {
        assertTrue(e.getMessage().contains(part), part + " in " + e.getMessage());
      }
    }
    // A number is one in every form of YAML, and the former spelling is still read.
    write(
        "right.yaml",
        encoders
            + "tasks: [{name: t, type: survival, table: l.csv, learning_rate: 1e-3, folds: 3}]\n");
    TaskDefinition read = BenchConfig.read(folder.resolve("right.yaml")).tasks().get(0);
    assertEquals(0.001, read.settings().number("learning-rate", 0));
  }
}
