package io.github.gpfm.eval.bench;

import io.github.gpfm.api.GpfmException;
import io.github.gpfm.eval.EvaluationException;
import io.github.gpfm.eval.Protocol;
import io.github.gpfm.eval.data.BagCase;
import io.github.gpfm.eval.data.CaseTable;
import io.github.gpfm.eval.data.FeatureBag;
import io.github.gpfm.eval.data.Split;
import io.github.gpfm.eval.metric.ClassificationMetric;
import io.github.gpfm.eval.metric.ClassificationReport;
import io.github.gpfm.eval.metric.Interval;
import io.github.gpfm.eval.mil.AttentionMap;
import io.github.gpfm.eval.mil.MilArchitecture;
import io.github.gpfm.eval.mil.MilKind;
import io.github.gpfm.eval.mil.MilSettings;
import io.github.gpfm.eval.mil.MilTrainer;
import io.github.gpfm.eval.mil.Objective;
import io.github.gpfm.eval.mil.TrainedMil;
import io.github.gpfm.eval.rank.RankTable;
import io.github.gpfm.eval.survival.SurvivalReport;
import io.github.gpfm.eval.survival.TimeBins;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/** Slide classification and survival by networks over bags; the mean over the splits. */
final class SlideRunner implements TaskRunner {
  @Override
  public TaskResult run(Run run) {
    boolean survival = run.task().type() == TaskType.SURVIVAL;
    Path table =
        run.task()
            .settings()
            .path("table")
            .orElseThrow(
                () ->
                    new EvaluationException(
                        "task '" + run.task().name() + "' needs 'table', its labels as CSV"));
    SlideData data =
        new SlideData(run, survival ? CaseTable.survival(table) : CaseTable.labels(table));
    List<String> notes = data.notes();
    Map<String, List<Interval>> parts = new LinkedHashMap<>();
    Pooled pooled = new Pooled();
    for (Split split : data.splits()) {
      try {
        if (survival) {
          survival(run, data, split, parts, pooled);
        } else {
          classify(run, data, split, parts);
        }
      } catch (GpfmException e) {
        notes.add("split '" + split.name() + "' was left out: " + e.getMessage());
      }
    }
    if (parts.isEmpty()) {
      throw new EvaluationException(
          "no split of task '"
              + run.task().name()
              + "' could be run: "
              + notes.get(notes.size() - 1));
    }
    if (survival) {
      pooled.plot(run);
    }
    Map<String, Interval> figures = new LinkedHashMap<>();
    parts.forEach((name, values) -> figures.put(name, TaskResult.mean(values)));
    return new TaskResult(figures, notes);
  }

  private static MilArchitecture architecture(Run run, SlideData data, int outputs) {
    Settings task = run.task().settings();
    MilKind kind = MilKind.of(task.text("head").orElse(MilKind.ABMIL.key()));
    MilArchitecture paper = MilArchitecture.paper(kind, data.dimension(), outputs);
    return new MilArchitecture(
        kind,
        data.dimension(),
        outputs,
        task.integer("hidden", paper.hidden()),
        task.integer("attention", paper.attention()),
        task.number("dropout", paper.dropout()));
  }

  private static MilSettings settings(Run run) {
    Settings task = run.task().settings();
    MilSettings paper = MilSettings.paper();
    return new MilSettings(
        task.number("learning_rate", paper.learningRate()),
        task.number("weight_decay", paper.weightDecay()),
        task.integer("epochs", paper.maxEpochs()),
        task.integer("patience", paper.patience()),
        task.integer("sure_epochs", paper.sureEpochs()),
        !"false".equals(task.text("balanced").orElse("true")),
        run.seed());
  }

  private static void classify(
      Run run, SlideData data, Split split, Map<String, List<Interval>> parts) {
    int classes = data.classes().size();
    List<BagCase> train = data.cases(split.train());
    List<BagCase> test = data.cases(split.test());
    checkClasses(data, train);
    Objective objective = new Objective.Classification(classes);
    MilTrainer trainer = new MilTrainer(architecture(run, data, classes), objective, settings(run));
    try (TrainedMil trained =
        trainer.train(train, data.cases(split.validation()), run.progress())) {
      ClassificationReport report =
          ClassificationReport.of(
              trained.probabilities(test),
              test.stream().mapToInt(BagCase::label).toArray(),
              run.config().protocol(),
              run.seed(),
              run.config().replicates());
      for (ClassificationMetric metric : ClassificationMetric.values()) {
        parts.computeIfAbsent(metric.key(), k -> new ArrayList<>()).add(report.get(metric));
      }
      for (int c = 0; c < classes; c++) {
        if (report.confusion().support(c) == 0) {
          data.notes()
              .add(
                  "class '"
                      + data.classes().get(c)
                      + "' has no test slide in split '"
                      + split.name()
                      + "'");
        }
      }
      keep(run, split, trained.withOutputNames(data.classes()), test);
    }
  }

