package io.github.gpfm.tiling.dataset;

import io.github.gpfm.api.ProgressListener;
import io.github.gpfm.slideio.SlideFiles;
import io.github.gpfm.support.RunStore;
import io.github.gpfm.tiling.grid.TileTable;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.IntStream;

/**
 * {@link TileExtractor} in steps that many processes share: one has the folder, checks it and says
 * which shards there are; all plan slides and cut shards, in any order. Every step may be repeated
 * and leaves the same bytes as the extraction by one process.
 */
public final class SharedExtraction implements AutoCloseable {
  /**
   * A shard that is not there yet.
   *
   * @param number from 0
   * @param tables its tiles, by slide
   */
  public record Shard(int number, List<TileTable> tables) {}

  private final ExtractOptions options;
  private final SlideOpener opener;
  private final Map<String, Path> slides;
  private final RunStore store;
  private final ExtractFolder folder;
  private final SortedMap<String, String> broken = new TreeMap<>();
  private final SortedMap<String, Integer> counts = new TreeMap<>();
  private long tiles;
  private int shards;
  private int resumed;

  private SharedExtraction(
      ExtractOptions options, SlideOpener opener, Map<String, Path> slides, RunStore store) {
    this.options = options;
    this.opener = opener;
    this.slides = slides;
    this.store = store;
    this.folder = ExtractFolder.open(store, options, opener, slides);
  }

  /**
   * Takes the folder and checks that it is of this extraction.
   *
   * @param slides as for {@link TileExtractor#extract}, and so are the others
   */
  public static SharedExtraction begin(
      ExtractOptions options, SlideOpener opener, List<Path> slides, Path out) {
    Map<String, Path> byName = TileExtractor.byName(slides);
    RunStore store = RunStore.open(out);
    try {
      store.claimAll("extracting tiles");
      return new SharedExtraction(options, opener, byName, store);
    } catch (RuntimeException e) {
      store.close();
      throw e;
    }
  }

  /** Hashes a slide, so that {@link #begin} finds its hash beside the results. */
  public static void hash(Path slide, Path out) {
    if (Files.exists(slide)) {
      try (RunStore store = RunStore.open(out)) {
        SlideFiles.of(slide).sha256(store.hashes());
      }
    }
  }

  /** Plans a slide, unless it is planned; one that cannot be read is left for {@link #shards}. */
  public static void plan(ExtractOptions options, SlideOpener opener, Path slide, Path out) {
    Map<String, Path> one = TileExtractor.byName(List.of(slide));
    new ExtractPlan(options, opener)
        .planOne(
            one.keySet().iterator().next(), slide, ExtractFolder.madeBefore(out), new TreeMap<>());
  }

  /**
   * The shards that are to be cut, once all slides are planned; plans those that are not.
   *
   * @throws io.github.gpfm.api.TilingException if slides cannot be read and are not to be skipped
   */
  public List<Shard> shards() {
    List<TileTable> tables =
        options
            .choice()
            .of(
                new ExtractPlan(options, opener)
                    .plan(slides, folder, broken, ProgressListener.NONE));
    tables.forEach(table -> counts.put(table.slide(), table.size()));
    try (ShardCutter cutter = new ShardCutter(options, opener, slides, tables)) {
      tiles = cutter.tiles();
      shards = cutter.shards();
      List<Shard> missing = new ArrayList<>();
      IntStream.range(0, shards)
          .filter(shard -> !Files.exists(folder.shard(shard)))
          .forEach(shard -> missing.add(new Shard(shard, cutter.tables(shard))));
      resumed = shards - missing.size();
      return missing;
    }
  }

  /**
   * Cuts a shard.
   *
   * @param slides paths by name, those of the shard at least
   */
  public static void cut(
      ExtractOptions options, SlideOpener opener, Map<String, Path> slides, Path out, Shard shard) {
    try (ShardCutter cutter = new ShardCutter(options, opener, slides, shard.tables())) {
      cutter.cutAll(ExtractFolder.madeBefore(out).shard(shard.number()));
    }
  }

  /** Writes the index, once all shards are there. */
  public ExtractReport finish() {
    ExtractReport report = new ExtractReport(folder.shards(shards), tiles, counts, resumed, broken);
    folder.writeIndex(report);
    return report;
  }

  @Override
  public void close() {
    store.close();
  }
}
