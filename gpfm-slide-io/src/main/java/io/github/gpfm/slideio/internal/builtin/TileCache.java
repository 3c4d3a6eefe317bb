package io.github.gpfm.slideio.internal.builtin;

import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Deque;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.CountDownLatch;

/**
 * The decoded tiles of a slide, up to a number of bytes; those that were used longest ago go first.
 * A tile that several threads want is decoded once. The arrays of tiles that went are decoded into
 * again: at full speed a slide would otherwise leave a gigabyte of garbage every second.
 */
final class TileCache {
  /** Arrays that wait to be used again, at most. */
  private static final int SPARE = 4;

  /** An array longer than this is not kept. */
  private static final int SPARE_LENGTH = 1 << 18;

  private final long capacity;
  private final Map<Key, Tile> tiles = new LinkedHashMap<>(16, 0.75f, true);
  private final Deque<int[]> spare = new ArrayDeque<>();
  private long bytes;

  /**
   * Which tile.
   *
   * @param level which of the slide's levels
   * @param row tile row
   * @param column tile column
   */
  record Key(int level, long row, long column) {}

  /** Decodes a tile. */
  @FunctionalInterface
  interface Decoder {
    /**
     * @param argb zeros, becomes premultiplied ARGB
     * @return whether there is such a tile
     */
    boolean decode(int[] argb);
  }

  /** A tile in use, to be closed after it. */
  final class Tile implements AutoCloseable {
    private final CountDownLatch decoded = new CountDownLatch(1);
    private int[] pixels = {};
    private boolean there;
    private boolean ready;
    private boolean failed;
    private boolean kept = true;
    private int users;

    /** Whether the file has the tile. */
    boolean there() {
      return there;
    }

    /** Premultiplied ARGB; not to be changed. */
    int[] pixels() {
      return pixels;
    }

    private long weight() {
      return 64 + 4L * pixels.length;
    }

    @Override
    public void close() {
      synchronized (TileCache.this) {
        users--;
        reuse(this);
      }
    }
  }

  /**
   * @param capacity bytes of pixels that are kept
   */
  TileCache(long capacity) {
    this.capacity = capacity;
  }

  /**
   * A tile, decoded if it is not here.
   *
   * @param length pixels of a tile
   * @throws RuntimeException the decoder's own
   */
  Tile get(Key key, int length, Decoder decoder) {
    while (true) {
      Tile tile;
      boolean wanted;
      synchronized (this) {
        tile = tiles.get(key);
        wanted = tile == null;
        if (tile == null) {
          tile = new Tile();
          tiles.put(key, tile);
        }
        tile.users++;
      }
      if (wanted) {
        decode(key, tile, length, decoder);
        return tile;
      }
      await(tile);
      if (!tile.failed) {
        return tile;
      }
      // Not the other thread's exception, whose stack is not this one's: the file is asked again.
      tile.close();
    }
  }

  private void decode(Key key, Tile tile, int length, Decoder decoder) {
    int[] pixels;
    synchronized (this) {
      pixels = room(length);
    }
    boolean done = false;
    try {
      tile.there = decoder.decode(pixels);
      done = true;
    } finally {
      synchronized (this) {
        if (done) {
          tile.ready = true;
          if (tile.there) {
            tile.pixels = pixels;
          } else {
            keepSpare(pixels);
          }
          bytes += tile.weight();
          shrink();
        } else {
          tile.failed = true;
          tile.kept = false;
          tile.users--;
          tiles.remove(key);
          keepSpare(pixels);
        }
      }
      tile.decoded.countDown();
    }
  }

  /** Forgets every tile. */
  synchronized void clear() {
    for (Tile tile : tiles.values()) {
      tile.kept = false;
    }
    tiles.clear();
    spare.clear();
    bytes = 0;
  }

  private void shrink() {
    Iterator<Tile> eldest = tiles.values().iterator();
    while (bytes > capacity && eldest.hasNext()) {
      Tile tile = eldest.next();
      if (tile.ready) {
        eldest.remove();
        bytes -= tile.weight();
        tile.kept = false;
        reuse(tile);
      }
    }
  }

  /** Takes the array of a tile that nobody holds. */
  private void reuse(Tile tile) {
    if (!tile.kept && tile.users == 0 && tile.pixels.length > 0) {
      keepSpare(tile.pixels);
      tile.pixels = new int[0];
    }
  }

  private void keepSpare(int[] pixels) {
    if (pixels.length <= SPARE_LENGTH && spare.size() < SPARE) {
      spare.push(pixels);
    }
  }

  private int[] room(int length) {
    int[] array = spare.poll();
    if (array == null || array.length != length) {
      return new int[length];
    }
    Arrays.fill(array, 0);
    return array;
  }

  private static void await(Tile tile) {
    boolean interrupted = false;
    while (true) {
      try {
        tile.decoded.await();
        break;
      } catch (InterruptedException e) {
        interrupted = true;
      }
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }
}
