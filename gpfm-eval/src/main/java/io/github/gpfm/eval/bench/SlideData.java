package io.github.gpfm.eval.bench;

import com.google.common.cache.Cache;
import com.google.common.cache.CacheBuilder;
import io.github.gpfm.api.GpfmException;
import io.github.gpfm.eval.EvaluationException;
import io.github.gpfm.eval.Protocol;
import io.github.gpfm.eval.data.BagCase;
import io.github.gpfm.eval.data.CaseTable;
import io.github.gpfm.eval.data.FeatureBag;
import io.github.gpfm.eval.data.FeatureFiles;
import io.github.gpfm.eval.data.Split;
import io.github.gpfm.eval.data.SplitFiles;
import io.github.gpfm.eval.data.Splitter;
import io.github.gpfm.eval.linalg.Matrix;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;

/**
 * The bags of a slide task and its splits. Bags are read when used and kept while memory allows.
 */
final class SlideData {
  private static final double INNER_SHARE = 0.125;

  private final Cache<String, FeatureBag> cache = CacheBuilder.newBuilder().softValues().build();
  private final Map<String, BagCase> cases = new LinkedHashMap<>();
  private final List<String> notes = new ArrayList<>();
  private final List<String> classes;
  private final List<Split> splits;
  private int dimension;

  SlideData(TaskRunner.Run run, CaseTable table) {
    Settings task = run.task().settings();
    notes.addAll(table.notes());
    this.classes =
        task.has("classes") && !(task.values().get("classes") instanceof Number)
            ? task.list("classes").stream().map(String::valueOf).toList()
            : table.entries().values().stream()
                .map(CaseTable.Entry::label)
                .filter(l -> !l.isEmpty())
                .distinct()
                .sorted()
                .toList();
    Path folder = run.features("");
    boolean survival = run.task().type() == TaskType.SURVIVAL;
    for (CaseTable.Entry entry : table.entries().values()) {
      if (!survival && !classes.contains(entry.label())) {
        notes.add(
            entry.label().isEmpty()
                ? "slide '" + entry.id() + "' has no label and was left out"
                : "slide '"
                    + entry.id()
                    + "' has the unknown label '"
                    + entry.label()
                    + "' and was left out");
        continue;
      }
      add(folder, entry);
    }
    if (cases.isEmpty()) {
      throw new EvaluationException(
          "task '"
              + run.task().name()
              + "' has no slide with a label and features in '"
              + folder
              + "'");
    }
    this.splits = splits(run, table);
  }

  private void add(Path folder, CaseTable.Entry entry) {
    try {
      FeatureBag bag = read(folder, entry);
      int width = bag.features().columns();
      if (dimension == 0) {
        dimension = width;
      } else if (dimension != width) {
        throw new EvaluationException(
            "the features of '"
                + entry.id()
                + "' have "
                + width
                + " dimensions, those before "
                + dimension);
      }
      cache.put(entry.id(), bag);
      BagCase one =
          new BagCase(
              entry.id(),
              () -> cached(folder, entry),
              classes.indexOf(entry.label()),
              entry.time(),
              entry.censored());
      cases.put(entry.id(), one);
    } catch (GpfmException e) {
      notes.add(e.getMessage() + "; '" + entry.id() + "' was left out");
    }
  }

  private FeatureBag cached(Path folder, CaseTable.Entry entry) {
    FeatureBag kept = cache.getIfPresent(entry.id());
    if (kept == null) {
      kept = read(folder, entry);
      cache.put(entry.id(), kept);
    }
    return kept;
  }

  // A case's slides become one bag; coordinates are kept only where there is one slide.
  private static FeatureBag read(Path folder, CaseTable.Entry entry) {
    List<FeatureBag> bags = new ArrayList<>();
    for (String slide : entry.slides()) {
      Path file =
          FeatureFiles.find(folder, slide)
              .orElseThrow(
                  () -> new EvaluationException("slide '" + slide + "' has no feature file"));
      bags.add(FeatureFiles.read(slide, file));
    }
    if (bags.size() == 1) {
      return new FeatureBag(entry.id(), bags.get(0).features(), bags.get(0).coords());
    }
    int width = bags.get(0).features().columns();
    int rows = bags.stream().mapToInt(b -> b.features().rows()).sum();
    float[] joined = new float[Math.multiplyExact(rows, width)];
    int at = 0;
    for (FeatureBag bag : bags) {
      if (bag.features().columns() != width) {
        throw new EvaluationException(
            "the slides of case '" + entry.id() + "' have features of different dimensions");
      }
      System.arraycopy(bag.features().values(), 0, joined, at, bag.features().values().length);
      at += bag.features().values().length;
    }
    return new FeatureBag(entry.id(), Matrix.of(rows, width, joined), new long[0]);
  }

  private List<Split> splits(TaskRunner.Run run, CaseTable table) {
    Settings task = run.task().settings();
    UnaryOperator<String> patient =
        id -> {
          CaseTable.Entry entry = table.entries().get(id);
          return entry == null ? CaseTable.patientOf(id) : entry.patient();
        };
    UnaryOperator<String> stratum =
        id -> {
          CaseTable.Entry entry = table.entries().get(id);
          return entry == null ? "" : entry.label() + entry.censored();
        };
    List<Split> found;
    List<String> names = List.copyOf(cases.keySet());
    if (task.has("splits")) {
      Path path = task.path("splits").orElseThrow();
      found =
          Files.isDirectory(path) ? SplitFiles.readFolder(path) : List.of(SplitFiles.read(path));
    } else if (task.has("fold_columns")) {
      found =
          SplitFiles.readFoldColumns(
              task.path("fold_columns").orElseThrow(),
              run.task().type() == TaskType.SURVIVAL ? "case_id" : "slide_id");
    } else if (task.has("folds")) {
      found = Splitter.kFold(names, patient, stratum, task.integer("folds", 5), run.seed());
    } else {
      found = List.of(Splitter.holdout712(names, patient, stratum, run.seed()));
    }
    List<Split> result = new ArrayList<>();
    for (Split split : found) {
      List<String> leaks = split.leaks(patient);
      boolean sound = run.config().protocol() == Protocol.SOUND;
      leaks.forEach(
          l -> notes.add(l + (sound ? "; they were kept on one side" : "; kept as it is")));
      Split used =
          sound && !leaks.isEmpty()
              ? split.withoutLeaks(patient, stratum, INNER_SHARE, run.seed())
              : split;
      result.add(known(used));
    }
    return result;
  }

  private Split known(Split split) {
    int missing = 0;
    for (List<String> side : List.of(split.train(), split.validation(), split.test())) {
      missing += (int) side.stream().filter(n -> !cases.containsKey(n)).count();
    }
    if (missing > 0) {
      notes.add(
          "split '"
              + split.name()
              + "' names "
              + missing
              + " cases without label or features; they were left out");
    }
    return new Split(
        split.name(),
        split.train().stream().filter(cases::containsKey).toList(),
        split.validation().stream().filter(cases::containsKey).toList(),
        split.test().stream().filter(cases::containsKey).toList());
  }

  List<BagCase> cases(List<String> names) {
    return names.stream().map(cases::get).toList();
  }

  List<BagCase> all() {
    return List.copyOf(cases.values());
  }

  List<String> classes() {
    return classes;
  }

  List<Split> splits() {
    return splits;
  }

  List<String> notes() {
    return notes;
  }

  int dimension() {
    return dimension;
  }
}
