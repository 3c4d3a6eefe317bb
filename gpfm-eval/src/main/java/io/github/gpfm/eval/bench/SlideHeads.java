package io.github.gpfm.eval.bench;

import io.github.gpfm.api.GpfmException;
import io.github.gpfm.eval.EvaluationException;
import io.github.gpfm.eval.Protocol;
import io.github.gpfm.eval.data.BagCase;
import io.github.gpfm.eval.data.FeatureBag;
import io.github.gpfm.eval.data.Split;
import io.github.gpfm.eval.mil.AttentionMap;
import io.github.gpfm.eval.mil.MilTrainer;
import io.github.gpfm.eval.mil.Objective;
import io.github.gpfm.eval.mil.TrainedMil;
import io.github.gpfm.eval.probe.LinearHead;
import io.github.gpfm.eval.survival.BreslowBaseline;
import io.github.gpfm.eval.survival.TimeBins;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/** Trains the head of a slide task on one split, keeps it, and reports on the test cases. */
final class SlideHeads {
  private static final int BINS = 4;

  private final TaskRunner.Run run;
  private final Map<String, BagCase> cases;
  private final Split split;
  private final List<String> notes;

  SlideHeads(TaskRunner.Run run, Map<String, BagCase> cases, Split split, List<String> notes) {
    this.run = run;
    this.cases = cases;
    this.split = split;
    this.notes = notes;
  }

  /** What the head, and the heads of few shots if the task asks for them, say of the test cases. */
  List<Predictions> predictions() {
    List<BagCase> train = cases(split.train());
    List<BagCase> validation = cases(split.validation());
    List<Predictions> all = new ArrayList<>();
    all.add(predictions("", train, validation));
    for (Object shots : run.task().settings().list("shots")) {
      int k = Integer.parseInt(String.valueOf(shots));
      try {
        all.add(predictions("shots" + k + "_", few(train, k, 0), few(validation, k, 1)));
      } catch (GpfmException e) {
        notes.add(
            "%d shots of split '%s' were left out: %s".formatted(k, split.name(), e.getMessage()));
      }
    }
    return all;
  }

  private Predictions predictions(String method, List<BagCase> train, List<BagCase> validation) {
    return switch (run.task().type()) {
      case SURVIVAL -> survival(method, train, validation);
      case WSI_REGRESSION, WSI_MULTILABEL -> targets(method, train, validation);
      default -> classes(method, train, validation);
    };
  }

  private List<BagCase> cases(List<String> names) {
    return names.stream().map(cases::get).toList();
  }

  /** As many cases a class as there are, at most k, drawn by the run's seed. */
  private List<BagCase> few(List<BagCase> from, int k, int stream) {
    if (run.task().type() != TaskType.WSI_CLASSIFICATION) {
      throw new EvaluationException("few shots are drawn by class; this task has none");
    }
    Map<Integer, List<BagCase>> byClass = new TreeMap<>();
    from.forEach(c -> byClass.computeIfAbsent(c.label(), x -> new ArrayList<>()).add(c));
    Random random = new Random(31 * run.seed() + stream);
    List<BagCase> chosen = new ArrayList<>();
    for (var entry : byClass.entrySet()) {
      if (stream == 0 && entry.getValue().size() < k) {
        throw new EvaluationException(
            "class '%s' has %d training cases, fewer than %d"
                .formatted(run.cohort().classes().get(entry.getKey()), entry.getValue().size(), k));
      }
      Collections.shuffle(entry.getValue(), random);
      chosen.addAll(entry.getValue().subList(0, Math.min(k, entry.getValue().size())));
    }
    return chosen;
  }

  private Predictions classes(String method, List<BagCase> train, List<BagCase> validation) {
    List<String> classes = run.cohort().classes();
    Set<Integer> seen = train.stream().map(BagCase::label).collect(Collectors.toSet());
    for (int c = 0; c < classes.size(); c++) {
      if (!seen.contains(c)) {
        throw new EvaluationException("class '" + classes.get(c) + "' has no slide to train on");
      }
    }
    List<BagCase> test = cases(split.test());
    try (FrozenHead head = classHead(method, train, validation, test)) {
      Set<Integer> reported = test.stream().map(BagCase::label).collect(Collectors.toSet());
      IntStream.range(0, classes.size())
          .filter(c -> method.isEmpty() && !reported.contains(c))
          .forEach(
              c ->
                  notes.add(
                      "class '%s' has no test slide in split '%s'"
                          .formatted(classes.get(c), split.name())));
      return Predictions.classes(
          split.name(),
          method,
          split.test(),
          groups(run.cohort(), split.test()),
          classes,
          test.stream().mapToInt(BagCase::label).toArray(),
          head.probabilities(test));
    }
  }

  private FrozenHead classHead(
      String method, List<BagCase> train, List<BagCase> validation, List<BagCase> test) {
    List<String> classes = run.cohort().classes();
    if (isLinear()) {
      return keep(method, LinearSlideHeads.classes(train, validation, classes));
    }
    return keep(
        method,
        trainer(new Objective.Classification(classes.size()), train)
            .train(train, validation, run.progress())
            .withOutputNames(classes),
        test);
  }

  private MilTrainer trainer(Objective objective, List<BagCase> train) {
    return new NetworkTraining(run).of(objective, train);
  }

  private boolean isLinear() {
    return !NetworkTraining.isShazam(run.encoder())
        && run.task().settings().choice("head", HeadKind.ABMIL).isLinear();
  }

  static List<String> groups(SlideCohort cohort, List<String> names) {
    return names.stream().map(cohort.patient()).toList();
  }

