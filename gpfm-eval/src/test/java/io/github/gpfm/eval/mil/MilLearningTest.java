package io.github.gpfm.eval.mil;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.gpfm.api.ProgressListener;
import io.github.gpfm.encoder.weights.WeightFile;
import io.github.gpfm.eval.EvaluationException;
import io.github.gpfm.eval.Protocol;
import io.github.gpfm.eval.data.BagCase;
import io.github.gpfm.eval.data.FeatureBag;
import io.github.gpfm.eval.linalg.Matrix;
import io.github.gpfm.eval.metric.ClassificationMetric;
import io.github.gpfm.eval.metric.ClassificationReport;
import io.github.gpfm.eval.survival.RiskGroups;
import io.github.gpfm.eval.survival.SurvivalPlot;
import io.github.gpfm.eval.survival.SurvivalReport;
import io.github.gpfm.eval.survival.TimeBins;
import io.github.gpfm.testkit.DirectMemory;
import java.awt.Color;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Every network learns a problem with a known answer. */
class MilLearningTest {
  private static MilArchitecture small(MilKind kind, int outputs) {
    return new MilArchitecture(kind, SyntheticBags.dimension(), outputs, 32, 32, 0.25);
  }

  private static MilArchitecture small(MilKind kind, int outputs, List<BagCase> train) {
    MilOptions options =
        switch (kind) {
          case PANTHER -> MilOptions.Prototypes.find(train, 4, 7);
          case HMIL -> new MilOptions.Hierarchy(List.of(0, 1, 1));
          // What to look for: the axes that carry the signs, in a space of another width.
          case FOCUS -> new MilOptions.TextGuided(axes(outputs), 64);
          case SHAZAM -> new MilOptions.Fusion(List.of(10, SyntheticBags.dimension() - 10));
          default -> MilOptions.usual(kind);
        };
    return new MilArchitecture(kind, SyntheticBags.dimension(), outputs, 32, 32, 0.1, options);
  }

  private static Matrix axes(int texts) {
    Matrix axes = Matrix.zeros(texts, 32);
    for (int t = 0; t < texts; t++) {
      axes.set(t, t, 1);
    }
    return axes;
  }

  private static MilSettings quick() {
    return new MilSettings(2e-3, 1e-4, 8, 3, 3, true, 7);
  }

  // A step of HMIL sees several bags, so that an epoch has fewer steps.
  private static MilSettings quick(MilKind kind) {
    return kind == MilKind.HMIL ? new MilSettings(5e-3, 1e-4, 16, 8, 8, true, 7, 4) : quick();
  }

  private static TrainedMil train(MilKind kind, int classes, List<BagCase> cases) {
    List<BagCase> train = cases.subList(0, 120);
    return new MilTrainer(
            small(kind, classes, train), new Objective.Classification(classes), quick(kind))
        .train(train, cases.subList(120, 160), ProgressListener.NONE);
  }

  @ParameterizedTest
  @EnumSource(MilKind.class)
  void separatesClasses(MilKind kind) {
    int classes = kind == MilKind.CLAM_SB || kind == MilKind.HMIL ? 3 : 2;
    List<BagCase> cases = SyntheticBags.classes(240, classes, 3);
    try (TrainedMil trained = train(kind, classes, cases)) {
      List<BagCase> test = cases.subList(160, 240);
      ClassificationReport report =
          ClassificationReport.of(
              trained.probabilities(test),
              test.stream().mapToInt(BagCase::label).toArray(),
              Protocol.SOUND,
              1,
              200);
      double auc = report.get(ClassificationMetric.AUC_MACRO).value();
      assertTrue(auc >= 0.95, kind + " reaches AUC " + auc);
    }
  }

