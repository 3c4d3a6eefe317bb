package io.github.gpfm.tiling.dataset;

import java.nio.file.Path;
import java.util.List;
import java.util.SortedMap;

/**
 * What an extraction left.
 *
 * @param shards the shard files in order
 * @param tiles number of tiles in them
 * @param tilesBySlide number of tiles of each slide by name
 * @param resumed number of shards that were already there
 * @param broken slides that were left out, each with the reason
 */
public record ExtractReport(
    List<Path> shards,
    long tiles,
    SortedMap<String, Integer> tilesBySlide,
    int resumed,
    SortedMap<String, String> broken) {}
