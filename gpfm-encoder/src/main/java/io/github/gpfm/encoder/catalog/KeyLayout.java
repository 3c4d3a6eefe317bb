package io.github.gpfm.encoder.catalog;

import io.github.gpfm.encoder.weights.ModelState;
import io.github.gpfm.support.yaml.Default;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * How the tensors of an authors' file are named, compared with the program's names.
 *
 * <p>A template is a name in which <code>{i}</code> stands for a number and <code>{p}</code> for
 * the rest of the name. A program tensor made of several of the authors' is their concatenation
 * along the first axis.
 *
 * @param name for instance {@code hf-dinov2}
 * @param strip prefixes that names in the file may carry beside those that {@link ModelState} knows
 *     for all files
 * @param chunkedBlocks has no effect any more: {@code blocks.<chunk>.<i>} may always stand for
 *     {@code blocks.<i>}
 * @param keys program template to the authors' templates; names without a rule are the same in both
 * @param withoutLeadingOnes program names whose leading axes of size 1 the authors leave out
 * @param configJson whether a {@code config.json} beside the file has precedence over the card for
 *     the number of heads and the epsilon of the norms
 * @param ignored tensors of the file that the program does not use; {@code *} at the end stands for
 *     anything
 * @param otherKeys as {@code keys}, for files in which the names of {@code keys} are not there
 */
public record KeyLayout(
    String name,
    @Default("[]") List<String> strip,
    @Default("false") boolean chunkedBlocks,
    @Default("{}") Map<String, List<String>> keys,
    @Default("[]") List<String> withoutLeadingOnes,
    @Default("false") boolean configJson,
    @Default("[]") List<String> ignored,
    @Default("{}") Map<String, List<String>> otherKeys) {
  /** Copies the collections. */
  public KeyLayout {
    strip = List.copyOf(strip);
    keys = Collections.unmodifiableMap(new LinkedHashMap<>(keys));
    withoutLeadingOnes = List.copyOf(withoutLeadingOnes);
    ignored = List.copyOf(ignored);
    otherKeys = Collections.unmodifiableMap(new LinkedHashMap<>(otherKeys));
  }

  /** The states of a file that have the names of an architecture, the preferred first. */
  List<ModelState> states(Architecture architecture, Set<String> fileNames) {
    Set<String> names = new HashSet<>();
    for (String programName : architecture.tensors().keySet()) {
      spellings(programName).forEach(names::addAll);
    }
    return ModelState.in(fileNames, names, strip);
  }

  /**
   * The authors' tensors that make up the program's tensor {@code programName}, in order: one list
   * for each way in which they may be spelt.
   */
  List<List<String>> spellings(String programName) {
    List<List<String>> spellings = new ArrayList<>();
    authorNames(keys, programName).ifPresent(spellings::add);
    if (spellings.isEmpty()) {
      spellings.add(List.of(programName));
    }
    authorNames(otherKeys, programName).ifPresent(spellings::add);
    return spellings;
  }

  private static Optional<List<String>> authorNames(
      Map<String, List<String>> rules, String programName) {
    for (Map.Entry<String, List<String>> rule : rules.entrySet()) {
      Optional<Template.Match> match = Template.of(rule.getKey()).match(programName);
      if (match.isPresent()) {
        return Optional.of(
            rule.getValue().stream().map(author -> match.get().fill(author)).toList());
      }
    }
    return Optional.empty();
  }

  /** The shape that the authors' tensors have which make up one of the program's. */
  List<Long> authorShape(String programName, List<Long> programShape, int parts) {
    List<Long> shape = new ArrayList<>(programShape);
    if (withoutLeadingOnes.contains(programName)) {
      while (shape.size() > 1 && shape.get(0) == 1) {
        shape.remove(0);
      }
    }
    if (parts > 1) {
      shape.set(0, shape.get(0) / parts);
    }
    return List.copyOf(shape);
  }

  /** Whether the program does not use the tensor with that name of the authors. */
  boolean isIgnored(String name) {
    return ModelState.isBeside(name) || isPublished(name);
  }

  /** Whether the authors' own file has the tensor beside those that the program uses. */
  boolean isPublished(String name) {
    return ignored.stream()
        .anyMatch(
            pattern ->
                pattern.endsWith("*")
                    ? name.startsWith(pattern.substring(0, pattern.length() - 1))
                    : name.equals(pattern));
  }

  /**
   * The shapes of a file under the program's names, as far as the rules reach: what {@link
   * Architecture#withSizesOf} reads sizes from.
   */
  Map<String, List<Long>> programShapes(ModelState state, Map<String, List<Long>> fileShapes) {
    Map<String, List<Long>> shapes = new LinkedHashMap<>();
    fileShapes.forEach(
        (fileName, shape) ->
            state
                .local(fileName)
                .filter(name -> !isIgnored(name))
                .ifPresent(
                    name -> {
                      if (!programShape(keys, name, shape, shapes)
                          && !programShape(otherKeys, name, shape, shapes)) {
                        shapes.put(name, shape);
                      }
                    }));
    return shapes;
  }

  private boolean programShape(
      Map<String, List<String>> rules,
      String name,
      List<Long> shape,
      Map<String, List<Long>> into) {
    for (Map.Entry<String, List<String>> rule : rules.entrySet()) {
      Optional<Template.Match> match = Template.of(rule.getValue().get(0)).match(name);
      if (match.isPresent()) {
        String programName = match.get().fill(rule.getKey());
        List<Long> whole = new ArrayList<>(shape);
        if (rule.getValue().size() > 1 && !whole.isEmpty()) {
          whole.set(0, whole.get(0) * rule.getValue().size());
        }
        while (withoutLeadingOnes.contains(programName) && whole.size() < 3) {
          whole.add(0, 1L);
        }
        into.put(programName, List.copyOf(whole));
        return true;
      }
    }
    return false;
  }
}
