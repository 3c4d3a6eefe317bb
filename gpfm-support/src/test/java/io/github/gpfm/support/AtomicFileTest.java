package io.github.gpfm.support;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.gpfm.api.CancelledException;
import io.github.gpfm.api.OutputException;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.io.UncheckedIOException;
import java.nio.channels.ClosedByInterruptException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class AtomicFileTest {
  @TempDir Path folder;

  private List<String> names(Path in) throws IOException {
    try (Stream<Path> files = Files.list(in)) {
      return files.map(file -> file.getFileName().toString()).sorted().toList();
    }
  }

  @Test
  void makesTheFolderAndReplacesWhatIsThere() throws IOException {
    Path file = folder.resolve("new").resolve("a.txt");
    AtomicFile.text(file, "one");
    AtomicFile.stream(file, out -> out.write("two".getBytes(StandardCharsets.UTF_8)));
    assertEquals("two", Files.readString(file));
    assertEquals(List.of("a.txt"), names(file.getParent()));
  }

  @Test
  void aFailureKeepsTheFormerFileAndLeavesNoPart() throws IOException {
    Path file = folder.resolve("a.txt");
    AtomicFile.text(file, "former");
    OutputException failure =
        assertThrows(
            OutputException.class,
            () ->
                AtomicFile.stream(
                    file,
                    out -> {
                      out.write(1);
                      throw new IOException("No space left on device");
                    }));
    assertTrue(failure.getMessage().contains(file.toString()), failure.getMessage());
    assertTrue(failure.getMessage().contains("No space left on device"), failure.getMessage());
    assertEquals("former", Files.readString(file));
    assertEquals(List.of("a.txt"), names(folder));
  }

  @Test
  void anyOtherFailureLeavesNoPartEither() throws IOException {
    Path file = folder.resolve("a.txt");
    assertThrows(
        IllegalStateException.class,
        () ->
            AtomicFile.write(
                file,
                part -> {
                  Files.writeString(part, "half");
                  throw new IllegalStateException("interrupted");
                }));
    assertFalse(Files.exists(file));
    assertEquals(List.of(), names(folder));
  }

  @Test
  void anInterruptedWriteIsCancelledAndBlamesNoDisk() throws IOException {
    Path file = folder.resolve("a.txt");
    CancelledException e =
        assertThrows(
            CancelledException.class,
            () ->
                AtomicFile.write(
                    file,
                    part -> {
                      Files.writeString(part, "half");
                      throw new ClosedByInterruptException();
                    }));
    assertEquals("Writing " + file + " was cancelled.", e.getMessage());
    assertThrows(
        CancelledException.class,
        () -> AtomicFile.cannotWrite(file, new UncheckedIOException(new InterruptedIOException())));
    assertEquals(List.of(), names(folder));
  }

  @Test
  void theFolderMayBeAFile() throws IOException {
    Path notFolder = Files.writeString(folder.resolve("file"), "");
    assertThrows(OutputException.class, () -> AtomicFile.text(notFolder.resolve("a.txt"), "text"));
  }
}
