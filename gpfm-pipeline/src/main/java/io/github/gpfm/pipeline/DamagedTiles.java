package io.github.gpfm.pipeline;

import io.github.gpfm.api.Slide;
import io.github.gpfm.api.SlideFormatException;
import io.github.gpfm.tiling.grid.TileReader;
import io.github.gpfm.tiling.grid.TileTable;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The tiles of a slide that cannot be read.
 *
 * @param places of their upper left corners, level-0 pixels, in the order of the tiles
 */
record DamagedTiles(List<String> places) {
  /** The entry of a result's record that counts them. */
  static final String ENTRY = "damaged-tiles";

  static final DamagedTiles NONE = new DamagedTiles(List.of());

  private static final Logger LOG = LoggerFactory.getLogger(DamagedTiles.class);
  private static final int SHOWN = 5;

  /** The tiles that can be read, and those that cannot. */
  record Parted(TileTable readable, DamagedTiles damaged) {}

  /**
   * Reads every tile.
   *
   * @throws SlideFormatException that of the first tile, if none can be read
   */
  static Parted part(Slide slide, TileTable tiles) {
    TileReader reader = new TileReader(slide, tiles.grid());
    ConcurrentSkipListMap<Integer, SlideFormatException> failures = new ConcurrentSkipListMap<>();
    IntStream.range(0, tiles.size())
        .parallel()
        .forEach(
            i -> {
              try {
                reader.read(i);
              } catch (SlideFormatException e) {
                failures.put(i, e);
              }
            });
    if (failures.isEmpty()) {
      return new Parted(tiles, NONE);
    }
    if (failures.size() == tiles.size()) {
      SlideFormatException first = failures.firstEntry().getValue();
      throw new SlideFormatException(
          slide.path(),
          "None of the %d tiles of %s can be read: %s"
              .formatted(tiles.size(), slide.path(), first.getMessage()),
          first);
    }
    List<String> places = new ArrayList<>();
    failures.forEach(
        (i, failure) -> {
          places.add("(%d, %d)".formatted(tiles.grid().x(i), tiles.grid().y(i)));
          LOG.warn("{} is left out.", String.valueOf(failure.getMessage()));
        });
    return new Parted(
        tiles.filter(row -> !failures.containsKey(row)), new DamagedTiles(List.copyOf(places)));
  }

  int count() {
    return places.size();
  }

  /** A clause for people. */
  String describe() {
    String shown = places.stream().limit(SHOWN).collect(Collectors.joining(", "));
    return "%s, at %s%s"
        .formatted(describe(count()), shown, count() > SHOWN ? " and elsewhere" : "");
  }

  /** The same without the places. */
  static String describe(int count) {
    return count + " damaged tiles are left out";
  }
}
