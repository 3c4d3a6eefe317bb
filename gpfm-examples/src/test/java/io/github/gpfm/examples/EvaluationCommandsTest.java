package io.github.gpfm.examples;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.gpfm.api.ProgressListener;
import io.github.gpfm.encoder.features.FeatureReader;
import io.github.gpfm.eval.data.BagCase;
import io.github.gpfm.eval.data.FeatureBag;
import io.github.gpfm.eval.linalg.Matrix;
import io.github.gpfm.eval.mil.MilArchitecture;
import io.github.gpfm.eval.mil.MilKind;
import io.github.gpfm.eval.mil.MilSettings;
import io.github.gpfm.eval.mil.MilTrainer;
import io.github.gpfm.eval.mil.Objective;
import io.github.gpfm.eval.mil.TrainedMil;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code gpfm bench}, {@code attention} and {@code nearest} as a user runs them. */
class EvaluationCommandsTest {
  @TempDir private static Path folder;

  private static Path slide;
  private static Path features;

  @BeforeAll
  static void embedASlide() {
    slide = folder.resolve("slide.tif");
    CommandRun.of("sample", "--out", slide.toString(), "--width", "3072", "--height", "2560")
        .succeeded();
    CommandRun.of("embed", slide.toString(), "--out", folder.toString()).succeeded();
    features = folder.resolve("slide.h5");
  }

  private static String path(String name) {
    return folder.resolve(name).toString();
  }

  /** A head for features of that length, trained on noise: its shape is what matters here. */
  private static Path head(int dimension) {
    SplittableRandom random = new SplittableRandom(3);
    List<BagCase> cases = new ArrayList<>();
    for (int i = 0; i < 12; i++) {
      Matrix bag = Matrix.zeros(4, dimension);
      for (int v = 0; v < bag.values().length; v++) {
        bag.values()[v] = (float) random.nextGaussian();
      }
      FeatureBag made = new FeatureBag("bag " + i, bag, new long[0]);
      cases.add(new BagCase(made.id(), () -> made, i % 2, Double.NaN, false));
    }
    MilArchitecture small = new MilArchitecture(MilKind.ABMIL, dimension, 2, 16, 8, 0.25);
    MilSettings quick = new MilSettings(1e-3, 1e-4, 2, 2, 2, true, 1);
    Path file = folder.resolve("head-" + dimension + ".safetensors");
    try (TrainedMil trained =
        new MilTrainer(small, new Objective.Classification(2), quick)
            .train(cases, cases, ProgressListener.NONE)) {
      trained.withOutputNames(List.of("benign", "malignant")).save(file);
    }
    return file;
  }

  @Test
  void attentionOfATrainedHeadIsDrawnAndExported() throws IOException {
    int dimension;
    int tiles;
    try (FeatureReader reader = FeatureReader.open(features)) {
      dimension = reader.dimension();
      tiles = reader.rows();
    }
    String head = head(dimension).toString();
    String picture = path("attention.png");
    CommandRun run =
        CommandRun.of(
                "attention",
                slide.toString(),
                features.toString(),
                "--head",
                head,
                "--out",
                picture)
            .succeeded();
    assertTrue(
        run.out().matches("(?s)abmil: benign 0\\.\\d{3}, malignant 0\\.\\d{3}\\R.*"), run.out());
    BufferedImage drawn = ImageIO.read(Path.of(picture).toFile());
    assertTrue(drawn.getWidth() > 1000 && drawn.getHeight() > 800);
    String json = Files.readString(folder.resolve("attention.geojson"));
    assertEquals(tiles, json.split("\"attention percentile\"", -1).length - 1);

    CommandRun wrong =
        CommandRun.of(
            "attention",
            slide.toString(),
            features.toString(),
            "--head",
            head(dimension + 1).toString(),
            "--out",
            picture);
    assertEquals(1, wrong.exitCode());
    assertTrue(wrong.err().contains("has features of " + dimension + " dimensions"), wrong.err());
    CommandRun noHead =
        CommandRun.of(
            "attention",
            slide.toString(),
            features.toString(),
            "--head",
            picture,
            "--out",
            picture);
    assertEquals(1, noHead.exitCode());
    assertEquals(1, noHead.err().lines().count(), noHead.err());
  }

