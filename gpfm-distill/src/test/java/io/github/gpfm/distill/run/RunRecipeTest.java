package io.github.gpfm.distill.run;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.gpfm.api.Recipe;
import io.github.gpfm.distill.config.DistillConfig;
import io.github.gpfm.distill.config.DistillConfigs;
import io.github.gpfm.support.Decision;
import io.github.gpfm.support.FileHashes;
import io.github.gpfm.support.KebabCase;
import io.github.gpfm.support.Note;
import java.io.IOException;
import java.lang.reflect.Constructor;
import java.lang.reflect.RecordComponent;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Every option of a training run, changed alone: the run is another one and the option is named, or
 * the run goes on. An option that is added decides, unless it is entered here as one that does not.
 */
class RunRecipeTest {
  private static final Set<String> FREE =
      Set.of(
          "experts.mean.path",
          "train.shards",
          "train.devices",
          "train.shard-optimizer",
          "train.precision",
          "train.recompute",
          "train.unreadable",
          "train.loader-threads",
          "train.checkpoint-every",
          "train.keep-checkpoints",
          "train.export-every",
          "train.log-every");

  @TempDir Path folder;

  private static Recipe recipe(DistillConfig config, RandomTiles tiles) {
    return Recipe.of(
        new RunRecipe(config, tiles, TinyRuns.experts(), FileHashes.inMemory()).entries());
  }

  private static String reason(Recipe before, Recipe after) {
    Decision decision = Decision.of(after, true, Optional.of(before));
    return decision.kind() == Decision.Kind.SAME ? "" : decision.describe();
  }

  /** The record with every option in turn another one; by the option's path. */
  private Map<String, Object> changed(Object value, String path) throws Exception {
    Map<String, Object> all = new LinkedHashMap<>();
    if (value instanceof Record record) {
      RecordComponent[] components = record.getClass().getRecordComponents();
      Object[] values = new Object[components.length];
      for (int i = 0; i < values.length; i++) {
        components[i].getAccessor().setAccessible(true);
        values[i] = components[i].getAccessor().invoke(record);
      }
      for (int i = 0; i < values.length; i++) {
        String name = KebabCase.of(components[i].getName());
        for (var one : changed(values[i], path.isEmpty() ? name : path + "." + name).entrySet()) {
          Object[] others = values.clone();
          others[i] = one.getValue();
          Constructor<?> constructor =
              record
                  .getClass()
                  .getDeclaredConstructor(
                      Arrays.stream(components)
                          .map(RecordComponent::getType)
                          .toArray(Class<?>[]::new));
          constructor.setAccessible(true);
          all.put(one.getKey(), constructor.newInstance(others));
        }
      }
    } else if (value instanceof Map<?, ?> map) {
      for (var entry : map.entrySet()) {
        for (var one : changed(entry.getValue(), path + "." + entry.getKey()).entrySet()) {
          Map<Object, Object> others = new LinkedHashMap<>(map);
          others.put(entry.getKey(), one.getValue());
          all.put(one.getKey(), others);
        }
      }
    } else {
      all.put(path, other(value));
    }
    return all;
  }

  private static Object other(Object value) {
    if (value instanceof Integer number) {
      return number + 1;
    } else if (value instanceof Long number) {
      return number + 1;
    } else if (value instanceof Double number) {
      return number * 0.5 + 0.001;
    } else if (value instanceof Boolean truth) {
      return !truth;
    } else if (value instanceof Enum<?> constant) {
      Object[] constants = constant.getDeclaringClass().getEnumConstants();
      return constants[(constant.ordinal() + 1) % constants.length];
    } else if (value instanceof List<?> list) {
      List<Object> longer = new ArrayList<>(list);
      longer.add(list.isEmpty() ? (Object) 1 : list.get(0));
      return longer;
    }
    return value + "x";
  }

