package io.github.gpfm.tiling.internal;

import io.github.gpfm.api.OutputException;
import java.io.IOException;
import java.nio.file.AtomicMoveNotSupportedException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;

/** Writes files that are either whole or not there. */
public final class AtomicFile {
  /** Writes the content. */
  @FunctionalInterface
  public interface Content {
    /**
     * @param file an absent or empty file to fill
     */
    void write(Path file) throws IOException;
  }

  private AtomicFile() {}

  /**
   * Writes to a temporary name beside the file and moves it into place.
   *
   * @param file where to; its folder is made if need be
   * @throws OutputException if that cannot be done; no part of it is left behind
   */
  public static void write(Path file, Content content) {
    Path target = file.toAbsolutePath();
    Path partial = target.resolveSibling("." + target.getFileName() + ".part");
    try {
      Files.createDirectories(target.getParent());
      Files.deleteIfExists(partial);
      content.write(partial);
      move(partial, target);
    } catch (IOException e) {
      throw new OutputException(
          "Cannot write "
              + file
              + " ("
              + reason(e)
              + "): check the folder's permissions and free space.",
          e);
    } finally {
      try {
        Files.deleteIfExists(partial);
      } catch (IOException e) {
        // Nothing more can be done, and the first failure is the one to report.
      }
    }
  }

  private static void move(Path from, Path to) throws IOException {
    try {
      Files.move(from, to, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    } catch (AtomicMoveNotSupportedException e) {
      Files.move(from, to, StandardCopyOption.REPLACE_EXISTING);
    }
  }

  private static String reason(IOException e) {
    String message = e.getMessage();
    return message == null
        ? e.getClass().getSimpleName()
        : e.getClass().getSimpleName() + ": " + message;
  }
}
