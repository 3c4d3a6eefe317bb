package io.github.gpfm.encoder.script;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.github.gpfm.api.EncoderException;
import java.io.IOException;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CacheFolderTest {
  @TempDir private Path folder;

  @BeforeEach
  void onlyOnPosix() {
    assumeTrue(FileSystems.getDefault().supportedFileAttributeViews().contains("posix"));
  }

  private Optional<Path> choose() {
    return CacheFolder.privateOne(folder.resolve("absent"), folder, "a/b");
  }

  @Test
  void aWritableHomeNeedsNone() {
    assertEquals(Optional.empty(), CacheFolder.privateOne(folder, folder, "x"));
  }

  @Test
  void theFolderBelongsToTheUserAlone() throws IOException {
    Path chosen = choose().orElseThrow();
    assertEquals(folder.resolve("gpfm-a_b"), chosen);
    assertEquals("rwx------", PosixFilePermissions.toString(Files.getPosixFilePermissions(chosen)));
    assertEquals(chosen, choose().orElseThrow());
  }

  @Test
  void aFolderThatOthersCanWriteIsRefused() throws IOException {
    Path laid = Files.createDirectory(folder.resolve("gpfm-a_b"));
    Files.setPosixFilePermissions(laid, PosixFilePermissions.fromString("rwxrwxrwx"));
    EncoderException e = assertThrows(EncoderException.class, this::choose);
    assertTrue(e.getMessage().contains("gpfm-a_b"), e.getMessage());
  }

  @Test
  void aLinkToAFolderIsRefused() throws IOException {
    Path elsewhere =
        Files.createDirectory(
            folder.resolve("elsewhere"),
            PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
    Files.createSymbolicLink(folder.resolve("gpfm-a_b"), elsewhere);
    assertThrows(EncoderException.class, this::choose);
  }
}
