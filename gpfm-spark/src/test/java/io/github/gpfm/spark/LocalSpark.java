package io.github.gpfm.spark;

import io.github.gpfm.pipeline.TilingPlan;
import io.github.gpfm.tiling.grid.ClamTiler;
import io.github.gpfm.tiling.grid.ContourTest;
import io.github.gpfm.tiling.segment.ClamSegmenter;
import org.apache.spark.sql.SparkSession;

/** One session for all tests of this process, on two cores. */
final class LocalSpark {
  /** Tiles of 96 pixels, so that small slides have many. */
  static final TilingSpec SMALL_TILES =
      encoder ->
          new TilingPlan(
              new ClamSegmenter(TilingPlan.DEFAULT_SEGMENTATION.withAreas(0.05, 1, 8)),
              new ClamTiler(0, 96, 96, true, ContourTest.FOUR_PT));

  private LocalSpark() {}

  static SparkSession session() {
    return SparkSession.builder()
        .master("local[2]")
        .appName("gpfm tests")
        .config("spark.ui.enabled", "false")
        .config("spark.driver.host", "127.0.0.1")
        .config("spark.driver.bindAddress", "127.0.0.1")
        .config("spark.sql.shuffle.partitions", "2")
        .config("spark.hadoop.fs.far.impl", FarFileSystem.class.getName())
        .getOrCreate();
  }
}