  @Test
  void filesOfAModelThatIsAFolderOrShardsCount() throws IOException {
    Path index = folder.resolve("hub/model.safetensors.index.json");
    Path shard = folder.resolve("hub/model-00001-of-00001.safetensors");
    Files.createDirectories(folder.resolve("hub"));
    Files.writeString(index, "{\"weight_map\": {\"a\": \"" + shard.getFileName() + "\"}}");
    for (Path weights : List.of(index, folder.resolve("hub"))) {
      for (String option : List.of("student.weights", "recipe.frozen-teacher")) {
        DistillConfig config =
            DistillConfigs.with(TinyRuns.config(), Map.of(option, weights.toString()));
        Files.writeString(shard, "one");
        Recipe before = recipe(config, new RandomTiles(4, 32));
        Files.writeString(shard, "two");
        String reason = reason(before, recipe(config, new RandomTiles(4, 32)));
        assertTrue(reason.contains(option + "." + shard.getFileName()), option + ": " + reason);
      }
    }
  }

  @Test
  void everyOptionIsDecided() throws Exception {
    DistillConfig config = TinyRuns.config();
    RandomTiles tiles = new RandomTiles(9, 64);
    Recipe before = recipe(config, tiles);
    Map<String, Object> all = changed(config, "");
    assertTrue(all.size() > 80, "options " + all.size());
    Set<String> free = new TreeSet<>();
    all.forEach(
        (option, changed) -> {
          String reason = reason(before, recipe((DistillConfig) changed, tiles));
          if (reason.isEmpty()) {
            free.add(option);
          } else {
            assertTrue(reason.contains(option + ": "), option + ": " + reason);
          }
        });
    assertEquals(new TreeSet<>(FREE), free);
  }

  @Test
  void whatIsFreeIsDeclaredSo() throws Exception {
    for (String option : FREE) {
      String[] path = option.split("\\.");
      Class<?> section = DistillConfig.class;
      section =
          path[0].equals("experts")
              ? io.github.gpfm.distill.config.ExpertConfig.class
              : Arrays.stream(section.getRecordComponents())
                  .filter(c -> c.getName().equals(path[0]))
                  .findFirst()
                  .orElseThrow()
                  .getType();
      assertTrue(
          Arrays.stream(section.getRecordComponents())
              .filter(c -> KebabCase.of(c.getName()).equals(path[path.length - 1]))
              .findFirst()
              .orElseThrow()
              .isAnnotationPresent(Note.class),
          option);
    }
  }

  @Test
  void theContentOfFilesDecidesAndNotTheirNames() throws IOException {
    RandomTiles tiles = new RandomTiles(9, 64);
    for (String option : List.of("student.weights", "recipe.frozen-teacher")) {
      Path file = Files.writeString(folder.resolve("a.pth"), "first");
      Map<String, String> change = Map.of(option, file.toString());
      DistillConfig config = TinyRuns.config(change);
      Recipe before = recipe(config, tiles);
      Files.writeString(file, "second");
      assertTrue(reason(before, recipe(config, tiles)).startsWith(option + ": a.pth ("), option);
      Path other = Files.writeString(folder.resolve("b.pth"), "first");
      assertEquals(
          "",
          reason(before, recipe(TinyRuns.config(Map.of(option, other.toString())), tiles)),
          option);
    }
    assertTrue(
        reason(recipe(TinyRuns.config(), tiles), recipe(TinyRuns.config(), new RandomTiles(8, 64)))
            .startsWith("tiles.count: 9 → 8"));
  }

  /** Dropping is normalized within a shard: another number of shards is another run. */
  @Test
  void shardsDecideWhereTeachersAreDropped() throws Exception {
    DistillConfig config = TinyRuns.config();
    Map<String, Object> drops = changed(config, "");
    DistillConfig dropping = (DistillConfig) drops.get("recipe.teacher-drop");
    assertTrue(dropping.recipe().teacherDrop() > 0);
    DistillConfig other = (DistillConfig) changed(dropping, "").get("train.shards");
    RandomTiles tiles = new RandomTiles(9, 64);
    String reason = reason(recipe(dropping, tiles), recipe(other, tiles));
    assertTrue(reason.contains("shards: "), reason);
  }
}
