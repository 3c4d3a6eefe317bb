package io.github.gpfm.support;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;

import io.github.gpfm.api.Recipe;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RecordDescriptionTest {
  enum Kind {
    SOFT_MAX
  }

  record Inner(Kind kind, @Content String weights) {}

  record Outer(
      double baseLr,
      @Note int loaderThreads,
      Map<String, Inner> experts,
      List<Integer> sizes,
      Optional<Integer> limit) {}

  @TempDir Path temp;

  private static Recipe recipe(Outer outer) {
    return Recipe.builder(FileHashes.inMemory()).with(new RecordDescription(outer)).build();
  }

  private Outer outer(int threads, Path weights) {
    return new Outer(
        1e-4,
        threads,
        Map.of("uni", new Inner(Kind.SOFT_MAX, weights.toString())),
        List.of(2, 3),
        Optional.empty());
  }

  @Test
  void componentsAreEntriesAndFilesCountByContent() throws IOException {
    Path a = Files.writeString(temp.resolve("a.pth"), "one");
    Path same = Files.writeString(temp.resolve("b.pth"), "one");
    Path other = Files.writeString(temp.resolve("c.pth"), "two");
    Recipe recipe = recipe(outer(2, a));
    assertEquals("1.0E-4", recipe.get("base-lr").orElseThrow());
    assertEquals("soft-max", recipe.get("experts.uni.kind").orElseThrow());
    assertEquals("[2, 3]", recipe.get("sizes").orElseThrow());
    assertEquals("2", recipe.get("run.loader-threads").orElseThrow());
    assertEquals(recipe.canonical(), recipe(outer(8, same)).canonical());
    assertEquals(
        List.of("experts.uni.weights"),
        recipe(outer(2, other)).differencesFrom(recipe).stream()
            .map(Recipe.Difference::name)
            .toList());
    Files.delete(a);
    assertNotEquals(recipe.canonical(), recipe(outer(2, a)).canonical());
  }
}
