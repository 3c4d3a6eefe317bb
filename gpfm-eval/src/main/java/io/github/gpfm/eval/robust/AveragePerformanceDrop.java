package io.github.gpfm.eval.robust;

import io.github.gpfm.eval.EvaluationException;
import io.github.gpfm.eval.data.LabelledFeatures;
import io.github.gpfm.eval.metric.ClassificationReport;
import io.github.gpfm.eval.metric.ConfusionMatrix;
import io.github.gpfm.eval.probe.LogisticRegression;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.SplittableRandom;
import java.util.TreeSet;
import java.util.stream.IntStream;

/**
 * PathoROB's average performance drop: how much worse a linear probe calls classes when the center
 * comes to tell the class in its training tiles. From split to split more slides of a class come
 * from one center, until all do; the test tiles stay balanced. The drop of an iteration is the mean
 * over the splits of balanced accuracy relative to the balanced split, less 1: 0 for features that
 * ignore the center, negative otherwise.
 *
 * @param value mean drop over the iterations
 * @param accuracies balanced accuracy, splits x iterations; the first split is balanced
 */
public record AveragePerformanceDrop(double value, double[][] accuracies) {
  /** C of the probes, chosen on validation tiles: 10⁻⁸ to 10⁴ in 15 steps. */
  static final double[] STRENGTHS =
      IntStream.range(0, 15).mapToDouble(i -> Math.pow(10, -8 + 12.0 * i / 14)).toArray();

  /** The drop of each iteration. */
  public static double[] drops(double[][] accuracies) {
    int iterations = accuracies[0].length;
    return IntStream.range(0, iterations)
        .mapToDouble(
            i ->
                IntStream.range(1, accuracies.length)
                        .mapToDouble(s -> accuracies[s][i] / accuracies[0][i])
                        .average()
                        .orElse(Double.NaN)
                    - 1)
        .toArray();
  }

  /** The mean drop of accuracies. */
  static AveragePerformanceDrop of(double[][] accuracies) {
    return new AveragePerformanceDrop(
        Arrays.stream(drops(accuracies)).average().orElse(Double.NaN), accuracies);
  }

  /**
   * Measures tiles. Every class needs the same few slides or more at every center; the smallest of
   * these cells decides how many are used.
   *
   * @param data tiles of two or more classes and centers
   * @param iterations random choices of slides, 20 in the reference
   * @param seed of these
   * @throws EvaluationException if a class has fewer than two slides more than there are centers at
   *     a center
   */
  public static AveragePerformanceDrop of(CenteredTiles data, int iterations, long seed) {
    Design design = Design.of(data);
    double[][] accuracies = new double[design.splits()][iterations];
    SplittableRandom random = new SplittableRandom(seed);
    for (int i = 0; i < iterations; i++) {
      List<List<List<int[]>>> slides = design.shuffled(random);
      for (int s = 0; s < accuracies.length; s++) {
        accuracies[s][i] = design.accuracy(data, slides, s);
      }
    }
    return of(accuracies);
  }

  /**
   * Balanced accuracy on test tiles of the probe whose C calls the validation tiles best; the
   * smaller C among equals.
   */
  public static double probe(
      LabelledFeatures train, LabelledFeatures validation, LabelledFeatures test) {
    LogisticRegression best = null;
    double highest = -1;
    for (double c : STRENGTHS) {
      LogisticRegression model = LogisticRegression.train(train, c);
      double accuracy = accuracy(model, validation);
      if (best == null || accuracy > highest) {
        best = model;
        highest = accuracy;
      }
    }
    return accuracy(Objects.requireNonNull(best), test);
  }

  private static double accuracy(LogisticRegression model, LabelledFeatures asked) {
    int[] called = ClassificationReport.argmax(model.probabilities(asked.features()));
    return ConfusionMatrix.of(asked.labels(), called, asked.classes().size()).balancedAccuracy();
  }

