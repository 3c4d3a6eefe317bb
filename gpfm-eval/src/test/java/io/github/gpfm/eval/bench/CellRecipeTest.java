package io.github.gpfm.eval.bench;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.gpfm.api.ProgressListener;
import io.github.gpfm.api.Recipe;
import io.github.gpfm.eval.Protocol;
import io.github.gpfm.support.Decision;
import io.github.gpfm.support.FileHashes;
import io.github.gpfm.support.KebabCase;
import io.github.gpfm.support.yaml.Inline;
import io.github.gpfm.support.yaml.YamlBinder;
import io.github.gpfm.support.yaml.YamlReader;
import java.io.IOException;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.RecordComponent;
import java.lang.reflect.Type;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Every key of a benchmark, changed alone: the cell is made again and the key is named, or the cell
 * stays. A key that is added decides, unless it is entered here as one that does not.
 */
class CellRecipeTest {
  private static final Set<String> NOTES =
      Set.of(
          "metric",
          "organ",
          "obtained-from",
          "split-rule",
          "unconfirmed",
          "class-count",
          "time-unit");

  /** With these, no key but those in {@link #OTHERWISE} is idle. */
  private static final String TUNED =
      ", head: clam-sb, loss: cox, attention-maps: 1, epochs: 90, table: table.csv";

  private static final Map<String, String> OTHERWISE =
      Map.of(
          "l1-ratio", ", head: linear",
          "folds", "",
          "balanced", "",
          "prototypes", ", head: panther",
          "pseudo-bags", ", head: dtfd",
          "coarse", ", head: hmil",
          "cases-per-step", ", head: hmil",
          "text-features", ", head: focus",
          "max-tiles", ", head: focus");

  @TempDir private Path folder;

  private static Map<String, RecordComponent> components(Class<?> type) {
    Map<String, RecordComponent> found = new LinkedHashMap<>();
    for (RecordComponent component : type.getRecordComponents()) {
      if (component.isAnnotationPresent(Inline.class)) {
        found.putAll(components(component.getType()));
      } else {
        found.put(KebabCase.of(component.getName()), component);
      }
    }
    return found;
  }

  /** Two values a key may have. */
  private static List<String> values(String key, Type type) {
    if (key.equals("coarse")) {
      return List.of("{a: x, b: y}", "{a: x, b: x}");
    }
    if (type instanceof ParameterizedType generic && generic.getRawType() == List.class) {
      List<String> items = values(key, generic.getActualTypeArguments()[0]);
      return List.of("[" + items.get(0) + "]", "[" + items.get(0) + ", " + items.get(1) + "]");
    } else if (type instanceof ParameterizedType optional) {
      return values(key, optional.getActualTypeArguments()[0]);
    } else if (((Class<?>) type).isEnum()) {
      return Arrays.stream(((Class<?>) type).getEnumConstants())
          .map(c -> KebabCase.of(((Enum<?>) c).name()))
          .limit(2)
          .toList();
    } else if (type == Integer.class) {
      return List.of("91", "92");
    } else if (type == Double.class) {
      return List.of("0.25", "0.5");
    } else if (type == Boolean.class) {
      return List.of("true", "false");
    } else if (type == Path.class) {
      return List.of(key + ".csv", key + "2.csv");
    }
    return List.of("x", "y");
  }

  private TaskDefinition task(TaskType type, String keys) {
    String yaml =
        "{type: " + type.key() + (keys.contains(" name:") ? "" : ", name: t") + keys + "}";
    return TaskDefinition.of(
        YamlReader.section("here", yaml), YamlBinder.strict().base(folder), "t");
  }

  private EncoderSpec encoder(String keys) {
    ConfigBlock block = new ConfigBlock(YamlReader.section("here", "{" + keys + "}"), "e");
    EncoderKeys bound =
        YamlBinder.strict().base(folder).bind(block.section(), EncoderKeys.class, "e");
    return EncoderSpec.of(bound, folder, block);
  }

