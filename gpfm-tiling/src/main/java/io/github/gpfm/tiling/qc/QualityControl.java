package io.github.gpfm.tiling.qc;

import io.github.gpfm.api.GpfmException;
import io.github.gpfm.api.ProgressListener;
import io.github.gpfm.api.Slide;
import io.github.gpfm.tiling.grid.TileReader;
import io.github.gpfm.tiling.grid.TileTable;
import io.github.gpfm.tiling.segment.Tissue;
import io.github.gpfm.tiling.segment.TissueMask;
import java.awt.image.BufferedImage;
import java.util.ArrayList;
import java.util.Collection;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;

/** Adds quality scores to a slide's tiles. */
public final class QualityControl {
  private QualityControl() {}

  /**
   * Adds the part of each tile that is tissue, on the segmentation's raster, as {@value
   * TileScore#TISSUE_FRACTION}.
   */
  public static TileTable tissueFraction(TileTable table, Tissue tissue) {
    TissueMask mask = TissueMask.of(tissue);
    double size = table.grid().geometry().level0Size();
    double[] values = new double[table.size()];
    for (int i = 0; i < values.length; i++) {
      values[i] = mask.fraction(table.grid().x(i), table.grid().y(i), size);
    }
    return table.with(TileScore.TISSUE_FRACTION, values);
  }

  /**
   * Reads every tile and adds the scores asked for.
   *
   * @param slide the open slide
   * @param table its tiles
   * @param scores which
   * @param threads how many tiles are read at a time
   * @param progress hears of tiles
   * @return the table with one more column per score
   * @throws io.github.gpfm.api.SlideException if a tile cannot be read
   */
  public static TileTable score(
      Slide slide,
      TileTable table,
      Collection<TileScore> scores,
      int threads,
      ProgressListener progress) {
    Set<TileScore> wanted =
        scores.isEmpty() ? EnumSet.noneOf(TileScore.class) : EnumSet.copyOf(scores);
    if (wanted.isEmpty()) {
      return table;
    }
    Map<TileScore, double[]> columns = new EnumMap<>(TileScore.class);
    wanted.forEach(score -> columns.put(score, new double[table.size()]));
    TileReader reader = new TileReader(slide, table.grid(), TileReader.WHITE);
    double mpp = table.grid().geometry().mpp();
    AtomicInteger next = new AtomicInteger();
    int[] done = {0};
    progress.started("quality of " + table.slide(), table.size());
    ExecutorService executor = Executors.newFixedThreadPool(Math.max(1, threads));
    try {
      List<Future<?>> workers = new ArrayList<>();
      for (int thread = 0; thread < Math.max(1, threads); thread++) {
        workers.add(
            executor.submit(
                () -> {
                  for (int i = next.getAndIncrement();
                      i < table.size();
                      i = next.getAndIncrement()) {
                    BufferedImage tile = reader.read(i);
                    for (TileScore score : wanted) {
                      columns.get(score)[i] = score.of(tile, mpp);
                    }
                    synchronized (done) {
                      progress.advanced(++done[0]);
                    }
                  }
                }));
      }
      await(workers);
    } finally {
      executor.shutdownNow();
      progress.finished();
    }
    TileTable scored = table;
    for (TileScore score : wanted) {
      scored = scored.with(score.label(), columns.get(score));
    }
    return scored;
  }

  private static void await(List<Future<?>> workers) {
    try {
      for (Future<?> worker : workers) {
        worker.get();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new GpfmException("Quality control was interrupted.", e);
    } catch (ExecutionException e) {
      if (e.getCause() instanceof GpfmException own) {
        throw own;
      }
      throw new GpfmException("Quality control failed: " + e.getCause(), e.getCause());
    }
  }
}
