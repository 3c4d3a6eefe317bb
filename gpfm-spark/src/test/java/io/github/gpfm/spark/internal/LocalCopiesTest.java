package io.github.gpfm.spark.internal;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.gpfm.api.SlideException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.apache.hadoop.conf.Configuration;
import org.apache.spark.util.SerializableConfiguration;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(20)
class LocalCopiesTest {
  @TempDir Path far;
  @TempDir Path near;

  private final HadoopFiles files = new HadoopFiles(new SerializableConfiguration(configuration()));
  private LocalCopies copies;

  private static Configuration configuration() {
    Configuration configuration = new Configuration(false);
    configuration.set("fs.far.impl", "io.github.gpfm.spark.FarFileSystem");
    return configuration;
  }

  @BeforeEach
  void open() throws IOException {
    for (String name : new String[] {"a.tif", "b.tif", "c.tif"}) {
      Files.write(far.resolve(name), name.repeat(20).getBytes());
    }
    Files.write(far.resolve("m.mrxs"), new byte[10]);
    Files.createDirectories(far.resolve("m/deep"));
    Files.write(far.resolve("m/deep/Data0001.dat"), new byte[30]);
    copies = LocalCopies.in(near, 210);
  }

  private LocalCopies.Lease get(String name) throws InterruptedException {
    return copies.get(files, "far://" + far.resolve(name), 0, 0);
  }

  @Test
  void aCopyIsUsedAgainUntilItsRoomIsNeeded() throws Exception {
    Path a;
    try (LocalCopies.Lease lease = get("a.tif")) {
      a = lease.path();
      assertArrayEquals(Files.readAllBytes(far.resolve("a.tif")), Files.readAllBytes(a));
    }
    try (LocalCopies.Lease lease = get("a.tif")) {
      assertEquals(a, lease.path());
    }
    get("b.tif").close();
    assertEquals(200, copies.used());
    get("c.tif").close();
    assertFalse(Files.exists(a), "the oldest made room");
    assertEquals(200, copies.used());
  }

  @Test
  void whoeverFindsNoRoomWaitsForIt() throws Exception {
    LocalCopies.Lease a = get("a.tif");
    LocalCopies.Lease b = get("b.tif");
    CompletableFuture<LocalCopies.Lease> c =
        CompletableFuture.supplyAsync(
            () -> {
              try {
                return get("c.tif");
              } catch (InterruptedException e) {
                throw new IllegalStateException(e);
              }
            });
    Thread.sleep(200);
    assertFalse(c.isDone());
    b.close();
    c.get(10, TimeUnit.SECONDS).close();
    assertTrue(Files.exists(a.path()), "in use");
    a.close();
  }

  private CompletableFuture<LocalCopies.Lease> later(String name) {
    return CompletableFuture.supplyAsync(
        () -> {
          try {
            return get(name);
          } catch (InterruptedException e) {
            throw new IllegalStateException(e);
          }
        },
        // Not the common pool, which has a single thread on a small machine.
        task -> new Thread(task).start());
  }

  @Test
  void twoWhoWaitForRoomForTheSameSlideShareACopy() throws Exception {
    LocalCopies.Lease a = get("a.tif");
    LocalCopies.Lease b = get("b.tif");
    CompletableFuture<LocalCopies.Lease> first = later("c.tif");
    CompletableFuture<LocalCopies.Lease> second = later("c.tif");
    Thread.sleep(200);
    a.close();
    b.close();
    try (LocalCopies.Lease one = first.get(10, TimeUnit.SECONDS);
        LocalCopies.Lease two = second.get(10, TimeUnit.SECONDS)) {
      assertEquals(one.path(), two.path());
      assertEquals(200, copies.used(), "b's copy and one of c");
    }
    get("a.tif").close();
    get("b.tif").close();
    assertEquals(200, copies.used());
  }

  @Test
  void aRaisedBoundHoldsAtOnce() throws Exception {
    LocalCopies.Lease a = get("a.tif");
    LocalCopies.Lease b = get("b.tif");
    CompletableFuture<LocalCopies.Lease> c = later("c.tif");
    Thread.sleep(100);
    assertFalse(c.isDone());
    assertSame(copies, LocalCopies.in(near, 300));
    c.get(10, TimeUnit.SECONDS).close();
    assertEquals(300, copies.used());
    a.close();
    b.close();
  }

  @Test
  void whatIsKeptDoesNotCount() throws Exception {
    Path kept = get("a.tif").keep();
    get("a.tif").keep();
    assertEquals(0, copies.used());
    LocalCopies.Lease b = get("b.tif");
    get("c.tif").close();
    b.close();
    assertTrue(Files.exists(kept));
  }

  @Test
  void theFolderOfAMiraxSlideComesWithIt() throws Exception {
    try (LocalCopies.Lease lease = get("m.mrxs")) {
      assertEquals(
          30, Files.size(lease.path().resolveSibling("m").resolve("deep").resolve("Data0001.dat")));
      assertEquals(40, copies.used());
    }
  }

  @Test
  void aSlideThatChangedSinceItWasListedIsRefused() throws Exception {
    String path = "far://" + far.resolve("a.tif");
    HadoopFiles.Content listed = files.content(path);
    copies.get(files, path, listed.bytes(), listed.modified()).close();
    Files.setLastModifiedTime(far.resolve("a.tif"), FileTime.fromMillis(1_000_000_000_000L));
    SlideException changed =
        assertThrows(
            SlideException.class, () -> copies.get(files, path, listed.bytes(), listed.modified()));
    assertTrue(changed.getMessage().contains("changed"));
    assertThrows(SlideException.class, () -> get("nowhere.tif"));
  }
}
