package io.github.gpfm.eval.bench;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.gpfm.api.ProgressListener;
import io.github.gpfm.eval.EvaluationException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.SplittableRandom;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Patients of two slides whose second feature grows with a hidden grade: classes, numbers, labels
 * and survival follow it, and every kind of head must find it.
 */
class SlideTasksTest {
  private static final int PATIENTS = 48;
  private static final String SMALL =
      "hidden: 16, attention: 8, epochs: 12, sure-epochs: 12, learning-rate: 0.005";

  @TempDir private Path folder;

  private void write(String name, CharSequence text) throws IOException {
    Path file = folder.resolve(name);
    Files.createDirectories(file.getParent());
    Files.writeString(file, text);
  }

  @BeforeEach
  void data() throws IOException {
    SplittableRandom random = new SplittableRandom(8);
    StringBuilder labels = new StringBuilder("case_id,slide_id,label\n");
    StringBuilder targets = new StringBuilder("case_id,slide_id,A,B,M,N\n");
    StringBuilder survival = new StringBuilder("case_id,slide_id,survival_months,censorship\n");
    for (int p = 0; p < PATIENTS; p++) {
      double grade = p % 2 == 0 ? 0.4 * random.nextDouble() : 0.6 + 0.4 * random.nextDouble();
      for (int s = 0; s < 2; s++) {
        String slide = "s" + p + "-" + s;
        StringBuilder bag = new StringBuilder("a,b,c\n");
        for (int t = 0; t < 5; t++) {
          bag.append(random.nextGaussian()).append(',');
          bag.append(6 * grade + 0.5 * random.nextGaussian()).append(',');
          bag.append(random.nextGaussian()).append('\n');
        }
        write("f/" + slide + ".csv", bag);
        labels.append("p%d,%s,%s%n".formatted(p, slide, p % 2 == 0 ? "low" : "high"));
        // A target that is not known of every patient.
        String open = p % 7 == 0 ? "" : String.valueOf(p % 2);
        targets.append(
            String.format(
                Locale.ROOT,
                "p%d,%s,%.4f,%.4f,%d,%s%n",
                p,
                slide,
                100 * grade,
                -grade,
                p % 2,
                open));
        survival.append(
            String.format(
                Locale.ROOT, "p%d,%s,%.3f,%d%n", p, slide, 60 - 50 * grade, p % 6 == 0 ? 1 : 0));
      }
    }
    write("labels.csv", labels);
    write("targets.csv", targets);
    write("survival.csv", survival);
  }

  private BenchReport run(String tasks) throws IOException {
    write("tasks.yaml", "replicates: 50\nencoders: [{name: e, features: f}]\ntasks:\n" + tasks);
    BenchConfig config = BenchConfig.read(folder.resolve("tasks.yaml"));
    BenchReport report = new BenchRunner(config).run(ProgressListener.NONE);
    assertEquals(0, report.failed(), report.notes().toString());
    for (TaskDefinition task : config.tasks()) {
      List<String> known = TaskMetrics.of(task.type(), task.settings());
      report
          .figures(task)
          .get("e")
          .keySet()
          .forEach(figure -> assertTrue(known.contains(figure), task.name() + ": " + figure));
    }
    return report;
  }

  private static double value(BenchReport report, String task, String figure) {
    return report.table().get(task).get("e").get(figure).value();
  }

  private Path head(String task) throws IOException {
    try (var files = Files.list(folder.resolve("results/heads/" + task + "/e"))) {
      return files.filter(f -> f.toString().endsWith(".safetensors")).sorted().findFirst().get();
    }
  }