  private Predictions survival(String method, List<BagCase> train, List<BagCase> validation) {
    Settings task = run.task().settings();
    List<BagCase> test = cases(split.test());
    if (isLinear()) {
      double l1 = task.number("l1-ratio", 0.5);
      try (FrozenHead head =
          keep(method, LinearSlideHeads.survival(train, validation, l1, BINS, notes))) {
        return SurvivalScores.of(head, split.name(), method, test, run.cohort(), train);
      }
    }
    boolean cox = task.choice("loss", TaskKeys.Loss.NLL) == TaskKeys.Loss.COX;
    // The reference computes the bins over the whole cohort, test cases included.
    List<BagCase> known =
        run.config().protocol() == Protocol.OFFICIAL ? List.copyOf(cases.values()) : train;
    TimeBins bins = TimeBins.of(BagCase.times(known), BagCase.censored(known), BINS);
    Objective objective =
        cox
            ? new Objective.Cox(task.integer("cases-per-step", 16))
            : new Objective.DiscreteSurvival(BINS, 0);
    double[] times = Arrays.copyOfRange(bins.edges(), 1, BINS);
    TrainedMil trained =
        trainer(objective, train)
            .train(binned(train, bins), binned(validation, bins), run.progress())
            .withFact("times", times);
    if (cox) {
      BreslowBaseline baseline =
          BreslowBaseline.of(BagCase.times(train), BagCase.censored(train), trained.risks(train));
      trained = trained.withFact("baseline", Arrays.stream(times).map(baseline::at).toArray());
    }
    try (FrozenHead head = keep(method, trained, test)) {
      return SurvivalScores.of(head, split.name(), method, test, run.cohort(), train);
    }
  }

  private static List<BagCase> binned(List<BagCase> cases, TimeBins bins) {
    return cases.stream().map(c -> c.withLabel(bins.bin(c.time()))).toList();
  }

  private Predictions targets(String method, List<BagCase> train, List<BagCase> validation) {
    List<String> targets = run.cohort().targets();
    boolean numbers = run.task().type() == TaskType.WSI_REGRESSION;
    List<BagCase> test = cases(split.test());
    if (!numbers) {
      TargetScale.checkLabels(cases.values(), targets);
    }
    try (FrozenHead head = targetHead(method, train, validation, test, numbers)) {
      return TargetScale.predictions(head, split.name(), method, numbers, test, run.cohort());
    }
  }

  private FrozenHead targetHead(
      String method,
      List<BagCase> train,
      List<BagCase> validation,
      List<BagCase> test,
      boolean numbers) {
    List<String> targets = run.cohort().targets();
    if (isLinear()) {
      return keep(
          method,
          numbers
              ? LinearSlideHeads.numbers(train, validation, targets)
              : LinearSlideHeads.labels(train, validation, targets));
    }
    TargetScale scale = numbers ? TargetScale.of(train, targets) : TargetScale.none(targets.size());
    Objective objective =
        numbers
            ? new Objective.Regression(targets.size())
            : new Objective.MultiLabel(targets.size());
    return keep(
        method,
        trainer(objective, train)
            .train(scale.applied(train), scale.applied(validation), run.progress())
            .withOutputNames(targets)
            .withFact("target_mean", scale.mean())
            .withFact("target_std", scale.std()),
        test);
  }

  /** Folder of a task's heads of one encoder. */
  static Path folder(BenchConfig config, TaskDefinition task, EncoderSpec encoder) {
    return config.output().resolve("heads").resolve(task.fileName()).resolve(encoder.fileName());
  }

  /** Name of the head of a split, without ending. */
  static String headName(String split, long seed) {
    return split.replaceAll("[^A-Za-z0-9_-]+", "_") + "-seed-" + seed;
  }

  private Path prepared() {
    Path folder = folder(run.config(), run.task(), run.encoder());
    folder.toFile().mkdirs();
    return folder.resolve(headName(split.name(), run.seed()) + ".safetensors");
  }

  private Map<String, String> inputs() {
    return HeadInputs.of(run.config(), run.encoder()).metadata();
  }

  private FrozenHead keep(String method, LinearHead head) {
    if (method.isEmpty()) {
      head.save(prepared(), inputs());
    }
    return FrozenHead.of(head);
  }

  /** Keeps the network, and the attention of as many test slides as the task asks for. */
  private FrozenHead keep(String method, TrainedMil trained, List<BagCase> test) {
    if (!method.isEmpty()) {
      return FrozenHead.of(trained);
    }
    Path file = prepared();
    trained.save(file, inputs());
    int wanted = run.task().settings().integer("attention-maps", 0);
    Path maps = file.resolveSibling(headName(split.name(), run.seed()));
    for (BagCase one : test.subList(0, Math.min(wanted, test.size()))) {
      int slides = run.cohort().slides(one.id()).size();
      if (slides > 1) {
        notes.add(
            "'%s' has %d slides in one bag, whose coordinates lie over each other: no attention map"
                .formatted(one.id(), slides));
        continue;
      }
      FeatureBag bag = one.bag().get();
      if (bag.coords().length > 0) {
        new AttentionMap(bag.coords(), tileSize(bag), trained.output(bag).attention())
            .writeGeoJson(maps.resolve(one.id() + ".geojson"));
      }
    }
    return FrozenHead.of(trained);
  }

  // What the file says; else what the task says; else the step of the grid.
  private double tileSize(FeatureBag bag) {
    OptionalDouble stated = bag.tileSize();
    if (stated.isPresent()) {
      return stated.getAsDouble();
    }
    Settings task = run.task().settings();
    if (task.has("tile-size")) {
      return task.number("tile-size", 0);
    }
    double step = AttentionMap.gridStep(bag.coords());
    String note =
        "the feature files do not say their tile size; attention maps take the step of the coordinates, %.0f pixels"
            .formatted(step);
    if (!notes.contains(note)) {
      notes.add(note);
    }
    return step;
  }
}
