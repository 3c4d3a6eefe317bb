package io.github.gpfm.api;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class RecipeTest {
  private static final String A = "a".repeat(64);
  private static final String B = "b".repeat(64);

  private static Recipe.Builder builder() {
    return Recipe.builder(file -> file.toString().contains("b") ? B : A);
  }

  @Test
  void filesCountByContentAndAreShownByName() {
    Recipe one = builder().file("roi", Path.of("x", "areas-a.geojson")).build();
    Recipe renamed = builder().hash("roi", "other.geojson", A).build();
    Recipe other = builder().file("roi", Path.of("y", "areas-b.geojson")).build();
    assertEquals(List.of(), renamed.differencesFrom(one));
    assertEquals(one.canonical(), renamed.canonical());
    assertEquals(
        List.of("roi: areas-a.geojson (aaaaaaaa…) → areas-b.geojson (bbbbbbbb…)"),
        other.differencesFrom(one).stream().map(Object::toString).toList());
    assertNotEquals(one.canonical(), other.canonical());
  }

  @Test
  void notesDoNotDecide() {
    Recipe two = builder().add("mpp", 0.5).note("threads", 2).build();
    Recipe four = builder().add("mpp", 0.5).note("threads", 4).build();
    assertEquals(List.of(), four.differencesFrom(two));
    assertEquals(two.canonical(), four.canonical());
    assertEquals("4", four.get("run.threads").orElseThrow());
  }

  @Test
  void anEntryThatIsMissingDiffers() {
    Recipe with = builder().add("roi", "x").build();
    Recipe without = builder().build();
    assertEquals("roi: nothing → x", with.differencesFrom(without).get(0).toString());
    assertEquals("roi: x → nothing", without.differencesFrom(with).get(0).toString());
  }

  @Test
  void partsHaveTheirOwnNamesAndNoNameIsGivenTwice() {
    Described part = recipe -> recipe.add("size", 3).note("why", "test");
    Recipe recipe = builder().part("grid", part).build();
    assertEquals("3", recipe.get("grid.size").orElseThrow());
    assertEquals("test", recipe.get("run.grid.why").orElseThrow());
    assertThrows(IllegalArgumentException.class, () -> builder().add("a", 1).add("a", 2));
  }

  @Test
  void theCanonicalTextCannotBeForgedByAValue() {
    Recipe one = builder().add("a", "1\nb: 2").build();
    Recipe two = builder().add("a", "1").add("b", "2").build();
    assertNotEquals(one.canonical(), two.canonical());
  }

  @Test
  void anEarlierRecordIsIncomplete() {
    assertTrue(builder().build().isComplete());
    assertFalse(Recipe.of(Map.of("roi", "true")).isComplete());
  }
}
