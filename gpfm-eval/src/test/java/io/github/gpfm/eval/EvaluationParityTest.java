package io.github.gpfm.eval;

import static io.github.gpfm.eval.EvaluationFixtures.booleans;
import static io.github.gpfm.eval.EvaluationFixtures.doubles;
import static io.github.gpfm.eval.EvaluationFixtures.ints;
import static io.github.gpfm.eval.EvaluationFixtures.labelled;
import static io.github.gpfm.eval.EvaluationFixtures.matrix;
import static io.github.gpfm.eval.EvaluationFixtures.open;
import static io.github.gpfm.eval.EvaluationFixtures.rows;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.gson.JsonArray;
import com.google.gson.JsonObject;
import io.github.gpfm.encoder.weights.WeightFile;
import io.github.gpfm.eval.data.LabelledFeatures;
import io.github.gpfm.eval.linalg.Standardizer;
import io.github.gpfm.eval.metric.ClassificationMetric;
import io.github.gpfm.eval.metric.ClassificationReport;
import io.github.gpfm.eval.metric.ConcordanceIndex;
import io.github.gpfm.eval.metric.RocAuc;
import io.github.gpfm.eval.probe.KnnClassifier;
import io.github.gpfm.eval.probe.LinearProbe;
import io.github.gpfm.eval.probe.SoftmaxRegression;
import io.github.gpfm.eval.retrieval.RetrievalEvaluation;
import io.github.gpfm.testkit.Fixtures;
import java.util.Arrays;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

/** Every figure of the reference's evaluation, within 1e-6. */
class EvaluationParityTest {
  private static final double TIGHT = 1e-6;

  private static JsonObject expected(String section) {
    return Fixtures.json(Fixtures.parity("evaluation/expected.json")).getAsJsonObject(section);
  }

  @Test
  void multiclassFigures() {
    JsonObject expected = expected("multiclass");
    WeightFile file = open("metrics_inputs");
    double[][] logits = rows(matrix(file, "multiclass.logits"));
    int[] labels = ints(file, "multiclass.labels");
    double[][] probabilities =
        Arrays.stream(logits).map(SoftmaxRegression::softmax).toArray(double[][]::new);
    assertEquals(expected.get("num_classes").getAsInt(), logits[0].length);
    ClassificationReport sound =
        ClassificationReport.of(probabilities, labels, Protocol.SOUND, 1, 20);
    compare(expected, "accuracy", sound, ClassificationMetric.ACCURACY);
    compare(expected, "balanced_accuracy", sound, ClassificationMetric.BALANCED_ACCURACY);
    compare(expected, "f1_macro", sound, ClassificationMetric.F1_MACRO);
    compare(expected, "f1_weighted", sound, ClassificationMetric.F1_WEIGHTED);
    compare(expected, "auc_ovr_macro", sound, ClassificationMetric.AUC_MACRO);
    JsonObject library = expected.getAsJsonObject("torchmetrics");
    ClassificationReport official =
        ClassificationReport.of(probabilities, labels, Protocol.OFFICIAL, 1, 20);
    compare(library, "top1_macro", official, ClassificationMetric.BALANCED_ACCURACY);
    compare(library, "top1_weighted", official, ClassificationMetric.ACCURACY);
    compare(library, "f1_macro", official, ClassificationMetric.F1_MACRO);
    compare(library, "f1_weighted", official, ClassificationMetric.F1_WEIGHTED);
    compare(library, "auroc_macro", official, ClassificationMetric.AUC_MACRO);
    JsonArray perClass = expected.getAsJsonArray("auc_per_class");
    RocAuc[] curves = RocAuc.oneVsRest(probabilities, labels);
    JsonArray confusion = expected.getAsJsonArray("confusion_matrix_rows_true");
    for (int t = 0; t < curves.length; t++) {
      assertEquals(perClass.get(t).getAsDouble(), curves[t].value(), TIGHT);
      for (int p = 0; p < curves.length; p++) {
        assertEquals(
            confusion.get(t).getAsJsonArray().get(p).getAsInt(), sound.confusion().count(t, p));
      }
    }
    double entropy = 0;
    for (int i = 0; i < labels.length; i++) {
      entropy -= Math.log(probabilities[i][labels[i]]) / labels.length;
    }
    assertEquals(expected.get("cross_entropy").getAsDouble(), entropy, TIGHT);
  }

  private static void compare(
      JsonObject expected, String name, ClassificationReport report, ClassificationMetric metric) {
    assertEquals(expected.get(name).getAsDouble(), report.get(metric).value(), TIGHT, name);
  }

  @Test
  void binaryFiguresWithTiedScores() {
    JsonObject expected = expected("binary");
    WeightFile file = open("metrics_inputs");
    double[][] logits = rows(matrix(file, "binary.logits"));
    int[] labels = ints(file, "binary.labels");
    double[] scores = Arrays.stream(logits).mapToDouble(l -> l[1] - l[0]).toArray();
    boolean[] truth = booleans(Arrays.stream(labels).asDoubleStream().toArray());
    assertEquals(expected.get("auc").getAsDouble(), new RocAuc(scores, truth).value(), TIGHT);
    ClassificationReport report = ClassificationReport.of(logits, labels, Protocol.SOUND, 1, 0);
    compare(expected, "accuracy", report, ClassificationMetric.ACCURACY);
    compare(expected, "balanced_accuracy", report, ClassificationMetric.BALANCED_ACCURACY);
    compare(expected, "f1_macro", report, ClassificationMetric.F1_MACRO);
    compare(expected, "f1_weighted", report, ClassificationMetric.F1_WEIGHTED);
  }

