package io.github.gpfm.eval.data;

import io.github.gpfm.eval.EvaluationException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.IntFunction;

/**
 * What is known of slides or patients.
 *
 * @param entries by name, in the order of the table
 * @param notes what was left out of it, one sentence each
 */
public record CaseTable(Map<String, Entry> entries, List<String> notes) {
  /** What one entry of a classification table is. */
  public enum Level {
    /** One slide; splits still keep a patient's slides on one side. */
    SLIDE,
    /** One patient with all slides in one bag. */
    PATIENT
  }

  /**
   * One slide, or one patient with all slides.
   *
   * @param id name used by the splits
   * @param patient who it is of
   * @param slides feature files to join, without folder and ending
   * @param label class name; empty if the table leaves it open
   * @param time observed time; NaN if there is none
   * @param censored whether the case left without the event
   * @param targets numbers to predict, in the order asked for; NaN where the table leaves one open
   */
  public record Entry(
      String id,
      String patient,
      List<String> slides,
      String label,
      double time,
      boolean censored,
      double[] targets) {
    /** Copies the slides and the targets. */
    public Entry {
      slides = List.copyOf(slides);
      targets = targets.clone();
    }

    private Entry joined(Entry other) {
      List<String> all = new ArrayList<>(slides);
      all.addAll(other.slides);
      return new Entry(id, patient, all, label, time, censored, targets);
    }

    private boolean contradicts(Entry other) {
      return !label.equals(other.label)
          || Double.compare(time, other.time) != 0
          || censored != other.censored
          || !Arrays.equals(targets, other.targets);
    }
  }

  /** Copies both, keeping the order. */
  public CaseTable {
    notes = List.copyOf(notes);
    entries = Collections.unmodifiableMap(new LinkedHashMap<>(entries));
  }

  /** {@link #labels(Path, String, Level)} of slides, with the class in column {@code label}. */
  public static CaseTable labels(Path file) {
    return labels(file, "label", Level.SLIDE);
  }

  /**
   * Reads a table of classes: {@code slide_id}, the class, and {@code case_id} for the patient if
   * it is there. A slide or patient with two labels is left out.
   *
   * @param column column with the class
   * @param level what becomes one entry
   */
  public static CaseTable labels(Path file, String column, Level level) {
    CsvTable table = CsvTable.read(file);
    List<String> labels = table.column(column);
    return read(
        table,
        level,
        (level == Level.SLIDE ? "slide '%s' has two labels" : "patient '%s' has two labels"),
        (keys, i) ->
            new Entry(
                keys.id,
                keys.patient,
                keys.slides,
                labels.get(i),
                Double.NaN,
                false,
                new double[0]));
  }

  /**
   * Reads a table of numbers to predict: {@code slide_id}, {@code case_id} if it is there, and one
   * column a target; a blank cell leaves the target open. A case without any target is left out.
   *
   * @param columns columns with the targets
   * @param level what becomes one entry
   */
  public static CaseTable targets(Path file, List<String> columns, Level level) {
    CsvTable table = CsvTable.read(file);
    List<double[]> values = columns.stream().map(table::numbersOrNaN).toList();
    List<String> notes = new ArrayList<>();
    CaseTable all =
        read(
            table,
            level,
            (level == Level.SLIDE
                ? "slide '%s' has two rows of targets"
                : "patient '%s' has two rows of targets"),
            (keys, i) ->
                new Entry(
                    keys.id,
                    keys.patient,
                    keys.slides,
                    "",
                    Double.NaN,
                    false,
                    values.stream().mapToDouble(v -> v[i]).toArray()));
    Map<String, Entry> kept = new LinkedHashMap<>();
    all.entries.forEach(
        (id, entry) -> {
          if (Arrays.stream(entry.targets).allMatch(Double::isNaN)) {
            notes.add("'" + id + "' has none of the targets and was left out");
          } else {
            kept.put(id, entry);
          }
        });
    notes.addAll(all.notes);
    return new CaseTable(kept, notes);
  }