  @Test
  void nearestTilesAreFoundAndShown() throws IOException {
    String[] tile = {
      "region", slide.toString(), "0", "0", "0", "512", "512", "--out", path("q.png")
    };
    try (FeatureReader reader = FeatureReader.open(features)) {
      tile[2] = Long.toString(reader.coords()[0]);
      tile[3] = Long.toString(reader.coords()[1]);
    }
    CommandRun.of(tile).succeeded();
    for (String search : List.of("exact", "approximate")) {
      List<String> args =
          new ArrayList<>(List.of("nearest", path("q.png"), "--index", features.toString()));
      args.addAll(
          List.of("-k", "3", "--slides", folder.toString(), "--out", path(search + ".png")));
      if (search.equals("approximate")) {
        args.add("--approximate");
      }
      CommandRun run = CommandRun.of(args).succeeded();
      // The tile itself comes first; its pixels went through a PNG unchanged.
      assertTrue(run.out().startsWith("1\t0.0"), run.out());
      assertTrue(
          run.out().lines().findFirst().orElseThrow().contains("slide tile 0 at"), run.out());
      assertTrue(ImageIO.read(folder.resolve(search + ".png").toFile()).getWidth() > 3 * 128);
    }
    CommandRun missing = CommandRun.of("nearest", path("q.png"), "--index", path("none.h5"));
    assertEquals(1, missing.exitCode());
    assertEquals(1, missing.err().lines().count(), missing.err());
  }

  /**
   * All six kinds of task on made-up data, some of it spoilt; then once more, from what is kept.
   */
  @Test
  void theDemonstrationRunsRanksAndResumes() throws IOException {
    Path demo = folder.resolve("demo");
    CommandRun.of("bench", "--demo", demo.toString()).succeeded();
    String config = demo.resolve("tasks.yaml").toString();
    CommandRun first = CommandRun.of("bench", "--config", config).succeeded();
    for (String part :
        List.of(
            "| tiles | 75 | auc | ",
            "| similar tiles | 75 | class_score_acc@1 | ",
            "| grade | 18 | auc | ",
            "| survival | 90 | c_index | ",
            "| questions | 36 | accuracy | ",
            "| reports | 18 | bleu_4 | ",
            "| **mean rank** | | 8 tasks |",
            "'unlabelled' has no label",
            "'spoilt' holds NaN",
            "'missing' has no feature file")) {
      assertTrue(first.out().contains(part), part + " in\n" + first.out());
    }
    assertTrue(value(first.out(), "| grade | 18 | auc | ") >= 0.9, first.out());
    // 36 questions, chance about 0.3; another processor's rounding moves a few of the answers.
    assertTrue(value(first.out(), "| questions | 36 | accuracy | ") >= 0.8, first.out());
    assertTrue(value(first.out(), "| survival by Cox | 90 | c_index | ") >= 0.85, first.out());
    String html = Files.readString(demo.resolve("results/report.html"));
    assertTrue(html.contains("<svg") && html.contains("Nemenyi") && html.contains("spoilt"));
    assertTrue(
        Files.isRegularFile(demo.resolve("results/heads/grade/sharp/7_1_2-seed-0.safetensors")));

    Path kept = demo.resolve("results/results/tiles/sharp/seed-0.json");
    Path lost = demo.resolve("results/results/tiles/soft/seed-0.json");
    FileTime before = Files.getLastModifiedTime(kept);
    Files.delete(lost);
    CommandRun second = CommandRun.of("bench", "--config", config).succeeded();
    assertEquals(first.out(), second.out());
    assertEquals(before, Files.getLastModifiedTime(kept));
    assertTrue(Files.isRegularFile(lost));
  }

  private static double value(String table, String row) {
    String rest = table.substring(table.indexOf(row) + row.length());
    return Double.parseDouble(rest.substring(0, rest.indexOf(' ')));
  }
}
