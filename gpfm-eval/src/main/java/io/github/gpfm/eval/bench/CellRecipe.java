package io.github.gpfm.eval.bench;

import io.github.gpfm.api.GpfmException;
import io.github.gpfm.api.Recipe;
import io.github.gpfm.encoder.catalog.Encoders;
import io.github.gpfm.eval.EvaluationException;
import io.github.gpfm.eval.data.CsvTable;
import io.github.gpfm.eval.data.FeatureFiles;
import io.github.gpfm.eval.roi.TileSet;
import io.github.gpfm.support.Sha256;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Stream;

/**
 * What a cell's result is made of: the settings of task and encoder, and the content of every file
 * they name: tables, split lists, images, weights, and the feature files of the cases.
 */
final class CellRecipe {
  // Keys that do not decide what is said of a case.
  private static final Set<String> NOTES =
      Set.of(
          "metric",
          "organ",
          "obtained-from",
          "unconfirmed",
          "split-rule",
          "class-count",
          "time-unit");

  private final TaskRunner.Run run;
  private final Recipe.Hasher hasher;

  private CellRecipe(TaskRunner.Run run, Recipe.Hasher hasher) {
    this.run = run;
    this.hasher = hasher;
  }

  /**
   * @throws GpfmException if a file that must be there cannot be read
   */
  static Recipe of(TaskRunner.Run run, Recipe.Hasher hasher) {
    return new CellRecipe(run, hasher).build();
  }

  private Recipe build() {
    Recipe.Builder recipe = Recipe.builder(hasher);
    recipe.add("protocol", run.config().protocol().key()).add("seed", run.seed());
    settings(recipe, "task", run.task().settings());
    settings(recipe, "encoder", run.encoder().settings());
    run.encoder().settings().path("weights").ifPresent(w -> weights(recipe, "encoder", w));
    for (EncoderSpec part : run.parts()) {
      String prefix = "encoder." + part.name();
      settings(recipe, prefix, part.settings());
      part.settings().path("weights").ifPresent(w -> weights(recipe, prefix, w));
    }
    run.trained()
        .ifPresent(t -> recipe.add("task.train-on.heads", Sha256.of(t.recipe().canonical())));
    features(recipe);
    return recipe.build();
  }

  // A model may be a folder or shards, with files beside them that say how they are to be read.
  private void weights(Recipe.Builder recipe, String prefix, Path weights) {
    String label = String.valueOf(weights.getFileName());
    Map<String, Path> files = new TreeMap<>();
    Encoders.files(weights).forEach(file -> files.put(String.valueOf(file.getFileName()), file));
    if (files.size() == 1) {
      recipe.hash(prefix + ".weights", label, hasher.sha256(files.values().iterator().next()));
    } else {
      combined(recipe, prefix + ".weights", label, files);
    }
  }

  private void settings(Recipe.Builder recipe, String prefix, Settings settings) {
    Set<String> idle = IdleKeys.of(run.task().type(), settings, run.encoder()).keySet();
    new TreeMap<>(settings.values())
        .forEach(
            (key, value) -> {
              String name = prefix + "." + key;
              // A file of a key without effect need not even be there.
              if (isNote(key)
                  || idle.contains(key)
                  || key.equals("features")
                  || key.equals("weights")) {
                recipe.note(name, Settings.plain(value));
              } else if (value instanceof Path path) {
                path(recipe, name, path);
              } else {
                recipe.add(name, Settings.plain(value));
              }
            });
  }

  private boolean isNote(String key) {
    // Elsewhere the tiles, the columns or the texts tell the classes.
    boolean told = key.equals("classes") && run.task().type() != TaskType.WSI_CLASSIFICATION;
    return told || NOTES.contains(key);
  }

  private void path(Recipe.Builder recipe, String name, Path path) {
    if (Files.isRegularFile(path)) {
      recipe.file(name, path);
    } else if (Files.isDirectory(path)) {
      combined(recipe, name, path.getFileName() + "/", files(path, name));
    } else {
      throw new EvaluationException("'" + path + "' of '" + name + "' does not exist");
    }
  }

  private static Map<String, Path> files(Path folder, String name) {
    Map<String, Path> files = new TreeMap<>();
    if (name.endsWith(".splits")) {
      try (Stream<Path> all = Files.list(folder)) {
        all.filter(f -> f.getFileName().toString().matches("splits_\\d+\\.csv"))
            .forEach(f -> files.put(String.valueOf(f.getFileName()), f));
      } catch (IOException e) {
        throw new EvaluationException("the folder '" + folder + "' cannot be read", e);
      }
    } else if (name.endsWith(".images") && Files.isDirectory(folder) && isFlat(folder)) {
      return files;
    } else {
      TileSet.ofFolder(folder).files().forEach(f -> files.put(folder.relativize(f).toString(), f));
    }
    return files;
  }

  // Images of a language task lie side by side; the cases name those that count.
  private static boolean isFlat(Path folder) {
    try (Stream<Path> all = Files.list(folder)) {
      return all.noneMatch(Files::isDirectory);
    } catch (IOException e) {
      throw new EvaluationException("the folder '" + folder + "' cannot be read", e);
    }
  }

  // One hash of many files: their names and contents.
  private void combined(Recipe.Builder recipe, String name, String label, Map<String, Path> files) {
    StringBuilder text = new StringBuilder();
    files.forEach(
        (file, path) -> text.append(hasher.sha256(path)).append("  ").append(file).append('\n'));
    recipe.hash(name, "%s %d files".formatted(label, files.size()), Sha256.of(text.toString()));
  }

  private void features(Recipe.Builder recipe) {
    if (run.parts().isEmpty()) {
      features(recipe, "features", run.encoder());
    } else {
      run.parts().forEach(part -> features(recipe, "features." + part.name(), part));
    }
  }

  private void features(Recipe.Builder recipe, String name, EncoderSpec source) {
    Optional<Path> folder = source.features(run.task());
    Map<String, Path> files = new TreeMap<>();
    if (run.slides().isPresent() && folder.isPresent()) {
      Collection<String> usable = run.cohort().usable(run.encoder().name());
      for (String id : usable) {
        run.cohort()
            .slides(id)
            .forEach(
                s ->
                    FeatureFiles.find(folder.get(), s)
                        .ifPresent(
                            f -> {
                              files.put(s, f);
                              FeatureFiles.coords(f).ifPresent(c -> files.put(s + " coords", c));
                            }));
      }
      recipe.add("cases", Sha256.of(String.join("\n", new TreeSet<>(usable))));
    } else if (run.task().type() == TaskType.VQA
        || run.task().type() == TaskType.REPORT_GENERATION) {
      Optional<Path> images = run.task().settings().path("images");
      Optional<Path> table = run.task().settings().path("table");
      for (String id : new TreeSet<>(table.map(CellRecipe::ids).orElse(List.of()))) {
        images
            .map(i -> i.resolve(id))
            .filter(Files::isRegularFile)
            .or(() -> folder.flatMap(f -> FeatureFiles.find(f, id)))
            .ifPresent(f -> files.put(id, f));
      }
    } else if (folder.isPresent()) {
      for (String side : List.of("train", "val", "test")) {
        for (String ending : List.of(".safetensors", ".pt")) {
          Path file = folder.get().resolve(side + ending);
          if (Files.isRegularFile(file)) {
            files.put(side + ending, file);
          }
        }
      }
    }
    combined(recipe, name, "features", files);
  }

  private static List<String> ids(Path table) {
    return new ArrayList<>(CsvTable.read(table).column("id"));
  }
}
