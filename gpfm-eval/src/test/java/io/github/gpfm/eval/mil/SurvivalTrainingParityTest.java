package io.github.gpfm.eval.mil;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.google.gson.JsonArray;
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
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.function.IntPredicate;
import java.util.stream.DoubleStream;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Survival heads trained on real cohorts, against C-indices of the same protocol in Python
 * (recorded in {@code survival-python.json} by {@code benchmarks/python/survival.py}, which states
 * it).
 */
class SurvivalTrainingParityTest {
  private static final Logger LOG = LoggerFactory.getLogger(SurvivalTrainingParityTest.class);
  private static final JsonObject PYTHON = recorded();

  private record Recorded(JsonObject cohort, String loss) {
    @Override
    public String toString() {
      return cohort.get("file").getAsString() + " " + loss;
    }
  }

  static Stream<Recorded> cohorts() {
    return StreamSupport.stream(PYTHON.getAsJsonArray("cohorts").spliterator(), false)
        .map(JsonElement::getAsJsonObject)
        .flatMap(
            c -> c.getAsJsonObject("test_c_index").keySet().stream().map(l -> new Recorded(c, l)));
  }

  @ParameterizedTest
  @MethodSource("cohorts")
  void concordanceAgreesWithinBootstrapError(Recorded recorded) throws IOException {
    JsonObject cohort = recorded.cohort();
    Path file = Fixtures.data("survival").resolve(cohort.get("file").getAsString());
    assumeTrue(
        sha256(file).equals(cohort.get("sha256").getAsString()),
        "the figures were recorded on another version of " + file.getFileName());
    List<BagCase> cases = cases(CsvTable.read(file), cohort);
    assertEquals(cohort.get("rows").getAsInt(), cases.size());
    double[] theirs =
        numbers(cohort.getAsJsonObject("test_c_index").getAsJsonArray(recorded.loss()));
    List<Interval> ours =
        DoubleStream.of(numbers(PYTHON.getAsJsonArray("seeds")))
            .mapToObj(seed -> concordance(cases, cohort, recorded.loss(), (long) seed))
            .toList();
    double mean = ours.stream().mapToDouble(Interval::value).average().orElseThrow();
    double error = ours.stream().mapToDouble(Interval::std).average().orElseThrow();
    double python = DoubleStream.of(theirs).average().orElseThrow();
    LOG.info(
        "{}: test C-index {} here, {} in Python, bootstrap error {}, lifelines' Cox regression {}",
        recorded,
        round(mean),
        round(python),
        round(error),
        round(cohort.get("lifelines_test_c_index").getAsDouble()));
    // One standard deviation of one run's bootstrap; both sides are means over the seeds.
    assertEquals(python, mean, error, recorded + ": " + ours);
    assertTrue(mean > 0.5, recorded + ": " + ours);
  }

  private static String round(double value) {
    return String.format(Locale.ROOT, "%.3f", value);
  }

  private static Interval concordance(
      List<BagCase> cases, JsonObject cohort, String loss, long seed) {
    Objective objective =
        loss.equals("cox")
            ? new Objective.Cox(PYTHON.get("cases_per_step").getAsInt())
            : Objective.DiscreteSurvival.paper();
    List<BagCase> train = pick(cases, i -> i % 5 > 1);
    TimeBins bins =
        TimeBins.of(
            BagCase.times(train),
            BagCase.censored(train),
            Objective.DiscreteSurvival.paper().bins());
    List<BagCase> labelled = train.stream().map(c -> c.withLabel(bins.bin(c.time()))).toList();
    List<BagCase> test = pick(cases, i -> i % 5 == 0);
    int epochs = cohort.get("epochs").getAsInt();
    MilTrainer trainer =
        new MilTrainer(
            new MilArchitecture(
                MilKind.ABMIL,
                cohort.getAsJsonArray("covariates").size(),
                objective.outputs(),
                PYTHON.get("hidden").getAsInt(),
                PYTHON.get("attention").getAsInt(),
                PYTHON.get("dropout").getAsDouble()),
            objective,
            new MilSettings(
                PYTHON.get("learning_rate").getAsDouble(),
                PYTHON.get("weight_decay").getAsDouble(),
                epochs,
                epochs,
                epochs,
                true,
                seed));
    try (TrainedMil trained =
        trainer.train(labelled, pick(cases, i -> i % 5 == 1), ProgressListener.NONE)) {
      return SurvivalReport.of(
              BagCase.times(test),
              BagCase.censored(test),
              trained.risks(test),
              Protocol.SOUND,
              seed,
              1000)
          .concordance();
    }
  }

  private static JsonObject recorded() {
    try (Reader reader =
        new InputStreamReader(
            SurvivalTrainingParityTest.class.getResourceAsStream("survival-python.json"),
            StandardCharsets.UTF_8)) {
      return JsonParser.parseReader(reader).getAsJsonObject();
    } catch (IOException e) {
      throw new IllegalStateException(e);
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

  /** The rows without a gap, in order; every fifth is a test row, the next one a validation row. */
  private static List<BagCase> cases(CsvTable table, JsonObject cohort) {
    List<String> covariates =
        StreamSupport.stream(cohort.getAsJsonArray("covariates").spliterator(), false)
            .map(JsonElement::getAsString)
            .toList();
    int[] complete =
        IntStream.range(0, table.rows().size())
            .filter(i -> covariates.stream().noneMatch(c -> table.column(c).get(i).isBlank()))
            .toArray();
    Matrix all = Matrix.zeros(complete.length, covariates.size());
    for (int c = 0; c < covariates.size(); c++) {
      List<String> cells = table.column(covariates.get(c));
      for (int i = 0; i < complete.length; i++) {
        all.set(i, c, Float.parseFloat(cells.get(complete[i])));
      }
    }
    int[] learned = IntStream.range(0, complete.length).filter(i -> i % 5 > 1).toArray();
    Matrix standard = Standardizer.of(all.select(learned)).apply(all);
    double[] times = table.numbers(cohort.get("time").getAsString());
    double[] events = table.numbers(cohort.get("event").getAsString());
    return IntStream.range(0, complete.length)
        .mapToObj(
            i -> {
              FeatureBag bag = new FeatureBag("row " + i, standard.select(i), new long[0]);
              return new BagCase(
                  bag.id(), () -> bag, 0, times[complete[i]], events[complete[i]] != 1);
            })
        .toList();
  }

  private static double[] numbers(JsonArray array) {
    return StreamSupport.stream(array.spliterator(), false)
        .mapToDouble(JsonElement::getAsDouble)
        .toArray();
  }

  private static List<BagCase> pick(List<BagCase> cases, IntPredicate rows) {
    return IntStream.range(0, cases.size()).filter(rows).mapToObj(cases::get).toList();
  }
}