  /**
   * Reads a table of survival: {@code case_id}, {@code slide_id}, {@code survival_months}, {@code
   * censorship} (1 = left without the event). The slides of a case become one bag. A case with two
   * outcomes, or with a time or censorship that is blank, no number or negative, is left out.
   */
  public static CaseTable survival(Path file) {
    CsvTable table = CsvTable.read(file);
    List<String> cases = table.column("case_id");
    List<String> times = table.column("survival_months");
    List<String> censorship = table.column("censorship");
    Map<String, String> unusable = new LinkedHashMap<>();
    double[] time = new double[times.size()];
    for (int i = 0; i < time.length; i++) {
      time[i] = CsvTable.number(times.get(i));
      double censored = CsvTable.number(censorship.get(i));
      if (!(time[i] >= 0) || Double.isInfinite(time[i])) {
        unusable.putIfAbsent(
            cases.get(i), fault("case", cases.get(i), "survival_months", times.get(i)));
      } else if (censored != 0 && censored != 1) {
        unusable.putIfAbsent(
            cases.get(i), fault("case", cases.get(i), "censorship", censorship.get(i)));
      }
    }
    CaseTable all =
        read(
            table,
            Level.PATIENT,
            "case '%s' has two outcomes",
            (keys, i) ->
                new Entry(
                    keys.id,
                    keys.patient,
                    keys.slides,
                    "",
                    time[i],
                    CsvTable.number(censorship.get(i)) == 1,
                    new double[0]));
    Map<String, Entry> kept = new LinkedHashMap<>(all.entries);
    kept.keySet().removeAll(unusable.keySet());
    List<String> notes = new ArrayList<>(unusable.values());
    all.notes.stream()
        .filter(n -> unusable.keySet().stream().noneMatch(id -> n.startsWith("case '" + id + "'")))
        .forEach(notes::add);
    return new CaseTable(kept, notes);
  }

  private static String fault(String what, String id, String column, String cell) {
    return what
        + " '"
        + id
        + "' has "
        + (cell.isBlank() ? "no value" : "'" + cell + "'")
        + " in column '"
        + column
        + "' and was left out";
  }

  private record Keys(String id, String patient, List<String> slides) {}

  private interface Row {
    Entry of(Keys keys, int row);
  }

  // A row that says the same of a slide or patient once more is no contradiction.
  private static CaseTable read(CsvTable table, Level level, String contradiction, Row row) {
    List<String> slides = table.column("slide_id");
    if (level == Level.PATIENT && !table.has("case_id")) {
      throw new EvaluationException(
          "'" + table.file() + "' has no column 'case_id', which tells the slides of a patient");
    }
    List<String> patients = table.has("case_id") ? table.column("case_id") : slides;
    IntFunction<Keys> keys =
        i -> {
          List<String> files =
              Arrays.stream(slides.get(i).split(";")).map(CaseTable::baseName).toList();
          return level == Level.PATIENT
              ? new Keys(patients.get(i), patients.get(i), files)
              : new Keys(files.get(0), patientOf(patients.get(i)), files);
        };
    Map<String, Entry> entries = new LinkedHashMap<>();
    Map<String, String> contradictions = new LinkedHashMap<>();
    for (int i = 0; i < slides.size(); i++) {
      Entry entry = row.of(keys.apply(i), i);
      Entry before = entries.get(entry.id());
      if (before != null && before.contradicts(entry)) {
        String detail =
            before.label().equals(entry.label())
                ? ""
                : ", '" + before.label() + "' and '" + entry.label() + "',";
        contradictions.putIfAbsent(
            entry.id(), contradiction.formatted(entry.id()) + detail + " and was left out");
      }
      boolean more = before != null && !before.slides().containsAll(entry.slides());
      entries.put(entry.id(), before == null ? entry : more ? before.joined(entry) : before);
    }
    entries.keySet().removeAll(contradictions.keySet());
    return new CaseTable(entries, List.copyOf(contradictions.values()));
  }

  /** The patient of a name: the first three parts of a TCGA barcode, otherwise the name itself. */
  public static String patientOf(String name) {
    return name.matches("TCGA-\\w{2}-\\w{4}.*") ? name.substring(0, 12) : name;
  }

  private static String baseName(String path) {
    String name = path.strip().substring(path.strip().lastIndexOf('/') + 1);
    return name.replaceFirst("\\.(pt|h5|svs|tiff?|ndpi|mrxs)$", "");
  }
}
