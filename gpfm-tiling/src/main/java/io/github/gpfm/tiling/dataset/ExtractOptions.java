package io.github.gpfm.tiling.dataset;

import io.github.gpfm.api.InvalidOptionException;
import io.github.gpfm.tiling.grid.Tiler;
import io.github.gpfm.tiling.qc.TileFilter;
import io.github.gpfm.tiling.qc.TileScore;
import io.github.gpfm.tiling.segment.TissueSegmenter;
import java.util.List;
import java.util.OptionalInt;

/**
 * What {@link TileExtractor} extracts.
 *
 * @param segmenter finds the tissue
 * @param tiler lays the tiles
 * @param scores quality scores to compute, beside the tissue fraction, which every tile has
 * @param filters comparisons of scores that a tile must pass, as {@link TileFilter#parse} reads
 *     them
 * @param sample how many tiles to choose at random in all; all when empty
 * @param stratified whether the choice takes the same number from every slide
 * @param seed of the choice
 * @param encoding how tiles are stored
 * @param shardSize tiles a shard
 * @param threads tiles read and encoded at a time; does not change the result
 * @param skipBroken whether slides that cannot be read are left out with a warning, where otherwise
 *     nothing is extracted
 */
public record ExtractOptions(
    TissueSegmenter segmenter,
    Tiler tiler,
    List<TileScore> scores,
    List<String> filters,
    OptionalInt sample,
    boolean stratified,
    long seed,
    TileEncoding encoding,
    int shardSize,
    int threads,
    boolean skipBroken) {
  /** Checks the ranges and the filters. */
  public ExtractOptions {
    if (shardSize < 1 || threads < 1) {
      throw new InvalidOptionException(
          "--shard-size and --workers must be 1 or more, not "
              + shardSize
              + " and "
              + threads
              + ".");
    }
    if (sample.isPresent() && sample.getAsInt() < 1) {
      throw new InvalidOptionException(
          "--sample must be 1 or more, not " + sample.getAsInt() + ".");
    }
    scores = List.copyOf(scores);
    filters = List.copyOf(filters);
    filters.forEach(TileFilter::parse);
  }

  /** All tiles as JPEG of quality 90, 1000 a shard, on all processors. */
  public static ExtractOptions of(TissueSegmenter segmenter, Tiler tiler) {
    return new ExtractOptions(
        segmenter,
        tiler,
        List.of(),
        List.of(),
        OptionalInt.empty(),
        false,
        0,
        new TileEncoding.Jpeg(90),
        1000,
        Runtime.getRuntime().availableProcessors(),
        false);
  }

  /** These options with another shard size. */
  public ExtractOptions withShardSize(int size) {
    return new ExtractOptions(
        segmenter,
        tiler,
        scores,
        filters,
        sample,
        stratified,
        seed,
        encoding,
        size,
        threads,
        skipBroken);
  }

  /** These options with tiles stored in another way. */
  public ExtractOptions withEncoding(TileEncoding other) {
    return new ExtractOptions(
        segmenter,
        tiler,
        scores,
        filters,
        sample,
        stratified,
        seed,
        other,
        shardSize,
        threads,
        skipBroken);
  }

  /** These options with another number of threads. */
  public ExtractOptions withThreads(int number) {
    return new ExtractOptions(
        segmenter,
        tiler,
        scores,
        filters,
        sample,
        stratified,
        seed,
        encoding,
        shardSize,
        number,
        skipBroken);
  }

  /** These options, leaving out slides that cannot be read. */
  public ExtractOptions skippingBroken() {
    return new ExtractOptions(
        segmenter,
        tiler,
        scores,
        filters,
        sample,
        stratified,
        seed,
        encoding,
        shardSize,
        threads,
        true);
  }

  /** Everything that decides what is extracted, as text; resuming needs the same. */
  String fingerprint() {
    return String.join(
        "; ",
        "segmenter=" + segmenter,
        "tiler=" + tiler,
        "scores=" + scores,
        "filters=" + filters,
        "sample=" + sample,
        "stratified=" + stratified,
        "seed=" + seed,
        "encoding=" + encoding,
        "shard-size=" + shardSize,
        "skip-broken=" + skipBroken);
  }
}
