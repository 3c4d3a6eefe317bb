package io.github.gpfm.eval.internal;

import io.github.gpfm.api.OutputException;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;

/** Writes files whole or not at all. */
public final class AtomicFiles {
  private AtomicFiles() {}

  /** Fills a stream. */
  @FunctionalInterface
  public interface Writer {
    /** Writes everything. */
    void write(OutputStream out) throws IOException;
  }

  /**
   * Writes through a temporary name beside the file, then moves it into place.
   *
   * @throws OutputException if it cannot be written
   */
  public static void write(Path file, Writer writer) {
    Path absolute = file.toAbsolutePath();
    Path temporary = absolute.resolveSibling("." + absolute.getFileName() + ".part");
    try {
      Files.createDirectories(absolute.getParent());
      try (OutputStream out = Files.newOutputStream(temporary)) {
        writer.write(out);
      }
      Files.move(temporary, absolute, StandardCopyOption.REPLACE_EXISTING);
    } catch (IOException e) {
      try {
        Files.deleteIfExists(temporary);
      } catch (IOException again) {
        e.addSuppressed(again);
      }
      throw new OutputException(
          "cannot write '" + file + "': " + e.getMessage() + "; check the folder and the disk", e);
    }
  }

  /** Writes UTF-8 text. */
  public static void write(Path file, String text) {
    write(file, out -> out.write(text.getBytes(StandardCharsets.UTF_8)));
  }
}