  private Recipe recipe(Protocol protocol, long seed, EncoderSpec encoder, TaskDefinition task) {
    BenchConfig config =
        new BenchConfig(
            protocol,
            folder.resolve("out"),
            List.of(seed),
            100,
            List.of(
                encoder, encoder("name: a, features: none"), encoder("name: b, features: none")),
            List.of(task));
    return CellRecipe.of(
        new TaskRunner.Run(
            config,
            task,
            encoder,
            seed,
            ProgressListener.NONE,
            FileHashes.inMemory(),
            Optional.empty(),
            Optional.empty()),
        FileHashes.inMemory());
  }

  private Recipe recipe(TaskType type, String keys) {
    return recipe(Protocol.SOUND, 0, encoder("name: e, features: none"), task(type, keys));
  }

  private static String reason(Recipe before, Recipe after) {
    Decision decision = Decision.of(after, true, Optional.of(before));
    return decision.kind() == Decision.Kind.SAME ? "" : decision.describe();
  }

  private void write(String name, String text) throws IOException {
    Files.writeString(folder.resolve(name), text);
  }

  @ParameterizedTest
  @EnumSource(TaskType.class)
  void everyKeyOfATaskIsDecided(TaskType type) throws IOException {
    write("table.csv", "id\n");
    Map<String, RecordComponent> keys = components(TaskKeys.byType().get(type.key()));
    Set<String> notes = new TreeSet<>(NOTES);
    if (type != TaskType.WSI_CLASSIFICATION) {
      notes.add("classes");
    }
    if (type == TaskType.WSI_REGRESSION || type == TaskType.WSI_MULTILABEL) {
      notes.add("balanced");
    }
    for (Map.Entry<String, RecordComponent> key : keys.entrySet()) {
      String name = key.getKey();
      List<String> values = values(name, key.getValue().getGenericType());
      for (String value : values) {
        if (value.endsWith(".csv")) {
          write(value, "id\n" + value + "\n");
        }
      }
      String others =
          keys.keySet().stream()
              .filter(k -> !k.equals(name) && TUNED.contains(" " + k + ":"))
              .map(k -> TUNED.replaceAll(".*(, " + k + ": [^,]*).*", "$1"))
              .collect(Collectors.joining());
      boolean elsewhere = name.equals("cases-per-step") && type == TaskType.SURVIVAL;
      elsewhere |= name.equals("max-tiles") && !type.ofSlides();
      String with = OTHERWISE.containsKey(name) && !elsewhere ? OTHERWISE.get(name) : others;
      Recipe before = recipe(type, with + ", " + name + ": " + values.get(0));
      String reason = reason(before, recipe(type, with + ", " + name + ": " + values.get(1)));
      if (notes.contains(name)) {
        assertEquals("", reason, name);
      } else {
        assertTrue(reason.contains("task." + name + ": "), type + " " + name + ": " + reason);
      }
      if (values.get(0).endsWith(".csv")) {
        write(values.get(0), "id\nother content\n");
        Recipe changed = recipe(type, with + ", " + name + ": " + values.get(0));
        assertTrue(reason(before, changed).contains("task." + name + ": "), name);
        write("renamed.csv", "id\nother content\n");
        assertEquals("", reason(changed, recipe(type, with + ", " + name + ": renamed.csv")), name);
      }
    }
  }

  @Test
  void aFileOfAKeyWithoutEffectIsNotRead() throws IOException {
    String idle = ", text-features: texts.csv";
    Recipe absent = recipe(TaskType.WSI_CLASSIFICATION, idle);
    write("texts.csv", "id\n");
    assertEquals("", reason(absent, recipe(TaskType.WSI_CLASSIFICATION, idle)));
    Recipe before = recipe(TaskType.WSI_CLASSIFICATION, ", head: focus" + idle);
    write("texts.csv", "id\nother\n");
    Recipe after = recipe(TaskType.WSI_CLASSIFICATION, ", head: focus" + idle);
    assertTrue(reason(before, after).contains("task.text-features: "), reason(before, after));
  }

  @Test
  void shazamsHeadDecidesInPlaceOfTheTasks() {
    EncoderSpec shazam = encoder("name: e, fuse: [a, b], fusion: shazam");
    Recipe before = shazam(shazam, "head: mean, attention: 8, pseudo-bags: 3");
    String reason = reason(before, shazam(shazam, "head: mean, attention: 4, pseudo-bags: 3"));
    assertTrue(reason.contains("task.attention: 8 → 4"), reason);
    String own = "head: linear, attention: 8, pseudo-bags: 4, text-features: absent.csv";
    assertEquals("", reason(before, shazam(shazam, own)));
  }