  @Test
  void attentionFindsTheTilesThatCarryTheSign() {
    List<BagCase> cases = SyntheticBags.classes(240, 2, 3);
    try (TrainedMil trained = train(MilKind.ABMIL, 2, cases)) {
      int found = 0;
      int positives = 0;
      for (BagCase one : cases.subList(160, 240)) {
        if (one.label() == 1) {
          float[] attention = trained.output(one.bag().get()).attention();
          int best = 0;
          for (int i = 1; i < attention.length; i++) {
            best = attention[i] > attention[best] ? i : best;
          }
          positives++;
          // The carriers come first in a bag.
          found += best < Math.round(0.2 * attention.length) ? 1 : 0;
        }
      }
      assertTrue(found >= 0.9 * positives, found + " of " + positives);
    }
  }

  @Test
  void sameSeedSameNetwork() {
    List<BagCase> cases = SyntheticBags.classes(160, 2, 5);
    try (TrainedMil a = train(MilKind.GATED_ABMIL, 2, cases);
        TrainedMil b = train(MilKind.GATED_ABMIL, 2, cases)) {
      FeatureBag bag = cases.get(0).bag().get();
      assertArrayEquals(a.output(bag).logits(), b.output(bag).logits());
      assertEquals(a.epoch(), b.epoch());
    }
  }

  @Test
  void bagsOutsideTheHeapDoNotWaitForACollection() {
    try (TrainedMil trained = train(MilKind.ABMIL, 2, SyntheticBags.classes(160, 2, 5))) {
      Matrix tiles = Matrix.zeros(5000, SyntheticBags.dimension());
      FeatureBag bag = new FeatureBag("large", tiles, new long[0]);
      trained.output(bag);
      long before = DirectMemory.used();
      for (int i = 0; i < 50; i++) {
        trained.output(bag);
      }
      long gained = DirectMemory.used() - before;
      assertTrue(gained < 1 << 20, "gained " + gained + " bytes with 50 bags");
    }
  }

  @Test
  void discreteSurvivalOrdersPatients(@TempDir Path folder) throws IOException {
    List<BagCase> cases = SyntheticBags.survival(240, 11);
    double[] times = cases.subList(0, 120).stream().mapToDouble(BagCase::time).toArray();
    boolean[] censored = new boolean[120];
    for (int i = 0; i < censored.length; i++) {
      censored[i] = cases.get(i).censored();
    }
    TimeBins bins = TimeBins.of(times, censored, 4);
    List<BagCase> labelled = cases.stream().map(c -> c.withLabel(bins.bin(c.time()))).toList();
    SurvivalReport report = survival(labelled, new Objective.DiscreteSurvival(4, 0));
    assertTrue(report.concordance().value() >= 0.85, report.concordance().toString());
    RiskGroups groups = report.groups().orElseThrow();
    assertTrue(groups.logRank().p() < 1e-4, groups.logRank().toString());
    assertTrue(report.concordance().lower() < report.concordance().value());
    String keep = System.getProperty("gpfm.eval.pictures", "");
    Path plot = (keep.isBlank() ? folder : Path.of(keep)).resolve("km.svg");
    String svg = new SurvivalPlot("synthetic", groups, "months").svg();
    Files.writeString(plot, svg);
    assertTrue(svg.contains("at risk") && svg.contains("log-rank p") && svg.contains("polygon"));
  }

  @Test
  void coxOrdersPatients() {
    SurvivalReport report = survival(SyntheticBags.survival(240, 12), new Objective.Cox(16));
    assertTrue(report.concordance().value() >= 0.85, report.concordance().toString());
  }

  private static SurvivalReport survival(List<BagCase> cases, Objective objective) {
    MilTrainer trainer =
        new MilTrainer(
            small(MilKind.ABMIL, objective.outputs()),
            objective,
            new MilSettings(1e-3, 1e-4, 15, 15, 15, false, 7));
    try (TrainedMil trained =
        trainer.train(cases.subList(0, 120), cases.subList(120, 160), ProgressListener.NONE)) {
      List<BagCase> test = cases.subList(160, 240);
      boolean[] censored = new boolean[test.size()];
      for (int i = 0; i < censored.length; i++) {
        censored[i] = test.get(i).censored();
      }
      return SurvivalReport.of(
          test.stream().mapToDouble(BagCase::time).toArray(),
          censored,
          trained.risks(test),
          Protocol.SOUND,
          1,
          300);
    }
  }

