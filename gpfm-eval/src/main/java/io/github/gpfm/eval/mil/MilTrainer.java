package io.github.gpfm.eval.mil;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import io.github.gpfm.api.ProgressListener;
import io.github.gpfm.encoder.weights.WeightTensor;
import io.github.gpfm.eval.EvaluationException;
import io.github.gpfm.eval.data.BagCase;
import io.github.gpfm.eval.data.FeatureBag;
import io.github.gpfm.eval.head.TrainableHead;
import io.github.gpfm.eval.linalg.Matrix;
import io.github.gpfm.eval.metric.ClassificationReport;
import io.github.gpfm.eval.metric.ConcordanceIndex;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.function.Function;

/**
 * Trains a network over bags as the paper's reference does: one bag a step, Adam, the epoch with
 * the best validation accuracy (survival: C-index) kept, an equal one counting as better.
 *
 * @param architecture the network
 * @param objective what it is trained for
 * @param settings how
 */
public record MilTrainer(MilArchitecture architecture, Objective objective, MilSettings settings) {
  /** Checks that the network's outputs fit the objective. */
  public MilTrainer {
    if (architecture.outputs() != objective.outputs()) {
      throw new EvaluationException(
          "a network of " + architecture.outputs() + " outputs cannot learn " + objective);
    }
    if (architecture.kind().onlyClasses() && !(objective instanceof Objective.Classification)) {
      throw new EvaluationException(
          "'%s' trains on classes; for %s take another head"
              .formatted(architecture.kind().key(), objective));
    }
  }

  /**
   * Trains and selects.
   *
   * @param train cases with labels (and times)
   * @param validation cases to select by
   * @throws EvaluationException if a side is empty, or a class has no training case
   */
  public TrainedMil train(
      List<BagCase> train, List<BagCase> validation, ProgressListener progress) {
    check(train, validation);
    TrainableHead.seed(settings.seed());
    TrainableHead head = TrainableHead.load(architecture.program(settings.seed()));
    boolean kept = false;
    progress.started("train " + architecture.kind().key(), settings.maxEpochs());
    try {
      SplittableRandom random = new SplittableRandom(settings.seed());
      double best = Double.NEGATIVE_INFINITY;
      int bestEpoch = -1;
      int worse = 0;
      Map<String, WeightTensor> weights = head.snapshot();
      for (int epoch = 0; epoch < settings.maxEpochs(); epoch++) {
        epoch(head, train, order(train, random), (double) epoch / settings.maxEpochs());
        double score = score(head, validation);
        if (score >= best) {
          best = score;
          bestEpoch = epoch;
          worse = 0;
          weights = head.snapshot();
        } else if (++worse >= settings.patience() && epoch > settings.sureEpochs()) {
          break;
        }
        progress.advanced(epoch + 1L);
      }
      if (bestEpoch < 0) {
        throw new EvaluationException(
            "no epoch could be selected: the "
                + validation.size()
                + " validation cases have no comparable pair");
      }
      head.restore(weights);
      kept = true;
      return new TrainedMil(architecture, head, bestEpoch, best, List.of(), Map.of());
    } finally {
      progress.finished();
      if (!kept) {
        head.close();
      }
    }
  }

  private void check(List<BagCase> train, List<BagCase> validation) {
    if (train.isEmpty() || validation.isEmpty()) {
      throw new EvaluationException(
          "training needs cases on both sides: "
              + train.size()
              + " train, "
              + validation.size()
              + " select");
    }
    if (objective instanceof Objective.Classification classification) {
      Set<Integer> seen = new HashSet<>();
      train.forEach(c -> seen.add(c.label()));
      for (int c = 0; c < classification.classes(); c++) {
        if (!seen.contains(c)) {
          throw new EvaluationException("class " + c + " has no training case");
        }
      }
    }
  }

  private void epoch(TrainableHead head, List<BagCase> cases, int[] order, double done) {
    int perStep = casesPerStep();
    for (int from = 0; from < order.length; from += perStep) {
      List<BagCase> batch = new ArrayList<>();
      for (int i = from; i < Math.min(order.length, from + perStep); i++) {
        batch.add(cases.get(order[i]));
      }
      step(head, batch, done);
    }
  }

  private int casesPerStep() {
    if (architecture.kind() == MilKind.HMIL) {
      return settings.casesPerStep();
    }
    return objective instanceof Objective.Cox cox ? cox.casesPerStep() : 1;
  }

