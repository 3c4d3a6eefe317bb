package io.github.gpfm.examples.doctor;

import com.google.gson.GsonBuilder;
import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** Facts by section, in order, and the sentences that say what is wrong and how to fix it. */
public final class Diagnosis {
  private final Map<String, Map<String, Object>> sections = new LinkedHashMap<>();
  private final List<String> problems = new ArrayList<>();
  private final List<String> remarks = new ArrayList<>();

  /** Adds a fact: a text, a number or a truth. */
  public void fact(String section, String name, Object value) {
    sections.computeIfAbsent(section, key -> new LinkedHashMap<>()).put(name, value);
  }

  /** Something asked for is not there: a sentence with the fix. */
  public void problem(String sentence) {
    problems.add(sentence);
  }

  /** Something that works otherwise than it could. */
  public void remark(String sentence) {
    remarks.add(sentence);
  }

  /** The sentences of what is wrong; empty if all that was asked for is there. */
  public List<String> problems() {
    return List.copyOf(problems);
  }

  /** For a person to read. */
  public void print(PrintWriter out) {
    sections.forEach(
        (section, facts) -> {
          out.println(section);
          facts.forEach(
              (name, value) -> out.printf(Locale.ROOT, "  %-26s %s%n", name, text(value)));
        });
    remarks.forEach(sentence -> out.println("note: " + sentence));
  }

  /** For a bug report: the sections, {@code problems} and {@code remarks}. */
  public String json() {
    Map<String, Object> all = new LinkedHashMap<>(sections);
    all.put("problems", problems);
    all.put("remarks", remarks);
    return new GsonBuilder().setPrettyPrinting().disableHtmlEscaping().create().toJson(all);
  }

  private static String text(Object value) {
    return value instanceof Double number
        ? String.format(Locale.ROOT, Math.abs(number) < 1e-3 ? "%.2e" : "%,.3f", number)
        : String.valueOf(value);
  }
}
