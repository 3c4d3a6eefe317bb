package io.github.gpfm.eval.bench;

import com.google.gson.Gson;
import com.google.gson.GsonBuilder;
import com.google.gson.JsonParseException;
import io.github.gpfm.support.AtomicFile;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Results on disk, one JSON file a cell, so that an interrupted benchmark goes on where it stopped.
 * A result counts only if task, encoder, protocol, seed and replicates are the same.
 */
final class ResultStore {
  private static final Logger LOG = LoggerFactory.getLogger(ResultStore.class);
  private static final Gson GSON =
      new GsonBuilder().setPrettyPrinting().serializeSpecialFloatingPointValues().create();

  private record Stored(String fingerprint, TaskResult result) {}

  private final Path folder;

  ResultStore(Path folder) {
    this.folder = folder;
  }

  private Path file(TaskRunner.Run run) {
    return folder
        .resolve("results")
        .resolve(run.task().fileName())
        .resolve(run.encoder().name().replaceAll("[^A-Za-z0-9._-]+", "_"))
        .resolve("seed-" + run.seed() + ".json");
  }

  Optional<TaskResult> find(TaskRunner.Run run) {
    Path file = file(run);
    if (!Files.isRegularFile(file)) {
      return Optional.empty();
    }
    try {
      Stored stored = GSON.fromJson(Files.readString(file), Stored.class);
      return stored != null && fingerprint(run).equals(stored.fingerprint())
          ? Optional.of(stored.result())
          : Optional.empty();
    } catch (IOException | JsonParseException e) {
      LOG.warn("the stored result '{}' cannot be read and is made anew", file);
      return Optional.empty();
    }
  }

  void save(TaskRunner.Run run, TaskResult result) {
    AtomicFile.text(file(run), GSON.toJson(new Stored(fingerprint(run), result)));
  }

  private static String fingerprint(TaskRunner.Run run) {
    String text =
        String.join(
            "\n",
            run.config().protocol().key(),
            Integer.toString(run.config().replicates()),
            Long.toString(run.seed()),
            run.task().settings().canonical(),
            run.encoder().settings().canonical());
    return sha256(text.getBytes(StandardCharsets.UTF_8));
  }

  static String sha256(byte[] bytes) {
    try {
      return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every JDK has SHA-256", e);
    }
  }
}
