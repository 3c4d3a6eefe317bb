package io.github.gpfm.slideio.internal.builtin;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotSame;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.Random;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class TileCacheTest {
  private static final int LENGTH = 100;
  private static final long BYTES = 64 + 4 * LENGTH;

  private final AtomicInteger decoded = new AtomicInteger();

  private TileCache.Tile get(TileCache cache, int column) {
    return cache.get(
        new TileCache.Key(0, 0, column),
        LENGTH,
        argb -> {
          decoded.incrementAndGet();
          for (int each : argb) {
            assertEquals(0, each, "an array that is used again is empty");
          }
          Arrays.fill(argb, column);
          return true;
        });
  }

  @Test
  void whatWasUsedLongestAgoGoesFirst() {
    TileCache cache = new TileCache(2 * BYTES);
    for (int column : new int[] {1, 2, 1, 3, 1, 2}) {
      get(cache, column).close();
    }
    // 3 drove 2 out, not 1, which was used since; 2 came back.
    assertEquals(4, decoded.get());
  }

  @Test
  void anArrayInUseIsNotDecodedInto() {
    TileCache cache = new TileCache(0);
    TileCache.Tile first = get(cache, 1);
    int[] pixels = first.pixels();
    try (TileCache.Tile second = get(cache, 2)) {
      assertNotSame(pixels, second.pixels());
    }
    assertTrue(Arrays.stream(first.pixels()).allMatch(each -> each == 1));
    first.close();
    try (TileCache.Tile third = get(cache, 3)) {
      assertSame(pixels, third.pixels());
    }
  }

  @Test
  void aMissingTileAndAFailureAreNotMixedUp() {
    TileCache cache = new TileCache(1 << 20);
    TileCache.Key key = new TileCache.Key(1, 2, 3);
    IllegalStateException failure = new IllegalStateException("damaged");
    for (int i = 0; i < 2; i++) {
      IllegalStateException thrown =
          assertThrows(
              IllegalStateException.class,
              () ->
                  cache.get(
                      key,
                      LENGTH,
                      argb -> {
                        argb[0] = 7;
                        throw failure;
                      }));
      assertSame(failure, thrown);
    }
    for (int i = 0; i < 2; i++) {
      try (TileCache.Tile tile = cache.get(key, LENGTH, argb -> decoded.incrementAndGet() < 0)) {
        assertFalse(tile.there());
      }
    }
    assertEquals(1, decoded.get());
    // The array of the failed tile is empty when it is used again.
    get(cache, 5).close();
  }

  @Test
  void threadsThatWaitForAFailedTileTryThemselves() throws Exception {
    TileCache cache = new TileCache(1 << 20);
    TileCache.Key key = new TileCache.Key(0, 0, 9);
    CountDownLatch begun = new CountDownLatch(1);
    CountDownLatch go = new CountDownLatch(1);
    Thread fails =
        new Thread(
            () ->
                assertThrows(
                    IllegalStateException.class,
                    () ->
                        cache.get(
                            key,
                            LENGTH,
                            argb -> {
                              begun.countDown();
                              await(go);
                              throw new IllegalStateException("damaged");
                            })));
    fails.start();
    begun.await();
    Thread waits = new Thread(() -> get(cache, 9).close());
    waits.start();
    go.countDown();
    fails.join();
    waits.join();
    assertEquals(1, decoded.get());
  }

  @Test
  void pixelsAreRightUnderManyThreads() {
    TileCache cache = new TileCache(5 * BYTES);
    IntStream.range(0, 8)
        .parallel()
        .forEach(
            thread -> {
              Random random = new Random(thread);
              for (int i = 0; i < 4000; i++) {
                int column = 1 + random.nextInt(12);
                try (TileCache.Tile tile = get(cache, column);
                    TileCache.Tile other = get(cache, 1 + random.nextInt(12))) {
                  assertTrue(other.there());
                  for (int each : tile.pixels()) {
                    assertEquals(column, each);
                  }
                }
              }
            });
    cache.clear();
    int before = decoded.get();
    get(cache, 1).close();
    assertEquals(before + 1, decoded.get());
  }

  private static void await(CountDownLatch latch) {
    try {
      latch.await();
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
  }
}
