package io.github.gpfm.spark;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.gpfm.spark.PiecePacking.Share;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.PriorityQueue;
import java.util.SplittableRandom;
import java.util.TreeMap;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PiecePackingTest {
  /** Two slides in a hundred hold a third of all tiles. */
  private static int[] longTail(int slides, long seed) {
    SplittableRandom random = new SplittableRandom(seed);
    int[] tiles = new int[slides];
    for (int i = 0; i < slides; i++) {
      double u = random.nextDouble();
      tiles[i] = (int) (40 / Math.pow(1 - u, 0.9));
    }
    tiles[slides / 2] = 0;
    return tiles;
  }

  @ParameterizedTest
  @CsvSource({"200, 2, 8", "200, 7, 8", "50, 16, 32", "1, 4, 8", "3000, 128, 128"})
  void everyTileIsInOneTaskAndTheEndIsEven(int slides, int slots, int batch) {
    int[] tiles = slides == 1 ? new int[] {1003} : longTail(slides, slots);
    int cost = 16;
    List<List<Share>> tasks = PiecePacking.pack(tiles, batch, slots, cost);

    TreeMap<Integer, List<Share>> bySlide = new TreeMap<>();
    tasks.forEach(
        task ->
            task.forEach(
                share ->
                    bySlide.computeIfAbsent(share.slide(), s -> new ArrayList<>()).add(share)));
    for (int slide = 0; slide < tiles.length; slide++) {
      int next = 0;
      List<Share> shares = bySlide.getOrDefault(slide, List.of());
      for (Share share : shares.stream().sorted(Comparator.comparingInt(Share::first)).toList()) {
        assertEquals(next, share.first());
        assertEquals(0, share.first() % batch, "cut between batches");
        next += share.count();
      }
      assertEquals(tiles[slide], next);
    }

    // Whoever is free takes the next task.
    PriorityQueue<Long> free = new PriorityQueue<>();
    for (int slot = 0; slot < slots; slot++) {
      free.add(0L);
    }
    long end = 0;
    for (List<Share> task : tasks) {
      long done = free.remove();
      for (Share share : task) {
        done += share.count() + cost;
      }
      end = Math.max(end, done);
      free.add(done);
    }
    long shares = tasks.stream().mapToLong(List::size).sum();
    long whole = Arrays.stream(tiles).filter(n -> n > 0).count();
    assertTrue(shares - whole <= 10L * slots, shares + " shares of " + whole + " slides");
    double ideal = (Arrays.stream(tiles).asLongStream().sum() + shares * cost) / (double) slots;
    // The last task of a slot is four batches at least.
    double allowed = 1.1 * ideal + 4.0 * batch + cost;
    assertTrue(end <= allowed, "ends at %d, ideal %.0f".formatted(end, ideal));
  }
}
