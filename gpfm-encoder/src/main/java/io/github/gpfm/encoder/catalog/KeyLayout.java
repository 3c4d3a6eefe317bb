package io.github.gpfm.encoder.catalog;

import io.github.gpfm.support.yaml.Default;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * How the tensors of an authors' file are named, compared with the program's names.
 *
 * <p>A template is a name in which <code>{i}</code> stands for a number and <code>{p}</code> for
 * the rest of the name. A program tensor made of several of the authors' is their concatenation
 * along the first axis.
 *
 * @param name for instance {@code hf-dinov2}
 * @param strip prefixes that names in the file may carry; removed as often as they stand in front
 * @param chunkedBlocks whether {@code blocks.<chunk>.<i>} may stand for {@code blocks.<i>}
 * @param keys program template to the authors' templates; names without a rule are the same in both
 * @param withoutLeadingOnes program names whose leading axes of size 1 the authors leave out
 * @param configJson whether a {@code config.json} beside the file has precedence over the card for
 *     the number of heads and the epsilon of the norms
 * @param ignored tensors of the file that the program does not use; {@code *} at the end stands for
 *     anything
 */
public record KeyLayout(
    String name,
    @Default("[]") List<String> strip,
    @Default("false") boolean chunkedBlocks,
    @Default("{}") Map<String, List<String>> keys,
    @Default("[]") List<String> withoutLeadingOnes,
    @Default("false") boolean configJson,
    @Default("[]") List<String> ignored) {
  private static final Pattern CHUNKED = Pattern.compile("^(.*\\b)?blocks\\.\\d+\\.(\\d+\\..*)$");

  /** Copies the collections. */
  public KeyLayout {
    strip = List.copyOf(strip);
    keys = Collections.unmodifiableMap(new LinkedHashMap<>(keys));
    withoutLeadingOnes = List.copyOf(withoutLeadingOnes);
    ignored = List.copyOf(ignored);
  }

  /** A name of the file without the prefixes that may stand in front and without chunk numbers. */
  String bare(String fileName) {
    String bare = fileName;
    boolean found = true;
    while (found) {
      found = false;
      for (String prefix : strip) {
        if (bare.startsWith(prefix)) {
          bare = bare.substring(prefix.length());
          found = true;
        }
      }
    }
    Matcher chunked = CHUNKED.matcher(bare);
    if (chunkedBlocks && chunked.matches()) {
      bare = Optional.ofNullable(chunked.group(1)).orElse("") + "blocks." + chunked.group(2);
    }
    return bare;
  }

  /** The authors' tensors that make up the program's tensor {@code programName}, in order. */
  List<String> authorNames(String programName) {
    for (Map.Entry<String, List<String>> rule : keys.entrySet()) {
      Optional<Template.Match> match = Template.of(rule.getKey()).match(programName);
      if (match.isPresent()) {
        return rule.getValue().stream().map(author -> match.get().fill(author)).toList();
      }
    }
    return List.of(programName);
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

  /** Whether the program does not use the tensor with that bare name. */
  boolean isIgnored(String bareName) {
    return ignored.stream()
        .anyMatch(
            pattern ->
                pattern.endsWith("*")
                    ? bareName.startsWith(pattern.substring(0, pattern.length() - 1))
                    : bareName.equals(pattern));
  }

  /**
   * The shapes of a file under the program's names, as far as the rules reach: what {@link
   * Architecture#withSizesOf} reads sizes from.
   */
  Map<String, List<Long>> programShapes(Map<String, List<Long>> fileShapes) {
    Map<String, List<Long>> shapes = new LinkedHashMap<>();
    fileShapes.forEach(
        (fileName, shape) -> {
          String bare = bare(fileName);
          if (!isIgnored(bare)) {
            programShape(bare, shape, shapes);
          }
        });
    return shapes;
  }

  private void programShape(String bare, List<Long> shape, Map<String, List<Long>> into) {
    for (Map.Entry<String, List<String>> rule : keys.entrySet()) {
      Optional<Template.Match> match = Template.of(rule.getValue().get(0)).match(bare);
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
        return;
      }
    }
    into.put(bare, shape);
  }
}