  @Test
  void concordance() {
    JsonObject expected = expected("c_index");
    WeightFile file = open("metrics_inputs");
    ConcordanceIndex c =
        ConcordanceIndex.of(
            doubles(file, "cindex.event_time"),
            booleans(doubles(file, "cindex.censorship")),
            doubles(file, "cindex.risk"));
    assertEquals(expected.get("c_index").getAsDouble(), c.value(), TIGHT);
    assertEquals(expected.get("concordant").getAsDouble(), c.concordant());
    assertEquals(expected.get("discordant").getAsDouble(), c.discordant());
    assertEquals(expected.get("tied_risk").getAsDouble(), c.tiedRisk());
    assertEquals(expected.get("comparable_pairs").getAsDouble(), c.comparable());
  }

  private static LabelledFeatures retrievalSide(WeightFile file, String side) {
    int classes = Integer.parseInt(file.metadata().get("num_classes"));
    return labelled(side, matrix(file, side + "_features"), ints(file, side + "_labels"), classes);
  }

  @Test
  void retrieval() {
    WeightFile file = open("retrieval");
    JsonObject expected = expected("retrieval");
    LabelledFeatures train = retrievalSide(file, "train");
    LabelledFeatures query = retrievalSide(file, "query");
    Standardizer standardizer = Standardizer.of(train.features());
    assertArrayEquals(file.tensor("train_mean").toFloats(), standardizer.mean(), 1e-6f);
    assertArrayEquals(file.tensor("train_std").toFloats(), standardizer.std(), 1e-6f);
    RetrievalEvaluation found = RetrievalEvaluation.of(train, query, train.classes().size());
    double[][] votes = rows(matrix(file, "votes"));
    int[] neighbours = ints(file, "neighbour_index");
    int k = (int) file.tensor("neighbour_index").size(1);
    for (int q = 0; q < query.size(); q++) {
      assertArrayEquals(
          Arrays.copyOfRange(neighbours, q * k, (q + 1) * k),
          Arrays.copyOf(found.neighbours(q), k),
          "query " + q);
      assertArrayEquals(votes[q], found.votes(q), TIGHT);
    }
    Map<String, Double> figures = new TreeMap<>();
    for (int top : new int[] {1, 3, 5}) {
      figures.put(
          "official_vote_top" + top + "_macro_ties_to_lower_class", found.classScoreAccuracy(top));
      figures.put("any_of_" + top + "_neighbours_macro", found.anyOfAccuracy(top));
      figures.put("any_of_" + top + "_neighbours_micro", found.anyOfMicroAccuracy(top));
    }
    figures.forEach((name, value) -> assertEquals(expected.get(name).getAsDouble(), value, TIGHT));
  }

  @Test
  void nearestNeighbours() {
    WeightFile file = open("retrieval");
    JsonObject expected = expected("knn");
    LabelledFeatures train = retrievalSide(file, "train");
    LabelledFeatures query = retrievalSide(file, "query");
    double temperature = Double.parseDouble(file.metadata().get("knn_temperature"));
    for (String key : expected.keySet()) {
      int k = Integer.parseInt(key.substring(1));
      double[][] scores = new KnnClassifier(20, temperature).scores(train, query, k);
      double[][] probabilities = rows(matrix(file, "knn" + k + "_probs"));
      for (int q = 0; q < scores.length; q++) {
        assertArrayEquals(probabilities[q], scores[q], TIGHT, key + " query " + q);
      }
      ClassificationReport report =
          ClassificationReport.of(scores, query.labels(), Protocol.OFFICIAL, 1, 0);
      JsonObject values = expected.getAsJsonObject(key);
      compare(values, "accuracy", report, ClassificationMetric.ACCURACY);
      compare(values, "f1_weighted", report, ClassificationMetric.F1_WEIGHTED);
    }
  }

  @Test
  void linearProbeSteps() {
    WeightFile file = open("linear_probe");
    double[] rates = doubles(file, "learning_rates");
    double[] losses = doubles(file, "losses");
    int[] labels = ints(file, "labels");
    LinearProbe paper = LinearProbe.paper();
    SoftmaxRegression model =
        new SoftmaxRegression(
            matrix(file, "initial.weight"),
            file.tensor("initial.bias").toFloats(),
            paper.weightDecay());
    for (int s = 0; s < rates.length; s++) {
      assertEquals(rates[s], paper.learningRateAt(s, rates.length), 1e-10);
      assertEquals(losses[s], model.step(matrix(file, "features"), labels, rates[s]), TIGHT);
    }
    assertArrayEquals(file.tensor("final.bias").toFloats(), model.bias(), 1e-6f);
    assertArrayEquals(file.tensor("final.weight").toFloats(), model.weight().values(), 1e-6f);
    assertTrue(losses[losses.length - 1] < losses[0]);
  }
}
