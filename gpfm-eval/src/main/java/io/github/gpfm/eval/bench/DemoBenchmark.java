package io.github.gpfm.eval.bench;

import io.github.gpfm.api.OutputException;
import io.github.gpfm.encoder.weights.Safetensors;
import io.github.gpfm.encoder.weights.WeightTensor;
import io.github.gpfm.support.AtomicFile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.TreeMap;

/**
 * A made-up data set for all six kinds of task, with a known answer: features of slides and tiles
 * as three encoders of falling quality would give them. A slide's grade (0 to 1) shows in a fifth
 * of its tiles; label, survival, answers and reports follow from it. Some slides are spoilt on
 * purpose, so that the report has something to leave out.
 */
public final class DemoBenchmark {
  private static final int SLIDES = 90;
  private static final int DIMENSION = 16;
  private static final int TILES = 24;
  private static final int TILE_CLASSES = 3;
  private static final Map<String, Double> ENCODERS =
      new TreeMap<>(Map.of("sharp", 0.5, "soft", 1.2, "blurred", 3.0));

  private static final String TASKS =
      """
      # A made-up benchmark of all six kinds of task; every answer is known.
      protocol: sound
      output: results
      seeds: [0]
      replicates: 500
      encoders:
        - {name: sharp, features: features/sharp}
        - {name: soft, features: features/soft}
        - {name: blurred, features: features/blurred}
      tasks:
        - {name: tiles, type: roi-classification}
        - {name: similar tiles, type: roi-retrieval}
        - {name: grade, type: wsi-classification, table: labels.csv, head: abmil, hidden: 32,
           attention: 16, epochs: 15, sure-epochs: 10, learning-rate: 0.003, attention-maps: 2}
        - {name: grade by TransMIL, type: wsi-classification, table: labels.csv, head: transmil,
           hidden: 32, epochs: 8, sure-epochs: 8, learning-rate: 0.001}
        - {name: survival, type: survival, table: survival.csv, folds: 3, hidden: 128,
           attention: 64, epochs: 60, sure-epochs: 60, learning-rate: 0.001}
        - {name: survival by Cox, type: survival, table: survival.csv, folds: 3, loss: cox, hidden: 32,
           attention: 16, epochs: 30, sure-epochs: 20, learning-rate: 0.003}
        - {name: questions, type: vqa, table: questions.csv, width: 32, heads: 2, layers: 1,
           epochs: 12, learning-rate: 0.002}
        - {name: reports, type: report-generation, table: reports.csv, width: 32, heads: 2, layers: 1,
           epochs: 25, max-words: 24, learning-rate: 0.002}
      """;

  private final Path folder;
  private final SplittableRandom random = new SplittableRandom(20240728);

  private DemoBenchmark(Path folder) {
    this.folder = folder;
  }

  /**
   * Writes the data and their configuration.
   *
   * @return the configuration, {@code tasks.yaml}
   * @throws OutputException if something cannot be written
   */
  public static Path write(Path folder) {
    new DemoBenchmark(folder).writeAll();
    return folder.resolve("tasks.yaml");
  }

  private void writeAll() {
    double[] grades = new double[SLIDES];
    for (int i = 0; i < SLIDES; i++) {
      grades[i] = i % 2 == 0 ? 0.45 * random.nextDouble() : 0.55 + 0.45 * random.nextDouble();
    }
    ENCODERS.forEach(
        (name, noise) -> features(folder.resolve("features").resolve(name), grades, noise));
    tables(grades);
    AtomicFile.text(folder.resolve("tasks.yaml"), TASKS);
  }

  private void features(Path encoder, double[] grades, double noise) {
    try {
      Files.createDirectories(encoder);
    } catch (IOException e) {
      throw new OutputException("cannot make the folder '" + encoder + "': " + e.getMessage(), e);
    }
    for (int i = 0; i < SLIDES; i++) {
      slide(encoder.resolve(name(i) + ".safetensors"), grades[i], noise, false);
    }
    slide(encoder.resolve("spoilt.safetensors"), 0, noise, true);
    slide(encoder.resolve("unlabelled.safetensors"), 0, noise, false);
    tiles(encoder.resolve("train.safetensors"), 40, noise);
    tiles(encoder.resolve("val.safetensors"), 15, noise);
    tiles(encoder.resolve("test.safetensors"), 25, noise);
  }

