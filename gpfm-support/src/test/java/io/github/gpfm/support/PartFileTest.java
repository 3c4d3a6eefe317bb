package io.github.gpfm.support;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

class PartFileTest {
  @TempDir Path folder;

  private Path part(String name, Duration age) throws IOException {
    Path file = Files.writeString(folder.resolve(name), "half");
    Files.setLastModifiedTime(file, FileTime.from(Instant.now().minus(age)));
    return file;
  }

  private static String owned(String host, long pid) {
    return ".a.h5.%s-%d-01234567.part".formatted(host, pid);
  }

  /** The number of a process that has ended. */
  private static long deadPid() throws IOException, InterruptedException {
    Process process = new ProcessBuilder("true").start();
    process.waitFor();
    return process.pid();
  }

  /** In a container without an init process, killed programs stay in the process table. */
  @Test
  @EnabledOnOs(OS.LINUX)
  void anEndedProcessThatNobodyAskedAfterIsDead() throws IOException, InterruptedException {
    // The shell becomes a program that does not wait for the child it inherits.
    Process parent = new ProcessBuilder("sh", "-c", "sleep 0.05 & echo $!; exec sleep 60").start();
    try (BufferedReader output = parent.inputReader()) {
      long child = Long.parseLong(output.readLine());
      for (int i = 0; i < 500 && !stat(child).contains(") Z "); i++) {
        Thread.sleep(20);
      }
      assertTrue(stat(child).contains(") Z "), stat(child));
      Path left = part(owned(Owner.self().hostId(), child), Duration.ZERO);
      assertEquals(1, PartFile.removeStale(folder));
      assertFalse(Files.exists(left));
    } finally {
      parent.destroyForcibly();
    }
  }

  private static String stat(long pid) throws IOException {
    return Files.readString(Path.of("/proc/" + pid + "/stat"));
  }

  @Test
  void everyNameIsAnother() {
    Path file = folder.resolve("a.h5");
    assertNotEquals(PartFile.of(file), PartFile.of(file));
    assertEquals(folder, PartFile.of(file).getParent());
    String longest = "x".repeat(250) + ".h5";
    assertTrue(PartFile.of(folder.resolve(longest)).getFileName().toString().length() < 255);
  }

  @Test
  void onlyWhatTheDeadLeftIsRemoved() throws IOException, InterruptedException {
    String here = Owner.self().hostId();
    long self = Owner.self().pid();
    Path mine = part(owned(here, self), Duration.ZERO);
    Path dead = part(owned(here, deadPid()), Duration.ZERO);
    Path elsewhere = part(owned("00000000", 1), Duration.ofDays(30));
    // This process's number, but written before it began.
    Path reused = part(owned(here, self).replace(".a.", ".b."), Duration.ofDays(3000));
    Path old = part(".a.h5.part", Duration.ofHours(2));
    Path oldAndLive = part(".b.h5.part", Duration.ofMinutes(2));
    Path visible = part("a.part", Duration.ofDays(30));
    assertEquals(3, PartFile.removeStale(folder));
    assertTrue(Files.exists(mine));
    assertFalse(Files.exists(dead));
    assertTrue(Files.exists(elsewhere));
    assertFalse(Files.exists(reused));
    assertFalse(Files.exists(old));
    assertTrue(Files.exists(oldAndLive));
    assertTrue(Files.exists(visible));
  }

  @Test
  void aFolderThatIsNotThereHasNone() throws IOException {
    assertEquals(0, PartFile.removeStale(folder.resolve("none")));
  }
}
