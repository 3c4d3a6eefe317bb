package io.github.gpfm.tiling.dataset;

import io.github.gpfm.api.InvalidOptionException;
import io.github.gpfm.api.OutputException;
import io.github.gpfm.api.ProgressListener;
import io.github.gpfm.api.TilingException;
import io.github.gpfm.slideio.Slides;
import io.github.gpfm.support.RunStore;
import io.github.gpfm.tiling.format.SlideName;
import io.github.gpfm.tiling.grid.TileTable;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * Writes the tiles of slides as WebDataset shards: {@code shard-000000.tar} and so on, with an
 * image and a JSON file per tile.
 *
 * <p>The tiles of every slide are planned first, many slides at a time, and each slide's plan is
 * kept; the shards are then cut from the plan in the order of the slides. Plans and shards appear
 * under their names only when they are whole. A run that was killed is resumed by the same call: it
 * leaves what is there and gives the same bytes as an uninterrupted run.
 */
public final class TileExtractor {
  private final ExtractOptions options;
  private final SlideOpener opener;

  /**
   * @param options what to extract
   */
  public TileExtractor(ExtractOptions options) {
    this(options, Slides::open);
  }

  /**
   * @param options what to extract
   * @param opener opens slides
   */
  public TileExtractor(ExtractOptions options, SlideOpener opener) {
    this.options = options;
    this.opener = opener;
  }

  /**
   * Extracts, or resumes.
   *
   * @param slides the slides' files; no two may have the same name without extension
   * @param out folder of the shards, made if need be
   * @param progress hears of slides planned and tiles written
   * @throws InvalidOptionException if two slides have one name, or the folder holds an extraction
   *     of other slides or with other options
   * @throws TilingException if slides cannot be read and are not to be skipped; no shard is cut
   *     then
   * @throws OutputException if the folder cannot be written, or another process extracts into it
   */
  public ExtractReport extract(List<Path> slides, Path out, ProgressListener progress) {
    Map<String, Path> byName = byName(slides);
    try (RunStore store = RunStore.open(out)) {
      store.claimAll("extracting tiles");
      return extract(byName, ExtractFolder.open(store, options, opener, byName), progress);
    }
  }

  private ExtractReport extract(
      Map<String, Path> byName, ExtractFolder folder, ProgressListener progress) {
    SortedMap<String, String> broken = new TreeMap<>();
    List<TileTable> tables =
        options
            .choice()
            .of(new ExtractPlan(options, opener).plan(byName, folder, broken, progress));
    try (ShardCutter cutter = new ShardCutter(options, opener, byName, tables)) {
      int resumed = cutter.cut(folder, progress);
      SortedMap<String, Integer> counts = new TreeMap<>();
      tables.forEach(table -> counts.put(table.slide(), table.size()));
      ExtractReport report =
          new ExtractReport(
              folder.shards(cutter.shards()), cutter.tiles(), counts, resumed, broken);
      folder.writeIndex(report);
      return report;
    }
  }

  static Map<String, Path> byName(List<Path> slides) {
    if (slides.isEmpty()) {
      throw new InvalidOptionException("Give at least one slide to extract tiles from.");
    }
    Map<String, Path> byName = new LinkedHashMap<>();
    Map<String, Path> byKey = new HashMap<>();
    for (Path slide : slides) {
      String name = SlideName.of(slide);
      Path other = byKey.put(ShardCutter.keyOf(name), slide);
      if (other != null) {
        throw new InvalidOptionException(
            other + " and " + slide + " have the same name: rename one or extract them apart.");
      }
      byName.put(name, slide);
    }
    return byName;
  }
}