  @Test
  void classesOfPatientsAndFewShots() throws IOException {
    String of = "type: wsi-classification, table: labels.csv, ";
    BenchReport report =
        run(
            "  - {name: linear, "
                + of
                + "level: patient, folds: 3, head: linear, shots: [4, 99]}\n"
                + "  - {name: net, "
                + of
                + "level: patient, attention-maps: 1, "
                + SMALL
                + "}\n  - {name: slides, "
                + of
                + "head: linear}\n");
    assertTrue(value(report, "linear", "auc") > 0.9);
    assertTrue(value(report, "linear", "shots4_auc") > 0.8);
    assertTrue(value(report, "net", "auc") > 0.8);
    EncoderSpec encoder = report.config().encoders().get(0);
    // Three folds report on every patient once; of the slides, 7:1:2 of the patients.
    assertEquals(PATIENTS, report.reported(report.config().tasks().get(0), encoder));
    assertEquals(0, report.reported(report.config().tasks().get(2), encoder) % 2);
    String notes = String.join("\n", report.notes());
    assertTrue(notes.contains("99 shots of split"), notes);
    assertTrue(notes.contains("has 2 slides in one bag"), notes);
    HeadApplication applied =
        HeadApplication.of(
            head("linear"), folder.resolve("f"), Optional.of(folder.resolve("labels.csv")));
    assertEquals(2 * PATIENTS + 1, applied.rows().size());
    assertTrue(applied.figures().get("auc").value() > 0.9);
    HeadApplication unlabelled =
        HeadApplication.of(head("net"), folder.resolve("f"), Optional.empty());
    assertEquals(2 * PATIENTS + 1, unlabelled.rows().size());
    assertTrue(unlabelled.figures().isEmpty());
  }

  @Test
  void numbersAndLabels() throws IOException {
    String numbers = "type: wsi-regression, table: targets.csv, targets: [A, B], ";
    String labels = "type: wsi-multilabel, table: targets.csv, targets: [M, N], ";
    BenchReport report =
        run(
            "  - {name: ridge, "
                + numbers
                + "folds: 3, head: linear}\n  - {name: net, "
                + numbers
                + SMALL
                + "}\n  - {name: logits, "
                + labels
                + "folds: 3, head: linear, level: patient}\n  - {name: nets, "
                + labels
                + SMALL
                + "}\n");
    for (String target : List.of("", "[A]", "[B]")) {
      assertTrue(value(report, "ridge", "pearson" + target) > 0.95, target);
      assertTrue(value(report, "net", "pearson" + target) > 0.8, target);
    }
    // In the unit of the target: grades of a hundred are off by a few.
    double error = value(report, "ridge", "mae[A]");
    assertTrue(error > 0.5 && error < 10, "error " + error);
    for (String target : List.of("", "[M]", "[N]")) {
      assertTrue(value(report, "logits", "auc" + target) > 0.9, target);
      assertTrue(value(report, "nets", "auc" + target) > 0.8, target);
    }
    for (String task : List.of("ridge", "net", "logits", "nets")) {
      EvaluationException e =
          assertThrows(
              EvaluationException.class,
              () -> HeadApplication.of(head(task), folder.resolve("f"), Optional.empty()),
              task);
      assertTrue(e.getMessage().contains("'train-on'"), e.getMessage());
    }
  }

  @Test
  void survivalByLinearCoxRegression() throws IOException {
    String of = "type: survival, table: survival.csv, folds: 3, ";
    BenchReport report =
        run(
            "  - {name: lasso, "
                + of
                + "head: coxnet, l1-ratio: 1}\n  - {name: ridge, "
                + of
                + "head: linear, l1-ratio: 0}\n");
    for (String task : List.of("lasso", "ridge")) {
      assertTrue(value(report, task, "c_index") > 0.8, task);
      // Without a risk, survival by the median time is off by a quarter.
      double ibs = value(report, task, "ibs");
      assertTrue(ibs < 0.24, task + " ibs " + ibs);
    }
    HeadApplication applied =
        HeadApplication.of(
            head("lasso"), folder.resolve("f"), Optional.of(folder.resolve("survival.csv")));
    assertEquals(PATIENTS + 1, applied.rows().size());
    assertTrue(applied.figures().get("c_index").value() > 0.8);
    assertFalse(applied.rows().get(0).contains("called"));
  }
}
