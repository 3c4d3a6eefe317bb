package io.github.gpfm.tiling.qc;

import io.github.gpfm.api.ProgressListener;
import io.github.gpfm.api.Slide;
import io.github.gpfm.tiling.grid.TileReader;
import io.github.gpfm.tiling.grid.TileTable;
import io.github.gpfm.tiling.internal.Parallel;
import io.github.gpfm.tiling.tissue.Tissue;
import io.github.gpfm.tiling.tissue.TissueMask;
import java.awt.image.BufferedImage;
import java.util.Collection;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.Map;
import java.util.Set;

/** Adds quality scores to a slide's tiles. */
public final class QualityControl {
  private QualityControl() {}

  /**
   * Adds the part of each tile that is tissue, on the segmentation's raster, as {@value
   * TileScore#TISSUE_FRACTION}.
   */
  public static TileTable tissueFraction(TileTable table, Tissue tissue) {
    TissueMask mask = TissueMask.of(tissue);
    double width = table.grid().geometry().level0Size();
    double height = table.grid().geometry().level0Height();
    double[] values = new double[table.size()];
    for (int i = 0; i < values.length; i++) {
      values[i] = mask.fraction(table.grid().x(i), table.grid().y(i), width, height);
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
    progress.started("quality of " + table.slide(), table.size());
    try {
      Parallel.forEach(
          table.size(),
          threads,
          i -> {
            BufferedImage tile = reader.read(i);
            columns.forEach((score, column) -> column[i] = score.of(tile, mpp));
          },
          progress::advanced);
    } finally {
      progress.finished();
    }
    TileTable scored = table;
    for (Map.Entry<TileScore, double[]> column : columns.entrySet()) {
      scored = scored.with(column.getKey().label(), column.getValue());
    }
    return scored;
  }
}
