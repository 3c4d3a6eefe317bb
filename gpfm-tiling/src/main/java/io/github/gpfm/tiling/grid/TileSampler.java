package io.github.gpfm.tiling.grid;

import io.github.gpfm.api.InvalidOptionException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.Comparator;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.IntStream;

/**
 * Chooses tiles at random, the same for the same seed and tables. The chosen tiles keep their
 * order.
 */
public final class TileSampler {
  private TileSampler() {}

  /**
   * Chooses uniformly among the tiles of all slides.
   *
   * @param tables the slides' tiles
   * @param count how many; all when there are fewer
   * @param seed of the choice
   * @return one table per slide, in order
   */
  public static List<TileTable> random(List<TileTable> tables, int count, long seed) {
    int total = tables.stream().mapToInt(TileTable::size).sum();
    int[] chosen = choose(total, checked(count), new SplittableRandom(seed));
    List<TileTable> sampled = new ArrayList<>();
    int next = 0;
    int first = 0;
    for (TileTable table : tables) {
      int from = next;
      while (next < chosen.length && chosen[next] < first + table.size()) {
        next++;
      }
      int offset = first;
      sampled.add(
          table.select(Arrays.stream(chosen, from, next).map(index -> index - offset).toArray()));
      first += table.size();
    }
    return sampled;
  }

  /**
   * Chooses the same number from every slide, as far as slides have that many: what small slides
   * lack is shared among the others.
   *
   * @param tables the slides' tiles
   * @param count how many in all; all when there are fewer
   * @param seed of the choice
   * @return one table per slide, in order
   */
  public static List<TileTable> stratifiedBySlide(List<TileTable> tables, int count, long seed) {
    int[] shares = shares(tables.stream().mapToInt(TileTable::size).toArray(), checked(count));
    SplittableRandom random = new SplittableRandom(seed);
    List<TileTable> sampled = new ArrayList<>();
    for (int i = 0; i < shares.length; i++) {
      TileTable table = tables.get(i);
      sampled.add(table.select(choose(table.size(), shares[i], random.split())));
    }
    return sampled;
  }

  /**
   * Chooses the same number from every stratum of one slide's tiles: strata are equally large
   * groups of tiles in the order of a score.
   *
   * @param table the tiles
   * @param score the score
   * @param strata number of groups, at least 1
   * @param count how many in all; all when there are fewer
   * @param seed of the choice
   */
  public static TileTable stratifiedByScore(
      TileTable table, String score, int strata, int count, long seed) {
    if (strata < 1) {
      throw new InvalidOptionException("There must be 1 stratum or more, not " + strata + ".");
    }
    Integer[] ranked = IntStream.range(0, table.size()).boxed().toArray(Integer[]::new);
    Arrays.sort(ranked, Comparator.comparingDouble(row -> table.score(score, row)));
    int[] bounds = new int[strata + 1];
    int[] sizes = new int[strata];
    for (int i = 0; i < strata; i++) {
      bounds[i + 1] = (int) ((long) table.size() * (i + 1) / strata);
      sizes[i] = bounds[i + 1] - bounds[i];
    }
    int[] shares = shares(sizes, checked(count));
    SplittableRandom random = new SplittableRandom(seed);
    List<Integer> rows = new ArrayList<>();
    for (int i = 0; i < strata; i++) {
      for (int index : choose(sizes[i], shares[i], random.split())) {
        rows.add(ranked[bounds[i] + index]);
      }
    }
    return table.select(rows.stream().mapToInt(Integer::intValue).sorted().toArray());
  }

  private static int checked(int count) {
    if (count < 0) {
      throw new InvalidOptionException("The number of tiles must be 0 or more, not " + count + ".");
    }
    return count;
  }

  /** Shares as equal as the sizes allow; what is left over goes to the first. */
  private static int[] shares(int[] sizes, int count) {
    int[] shares = new int[sizes.length];
    long left = Math.min(count, Arrays.stream(sizes).asLongStream().sum());
    while (left > 0) {
      long open = IntStream.range(0, sizes.length).filter(i -> shares[i] < sizes[i]).count();
      long each = Math.max(1, left / open);
      for (int i = 0; i < sizes.length && left > 0; i++) {
        int more = (int) Math.min(Math.min(each, left), sizes[i] - shares[i]);
        shares[i] += more;
        left -= more;
      }
    }
    return shares;
  }

  /** Sorted distinct numbers below {@code size}, by Floyd's method of sampling. */
  private static int[] choose(int size, int count, SplittableRandom random) {
    if (count >= size) {
      return IntStream.range(0, size).toArray();
    }
    BitSet chosen = new BitSet(size);
    for (int j = size - count; j < size; j++) {
      int candidate = random.nextInt(j + 1);
      chosen.set(chosen.get(candidate) ? j : candidate);
    }
    return chosen.stream().toArray();
  }
}
