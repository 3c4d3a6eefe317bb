package io.github.gpfm.support;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.gpfm.api.OutputException;
import io.github.gpfm.api.Recipe;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RunStoreTest {
  @TempDir Path temp;

  private static Recipe recipe(String weights) {
    return Recipe.of(Map.of("recipe", Recipe.FORM_NOW, "weights", weights));
  }

  private static String line(Process process) throws IOException {
    return new BufferedReader(
            new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8))
        .readLine();
  }

  @Test
  void aResultIsClaimedOnceInOneProcess() {
    Path folder = temp.resolve("out");
    try (RunStore store = RunStore.open(folder);
        RunStore second = RunStore.open(folder)) {
      FileClaim claim = store.claim("a").claim().orElseThrow();
      assertEquals("another thread of this process", second.claim("a").holder());
      assertTrue(second.claim("b").claim().isPresent());
      claim.close();
      claim.close();
      assertTrue(second.claim("a").claim().isPresent());
    }
  }

  @Test
  void aLiveProcessIsRespectedAndAKilledOneIsTakenOver() throws Exception {
    Path folder = temp.resolve("out");
    Process other = ClaimProgram.start(folder, "a", "w");
    try (RunStore store = RunStore.open(folder)) {
      assertEquals("claimed", line(other));
      FileClaim.Attempt attempt = store.claim("a");
      assertTrue(attempt.claim().isEmpty());
      assertTrue(attempt.holder().contains("process " + other.pid()), attempt.holder());
      store.begin(recipe("w"));
      other.destroyForcibly().waitFor();
      assertTrue(store.claim("a").claim().isPresent());
    } finally {
      other.destroyForcibly();
    }
  }

  @Test
  void aClaimFromAnotherHostIsNamedAndKept() throws IOException {
    Path folder = temp.resolve("out");
    try (RunStore store = RunStore.open(folder)) {
      FileClaim claim = store.claim("a").claim().orElseThrow();
      Path lock;
      try (var files = Files.list(folder.resolve(RunStore.FOLDER))) {
        lock = files.filter(f -> f.toString().endsWith(".lock")).findFirst().orElseThrow();
      }
      claim.close();
      assertFalse(Files.exists(lock));
      Files.writeString(lock, "17\t2026-01-02T03:04:05Z\tward-3\na\n");
      String holder = store.claim("a").holder();
      assertTrue(holder.contains("process 17 on host ward-3"), holder);
      assertTrue(holder.contains(lock.toString()), holder);
      assertTrue(holder.contains("claimed 0 s ago"), holder);
      // The other host's clock may be ahead.
      Files.setLastModifiedTime(lock, FileTime.from(Instant.now().plus(Duration.ofDays(9))));
      assertTrue(store.claim("a").holder().contains("claimed 0 s ago"), holder);
      assertTrue(Files.exists(lock));
    }
  }

  @Test
  void runsOfOneRecipeShareAFolderAndOthersAreRefused() throws Exception {
    Path folder = temp.resolve("out");
    Process other = ClaimProgram.start(folder, "a", "first.pth");
    try {
      assertEquals("claimed", line(other));
      try (RunStore store = RunStore.open(folder)) {
        OutputException refused =
            assertThrows(OutputException.class, () -> store.begin(recipe("second.pth")));
        assertTrue(refused.getMessage().contains("weights: first.pth → second.pth"), "" + refused);
        assertTrue(refused.getMessage().contains("process " + other.pid()), "" + refused);
        store.begin(recipe("first.pth"));
      }
      other.destroyForcibly().waitFor();
      try (RunStore store = RunStore.open(folder)) {
        store.begin(recipe("second.pth"));
        try (RunStore here = RunStore.open(folder)) {
          assertThrows(OutputException.class, () -> here.begin(recipe("third.pth")));
        }
      }
    } finally {
      other.destroyForcibly();
    }
  }

  @Test
  void aFolderClaimedAsAWholeIsNotShared() {
    Path folder = temp.resolve("out");
    try (RunStore store = RunStore.open(folder)) {
      store.claimAll("training");
      try (RunStore second = RunStore.open(folder)) {
        OutputException refused =
            assertThrows(OutputException.class, () -> second.claimAll("training"));
        assertTrue(refused.getMessage().contains("training in '" + folder), refused.getMessage());
      }
    }
    try (RunStore store = RunStore.open(folder)) {
      store.claimAll("training");
    }
  }

  @Test
  void nothingIsLeftOfARunWithoutResults() throws IOException {
    Path folder = temp.resolve("out");
    try (RunStore store = RunStore.open(folder)) {
      store.begin(recipe("w"));
      store.claim("a").claim().orElseThrow().close();
    }
    assertFalse(Files.exists(folder));
    try (RunStore store = RunStore.open(folder)) {
      Files.writeString(store.folder().resolve("a.h5"), "");
    }
    assertTrue(Files.exists(folder.resolve("a.h5")));
    assertFalse(Files.exists(folder.resolve(RunStore.FOLDER)));
  }
}
