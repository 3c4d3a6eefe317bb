package io.github.gpfm.encoder.catalog;

import io.github.gpfm.encoder.weights.ModelState;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;

/**
 * How a file's tensors compare with those a model needs.
 *
 * @param model name of the model
 * @param sources every tensor of the program that the file has, with the names in the file of the
 *     tensors it is made of
 * @param missing the authors' names of tensors that are needed and not there
 * @param extra names in the file that the model does not know
 * @param misShaped tensors of another shape than the model's
 * @param state which of the file's networks this is about
 * @param ignored names in the file that are not used: heads, optimizers, other states
 * @param rivals other states of the same kind that fit as well: one is to be chosen
 */
public record WeightsReport(
    String model,
    Map<String, List<String>> sources,
    List<String> missing,
    List<String> extra,
    List<MisShaped> misShaped,
    ModelState state,
    List<String> ignored,
    List<ModelState> rivals) {
  /**
   * A tensor of another shape than the model's.
   *
   * @param name in the file
   * @param expected what the model needs
   * @param actual what the file has
   */
  public record MisShaped(String name, List<Long> expected, List<Long> actual) {
    @Override
    public String toString() {
      return name + " " + actual + " instead of " + expected;
    }
  }

  /** Copies the collections. */
  public WeightsReport {
    sources = Collections.unmodifiableMap(new LinkedHashMap<>(sources));
    missing = List.copyOf(missing);
    extra = List.copyOf(extra);
    misShaped = List.copyOf(misShaped);
    ignored = List.copyOf(ignored);
    rivals = List.copyOf(rivals);
  }

  /** Whether nothing is missing, extra or of another shape. */
  public boolean fits() {
    return problems() == 0;
  }

  /** Number of tensors missing, extra or of another shape. */
  public int problems() {
    return missing.size() + extra.size() + misShaped.size();
  }

  /**
   * One clause: {@code 2 missing (a, b), 1 extra (c), 1 of another shape (d [2] instead of [3])}.
   *
   * @param limit at most so many names of each kind
   */
  public String describe(int limit) {
    if (fits()) {
      return "every tensor fits";
    }
    List<String> parts = new ArrayList<>();
    add(parts, "missing", missing, limit);
    add(parts, "extra", extra, limit);
    add(parts, "of another shape", misShaped, limit);
    return String.join(", ", parts);
  }

  private static void add(List<String> parts, String kind, List<?> names, int limit) {
    if (!names.isEmpty()) {
      String shown = String.join(", ", names.stream().limit(limit).map(Object::toString).toList());
      String rest = names.size() > limit ? ", …" : "";
      parts.add(names.size() + " " + kind + " (" + shown + rest + ")");
    }
  }

  /**
   * Compares a file's shapes with a model's: the preferred of the states that fit, else the
   * preferred of all.
   */
  static WeightsReport of(
      String model,
      Architecture architecture,
      KeyLayout layout,
      Map<String, List<Long>> file,
      List<ModelState> states) {
    if (states.isEmpty()) {
      return of(model, architecture, layout, file, new ModelState(""), states);
    }
    List<WeightsReport> reports =
        states.stream().map(state -> of(model, architecture, layout, file, state, states)).toList();
    List<WeightsReport> fitting = reports.stream().filter(WeightsReport::fits).toList();
    if (fitting.isEmpty()) {
      return reports.get(0);
    }
    WeightsReport best = fitting.get(0);
    return best.withRivals(
        fitting.stream()
            .skip(1)
            .map(WeightsReport::state)
            .filter(state -> state.kind() == best.state.kind())
            .toList());
  }

  private WeightsReport withRivals(List<ModelState> others) {
    return new WeightsReport(model, sources, missing, extra, misShaped, state, ignored, others);
  }

  private static WeightsReport of(
      String model,
      Architecture architecture,
      KeyLayout layout,
      Map<String, List<Long>> file,
      ModelState state,
      List<ModelState> states) {
    Map<String, String> fileNames = new LinkedHashMap<>();
    Map<String, String> localNames = new LinkedHashMap<>();
    file.keySet()
        .forEach(
            name ->
                state
                    .local(name)
                    .ifPresent(
                        local -> {
                          localNames.put(name, local);
                          fileNames.putIfAbsent(local, name);
                        }));
    TreeSet<String> unused = new TreeSet<>(file.keySet());
    Map<String, List<String>> sources = new LinkedHashMap<>();
    List<String> missing = new ArrayList<>();
    List<MisShaped> misShaped = new ArrayList<>();
    architecture
        .tensors()
        .forEach(
            (programName, shape) -> {
              List<String> authors = spelling(layout.spellings(programName), fileNames);
              List<Long> expected = layout.authorShape(programName, shape, authors.size());
              List<String> found = new ArrayList<>();
              for (String author : authors) {
                String fileName = fileNames.get(author);
                if (fileName == null) {
                  missing.add(author);
                } else {
                  unused.remove(fileName);
                  found.add(fileName);
                  compare(fileName, expected, file, misShaped);
                }
              }
              if (found.size() == authors.size()) {
                sources.put(programName, List.copyOf(found));
              }
            });
    architecture
        .optionalTensors()
        .forEach(
            (programName, shape) -> {
              String fileName = fileNames.get(layout.spellings(programName).get(0).get(0));
              if (fileName != null) {
                unused.remove(fileName);
                compare(fileName, layout.authorShape(programName, shape, 1), file, misShaped);
              }
            });
    List<String> extra = new ArrayList<>();
    List<String> ignored = new ArrayList<>();
    for (String name : unused) {
      String local = localNames.get(name);
      boolean counts =
          local != null
              && !layout.isIgnored(local)
              && !layout.isIgnored(name)
              && states.stream().noneMatch(other -> isBelow(name, other, state));
      (counts ? extra : ignored).add(name);
    }
    return new WeightsReport(model, sources, missing, extra, misShaped, state, ignored, List.of());
  }

  /** Whether a tensor is of another state that lies below this one. */
  private static boolean isBelow(String name, ModelState other, ModelState state) {
    return other.prefix().length() > state.prefix().length() && other.local(name).isPresent();
  }

  private static List<String> spelling(
      List<List<String>> spellings, Map<String, String> fileNames) {
    return spellings.stream()
        .filter(names -> fileNames.keySet().containsAll(names))
        .findFirst()
        .orElse(spellings.get(0));
  }

  private static void compare(
      String fileName,
      List<Long> expected,
      Map<String, List<Long>> file,
      List<MisShaped> misShaped) {
    List<Long> actual = file.getOrDefault(fileName, List.of());
    if (!actual.equals(expected)) {
      misShaped.add(new MisShaped(fileName, expected, actual));
    }
  }
}