  /** How many slides of each class and center train, in each split. */
  private static final class Design {
    private final List<List<List<int[]>>> cells = new ArrayList<>();
    private final int centers;
    private final int train;

    private Design(CenteredTiles data) {
      List<String> names = data.centerNames();
      this.centers = names.size();
      int classes = data.tiles().classes().size();
      int smallest = Integer.MAX_VALUE;
      for (int k = 0; k < classes; k++) {
        List<List<int[]>> ofClass = new ArrayList<>();
        for (String center : names) {
          Map<String, List<Integer>> slides = new LinkedHashMap<>();
          for (int row : data.rows(k, center)) {
            slides.computeIfAbsent(data.slides().get(row), s -> new ArrayList<>()).add(row);
          }
          List<int[]> cell = new ArrayList<>();
          for (String slide : new TreeSet<>(slides.keySet())) {
            cell.add(
                slides.getOrDefault(slide, List.of()).stream()
                    .mapToInt(Integer::intValue)
                    .toArray());
          }
          smallest = Math.min(smallest, cell.size());
          ofClass.add(cell);
        }
        cells.add(ofClass);
      }
      // One slide validates, one in eight tests, the rest trains, as many as the centers divide.
      int test = Math.max(1, Math.round(smallest / 8f));
      this.train = centers < 2 ? 0 : (smallest - 1 - test) / centers * centers;
      if (centers < 2 || train < centers) {
        throw new EvaluationException(
            "'%s' has %d centers and a class with only %d slides at one of them: too few for a performance drop"
                .formatted(data.tiles().name(), centers, smallest));
      }
    }

    static Design of(CenteredTiles data) {
      return new Design(data);
    }

    int splits() {
      return train - train / centers + 1;
    }

    List<List<List<int[]>>> shuffled(SplittableRandom random) {
      List<List<List<int[]>>> result = new ArrayList<>();
      for (List<List<int[]>> ofClass : cells) {
        List<List<int[]>> copy = new ArrayList<>();
        for (List<int[]> cell : ofClass) {
          List<int[]> slides = new ArrayList<>(cell);
          for (int i = slides.size() - 1; i > 0; i--) {
            int j = random.nextInt(i + 1);
            int[] swap = slides.get(i);
            slides.set(i, slides.get(j));
            slides.set(j, swap);
          }
          copy.add(slides);
        }
        result.add(copy);
      }
      return result;
    }

    // The center that comes to stand for a class takes one slide more each split; the others share
    // what is left as evenly as whole slides allow.
    private int slides(int label, int center, int split) {
      int own = train / centers + split;
      int place = Math.floorMod(center - label, centers);
      if (place == 0) {
        return own;
      }
      int rest = train - own;
      return rest / (centers - 1) + (place <= rest % (centers - 1) ? 1 : 0);
    }

    double accuracy(CenteredTiles data, List<List<List<int[]>>> slides, int split) {
      List<Integer> learned = new ArrayList<>();
      List<Integer> selecting = new ArrayList<>();
      List<Integer> asked = new ArrayList<>();
      for (int k = 0; k < slides.size(); k++) {
        for (int c = 0; c < centers; c++) {
          List<int[]> cell = slides.get(k).get(c);
          int count = slides(k, c, split);
          for (int s = 0; s < count; s++) {
            IntStream.of(cell.get(s)).forEach(learned::add);
          }
          // Validation tiles stand in the proportion of the training slides.
          int[] validating = cell.get(train);
          int most = (int) Math.ceil((double) validating.length * count / train);
          IntStream.of(validating).limit(most).forEach(selecting::add);
          for (int s = train + 1; s < cell.size(); s++) {
            IntStream.of(cell.get(s)).forEach(asked::add);
          }
        }
      }
      return probe(part(data, learned), part(data, selecting), part(data, asked));
    }

    private static LabelledFeatures part(CenteredTiles data, List<Integer> rows) {
      return data.select(rows.stream().mapToInt(Integer::intValue).toArray()).tiles();
    }
  }
}
