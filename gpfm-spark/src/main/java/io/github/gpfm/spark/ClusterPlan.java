package io.github.gpfm.spark;

import io.github.gpfm.spark.PiecePacking.Share;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.PriorityQueue;
import java.util.SplittableRandom;

/**
 * How long a cohort takes on a cluster, by simulation: slides of a long-tailed number of tiles are
 * divided by {@link PiecePacking} and taken in order by workers of unequal speed. Nothing is
 * embedded; what a worker does a second is an assumption that is given.
 *
 * @param slides in the cohort
 * @param tiles in the cohort
 * @param tilesPerSecond of an average worker
 * @param slideSeconds what it costs to begin with a slide or a piece of one
 * @param spread workers are slower or faster by up to this part
 */
public record ClusterPlan(
    int slides, long tiles, double tilesPerSecond, double slideSeconds, double spread) {
  /**
   * Spread of the logarithm of a slide's tiles: 2 in 100 slides have 8 times the median or more.
   */
  private static final double SIGMA = 1.0;

  private static final int BATCH = 128;
  private static final int VECTOR_BYTES = 4 * 1024;

  /** JPEG data of a tile of 512 pixels, about. */
  private static final int PIXEL_BYTES = 40_000;

  private static final long SEED = 7;

  /**
   * What came of it.
   *
   * @param workers how many
   * @param seconds from the first task to the end of the last
   * @param ideal seconds if no worker ever waited
   * @param tasks how many there were
   * @param cut slides in more than one piece
   * @param largest tiles of the largest slide
   */
  public record Outcome(
      int workers, double seconds, double ideal, int tasks, int cut, int largest) {
    /** How much longer than ideal, as a part of that. */
    public double excess() {
      return seconds / ideal - 1;
    }
  }

  /** GPFM's cohort: 86,000 slides and 190 million tiles. */
  public static ClusterPlan gpfm(double tilesPerSecond) {
    return new ClusterPlan(86_000, 190_000_000, tilesPerSecond, 0.5, 0.1);
  }

  /** Tiles of each slide: log-normal, scaled to the cohort's sum. */
  int[] tileCounts() {
    SplittableRandom random = new SplittableRandom(SEED);
    double[] drawn = new double[slides];
    double sum = 0;
    for (int i = 0; i < slides; i++) {
      drawn[i] = Math.exp(SIGMA * gaussian(random));
      sum += drawn[i];
    }
    int[] counts = new int[slides];
    for (int i = 0; i < slides; i++) {
      counts[i] = (int) Math.max(1, Math.round(drawn[i] * tiles / sum));
    }
    return counts;
  }

  private static double gaussian(SplittableRandom random) {
    double radius = Math.sqrt(-2 * Math.log(1 - random.nextDouble()));
    return radius * Math.cos(2 * Math.PI * random.nextDouble());
  }

  /** Simulates. */
  public Outcome on(int workers) {
    int[] counts = tileCounts();
    int slideCost = (int) Math.round(slideSeconds * tilesPerSecond);
    List<List<Share>> tasks = PiecePacking.pack(counts, BATCH, workers, slideCost);
    SplittableRandom random = new SplittableRandom(SEED);
    double[] speeds =
        random.doubles(workers, 1 - spread, 1 + spread).map(s -> s * tilesPerSecond).toArray();
    record Free(double at, int worker) {}
    PriorityQueue<Free> free = new PriorityQueue<>((a, b) -> Double.compare(a.at(), b.at()));
    double speed = 0;
    for (int worker = 0; worker < workers; worker++) {
      free.add(new Free(0, worker));
      speed += speeds[worker];
    }
    double end = 0;
    double work = 0;
    int[] pieces = new int[slides];
    for (List<Share> task : tasks) {
      double load = 0;
      for (Share share : task) {
        load += share.count() + slideCost;
        pieces[share.slide()]++;
      }
      work += load;
      Free next = free.remove();
      double done = next.at() + load / speeds[next.worker()];
      end = Math.max(end, done);
      free.add(new Free(done, next.worker()));
    }
    int cut = 0;
    int largest = 0;
    for (int i = 0; i < slides; i++) {
      cut += pieces[i] > 1 ? 1 : 0;
      largest = Math.max(largest, counts[i]);
    }
    return new Outcome(workers, end, work / speed, tasks.size(), cut, largest);
  }

  /** Terabytes of pixels read, and of features written. */
  double[] terabytes() {
    return new double[] {tiles * (double) PIXEL_BYTES / 1e12, tiles * (double) VECTOR_BYTES / 1e12};
  }

  /**
   * Prints the plan of GPFM's cohort on 1, 16 and 128 workers.
   *
   * @param args tiles a second of a worker; 500 if there is none
   */
  public static void main(String[] args) {
    ClusterPlan plan = gpfm(args.length == 0 ? 500 : Double.parseDouble(args[0]));
    List<String> lines = new ArrayList<>();
    lines.add(
        String.format(
            Locale.ROOT,
            "%d slides, %d tiles, %.0f tiles/s a worker (given, not measured); about %.1f TB of pixels read, %.2f TB of features written",
            plan.slides(),
            plan.tiles(),
            plan.tilesPerSecond(),
            plan.terabytes()[0],
            plan.terabytes()[1]));
    for (int workers : new int[] {1, 16, 128}) {
      Outcome outcome = plan.on(workers);
      lines.add(
          String.format(
              Locale.ROOT,
              "%3d workers: %8.2f h, ideal %8.2f h (+%.1f %%), %5d tasks, %d slides cut, largest slide %d tiles, %.2f GB/s read in all",
              workers,
              outcome.seconds() / 3600,
              outcome.ideal() / 3600,
              100 * outcome.excess(),
              outcome.tasks(),
              outcome.cut(),
              outcome.largest(),
              plan.terabytes()[0] * 1e3 / outcome.seconds()));
    }
    lines.forEach(System.out::println);
  }
}
