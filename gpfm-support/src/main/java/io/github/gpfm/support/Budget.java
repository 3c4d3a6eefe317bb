package io.github.gpfm.support;

import io.github.gpfm.api.GpfmException;
import java.io.FilterReader;
import java.io.IOException;
import java.io.Reader;
import java.nio.charset.StandardCharsets;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Locale;
import java.util.concurrent.Callable;
import java.util.function.BiFunction;
import org.jspecify.annotations.Nullable;

/**
 * What is left of a file's {@link Limits} while it is read. What goes beyond them ends with the
 * reader's own kind of exception, whose message names the file, the bound and the property that
 * changes it. Used by one thread.
 *
 * <pre>{@code
 * Budget budget = Budget.of(file, WeightsException::new);
 * budget.objects(1);
 * budget.bytes(announced, "the storage table");
 * Node node = budget.open("an HDF5 file", () -> library.parse(file));
 * }</pre>
 */
public final class Budget {
  /** Of a character in a table's cell. */
  private static final int CHARACTER_BYTES = 4;

  private final String file;
  private final Limits limits;
  private final BiFunction<String, @Nullable Throwable, ? extends GpfmException> failure;
  private final long deadline;
  private long bytes;
  private long objects;
  private int depth;

  private Budget(
      String file,
      Limits limits,
      BiFunction<String, @Nullable Throwable, ? extends GpfmException> failure) {
    this.file = file;
    this.limits = limits;
    this.failure = failure;
    this.deadline = System.nanoTime() + limits.time().toNanos();
  }

  /**
   * A whole budget of the default limits.
   *
   * @param file for messages
   * @param failure makes the exception from a sentence and a cause
   */
  public static Budget of(
      Path file, BiFunction<String, @Nullable Throwable, ? extends GpfmException> failure) {
    return of(file.toString(), Limits.defaults(), failure);
  }

  /**
   * A whole budget.
   *
   * @param file for messages
   * @param limits what it may cost
   * @param failure makes the exception from a sentence and a cause
   */
  public static Budget of(
      String file,
      Limits limits,
      BiFunction<String, @Nullable Throwable, ? extends GpfmException> failure) {
    return new Budget(Printable.of(file), limits, failure);
  }

  /** The limits this began with. */
  public Limits limits() {
    return limits;
  }

  /**
   * Counts memory before it is taken.
   *
   * @param count not negative; else the file lies and is refused as well
   * @param what for the message, for instance {@code the names table}
   */
  public void bytes(long count, String what) {
    if (count < 0 || count > limits.bytes() - bytes) {
      throw exceeded(
          "%s would take more than %d MB".formatted(what, limits.bytes() >> 20), "bytes");
    }
    bytes += count;
  }

  /** Memory that may still be taken. */
  public long bytesLeft() {
    return limits.bytes() - bytes;
  }

  /** Counts objects visited or made; now and then looks at the clock. */
  public void objects(long count) {
    if (count < 0 || count > limits.objects() - objects) {
      throw exceeded("it holds more than %d objects".formatted(limits.objects()), "objects");
    }
    long before = objects;
    objects += count;
    if (before >> 10 != objects >> 10) {
      time();
    }
  }

  /** Goes a level deeper; call {@link #leave} on the way back. */
  public void enter() {
    if (++depth > limits.depth()) {
      throw exceeded("it is nested deeper than %d levels".formatted(limits.depth()), "depth");
    }
  }

  /** Goes a level up. */
  public void leave() {
    depth--;
  }

  /**
   * Checks the length of a name, key or number.
   *
   * @param what for the message, for instance {@code a key}
   */
  public void name(long length, String what) {
    if (length < 0 || length > limits.nameLength()) {
      throw exceeded("%s has more than %d characters".formatted(what, limits.nameLength()), "name");
    }
  }

  /** Checks the clock. */
  public void time() {
    if (System.nanoTime() - deadline > 0) {
      throw exceeded(
          "reading it takes more than %d s".formatted(limits.time().toSeconds()), "seconds");
    }
  }

  /** The exception for a damaged file: a sentence that names the file. */
  public GpfmException damaged(String what, @Nullable Throwable cause) {
    return failure.apply("%s is damaged: %s.".formatted(file, what), cause);
  }

  /**
   * Opens a text in UTF-8 whose characters count as memory, about as much as they take once they
   * are cells of a table.
   *
   * @param path the file
   * @return to be closed
   * @throws IOException if it cannot be opened
   */
  public Reader text(Path path) throws IOException {
    return new FilterReader(Files.newBufferedReader(path, StandardCharsets.UTF_8)) {
      @Override
      public int read() throws IOException {
        int character = super.read();
        count(character < 0 ? 0 : 1);
        return character;
      }

      @Override
      public int read(char[] buffer, int offset, int length) throws IOException {
        int read = super.read(buffer, offset, length);
        count(Math.max(0, read));
        return read;
      }

      private void count(int characters) {
        bytes((long) characters * CHARACTER_BYTES, "its text");
        time();
      }
    };
  }

  /**
   * The one door to a library: whatever it throws at a damaged file leaves as the reader's own kind
   * of exception.
   *
   * @param kind for the message, for instance {@code an HDF5 file}
   * @param task calls the library; the project's own exceptions pass through
   */
  public <T> T open(String kind, Callable<T> task) {
    try {
      return task.call();
    } catch (GpfmException e) {
      throw e;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw failure.apply("Reading %s was cancelled.".formatted(file), e);
    } catch (OutOfMemoryError e) {
      throw failure.apply(
          "%s asks for more memory than there is: it is damaged, or give more with java -Xmx."
              .formatted(file),
          e);
    } catch (Exception | StackOverflowError | LinkageError | AssertionError | InternalError e) {
      throw failure.apply(
          "%s cannot be read as %s (%s): replace it.".formatted(file, kind, reason(e)), e);
    }
  }

  /** What the library found wrong: the innermost cause says it best. */
  private static String reason(Throwable failure) {
    Throwable e = failure;
    for (int i = 0; i < 20 && e.getCause() != null; i++) {
      e = e.getCause();
    }
    if (e instanceof NoSuchFileException) {
      return "there is no such file";
    }
    if (e instanceof AccessDeniedException) {
      return "it may not be read by this user";
    }
    String message = e.getMessage();
    String name =
        e.getClass()
            .getSimpleName()
            .replaceFirst("(Exception|Error)$", "")
            .replaceAll("(?<=[a-z])(?=[A-Z])", " ")
            .toLowerCase(Locale.ROOT);
    return message == null
        ? name
        : Printable.line(
            JsonFile.finding(message.replaceFirst("^([a-z]+\\.)+\\w+(Exception|Error): ", "")),
            200);
  }

  private GpfmException exceeded(String what, String property) {
    return failure.apply(
        "%s is not read: %s (raise -Dgpfm.limit.%s if it can be trusted)."
            .formatted(file, what, property),
        null);
  }
}
