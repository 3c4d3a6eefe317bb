package io.github.gpfm.tiling.grid;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.gpfm.api.InvalidOptionException;
import io.github.gpfm.api.TileGeometry;
import io.github.gpfm.api.TileGrid;
import java.util.List;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

class TileSamplerTest {
  private static TileTable table(String name, int size) {
    double[] scores = LongStream.range(0, size).mapToDouble(i -> (i * 7919) % size).toArray();
    return TileTable.of(
            name,
            TileGrid.of(
                new TileGeometry(0, 1, 1, 1, 1, 1), LongStream.range(0, 2L * size).toArray()))
        .with("score", scores);
  }

  private static final List<TileTable> TABLES =
      List.of(table("a", 5), table("b", 1000), table("c", 100));

  @Test
  void randomIsSeededAndKeepsOrder() {
    List<TileTable> once = TileSampler.random(TABLES, 200, 7);
    assertEquals(once, TileSampler.random(TABLES, 200, 7));
    assertNotEquals(once, TileSampler.random(TABLES, 200, 8));
    assertEquals(200, once.stream().mapToInt(TileTable::size).sum());
    for (TileTable table : once) {
      for (int i = 1; i < table.size(); i++) {
        assertTrue(table.grid().x(i) > table.grid().x(i - 1));
      }
    }
    assertEquals(TABLES, TileSampler.random(TABLES, 5000, 7));
  }

  @Test
  void stratifiedTakesEvenShares() {
    List<TileTable> even = TileSampler.stratifiedBySlide(TABLES, 205, 3);
    assertEquals(List.of(5, 100, 100), even.stream().map(TileTable::size).toList());
    assertEquals(even, TileSampler.stratifiedBySlide(TABLES, 205, 3));
    assertEquals(
        1105,
        TileSampler.stratifiedBySlide(TABLES, 9999, 3).stream().mapToInt(TileTable::size).sum());
  }

  @Test
  void strataOfAScoreTakeEvenShares() {
    TileTable chosen = TileSampler.stratifiedByScore(TABLES.get(1), "score", 4, 40, 1);
    assertEquals(40, chosen.size());
    for (int stratum = 0; stratum < 4; stratum++) {
      int low = stratum * 250;
      long count =
          java.util.Arrays.stream(chosen.scores("score"))
              .filter(score -> score >= low && score < low + 250)
              .count();
      assertEquals(10, count);
    }
    assertThrows(
        InvalidOptionException.class,
        () -> TileSampler.stratifiedByScore(TABLES.get(1), "score", 0, 40, 1));
  }
}
