package io.github.gpfm.eval.bench;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.gpfm.support.KebabCase;
import io.github.gpfm.support.yaml.Constraints;
import io.github.gpfm.support.yaml.Inline;
import io.github.gpfm.support.yaml.Range;
import java.io.IOException;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.RecordComponent;
import java.lang.reflect.Type;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** The tables of keys in the documentation name every key, its choices and its range. */
class DocumentedKeysTest {
  private static final Pattern KEY = Pattern.compile("`([a-z0-9-]+)`");

  /** Value and default of the documented keys of a table. */
  private static Map<String, String> documented(String heading) throws IOException {
    String text = Files.readString(Path.of("../docs/eval.md"));
    int at = text.indexOf("| " + heading + " | value | default |");
    assertTrue(at > 0, heading);
    Map<String, String> rows = new LinkedHashMap<>();
    text.substring(at)
        .lines()
        .skip(2)
        .takeWhile(line -> line.startsWith("|"))
        .forEach(
            line -> {
              int cell = line.indexOf(" | ");
              Matcher keys = KEY.matcher(line.substring(0, cell));
              while (keys.find()) {
                rows.put(keys.group(1), line.substring(cell));
              }
            });
    return rows;
  }

  private static void components(Class<?> type, Map<String, RecordComponent> into) {
    for (RecordComponent component : type.getRecordComponents()) {
      if (component.isAnnotationPresent(Inline.class)) {
        components(component.getType(), into);
      } else {
        into.put(KebabCase.of(component.getName()), component);
      }
    }
  }

  private static void check(String heading, Set<String> besides, Class<?>... types)
      throws IOException {
    Map<String, String> documented = documented(heading);
    Map<String, RecordComponent> keys = new LinkedHashMap<>();
    for (Class<?> type : types) {
      components(type, keys);
    }
    if (!heading.equals("every task")) {
      Map<String, RecordComponent> facts = new LinkedHashMap<>();
      components(TaskKeys.Facts.class, facts);
      if (types[0] != EncoderKeys.class) {
        keys.keySet().removeAll(facts.keySet());
      }
    }
    Set<String> expected = new TreeSet<>(keys.keySet());
    expected.addAll(besides);
    assertEquals(expected, new TreeSet<>(documented.keySet()), heading);
    keys.forEach(
        (key, component) -> {
          String row = documented.get(key);
          Range range = component.getAnnotation(Range.class);
          if (range != null) {
            assertTrue(row.contains(Constraints.words(range)), key + row);
          }
          for (String choice : choices(component.getGenericType())) {
            assertTrue(row.contains("`" + choice + "`"), choice + " of " + key + row);
          }
        });
  }

  private static List<String> choices(Type type) {
    if (type instanceof ParameterizedType generic) {
      return choices(generic.getActualTypeArguments()[0]);
    }
    List<String> names = new ArrayList<>();
    if (type instanceof Class<?> raw && raw.isEnum()) {
      for (Object constant : raw.getEnumConstants()) {
        names.add(KebabCase.of(((Enum<?>) constant).name()));
      }
    }
    return names;
  }

  @Test
  void everyKeyIsDocumented() throws IOException {
    check("the file", Set.of(), BenchConfigReader.Keys.class);
    check("an encoder", Set.of(), EncoderKeys.class);
    check("every task", Set.of("catalogue", "task", "type"), TaskKeys.Facts.class);
    check(
        "tile tasks (`roi-…`)",
        Set.of(),
        TaskKeys.TileClasses.class,
        TaskKeys.TileRetrieval.class,
        TaskKeys.TileRobustness.class);
    check(
        "slide tasks (`wsi-…`, `survival`)",
        Set.of(),
        TaskKeys.SlideClasses.class,
        TaskKeys.SlideTargets.class,
        TaskKeys.Survival.class);
    check(
        "language tasks (`vqa`, `report-generation`)",
        Set.of(),
        TaskKeys.Questions.class,
        TaskKeys.Reports.class);
    for (TaskType type : TaskType.values()) {
      assertTrue(documented("every task").get("type").contains("`" + type.key() + "`"));
    }
  }
}