  private Recipe shazam(EncoderSpec encoder, String keys) {
    return recipe(Protocol.SOUND, 0, encoder, task(TaskType.WSI_CLASSIFICATION, ", " + keys));
  }

  @Test
  void everyKeyOfAnEncoderIsDecided() throws IOException {
    TaskDefinition task = task(TaskType.ROI_RETRIEVAL, "");
    write("w.pth", "weights");
    write("v.pth", "other weights");
    Map<String, String[]> changes =
        Map.of(
            "fuse",
            new String[] {
              "name: e, fuse: [a, b]", "name: e, fuse: [b, a]", "encoder.fuse: [a, b] → [b, a]"
            },
            "fusion",
            new String[] {
              "name: e, fuse: [a, b]", "name: e, fuse: [a, b], fusion: average", "encoder.fusion: "
            },
            "name",
            new String[] {"name: e, features: f", "name: d, features: f", "encoder.name: "},
            "features",
            new String[] {"name: e, features: f", "name: e, features: g", ""},
            "weights",
            new String[] {
              "name: e, weights: w.pth", "name: e, weights: v.pth", "encoder.weights: w.pth ("
            },
            "model",
            new String[] {
              "name: e, model: uni, weights: w.pth",
              "name: e, model: virchow, weights: w.pth",
              "encoder.model: uni → virchow"
            },
            "builtin",
            new String[] {
              "name: e, builtin: tiny",
              "name: e, builtin: colour-texture",
              "encoder.builtin: tiny → colour-texture"
            });
    assertEquals(components(EncoderKeys.class).keySet(), changes.keySet());
    changes.forEach(
        (key, change) -> {
          Recipe before = recipe(Protocol.SOUND, 0, encoder(change[0]), task);
          String reason = reason(before, recipe(Protocol.SOUND, 0, encoder(change[1]), task));
          assertEquals(change[2].isEmpty(), reason.isEmpty(), key + ": " + reason);
          assertTrue(reason.contains(change[2]), key + ": " + reason);
        });
  }

  @Test
  void everyFileOfAModelThatIsAFolderOrShardsIsDecided() throws IOException {
    Files.createDirectories(folder.resolve("hub"));
    write("hub/model.safetensors.index.json", "{\"weight_map\": {\"a\": \"s.safetensors\"}}");
    TaskDefinition task = task(TaskType.ROI_RETRIEVAL, "");
    for (String weights : List.of("hub", "hub/model.safetensors.index.json")) {
      EncoderSpec encoder = encoder("name: e, weights: " + weights);
      for (String file : List.of("s.safetensors", "preprocessor_config.json", "config.json")) {
        write("hub/s.safetensors", "one");
        Recipe before = recipe(Protocol.SOUND, 0, encoder, task);
        write("hub/" + file, "{\"two\": 2}");
        String reason = reason(before, recipe(Protocol.SOUND, 0, encoder, task));
        assertTrue(reason.startsWith("encoder.weights: "), file + ": " + reason);
        if (file.endsWith("config.json")) {
          Files.delete(folder.resolve("hub/" + file));
        }
      }
    }
  }

  @Test
  void everyKeyOfTheFileIsDecided() {
    // Output and replicates are of no consequence for a cell: figures are drawn from it each time.
    assertEquals(
        Set.of("protocol", "output", "seeds", "replicates", "encoders", "tasks"),
        components(BenchConfigReader.Keys.class).keySet());
    EncoderSpec encoder = encoder("name: e, features: f");
    TaskDefinition task = task(TaskType.ROI_RETRIEVAL, "");
    Recipe before = recipe(Protocol.SOUND, 0, encoder, task);
    assertEquals(
        "protocol: sound → official", reason(before, recipe(Protocol.OFFICIAL, 0, encoder, task)));
    assertEquals("seed: 0 → 1", reason(before, recipe(Protocol.SOUND, 1, encoder, task)));
    assertNotEquals(before, recipe(Protocol.SOUND, 1, encoder, task));
  }
}
