package io.github.gpfm.eval.data;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * What is known of slides or patients.
 *
 * @param entries by name, in the order of the table
 * @param notes what was left out of it, one sentence each
 */
public record CaseTable(Map<String, Entry> entries, List<String> notes) {
  /**
   * One slide, or one patient with all slides.
   *
   * @param id name used by the splits
   * @param patient who it is of
   * @param slides feature files to join, without folder and ending
   * @param label class name; empty if the table leaves it open
   * @param time observed time; NaN if there is none
   * @param censored whether the case left without the event
   */
  public record Entry(
      String id, String patient, List<String> slides, String label, double time, boolean censored) {
    /** Copies the slides. */
    public Entry {
      slides = List.copyOf(slides);
    }
  }

  /** Copies both, keeping the order. */
  public CaseTable {
    notes = List.copyOf(notes);
    entries = java.util.Collections.unmodifiableMap(new LinkedHashMap<>(entries));
  }

  /**
   * Reads a table of labels: {@code slide_id}, {@code label}, and {@code case_id} for the patient
   * if it is there. A slide with two labels is left out.
   */
  public static CaseTable labels(Path file) {
    CsvTable table = CsvTable.read(file);
    List<String> slides = table.column("slide_id");
    List<String> labels = table.column("label");
    List<String> patients = table.has("case_id") ? table.column("case_id") : slides;
    Map<String, Entry> entries = new LinkedHashMap<>();
    Map<String, String> contradictions = new LinkedHashMap<>();
    for (int i = 0; i < slides.size(); i++) {
      String slide = baseName(slides.get(i));
      Entry entry =
          new Entry(
              slide, patientOf(patients.get(i)), List.of(slide), labels.get(i), Double.NaN, false);
      Entry before = entries.put(slide, entry);
      if (before != null && !before.label().equals(entry.label())) {
        contradictions.putIfAbsent(
            slide,
            "slide '"
                + slide
                + "' has two labels, '"
                + before.label()
                + "' and '"
                + entry.label()
                + "', and was left out");
      }
    }
    entries.keySet().removeAll(contradictions.keySet());
    return new CaseTable(entries, List.copyOf(contradictions.values()));
  }

  /**
   * Reads a table of survival: {@code case_id}, {@code slide_id}, {@code survival_months}, {@code
   * censorship} (1 = left without the event). The slides of a case become one bag; a case with two
   * outcomes is left out.
   */
  public static CaseTable survival(Path file) {
    CsvTable table = CsvTable.read(file);
    List<String> cases = table.column("case_id");
    List<String> slides = table.column("slide_id");
    double[] times = table.numbers("survival_months");
    double[] censorship = table.numbers("censorship");
    Map<String, List<String>> slidesOf = new LinkedHashMap<>();
    Map<String, Entry> entries = new LinkedHashMap<>();
    Map<String, String> contradictions = new LinkedHashMap<>();
    for (int i = 0; i < times.length; i++) {
      List<String> all = slidesOf.computeIfAbsent(cases.get(i), c -> new ArrayList<>());
      for (String slide : slides.get(i).split(";")) {
        all.add(baseName(slide));
      }
      Entry before = entries.get(cases.get(i));
      boolean censored = censorship[i] != 0;
      if (before != null && (before.time() != times[i] || before.censored() != censored)) {
        contradictions.putIfAbsent(
            cases.get(i), "case '" + cases.get(i) + "' has two outcomes and was left out");
      }
      entries.put(cases.get(i), new Entry(cases.get(i), cases.get(i), all, "", times[i], censored));
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
