package io.github.gpfm.distill.run;

import io.github.gpfm.api.OutputException;
import io.github.gpfm.api.WeightsException;
import io.github.gpfm.encoder.weights.Safetensors;
import io.github.gpfm.encoder.weights.WeightFile;
import io.github.gpfm.encoder.weights.WeightTensor;
import io.github.gpfm.support.AtomicFile;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * {@code checkpoint-<step>.safetensors} files of a run's folder: written under a temporary name and
 * moved into place, the oldest removed beyond the number to keep. {@code <step>} is the count of
 * steps done.
 */
final class Checkpoints {
  private static final Logger LOG = LoggerFactory.getLogger(Checkpoints.class);
  private static final String PREFIX = "checkpoint-";
  private static final String SUFFIX = ".safetensors";

  private final Path folder;
  private final int keep;

  Checkpoints(Path folder, int keep) {
    this.folder = folder;
    this.keep = keep;
  }

  /** Removes what a killed run left half-written; only for whoever holds the run's lock. */
  void removeParts() {
    try (DirectoryStream<Path> parts = Files.newDirectoryStream(folder, "." + PREFIX + "*.part")) {
      parts.forEach(AtomicFile::deleteQuietly);
    } catch (IOException e) {
      LOG.warn("Folder {} cannot be cleared: {}", folder, e.getMessage());
    }
  }

  /** Steps done by the checkpoint in a file. */
  static long steps(Path file) {
    String name = file.getFileName().toString();
    return Long.parseLong(name.substring(PREFIX.length(), name.length() - SUFFIX.length()));
  }

  /**
   * Refuses a run that could not write its next checkpoint: better now than hours later.
   *
   * @param bytes of a checkpoint
   */
  void requireRoom(long bytes) {
    Path any = folder.resolve(PREFIX + "*" + SUFFIX);
    try {
      AtomicFile.requireSpace(any, bytes);
    } catch (IOException e) {
      throw AtomicFile.cannotWrite(any, e);
    }
  }

  Path write(long step, Map<String, WeightTensor> tensors, Map<String, String> metadata) {
    Path file = folder.resolve("%s%08d%s".formatted(PREFIX, step, SUFFIX));
    Safetensors.write(file, tensors.values(), metadata);
    List<Path> files = list();
    for (Path old : files.subList(0, Math.max(0, files.size() - keep))) {
      try {
        Files.deleteIfExists(old);
      } catch (IOException e) {
        LOG.warn("Old checkpoint {} cannot be removed: {}", old, e.getMessage());
      }
    }
    return file;
  }

  /** The newest checkpoint that can be read; a damaged newer one is named in the log. */
  Optional<WeightFile> latest() {
    List<Path> files = new ArrayList<>(list());
    files.sort(Comparator.reverseOrder());
    for (Path file : files) {
      try {
        return Optional.of(WeightFile.open(file));
      } catch (WeightsException e) {
        LOG.warn("Skipping checkpoint: {}", e.getMessage());
      }
    }
    return Optional.empty();
  }

  /** The checkpoints, oldest first. */
  List<Path> list() {
    try (Stream<Path> files = Files.list(folder)) {
      return files
          .filter(file -> file.getFileName().toString().matches("checkpoint-\\d+\\.safetensors"))
          .sorted(Comparator.comparingLong(Checkpoints::steps))
          .toList();
    } catch (IOException e) {
      throw new OutputException(
          "Folder '%s' cannot be listed (%s); check it.".formatted(folder, e.getMessage()), e);
    }
  }
}
