package io.github.gpfm.spark;

import java.io.Serializable;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.stream.IntStream;

/**
 * Divides slides among tasks by their number of tiles, so that no slide and no slow worker holds
 * the end of a job: the largest slides come first, a slide that does not fit a task is cut, and
 * tasks get smaller towards the end, each round half of what is left (factoring, Hummel et al.
 * 1992). The workers take them in order, whoever is free.
 */
public final class PiecePacking {
  /** A slide is not cut into less than so many batches. */
  private static final int LEAST_BATCHES = 4;

  /** The smallest tasks are this part of what a slot does in all. */
  private static final int SMALLEST = 32;

  /**
   * Some tiles of a slide.
   *
   * @param slide its index
   * @param first number of the first tile
   * @param count how many
   */
  public record Share(int slide, int first, int count) implements Serializable {}

  private final int batch;
  private final int slideCost;
  private final List<List<Share>> tasks = new ArrayList<>();
  private List<Share> open = new ArrayList<>();
  private long load;

  private PiecePacking(int batch, int slideCost) {
    this.batch = batch;
    this.slideCost = slideCost;
  }

  /**
   * Packs.
   *
   * @param tiles of each slide; slides of none are left out
   * @param batch slides are cut at multiples of it
   * @param slots tasks that run at the same time
   * @param slideCost what it costs to begin with a slide or a piece of one, in tiles
   * @return the tasks in the order in which they are to begin; every tile is in one of them
   */
  public static List<List<Share>> pack(int[] tiles, int batch, int slots, int slideCost) {
    PiecePacking packing = new PiecePacking(batch, slideCost);
    packing.fill(tiles, Math.max(1, slots));
    return packing.tasks;
  }

  private void fill(int[] tiles, int slots) {
    int[] order =
        IntStream.range(0, tiles.length)
            .filter(i -> tiles[i] > 0)
            .boxed()
            .sorted(Comparator.comparingInt(i -> -tiles[i]))
            .mapToInt(i -> i)
            .toArray();
    long left = IntStream.of(order).mapToLong(i -> tiles[i] + (long) slideCost).sum();
    long smallest = Math.max(least() + slideCost, left / ((long) slots * SMALLEST));
    long size = Math.max(smallest, left / (2L * slots));
    int inRound = 0;
    for (int slide : order) {
      int first = 0;
      while (first < tiles[slide]) {
        int rest = tiles[slide] - first;
        int count = fitting(rest, size);
        if (count > 0) {
          open.add(new Share(slide, first, count));
          load += count + (long) slideCost;
          left -= count + (first == 0 ? slideCost : 0L);
          first += count;
        }
        if (count < rest || load >= size) {
          close();
          if (++inRound == slots) {
            inRound = 0;
            size = Math.max(smallest, left / (2L * slots));
          }
        }
      }
    }
    close();
  }

  private int least() {
    return LEAST_BATCHES * batch;
  }

  /** How many of a slide's remaining tiles go into the open task; none if it is full. */
  private int fitting(int rest, long size) {
    long room = size - load - slideCost;
    if (rest <= room + least()) {
      return rest;
    }
    int whole = (int) Math.min(rest, room / batch * batch);
    if (whole >= least() && rest - whole >= least()) {
      return whole;
    }
    // An empty task takes what there is, however little its size would allow.
    return open.isEmpty() ? Math.min(rest, Math.max(whole, least())) : 0;
  }

  private void close() {
    if (!open.isEmpty()) {
      tasks.add(open);
      open = new ArrayList<>();
      load = 0;
    }
  }
}
