package io.github.gpfm.eval.bench;

import io.github.gpfm.eval.EvaluationException;
import io.github.gpfm.eval.data.CaseTable;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;

/**
 * The cases of a slide task, for all encoders: who has a label, and whose features every encoder
 * has. Splits are drawn from the table alone, so that no encoder gets another split for a missing
 * file, and encoders are compared on the cases all of them share.
 */
final class SlideCohort {
  private final TaskDefinition task;
  private final CaseTable table;
  private final List<String> classes;
  private final List<String> targets;
  private final Map<String, CaseTable.Entry> labelled = new LinkedHashMap<>();
  private final Map<String, SlideBags> bags = new LinkedHashMap<>();
  private final List<String> tableNotes = new ArrayList<>();
  private final Map<String, String> lacking = new LinkedHashMap<>();
  private final boolean shared;

  SlideCohort(BenchConfig config, TaskDefinition task) {
    this.task = task;
    Settings settings = task.settings();
    Path file =
        settings
            .path("table")
            .orElseThrow(
                () ->
                    new EvaluationException(
                        "task '" + task.name() + "' needs 'table', its cases as CSV"));
    this.targets = settings.list("targets").stream().map(String::valueOf).toList();
    this.table = read(file, settings);
    this.classes = task.type() == TaskType.WSI_CLASSIFICATION ? classes(settings) : List.of();
    this.tableNotes.addAll(table.notes());
    for (CaseTable.Entry entry : table.entries().values()) {
      if (task.type() == TaskType.WSI_CLASSIFICATION && !classes.contains(entry.label())) {
        tableNotes.add(
            entry.label().isEmpty()
                ? "'" + entry.id() + "' has no label and was left out"
                : "'%s' has the unknown label '%s' and was left out; the classes are %s"
                    .formatted(entry.id(), entry.label(), String.join(", ", classes)));
      } else {
        labelled.put(entry.id(), entry);
      }
    }
    if (labelled.isEmpty()) {
      throw new EvaluationException("'" + file + "' has no case that can be used");
    }
    for (EncoderSpec encoder : config.encoders()) {
      SlideFeatures.of(config, encoder, task)
          .ifPresent(f -> bags.put(encoder.name(), new SlideBags(f, labelled.values())));
    }
    this.shared =
        settings.choice("cases", TaskKeys.CaseChoice.SHARED) == TaskKeys.CaseChoice.SHARED;
    findLacking();
  }

  private CaseTable read(Path file, Settings settings) {
    CaseTable.Level level = settings.choice("level", CaseTable.Level.SLIDE);
    return switch (task.type()) {
      case SURVIVAL -> CaseTable.survival(file);
      case WSI_REGRESSION, WSI_MULTILABEL -> {
        if (targets.isEmpty()) {
          throw new EvaluationException(
              "task '" + task.name() + "' needs 'targets', the columns of its table to predict");
        }
        yield CaseTable.targets(file, targets, level);
      }
      default -> CaseTable.labels(file, settings.text("label").orElse("label"), level);
    };
  }

  private List<String> classes(Settings settings) {
    return settings.has("classes")
        ? settings.list("classes").stream().map(String::valueOf).toList()
        : table.entries().values().stream()
            .map(CaseTable.Entry::label)
            .filter(l -> !l.isEmpty())
            .distinct()
            .sorted()
            .toList();
  }

  // Encoders without any features are no measure of what the others share.
  private void findLacking() {
    if (!shared) {
      return;
    }
    bags.forEach(
        (encoder, own) -> {
          if (own.dimension() > 0) {
            labelled.keySet().stream()
                .filter(id -> !own.usable(id))
                .forEach(id -> lacking.merge(id, encoder, (a, b) -> a + ", " + b));
          }
        });
  }

  TaskDefinition task() {
    return task;
  }

  List<String> classes() {
    return classes;
  }

  List<String> targets() {
    return targets;
  }

  /** Cases with an outcome, whether anybody has features of them or not: what is split. */
  Map<String, CaseTable.Entry> labelled() {
    return labelled;
  }

  /** The names whose features an encoder may use. */
  List<String> usable(String encoder) {
    SlideBags own = bags(encoder);
    return labelled.keySet().stream()
        .filter(id -> own.usable(id) && !lacking.containsKey(id))
        .toList();
  }

  /** The slides of a case. */
  List<String> slides(String id) {
    CaseTable.Entry entry = labelled.get(id);
    return entry == null ? List.of() : entry.slides();
  }

  SlideBags bags(String encoder) {
    SlideBags own = bags.get(encoder);
    if (own == null) {
      throw new EvaluationException(
          "task '%s' needs 'features' of encoder '%s'".formatted(task.name(), encoder));
    }
    return own;
  }

  /** The patient of a name, also of one the table does not have. */
  UnaryOperator<String> patient() {
    return id -> {
      CaseTable.Entry entry = table.entries().get(id);
      return entry == null ? CaseTable.patientOf(id) : entry.patient();
    };
  }

  /** What a split keeps in proportion: the class, or whether the event was seen. */
  UnaryOperator<String> stratum() {
    return id -> {
      CaseTable.Entry entry = table.entries().get(id);
      return entry == null ? "" : entry.label() + entry.censored();
    };
  }

  /** What was left out for an encoder, one sentence each. */
  List<String> notes(String encoder) {
    List<String> notes = new ArrayList<>(tableNotes);
    bags(encoder)
        .problems()
        .forEach((id, problem) -> notes.add(problem + "; '" + id + "' was left out"));
    if (!lacking.isEmpty()) {
      long usable = labelled.keySet().stream().filter(id -> !lacking.containsKey(id)).count();
      notes.add(
          "compared on the %d of %d cases that all encoders share; left out for all: %s"
              .formatted(usable, labelled.size(), listed()));
    }
    return notes;
  }

  private String listed() {
    StringBuilder text = new StringBuilder();
    int written = 0;
    for (var entry : lacking.entrySet()) {
      if (written == 20) {
        return text + " and " + (lacking.size() - written) + " more";
      }
      text.append(written == 0 ? "" : ", ").append('\'').append(entry.getKey()).append("' (");
      text.append(entry.getValue()).append(')');
      written++;
    }
    return text.toString();
  }
}
