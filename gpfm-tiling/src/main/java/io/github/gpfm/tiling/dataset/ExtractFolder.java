package io.github.gpfm.tiling.dataset;

import com.google.gson.Gson;
import com.google.gson.GsonBuilder;
import com.google.gson.JsonObject;
import com.google.gson.JsonParseException;
import io.github.gpfm.api.InvalidOptionException;
import io.github.gpfm.api.Recipe;
import io.github.gpfm.slideio.SlideFiles;
import io.github.gpfm.support.AtomicFile;
import io.github.gpfm.support.Decision;
import io.github.gpfm.support.PartFile;
import io.github.gpfm.support.RunStore;
import io.github.gpfm.support.Sha256;
import io.github.gpfm.tiling.internal.Parallel;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.IntStream;

/** The folder of an extraction: what it is of, its plans, its shards. */
final class ExtractFolder {
  private static final Gson GSON =
      new GsonBuilder().setPrettyPrinting().disableHtmlEscaping().create();

  private final Path out;

  private ExtractFolder(Path out) {
    this.out = out;
  }

  /** A folder that another process has made and checked. */
  static ExtractFolder madeBefore(Path out) {
    return new ExtractFolder(out);
  }

  /**
   * Makes the folder, or checks that it holds an extraction of the same and removes leftovers.
   *
   * @param store of the folder, claimed
   */
  static ExtractFolder open(
      RunStore store, ExtractOptions options, SlideOpener opener, Map<String, Path> slides) {
    Path out = store.folder();
    ExtractFolder folder = new ExtractFolder(out);
    Recipe recipe = recipe(store, options, opener, slides);
    try {
      Files.createDirectories(folder.plans());
      PartFile.removeStale(folder.plans());
      Path file = out.resolve("extract.json");
      Decision decision = Decision.of(recipe, Files.exists(file), read(file));
      switch (decision.kind()) {
        case SAME -> {}
        case ABSENT -> folder.writeManifest(file, recipe);
        case OTHER ->
            throw new InvalidOptionException(
                    out
                        + " holds an extraction of other slides or with other options ("
                        + decision.describe()
                        + "): give another folder or remove it.")
                .about("output");
        case OLD, FOREIGN ->
            throw new InvalidOptionException(
                    out
                        + " holds an extraction of a version up to 0.1.0, which cannot be resumed: give"
                        + " another folder or remove it.")
                .about("output");
      }
      return folder;
    } catch (IOException e) {
      throw AtomicFile.cannotWrite(out, e);
    }
  }

  /** The options, and every slide with its content, in order, and how it is opened. */
  private static Recipe recipe(
      RunStore store, ExtractOptions options, SlideOpener opener, Map<String, Path> slides) {
    List<Map.Entry<String, Path>> list = List.copyOf(slides.entrySet());
    String[] hashes = new String[list.size()];
    Parallel.forEach(
        list.size(),
        options.threads(),
        i -> hashes[i] = hash(store, list.get(i).getValue()),
        done -> {});
    Recipe.Builder recipe = Recipe.builder(store.hashes()).with(options).part("opened", opener);
    recipe.add("slides", list.size() + ", " + Sha256.of(String.join("\n", slides.keySet())));
    for (int i = 0; i < hashes.length; i++) {
      String name = "slide." + list.get(i).getKey();
      recipe.add(name, hashes[i]);
      options.ownRecipe(list.get(i).getValue()).ifPresent(own -> recipe.part(name, own));
    }
    return recipe.build();
  }

  private static String hash(RunStore store, Path slide) {
    return Files.exists(slide) ? SlideFiles.of(slide).sha256(store.hashes()) : "missing";
  }

  private void writeManifest(Path file, Recipe recipe) {
    JsonObject manifest = new JsonObject();
    manifest.addProperty("schema", 2);
    manifest.add("recipe", GSON.toJsonTree(recipe.entries()));
    AtomicFile.text(file, GSON.toJson(manifest) + "\n");
  }

  /** What an extraction's manifest says; incomplete for one of an older schema. */
  private static Optional<Recipe> read(Path file) throws IOException {
    if (!Files.exists(file)) {
      return Optional.empty();
    }
    try {
      JsonObject manifest = GSON.fromJson(Files.readString(file), JsonObject.class);
      Map<String, String> entries = new TreeMap<>();
      if (manifest.has("recipe")) {
        manifest
            .getAsJsonObject("recipe")
            .asMap()
            .forEach((name, value) -> entries.put(name, value.getAsString()));
      }
      return Optional.of(Recipe.of(entries));
    } catch (JsonParseException | ClassCastException | NullPointerException e) {
      return Optional.empty();
    }
  }

  private Path plans() {
    return out.resolve("plan");
  }

  /** Where a slide's plan is kept. */
  Path plan(String slide) {
    return plans().resolve(slide + ".csv");
  }

  /** Where the reason is kept why a slide was left out. */
  Path broken(String slide) {
    return plans().resolve(slide + ".broken.txt");
  }

  /** A shard's file. */
  Path shard(int number) {
    return out.resolve(String.format(Locale.ROOT, "shard-%06d.tar", number));
  }

  /** The files of the first shards. */
  List<Path> shards(int count) {
    return IntStream.range(0, count).mapToObj(this::shard).toList();
  }

  /** Writes how many tiles there are of what. */
  void writeIndex(ExtractReport report) {
    JsonObject index = new JsonObject();
    index.addProperty("schema", 1);
    index.addProperty("shards", report.shards().size());
    index.addProperty("tiles", report.tiles());
    index.add("slides", GSON.toJsonTree(report.tilesBySlide()));
    index.add("broken", GSON.toJsonTree(report.broken()));
    AtomicFile.write(
        out.resolve("index.json"),
        partial -> Files.writeString(partial, GSON.toJson(index) + "\n"));
  }
}
