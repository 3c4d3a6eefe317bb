package io.github.gpfm.encoder.weights;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParseException;
import io.github.gpfm.api.WeightsException;
import io.github.gpfm.support.Budget;
import io.github.gpfm.support.JsonFile;
import io.github.gpfm.support.Printable;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Weights that are more than one file, or that are named by their folder, as Hugging Face's
 * libraries save them.
 *
 * @param path what was named
 * @param files the files, in order; one for a folder with a whole model
 * @param places which file holds a tensor, as the index says; empty without an index
 */
record ShardedWeights(Path path, List<Path> files, Map<String, Path> places) {
  private static final Logger LOG = LoggerFactory.getLogger(ShardedWeights.class);
  private static final String INDEX = ".index.json";
  private static final Pattern SHARD =
      Pattern.compile("(.+)-(\\d{5})-of-(\\d{5})(\\.safetensors|\\.bin|\\.pth|\\.pt)");

  /** The files of a model in the order in which they are preferred. */
  private static final List<String> WHOLE =
      List.of(
          "model.safetensors",
          "model.safetensors" + INDEX,
          "pytorch_model.bin",
          "pytorch_model.bin" + INDEX);

  private static final Pattern WEIGHTS = Pattern.compile(".+\\.(safetensors|bin|pth|pt|ckpt)");

  /**
   * What a path means if it is more than a file of weights.
   *
   * @throws WeightsException if a folder holds none or several, or a shard is missing
   */
  static Optional<ShardedWeights> of(Path path) {
    try {
      if (Files.isDirectory(path)) {
        return Optional.of(folder(path));
      }
      String name = String.valueOf(path.getFileName());
      if (name.endsWith(INDEX) && Files.isRegularFile(path)) {
        return Optional.of(index(path, path));
      }
      Matcher shard = SHARD.matcher(name);
      if (shard.matches() && Files.isRegularFile(path)) {
        LOG.warn(
            "Weight file '{}' is one of {} shards of a model; all of them are read.",
            path,
            Integer.parseInt(shard.group(3)));
        return Optional.of(shards(path, shard));
      }
      return Optional.empty();
    } catch (IOException e) {
      throw new WeightsException(
          "Weights '" + path + "' cannot be read (" + e.getMessage() + "); check them.", e);
    }
  }

  private static ShardedWeights folder(Path folder) throws IOException {
    for (String name : WHOLE) {
      Path file = folder.resolve(name);
      if (Files.isRegularFile(file)) {
        return name.endsWith(INDEX)
            ? index(folder, file)
            : new ShardedWeights(folder, List.of(file), Map.of());
      }
    }
    List<Path> found;
    try (Stream<Path> files = Files.list(folder)) {
      found =
          files
              .filter(Files::isRegularFile)
              .filter(file -> WEIGHTS.matcher(file.getFileName().toString()).matches())
              .sorted()
              .toList();
    }
    if (found.size() == 1) {
      return new ShardedWeights(folder, found, Map.of());
    }
    if (found.size() > 1) {
      Matcher shard = SHARD.matcher(found.get(0).getFileName().toString());
      if (shard.matches() && found.size() == Integer.parseInt(shard.group(3))) {
        return shards(found.get(0), shard);
      }
    }
    throw new WeightsException(
        found.isEmpty()
            ? "Folder '%s' holds no weight file; name the .pth, .bin or .safetensors file."
                .formatted(folder)
            : "Folder '%s' holds several weight files (%s); name one of them."
                .formatted(folder, names(found)));
  }

  private static String names(List<Path> files) {
    return Printable.line(
        String.join(", ", files.stream().map(file -> file.getFileName().toString()).toList()), 300);
  }

  /** The shards of which one is given: those of the index beside it, else those of like names. */
  private static ShardedWeights shards(Path one, Matcher name) throws IOException {
    Path index = one.resolveSibling(name.group(1) + name.group(4) + INDEX);
    if (Files.isRegularFile(index)) {
      return index(one, index);
    }
    int count = Integer.parseInt(name.group(3));
    List<Path> files = new ArrayList<>();
    for (int i = 1; i <= count; i++) {
      Path file =
          one.resolveSibling(
              "%s-%05d-of-%s%s".formatted(name.group(1), i, name.group(3), name.group(4)));
      require(one, file);
      files.add(file);
    }
    return new ShardedWeights(one, files, Map.of());
  }

  private static ShardedWeights index(Path named, Path index) throws IOException {
    Budget budget = PickleBudget.of(index);
    Map<String, Path> places = new LinkedHashMap<>();
    Map<String, Path> files = new TreeMap<>();
    try {
      JsonObject root = JsonFile.object(index, "an index of weights", budget);
      if (!(root.get("weight_map") instanceof JsonObject map)) {
        throw new IllegalStateException("it has no weight_map");
      }
      for (Map.Entry<String, JsonElement> entry : map.entrySet()) {
        budget.objects(1);
        String file = entry.getValue().getAsString();
        if (file.contains("/") || file.contains("\\") || file.equals("..")) {
          throw new IllegalStateException(
              "it names the file '" + Printable.line(file, 100) + "' outside its folder");
        }
        places.put(entry.getKey(), files.computeIfAbsent(file, each -> index.resolveSibling(each)));
      }
    } catch (JsonParseException
        | IllegalStateException
        | IllegalArgumentException
        | UnsupportedOperationException e) {
      throw new WeightsException(
          "Index '%s' cannot be used (%s); download it again."
              .formatted(index, Printable.line(String.valueOf(e.getMessage()), 200)),
          e);
    }
    if (files.isEmpty()) {
      throw new WeightsException("Index '" + index + "' names no tensors; download it again.");
    }
    files.values().forEach(file -> require(named, file));
    return new ShardedWeights(named, List.copyOf(files.values()), places);
  }

  private static void require(Path named, Path file) {
    if (!Files.isRegularFile(file)) {
      throw new WeightsException(
          "'%s' needs the shard '%s' beside it, which is missing; download it too."
              .formatted(named, file.getFileName()));
    }
  }

  /** All tensors of all files. */
  WeightFile read() {
    Map<String, WeightTensor> tensors = new LinkedHashMap<>();
    Map<String, String> metadata = new LinkedHashMap<>();
    Map<String, String> unreadable = new LinkedHashMap<>();
    Set<String> absent = new LinkedHashSet<>(places.keySet());
    WeightFile.Kind kind = WeightFile.Kind.SAFETENSORS;
    for (Path file : files) {
      WeightFile part = WeightFile.openOne(file);
      kind = part.kind();
      metadata.putAll(part.metadata());
      part.unreadable().forEach((name, type) -> unreadable.put(name, type));
      absent.removeAll(part.unreadable().keySet());
      part.tensors()
          .forEach(
              (name, tensor) -> {
                // The index decides between shards that hold a tensor of one name.
                if (file.equals(places.getOrDefault(name, file))
                    && tensors.put(name, tensor) != null) {
                  throw new WeightsException(
                      "Weights '%s' hold tensor '%s' in two files; download them again."
                          .formatted(path, name));
                }
                absent.remove(name);
              });
    }
    if (!absent.isEmpty()) {
      throw new WeightsException(
          "The index of weights '%s' names tensor '%s', which its shard lacks; download them again."
              .formatted(path, Printable.line(absent.iterator().next(), 200)));
    }
    return new WeightFile(path, kind, tensors, metadata, unreadable, files);
  }
}