  private static void checkClasses(SlideData data, List<BagCase> train) {
    Set<Integer> seen = train.stream().map(BagCase::label).collect(Collectors.toSet());
    for (int c = 0; c < data.classes().size(); c++) {
      if (!seen.contains(c)) {
        throw new EvaluationException(
            "class '" + data.classes().get(c) + "' has no slide to train on");
      }
    }
  }

  /** Keeps the network, and the attention of as many test slides as the task asks for. */
  private static void keep(Run run, Split split, TrainedMil trained, List<BagCase> test) {
    Path folder =
        run.config()
            .output()
            .resolve("heads")
            .resolve(run.task().fileName())
            .resolve(run.encoder().name());
    String name = split.name().replaceAll("[^A-Za-z0-9_-]+", "_") + "-seed-" + run.seed();
    folder.toFile().mkdirs();
    trained.save(folder.resolve(name + ".safetensors"));
    int wanted = run.task().settings().integer("attention_maps", 0);
    double size = run.task().settings().number("tile_size", 512);
    for (BagCase one : test.subList(0, Math.min(wanted, test.size()))) {
      FeatureBag bag = one.bag().get();
      if (bag.coords().length > 0) {
        new AttentionMap(bag.coords(), size, trained.output(bag).attention())
            .writeGeoJson(folder.resolve(name).resolve(one.id() + ".geojson"));
      }
    }
  }

  private static void survival(
      Run run, SlideData data, Split split, Map<String, List<Interval>> parts, Pooled pooled) {
    boolean cox = run.task().settings().text("loss").orElse("nll").equals("cox");
    List<BagCase> train = data.cases(split.train());
    // The reference computes the bins over the whole cohort, test cases included.
    List<BagCase> known = run.config().protocol() == Protocol.OFFICIAL ? data.all() : train;
    TimeBins bins = TimeBins.of(BagCase.times(known), BagCase.censored(known), 4);
    Objective objective =
        cox
            ? new Objective.Cox(run.task().settings().integer("cases_per_step", 16))
            : Objective.DiscreteSurvival.paper();
    MilTrainer trainer =
        new MilTrainer(architecture(run, data, objective.outputs()), objective, settings(run));
    List<BagCase> test = data.cases(split.test());
    try (TrainedMil trained =
        trainer.train(
            binned(train, bins), binned(data.cases(split.validation()), bins), run.progress())) {
      double[] risks = trained.risks(test);
      SurvivalReport report =
          SurvivalReport.of(
              BagCase.times(test),
              BagCase.censored(test),
              risks,
              run.config().protocol(),
              run.seed(),
              run.config().replicates());
      parts.computeIfAbsent("c_index", k -> new ArrayList<>()).add(report.concordance());
      parts
          .computeIfAbsent("log_rank_p", k -> new ArrayList<>())
          .add(Interval.point(report.logRank().p()));
      pooled.add(test, risks);
      keep(run, split, trained, List.of());
    }
  }

  private static List<BagCase> binned(List<BagCase> cases, TimeBins bins) {
    return cases.stream().map(c -> c.withLabel(bins.bin(c.time()))).toList();
  }

  /** Where the Kaplan–Meier plot of a survival task lies. */
  static Path plot(BenchConfig config, TaskDefinition task, EncoderSpec encoder, long seed) {
    return config
        .output()
        .resolve("plots")
        .resolve(task.fileName() + "-" + encoder.name() + "-" + seed + ".png");
  }

  /** Test cases of all folds; risks become ranks within the fold, which alone are comparable. */
  private static final class Pooled {
    private final List<BagCase> cases = new ArrayList<>();
    private final List<Double> ranks = new ArrayList<>();

    void add(List<BagCase> test, double[] risks) {
      cases.addAll(test);
      for (double rank : RankTable.rankAscending(risks)) {
        ranks.add(rank / risks.length);
      }
    }

    void plot(Run run) {
      double[] risks = ranks.stream().mapToDouble(Double::doubleValue).toArray();
      SurvivalReport report =
          SurvivalReport.of(
              BagCase.times(cases),
              BagCase.censored(cases),
              risks,
              run.config().protocol(),
              run.seed(),
              0);
      Path file = SlideRunner.plot(run.config(), run.task(), run.encoder(), run.seed());
      report.writePlot(run.task().name() + ", " + run.encoder().name(), file, "months");
    }
  }
}
