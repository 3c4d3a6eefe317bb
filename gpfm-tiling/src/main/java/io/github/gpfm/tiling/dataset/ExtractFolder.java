package io.github.gpfm.tiling.dataset;

import com.google.gson.Gson;
import com.google.gson.GsonBuilder;
import com.google.gson.JsonObject;
import com.google.gson.JsonParseException;
import io.github.gpfm.api.InvalidOptionException;
import io.github.gpfm.api.OutputException;
import io.github.gpfm.support.AtomicFile;
import io.github.gpfm.support.PartFile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.IntStream;

/** The folder of an extraction: what it is of, its plans, its shards. */
final class ExtractFolder {
  private static final Gson GSON =
      new GsonBuilder().setPrettyPrinting().disableHtmlEscaping().create();

  private final Path out;

  private ExtractFolder(Path out) {
    this.out = out;
  }

  /** Makes the folder, or checks that it holds an extraction of the same and removes leftovers. */
  static ExtractFolder open(Path out, ExtractOptions options, Map<String, Path> slides) {
    ExtractFolder folder = new ExtractFolder(out);
    JsonObject manifest = new JsonObject();
    manifest.addProperty("schema", 1);
    manifest.addProperty("options", options.fingerprint());
    JsonObject files = new JsonObject();
    JsonObject own = new JsonObject();
    try {
      for (Map.Entry<String, Path> slide : slides.entrySet()) {
        String recipe = options.fingerprint(slide.getValue());
        if (!recipe.isEmpty()) {
          own.addProperty(slide.getKey(), recipe);
        }
        files.addProperty(
            slide.getKey(), Files.exists(slide.getValue()) ? size(slide.getValue()) : -1);
      }
      manifest.add("slides", files);
      if (!own.isEmpty()) {
        manifest.add("own", own);
      }
      Files.createDirectories(out);
      Files.createDirectories(folder.plans());
      PartFile.removeStale(out);
      PartFile.removeStale(folder.plans());
      Path file = out.resolve("extract.json");
      String text = GSON.toJson(manifest) + "\n";
      if (!Files.exists(file)) {
        AtomicFile.text(file, text);
      } else if (!sameAs(file, manifest)) {
        throw new InvalidOptionException(
            out
                + " holds an extraction of other slides or with other options: give another --out"
                + " or remove it.");
      }
      return folder;
    } catch (IOException e) {
      throw new OutputException(
          "Cannot write to " + out + " (" + e.getMessage() + "): check its permissions.", e);
    }
  }

  private static long size(Path slide) throws IOException {
    return Files.isDirectory(slide) ? 0 : Files.size(slide);
  }

  private static boolean sameAs(Path file, JsonObject manifest) throws IOException {
    try {
      return GSON.toJson(manifest)
          .equals(GSON.toJson(GSON.fromJson(Files.readString(file), JsonObject.class)));
    } catch (JsonParseException e) {
      return false;
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
