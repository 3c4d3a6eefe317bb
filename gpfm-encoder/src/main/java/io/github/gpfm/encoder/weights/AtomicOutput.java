package io.github.gpfm.encoder.weights;

import io.github.gpfm.api.OutputException;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.AtomicMoveNotSupportedException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.UUID;

/** Writes a file under a temporary name and moves it into place when it is complete. */
final class AtomicOutput {
  /** Writes the whole content. */
  interface Body {
    void writeTo(FileChannel channel) throws IOException;
  }

  private AtomicOutput() {}

  static void write(Path path, Body body) {
    Path folder = path.toAbsolutePath().getParent();
    Path part = null;
    try {
      Path name = Path.of("." + path.getFileName() + "." + UUID.randomUUID() + ".part");
      part = folder.resolve(name);
      try (FileChannel channel =
          FileChannel.open(
              part,
              StandardOpenOption.CREATE_NEW,
              StandardOpenOption.WRITE,
              StandardOpenOption.READ)) {
        body.writeTo(channel);
      }
      try {
        Files.move(part, path, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
      } catch (AtomicMoveNotSupportedException e) {
        Files.move(part, path, StandardCopyOption.REPLACE_EXISTING);
      }
      part = null;
    } catch (IOException e) {
      throw new OutputException(
          "'%s' cannot be written (%s: %s); check the folder and the free space."
              .formatted(path, e.getClass().getSimpleName(), e.getMessage()),
          e);
    } finally {
      if (part != null) {
        deleteQuietly(part);
      }
    }
  }

  private static void deleteQuietly(Path part) {
    try {
      Files.deleteIfExists(part);
    } catch (IOException ignored) {
      // The failure that brought us here is the one to report.
    }
  }
}