  private void step(TrainableHead head, List<BagCase> batch, double done) {
    BagCase one = batch.get(0);
    if (architecture.kind() == MilKind.HMIL) {
      List<Matrix> bags = batch.stream().map(this::checked).toList();
      step(
          head,
          "hierarchical_loss",
          scope ->
              new Object[] {
                inputs(head, scope, bags),
                scope.create(batch.stream().mapToLong(BagCase::label).toArray()),
                scope.create((float) done)
              });
    } else if (objective instanceof Objective.Classification) {
      Matrix bag = checked(one);
      step(
          head,
          "classification_loss",
          scope -> new Object[] {head.input(scope, bag), label(scope, one)});
    } else if (objective instanceof Objective.DiscreteSurvival discrete) {
      Matrix bag = checked(one);
      step(
          head,
          "survival_loss",
          scope ->
              new Object[] {
                head.input(scope, bag),
                label(scope, one),
                scope.create(new float[] {one.censored() ? 1 : 0}),
                scope.create((float) discrete.alpha())
              });
    } else if (objective instanceof Objective.Regression) {
      targets(head, one, "regression_loss");
    } else if (objective instanceof Objective.MultiLabel) {
      targets(head, one, "multilabel_loss");
    } else if (batch.stream().anyMatch(c -> !c.censored())) {
      // Without an event the likelihood is constant: nothing to learn from such a batch.
      List<Matrix> bags = batch.stream().map(this::checked).toList();
      step(
          head,
          "cox_bag_loss",
          scope -> {
            float[] times = new float[batch.size()];
            float[] censored = new float[batch.size()];
            for (int i = 0; i < times.length; i++) {
              times[i] = (float) batch.get(i).time();
              censored[i] = batch.get(i).censored() ? 1 : 0;
            }
            return new Object[] {
              inputs(head, scope, bags), scope.create(times), scope.create(censored)
            };
          });
    }
  }

  private static NDList inputs(TrainableHead head, NDManager scope, List<Matrix> bags) {
    NDList list = new NDList();
    bags.forEach(b -> list.add(head.input(scope, b)));
    return list;
  }

  // A case none of whose targets is known teaches nothing.
  private void targets(TrainableHead head, BagCase one, String method) {
    double[] targets = one.targets();
    float[] values = new float[targets.length];
    float[] known = new float[targets.length];
    float count = 0;
    for (int k = 0; k < values.length; k++) {
      known[k] = Double.isNaN(targets[k]) ? 0 : 1;
      values[k] = known[k] == 0 ? 0 : (float) targets[k];
      count += known[k];
    }
    if (count > 0) {
      Matrix bag = checked(one);
      step(
          head,
          method,
          scope ->
              new Object[] {head.input(scope, bag), scope.create(values), scope.create(known)});
    }
  }

  private void step(TrainableHead head, String method, Function<NDManager, Object[]> arguments) {
    head.step(method, arguments, settings.learningRate(), settings.weightDecay());
  }

  private static NDArray label(NDManager scope, BagCase one) {
    return scope.create(new long[] {one.label()});
  }

  private Matrix checked(BagCase one) {
    FeatureBag bag = one.bag().get();
    architecture.check(bag);
    return bag.features();
  }

  private double targetLoss(double[][] logits, List<BagCase> cases) {
    double sum = 0;
    int known = 0;
    for (int i = 0; i < logits.length; i++) {
      for (int k = 0; k < logits[i].length; k++) {
        double y = cases.get(i).targets()[k];
        double z = logits[i][k];
        if (!Double.isNaN(y)) {
          known++;
          sum +=
              objective instanceof Objective.Regression
                  ? (z - y) * (z - y)
                  : Math.max(z, 0) - z * y + Math.log1p(Math.exp(-Math.abs(z)));
        }
      }
    }
    return known == 0 ? Double.POSITIVE_INFINITY : sum / known;
  }

  /** Accuracy, C-index or minus the loss; minus infinity where none is defined. */
  private double score(TrainableHead head, List<BagCase> cases) {
    double[][] logits = new double[cases.size()][];
    for (int i = 0; i < logits.length; i++) {
      logits[i] = TrainedMil.output(head, architecture, cases.get(i).bag().get()).logits();
    }
    if (objective instanceof Objective.Classification) {
      int[] called = ClassificationReport.argmax(logits);
      int right = 0;
      for (int i = 0; i < called.length; i++) {
        right += called[i] == cases.get(i).label() ? 1 : 0;
      }
      return (double) right / called.length;
    }
    if (objective instanceof Objective.Regression || objective instanceof Objective.MultiLabel) {
      return -targetLoss(logits, cases);
    }
    double[] risks = Arrays.stream(logits).mapToDouble(TrainedMil::risk).toArray();
    double c = ConcordanceIndex.of(BagCase.times(cases), BagCase.censored(cases), risks).value();
    return Double.isNaN(c) ? Double.NEGATIVE_INFINITY : c;
  }

  /**
   * Balanced: drawn with replacement, weight 1 / size of the class (survival: of bin and censorship
   * together); otherwise a shuffle.
   */
  private int[] order(List<BagCase> cases, SplittableRandom random) {
    int n = cases.size();
    int[] order = new int[n];
    boolean haveClasses =
        !(objective instanceof Objective.Regression || objective instanceof Objective.MultiLabel);
    if (!settings.balanced() || !haveClasses) {
      for (int i = 0; i < n; i++) {
        int j = random.nextInt(i + 1);
        order[i] = order[j];
        order[j] = i;
      }
      return order;
    }
    Map<Integer, List<Integer>> byClass = new TreeMap<>();
    for (int i = 0; i < n; i++) {
      byClass.computeIfAbsent(samplerClass(cases.get(i)), c -> new ArrayList<>()).add(i);
    }
    List<List<Integer>> classes = List.copyOf(byClass.values());
    for (int i = 0; i < n; i++) {
      List<Integer> members = classes.get(random.nextInt(classes.size()));
      order[i] = members.get(random.nextInt(members.size()));
    }
    return order;
  }

  private int samplerClass(BagCase one) {
    return objective instanceof Objective.Classification
        ? one.label()
        : 2 * one.label() + (one.censored() ? 1 : 0);
  }
}
