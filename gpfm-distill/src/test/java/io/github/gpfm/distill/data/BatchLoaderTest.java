package io.github.gpfm.distill.data;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.gpfm.api.TilingException;
import io.github.gpfm.distill.config.DistillConfig;
import io.github.gpfm.distill.config.DistillConfigs;
import io.github.gpfm.distill.run.RandomTiles;
import io.github.gpfm.tiling.dataset.TileDataset;
import java.awt.image.BufferedImage;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Batches depend on the seed and the step alone. */
class BatchLoaderTest {
  private static final int TILES = 10;
  private static final int BROKEN = 3;

  private static DistillConfig config(Map<String, String> changes) {
    String yaml = "preset: tiny\ntrain: {batch: 4, shards: 2, seed: 5}\n";
    return DistillConfigs.with(DistillConfigs.parse("test", yaml), changes);
  }

  /** The shards of steps {@code from} to {@code to}. */
  private static List<CropBatch> load(DistillConfig config, TileDataset tiles, int from, int to) {
    List<CropBatch> batches = new ArrayList<>();
    try (BatchLoader loader = new BatchLoader(config, tiles, from)) {
      for (int step = from; step < to; step++) {
        batches.addAll(loader.next());
      }
    }
    return batches;
  }

  private static void assertSame(List<CropBatch> expected, List<CropBatch> actual) {
    assertEquals(expected.size(), actual.size());
    for (int i = 0; i < expected.size(); i++) {
      CropBatch a = expected.get(i);
      CropBatch b = actual.get(i);
      assertEquals(a.step(), b.step());
      assertArrayEquals(a.tiles(), b.tiles());
      assertArrayEquals(a.globals(), b.globals());
      assertArrayEquals(a.locals(), b.locals());
      assertEquals(a.geometry(), b.geometry());
      assertArrayEquals(a.masks().masks(), b.masks().masks());
      assertArrayEquals(a.masks().indices(), b.masks().indices());
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {2, 4, 7})
  void threadsDoNotMatter(int threads) {
    List<CropBatch> one =
        load(config(Map.of("train.loader-threads", "1")), new RandomTiles(TILES, 96), 0, 6);
    DistillConfig many = config(Map.of("train.loader-threads", String.valueOf(threads)));
    assertSame(one, load(many, new RandomTiles(TILES, 96), 0, 6));
  }

  @Test
  void anyStepCanBeMadeAlone() {
    List<CropBatch> whole = load(config(Map.of()), new RandomTiles(TILES, 96), 0, 6);
    assertSame(whole.subList(8, 12), load(config(Map.of()), new RandomTiles(TILES, 96), 4, 6));
  }

  /** One tile alone: whenever and wherever in the batch it comes, it is cropped anew. */
  @Test
  void everyAppearanceOfATileIsCroppedAndMaskedAnew() {
    List<CropBatch> batches = load(config(Map.of()), new RandomTiles(1, 96), 0, 2);
    Set<Integer> crops = new HashSet<>();
    Set<Integer> masks = new HashSet<>();
    int tiles = batches.get(0).tiles().length;
    for (CropBatch batch : batches) {
      int length = batch.globals().length / (2 * tiles);
      for (int crop = 0; crop < 2 * tiles; crop++) {
        float[] values = Arrays.copyOfRange(batch.globals(), crop * length, (crop + 1) * length);
        crops.add(Arrays.hashCode(values));
      }
      masks.add(Arrays.hashCode(batch.masks().masks()));
    }
    assertEquals(batches.size() * 2 * tiles, crops.size());
    assertEquals(batches.size(), masks.size());
  }

  @Test
  void theSeedMattersAndEveryPassShowsEachTileOnce() {
    List<CropBatch> batches = load(config(Map.of()), new RandomTiles(TILES, 96), 0, 5);
    List<Integer> order = new ArrayList<>();
    batches.forEach(batch -> Arrays.stream(batch.tiles()).forEach(order::add));
    Set<Integer> all = new HashSet<>(order);
    assertEquals(TILES, all.size());
    assertEquals(all, new HashSet<>(order.subList(0, TILES)));
    assertEquals(all, new HashSet<>(order.subList(TILES, 2 * TILES)));
    assertTrue(!order.subList(0, TILES).equals(order.subList(TILES, 2 * TILES)));
    CropBatch other =
        load(config(Map.of("train.seed", "6")), new RandomTiles(TILES, 96), 0, 1).get(0);
    assertTrue(!Arrays.equals(batches.get(0).globals(), other.globals()));
  }

  /** Tiles of which one cannot be read. */
  private static TileDataset broken(int number) {
    RandomTiles tiles = new RandomTiles(TILES, 96);
    return new TileDataset() {
      @Override
      public int size() {
        return TILES;
      }

      @Override
      public BufferedImage image(int i) {
        if (i == number) {
          throw new TilingException(key(i) + " cannot be decoded: replace or remove it.");
        }
        return tiles.image(i);
      }

      @Override
      public String key(int i) {
        return "tile-" + i;
      }

      @Override
      public void close() {}
    };
  }

  @Test
  void anUnreadableTileIsNamed() {
    DistillConfig config = config(Map.of("train.unreadable", "stop"));
    TilingException e =
        assertThrows(TilingException.class, () -> load(config, broken(BROKEN), 0, 3));
    assertTrue(e.getMessage().startsWith("tile-" + BROKEN), e.getMessage());
  }

  @Test
  void aFullHeapIsReportedAsSuch() {
    RandomTiles tiles = new RandomTiles(TILES, 96);
    TileDataset large =
        new TileDataset() {
          @Override
          public int size() {
            return TILES;
          }

          @Override
          public BufferedImage image(int i) {
            throw new OutOfMemoryError("Java heap space");
          }

          @Override
          public String key(int i) {
            return tiles.key(i);
          }

          @Override
          public void close() {}
        };
    assertThrows(OutOfMemoryError.class, () -> load(config(Map.of()), large, 0, 1));
  }

  @Test
  void anUnreadableTileMayBeReplacedByTheFirst() {
    DistillConfig config = config(Map.of("train.unreadable", "replace"));
    List<CropBatch> plain = load(config, new RandomTiles(TILES, 96), 0, 3);
    List<CropBatch> mended = load(config, broken(BROKEN), 0, 3);
    int replaced = 0;
    for (int i = 0; i < plain.size(); i++) {
      boolean touched = Arrays.stream(plain.get(i).tiles()).anyMatch(t -> t == BROKEN);
      boolean same = Arrays.equals(plain.get(i).globals(), mended.get(i).globals());
      assertEquals(touched, !same, "shard " + i);
      replaced += touched ? 1 : 0;
    }
    assertTrue(replaced > 0);
    assertThrows(TilingException.class, () -> load(config, broken(0), 0, 3));
  }

  @Test
  void theOfficialPresetsAndThoseBuiltOnThemReplaceAsTheOfficialCode() {
    for (String preset : DistillConfigs.PRESETS) {
      assertEquals(
          preset.equals("tiny") ? "STOP" : "REPLACE",
          DistillConfigs.preset(preset).train().unreadable().name());
    }
  }
}
