package io.github.gpfm.support;

import io.github.gpfm.api.CancelledException;
import io.github.gpfm.api.OutputException;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.channels.ClosedByInterruptException;
import java.nio.file.AtomicMoveNotSupportedException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;

/**
 * Writes files that are either whole or not there: the content goes to a temporary name in the same
 * folder, which no other process or thread uses (see {@link PartFile}), and is moved into place
 * when it is complete. A reader never sees a half-written file, and an interrupted run leaves the
 * former file as it was.
 */
public final class AtomicFile {
  /** Writes the content of a file. */
  @FunctionalInterface
  public interface Content {
    /**
     * @param part an absent file, to be made and filled
     */
    void write(Path part) throws IOException;
  }

  /** Writes the content of a file as a stream. */
  @FunctionalInterface
  public interface StreamContent {
    /**
     * @param out buffered; closed by the caller
     */
    void write(OutputStream out) throws IOException;
  }

  private static final long SPARE_BYTES = 1 << 20;

  private AtomicFile() {}

  /**
   * Writes a file.
   *
   * @param file where to; its folder is made if need be
   * @throws OutputException if that cannot be done; no part of it is left behind
   */
  public static void write(Path file, Content content) {
    Path part = part(file);
    try {
      Files.createDirectories(folder(file));
      Files.deleteIfExists(part);
      content.write(part);
      moveIntoPlace(part, file);
    } catch (IOException | UncheckedIOException e) {
      throw cannotWrite(file, e);
    } finally {
      deleteQuietly(part);
    }
  }

  /** {@link #write(Path, Content)} through a buffered stream. */
  public static void stream(Path file, StreamContent content) {
    write(
        file,
        part -> {
          try (OutputStream out = new BufferedOutputStream(Files.newOutputStream(part))) {
            content.write(out);
          }
        });
  }

  /** {@link #write(Path, Content)} of UTF-8 text. */
  public static void text(Path file, CharSequence text) {
    write(file, part -> Files.writeString(part, text));
  }

  /**
   * Refuses a file that its disk has no room for, with a megabyte to spare.
   *
   * @param file where to; its folder is there
   * @param bytes what is to be written
   * @throws OutputException if there is too little space
   * @throws IOException if that cannot be told
   */
  public static void requireSpace(Path file, long bytes) throws IOException {
    long usable = Files.getFileStore(folder(file)).getUsableSpace();
    if (usable - SPARE_BYTES < bytes) {
      throw new OutputException(
          "%s needs %d MB but its disk has %d MB: free space or choose another folder."
              .formatted(file, bytes >> 20, usable >> 20));
    }
  }

  /** The folder a file lies in, absolute. */
  public static Path folder(Path file) {
    Path absolute = file.toAbsolutePath();
    Path parent = absolute.getParent();
    return parent == null ? absolute : parent;
  }

  /**
   * A name for the file until it is complete, for writers that are open for long; another one each
   * time.
   */
  public static Path part(Path file) {
    return PartFile.of(file);
  }

  /**
   * Gives a complete file its name; replaces what is there.
   *
   * @throws IOException if the file system refuses
   */
  public static void moveIntoPlace(Path part, Path file) throws IOException {
    try {
      Files.move(part, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    } catch (AtomicMoveNotSupportedException e) {
      Files.move(part, file, StandardCopyOption.REPLACE_EXISTING);
    }
  }

  /**
   * The one sentence for a file that cannot be written.
   *
   * @param failure what was thrown: an {@link IOException}, or an {@link UncheckedIOException}
   *     around it
   * @throws CancelledException if the thread was interrupted: then the file is not at fault
   */
  public static OutputException cannotWrite(Path file, Exception failure) {
    Throwable cause = failure;
    if (failure instanceof UncheckedIOException && failure.getCause() != null) {
      cause = failure.getCause();
    }
    if (cause instanceof ClosedByInterruptException || cause instanceof InterruptedIOException) {
      throw new CancelledException("Writing " + file + " was cancelled.", cause);
    }
    String message = cause.getMessage() == null ? "" : ": " + cause.getMessage();
    return new OutputException(
        "Cannot write "
            + file
            + " ("
            + cause.getClass().getSimpleName()
            + message
            + "): check the folder's permissions and free space.",
        cause);
  }

  /** Removes a part that is not wanted any more; a failure to do so is not worth reporting. */
  public static void deleteQuietly(Path part) {
    try {
      Files.deleteIfExists(part);
    } catch (IOException e) {
      part.toFile().deleteOnExit();
    }
  }
}