  @Test
  void aBagOfOneTileWorksAndWeightsAreKept(@TempDir Path folder) {
    List<BagCase> cases = SyntheticBags.classes(160, 2, 5);
    try (TrainedMil trained = train(MilKind.ABMIL, 2, cases)) {
      FeatureBag one =
          new FeatureBag("one", Matrix.zeros(1, SyntheticBags.dimension()), new long[] {0, 0});
      assertEquals(1, trained.output(one).attention().length);
      trained.save(folder.resolve("head.safetensors"));
      WeightFile saved = WeightFile.open(folder.resolve("head.safetensors"));
      assertEquals("abmil", saved.metadata().get("mil.kind"));
      assertEquals(List.of(32L, 16L), saved.tensor("net.feature.0.weight").shape());
      try (TrainedMil again = TrainedMil.load(folder.resolve("head.safetensors"))) {
        assertArrayEquals(trained.output(one).logits(), again.output(one).logits());
        assertEquals(trained.epoch(), again.epoch());
        assertEquals(List.of(), again.outputNames());
      }
      trained.withOutputNames(List.of("no", "yes")).save(folder.resolve("named.safetensors"));
      try (TrainedMil again = TrainedMil.load(folder.resolve("named.safetensors"))) {
        assertEquals(List.of("no", "yes"), again.outputNames());
      }
      FeatureBag wide = new FeatureBag("wide", Matrix.zeros(2, 5), new long[0]);
      EvaluationException e = assertThrows(EvaluationException.class, () -> trained.output(wide));
      assertTrue(e.getMessage().contains("'wide'") && e.getMessage().contains("5 dimensions"));
    }
  }

  @Test
  void attentionIsDrawnAndExported(@TempDir Path folder) throws IOException {
    AttentionMap map =
        new AttentionMap(new long[] {0, 0, 512, 0, 0, 512}, 512, new float[] {-1, 2, 0.5f});
    assertArrayEquals(new double[] {0, 1, 0.5}, map.percentiles());
    BufferedImage thumbnail = new BufferedImage(64, 64, BufferedImage.TYPE_INT_RGB);
    thumbnail.createGraphics().fillRect(0, 0, 64, 64);
    BufferedImage overlay = map.overlay(thumbnail, 16, 0.5);
    Color low = new Color(overlay.getRGB(8, 8));
    Color high = new Color(overlay.getRGB(40, 8));
    assertTrue(low.getBlue() > low.getRed() && high.getRed() > high.getBlue());
    assertEquals(Color.WHITE.getRGB(), overlay.getRGB(40, 40));
    map.writeGeoJson(folder.resolve("a.geojson"));
    String json = Files.readString(folder.resolve("a.geojson"));
    assertTrue(json.contains("\"attention percentile\":1.0") && json.contains("Polygon"));
  }

  @Test
  void anEmptyBagAndAMissingClassAreNamed() {
    EvaluationException empty =
        assertThrows(
            EvaluationException.class,
            () -> new FeatureBag("slide 7", Matrix.zeros(0, 4), new long[0]));
    assertTrue(empty.getMessage().contains("slide 7"));
    List<BagCase> cases = SyntheticBags.classes(160, 2, 5);
    MilTrainer trainer =
        new MilTrainer(small(MilKind.MEAN, 3), new Objective.Classification(3), quick());
    EvaluationException missing =
        assertThrows(
            EvaluationException.class, () -> trainer.train(cases, cases, ProgressListener.NONE));
    assertTrue(missing.getMessage().contains("class 2"));
  }
}
