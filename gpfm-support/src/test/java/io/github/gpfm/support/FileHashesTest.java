package io.github.gpfm.support;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.gpfm.api.GpfmException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FileHashesTest {
  private static final FileTime LONG_AGO = FileTime.from(Instant.parse("2020-01-01T00:00:00Z"));

  @TempDir Path temp;

  private Path file(String name, String content) throws IOException {
    Path file = Files.writeString(temp.resolve(name), content);
    Files.setLastModifiedTime(file, LONG_AGO);
    return file;
  }

  @Test
  void isTheHashOfTheContent() throws IOException {
    // echo -n abc | sha256sum
    assertEquals(
        "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad",
        FileHashes.inMemory().sha256(file("a", "abc")));
  }

  @Test
  void contentOfTheSameLengthAndTimeIsSeen() throws IOException {
    FileHashes hashes = FileHashes.in(temp.resolve("hashes.tsv"));
    String before = hashes.sha256(file("a", "abc"));
    assertNotEquals(before, hashes.sha256(file("a", "abd")));
  }

  @Test
  void aKeptHashIsUsedUntilTheFileChanges() throws IOException {
    Path cache = temp.resolve("hashes.tsv");
    Path file = file("a", "abc");
    FileHashes.in(cache).sha256(file);
    String line = Files.readString(cache);
    assertTrue(line.endsWith("\t" + file.toRealPath() + "\n"), line);
    // Another process, whose memory is empty, believes what is kept.
    String stamp = FileHashes.stamp(file);
    String other = "0".repeat(64);
    Path unseen = file("b", "xyz");
    Files.writeString(
        cache, other + "\t" + FileHashes.stamp(unseen) + "\t" + unseen.toRealPath() + "\n");
    assertEquals(other, FileHashes.in(cache).sha256(unseen));
    Files.writeString(cache, other + "\t" + stamp + "0\t" + unseen.toRealPath() + "\n");
    assertEquals(Sha256.of(unseen), FileHashes.in(cache).sha256(unseen));
  }

  @Test
  void aFileThatHasJustChangedIsNotKept() throws IOException {
    Path cache = temp.resolve("hashes.tsv");
    FileHashes.in(cache).sha256(Files.writeString(temp.resolve("new"), "abc"));
    assertTrue(Files.notExists(cache));
  }

  @Test
  void aMissingFileIsNamed() {
    GpfmException missing =
        assertThrows(
            GpfmException.class, () -> FileHashes.inMemory().sha256(temp.resolve("none.svs")));
    assertTrue(missing.getMessage().contains("none.svs"), missing.getMessage());
  }
}
