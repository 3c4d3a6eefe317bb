package io.github.gpfm.eval.mil;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import io.github.gpfm.api.ProgressListener;
import io.github.gpfm.eval.Protocol;
import io.github.gpfm.eval.data.BagCase;
import io.github.gpfm.eval.data.CsvTable;
import io.github.gpfm.eval.data.FeatureBag;
import io.github.gpfm.eval.linalg.Matrix;
import io.github.gpfm.eval.linalg.Standardizer;
import io.github.gpfm.eval.metric.Interval;
import io.github.gpfm.eval.survival.SurvivalReport;
import io.github.gpfm.eval.survival.TimeBins;
import io.github.gpfm.testkit.Fixtures;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.Reader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.function.IntPredicate;
import java.util.stream.IntStream;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.Test;

/**
 * Survival trained on a real cohort, against C-indices of the same protocol in Python (recorded in
 * {@code survival-python.json}, which says how they were made).
 */
class SurvivalTrainingParityTest {
  @Test
  void concordanceAgreesWithinBootstrapError() throws IOException {
    JsonObject python = recorded();
    Path file = Fixtures.data("survival").resolve(python.get("file").getAsString());
    assumeTrue(
        sha256(file).equals(python.get("sha256").getAsString()),
        "the figures were recorded on another version of " + file.getFileName());
    List<BagCase> cases = cases(CsvTable.read(file), python);
    List<BagCase> train = pick(cases, i -> i % 5 > 1);
    TimeBins bins =
        TimeBins.of(
            train.stream().mapToDouble(BagCase::time).toArray(),
            censored(train),
            Objective.DiscreteSurvival.paper().bins());
    train = train.stream().map(c -> c.withLabel(bins.bin(c.time()))).toList();
    List<BagCase> test = pick(cases, i -> i % 5 == 0);
    int epochs = python.get("epochs").getAsInt();
    MilTrainer trainer =
        new MilTrainer(
            new MilArchitecture(
                MilKind.ABMIL,
                python.getAsJsonArray("covariates").size(),
                bins.edges().length - 1,
                python.get("hidden").getAsInt(),
                python.get("attention").getAsInt(),
                python.get("dropout").getAsDouble()),
            Objective.DiscreteSurvival.paper(),
            new MilSettings(
                python.get("learning_rate").getAsDouble(),
                python.get("weight_decay").getAsDouble(),
                epochs,
                epochs,
                epochs,
                true,
                1));
    double[] theirs =
        StreamSupport.stream(python.getAsJsonArray("test_c_index").spliterator(), false)
            .mapToDouble(JsonElement::getAsDouble)
            .toArray();
    try (TrainedMil trained =
        trainer.train(train, pick(cases, i -> i % 5 == 1), ProgressListener.NONE)) {
      Interval ours =
          SurvivalReport.of(
                  test.stream().mapToDouble(BagCase::time).toArray(),
                  censored(test),
                  trained.risks(test),
                  Protocol.SOUND,
                  1,
                  1000)
              .concordance();
      double mean = Arrays.stream(theirs).average().orElseThrow();
      // One standard deviation of the bootstrap, and better than chance by the interval's end.
      assertEquals(mean, ours.value(), ours.std(), "C-index " + ours);
      assertTrue(ours.lower() > 0.5, "C-index " + ours);
    }
  }

  private static JsonObject recorded() throws IOException {
    try (Reader reader =
        new InputStreamReader(
            SurvivalTrainingParityTest.class.getResourceAsStream("survival-python.json"),
            StandardCharsets.UTF_8)) {
      return JsonParser.parseReader(reader).getAsJsonObject();
    }
  }

  private static String sha256(Path file) throws IOException {
    try {
      byte[] digest = MessageDigest.getInstance("SHA-256").digest(Files.readAllBytes(file));
      return HexFormat.of().formatHex(digest);
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException(e);
    }
  }

  private static List<BagCase> cases(CsvTable table, JsonObject python) {
    List<String> covariates =
        StreamSupport.stream(python.getAsJsonArray("covariates").spliterator(), false)
            .map(JsonElement::getAsString)
            .toList();
    int n = table.rows().size();
    Matrix all = Matrix.zeros(n, covariates.size());
    for (int c = 0; c < covariates.size(); c++) {
      double[] values = table.numbers(covariates.get(c));
      for (int i = 0; i < n; i++) {
        all.set(i, c, (float) values[i]);
      }
    }
    int[] learned = IntStream.range(0, n).filter(i -> i % 5 > 1).toArray();
    Matrix standard = Standardizer.of(all.select(learned)).apply(all);
    double[] times = table.numbers(python.get("time").getAsString());
    double[] events = table.numbers(python.get("event").getAsString());
    return IntStream.range(0, n)
        .mapToObj(
            i -> {
              FeatureBag bag = new FeatureBag("row " + i, standard.select(i), new long[0]);
              return new BagCase("row " + i, () -> bag, 0, times[i], events[i] == 0);
            })
        .toList();
  }

  private static List<BagCase> pick(List<BagCase> cases, IntPredicate rows) {
    return IntStream.range(0, cases.size()).filter(rows).mapToObj(cases::get).toList();
  }

  private static boolean[] censored(List<BagCase> cases) {
    boolean[] result = new boolean[cases.size()];
    for (int i = 0; i < result.length; i++) {
      result[i] = cases.get(i).censored();
    }
    return result;
  }
}