  private static String name(int slide) {
    return String.format(Locale.ROOT, "slide%02d", slide);
  }

  private void slide(Path file, double grade, double noise, boolean spoilt) {
    float[] values = noise(TILES, noise);
    long[] coords = new long[2 * TILES];
    for (int t = 0; t < TILES; t++) {
      coords[2 * t] = 512L * (t % 6);
      coords[2 * t + 1] = 512L * (t / 6);
      if (t < TILES / 5) {
        values[t * DIMENSION] += (float) (1 + 5 * grade);
        values[t * DIMENSION + 1] += 2;
      }
    }
    if (spoilt) {
      values[3] = Float.NaN;
    }
    Safetensors.write(
        file,
        List.of(
            WeightTensor.ofFloats("features", List.of((long) TILES, (long) DIMENSION), values),
            WeightTensor.ofLongs("coords", List.of((long) TILES, 2L), coords)),
        Map.of());
  }

  private void tiles(Path file, int perClass, double noise) {
    int n = perClass * TILE_CLASSES;
    float[] values = noise(n, noise);
    long[] labels = new long[n];
    for (int i = 0; i < n; i++) {
      labels[i] = i % TILE_CLASSES;
      values[i * DIMENSION + (int) labels[i]] += 2;
    }
    Safetensors.write(
        file,
        List.of(
            WeightTensor.ofFloats("feature", List.of((long) n, (long) DIMENSION), values),
            WeightTensor.ofLongs("label", List.of((long) n), labels)),
        Map.of());
  }

  private float[] noise(int rows, double noise) {
    float[] values = new float[rows * DIMENSION];
    for (int i = 0; i < values.length; i++) {
      values[i] = (float) (noise * random.nextGaussian());
    }
    return values;
  }

  private void tables(double[] grades) {
    StringBuilder labels = new StringBuilder("case_id,slide_id,label\n");
    StringBuilder survival = new StringBuilder("case_id,slide_id,survival_months,censorship\n");
    StringBuilder questions = new StringBuilder("id,split,question,answer\n");
    StringBuilder reports = new StringBuilder("id,split,report\n");
    for (int i = 0; i < SLIDES; i++) {
      String slide = name(i);
      boolean high = grades[i] > 0.5;
      labels.append("p%02d,%s,%s%n".formatted(i, slide, high ? "high" : "low"));
      double months = 4 + 60 * (1 - grades[i]) + 4 * random.nextDouble();
      boolean censored = random.nextInt(4) == 0;
      survival.append(
          String.format(
              Locale.ROOT,
              "p%02d,%s,%.2f,%d%n",
              i,
              slide,
              censored ? months * random.nextDouble() : months,
              censored ? 1 : 0));
      String split = i % 5 < 3 ? "train" : i % 5 == 3 ? "val" : "test";
      questions.append(
          "%s,%s,Is the grade high?,%s%n".formatted(slide, split, high ? "yes" : "no"));
      questions.append(
          "%s,%s,What is seen?,%s%n".formatted(slide, split, high ? "carcinoma" : "adenoma"));
      reports.append(
          "%s,%s,%s%n"
              .formatted(
                  slide,
                  split,
                  high
                      ? "Invasive carcinoma of high grade with frequent mitotic figures."
                      : "Tubular adenoma of low grade without invasion."));
    }
    labels.append("x1,unlabelled,\nx2,spoilt,low\nx3,missing,high\n");
    AtomicFile.text(folder.resolve("labels.csv"), labels);
    AtomicFile.text(folder.resolve("survival.csv"), survival);
    AtomicFile.text(folder.resolve("questions.csv"), questions);
    AtomicFile.text(folder.resolve("reports.csv"), reports);
  }
}
