package io.github.gpfm.tiling.dataset;

import com.google.gson.Gson;
import com.google.gson.GsonBuilder;
import io.github.gpfm.api.GpfmException;
import io.github.gpfm.api.Mpp;
import io.github.gpfm.api.ProgressListener;
import io.github.gpfm.api.Slide;
import io.github.gpfm.api.TileGeometry;
import io.github.gpfm.support.AtomicFile;
import io.github.gpfm.tiling.grid.TileReader;
import io.github.gpfm.tiling.grid.TileTable;
import io.github.gpfm.tiling.internal.Parallel;
import java.io.BufferedOutputStream;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicLong;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveOutputStream;

/** Writes planned tiles into shards: read and encoded on many threads, written in order. */
final class ShardCutter implements AutoCloseable {
  private static final int AHEAD_PER_THREAD = 4;
  private static final Gson GSON = new GsonBuilder().disableHtmlEscaping().create();

  /** A tile ready to be written. */
  private record Encoded(String key, byte[] image, byte[] json) {}

  private final ExtractOptions options;
  private final Map<String, Path> slides;
  private final List<TileTable> tables;
  private final SlidePool pool;
  private final long[] firstTile;

  ShardCutter(
      ExtractOptions options,
      SlideOpener opener,
      Map<String, Path> slides,
      List<TileTable> tables) {
    this.options = options;
    this.slides = slides;
    this.tables = tables;
    pool = new SlidePool(opener);
    firstTile = new long[tables.size() + 1];
    for (int i = 0; i < tables.size(); i++) {
      firstTile[i + 1] = firstTile[i] + tables.get(i).size();
    }
  }

  long tiles() {
    return firstTile[tables.size()];
  }

  int shards() {
    return Math.toIntExact((tiles() + options.shardSize() - 1) / options.shardSize());
  }

  /** Writes the shards that are missing; returns how many were there. */
  int cut(ExtractFolder folder, ProgressListener progress) {
    int resumed = 0;
    AtomicLong done = new AtomicLong();
    for (int shard = 0; shard < shards(); shard++) {
      if (Files.exists(folder.shard(shard))) {
        resumed++;
        done.addAndGet(end(shard) - first(shard));
      }
    }
    progress.started("extract tiles", tiles(), done.get());
    ExecutorService executor = Executors.newFixedThreadPool(options.threads());
    try {
      for (int shard = 0; shard < shards(); shard++) {
        Path file = folder.shard(shard);
        if (!Files.exists(file)) {
          long first = first(shard);
          long end = end(shard);
          AtomicFile.write(
              file,
              partial ->
                  write(
                      partial,
                      first,
                      end,
                      executor,
                      () -> progress.advanced(done.incrementAndGet())));
        }
      }
      return resumed;
    } finally {
      executor.shutdownNow();
      progress.finished();
    }
  }

  /** Writes all tiles into one shard's file. */
  void cutAll(Path file) {
    ExecutorService executor = Executors.newFixedThreadPool(options.threads());
    try {
      AtomicFile.write(file, partial -> write(partial, 0, tiles(), executor, () -> {}));
    } finally {
      executor.shutdownNow();
    }
  }

  /** A shard's part of the tables. */
  List<TileTable> tables(int shard) {
    List<TileTable> parts = new ArrayList<>();
    for (int i = 0; i < tables.size(); i++) {
      long from = Math.max(first(shard), firstTile[i]) - firstTile[i];
      long to = Math.min(end(shard), firstTile[i + 1]) - firstTile[i];
      if (from < to) {
        parts.add(tables.get(i).filter(row -> row >= from && row < to));
      }
    }
    return parts;
  }

  private long first(int shard) {
    return (long) shard * options.shardSize();
  }

  private long end(int shard) {
    return Math.min(tiles(), first(shard) + options.shardSize());
  }

  private void write(
      Path partial, long first, long end, ExecutorService executor, Runnable tileDone)
      throws IOException {
    Deque<Future<Encoded>> ahead = new ArrayDeque<>();
    try (FileOutputStream file = new FileOutputStream(partial.toFile());
        OutputStream buffered = new BufferedOutputStream(file, 1 << 16);
        TarArchiveOutputStream tar =
            new TarArchiveOutputStream(buffered, StandardCharsets.UTF_8.name())) {
      tar.setLongFileMode(TarArchiveOutputStream.LONGFILE_POSIX);
      tar.setBigNumberMode(TarArchiveOutputStream.BIGNUMBER_POSIX);
      long next = first;
      for (long i = first; i < end; i++) {
        while (next < end && ahead.size() < AHEAD_PER_THREAD * options.threads()) {
          long tile = next++;
          ahead.add(executor.submit(() -> encode(tile)));
        }
        Encoded tile = Parallel.get(ahead.remove());
        put(tar, tile.key() + "." + options.encoding().extension(), tile.image());
        put(tar, tile.key() + ".json", tile.json());
        tileDone.run();
      }
      tar.finish();
      buffered.flush();
      file.getChannel().force(true);
    } finally {
      ahead.forEach(future -> future.cancel(false));
    }
  }

  private static void put(TarArchiveOutputStream tar, String name, byte[] content)
      throws IOException {
    TarArchiveEntry entry = new TarArchiveEntry(name);
    entry.setSize(content.length);
    entry.setModTime(0);
    entry.setIds(0, 0);
    entry.setNames("", "");
    entry.setMode(0100644);
    tar.putArchiveEntry(entry);
    tar.write(content);
    tar.closeArchiveEntry();
  }

  private Encoded encode(long tile) {
    int number = 0;
    while (tile >= firstTile[number + 1]) {
      number++;
    }
    TileTable table = tables.get(number);
    int row = (int) (tile - firstTile[number]);
    Path path = slides.getOrDefault(table.slide(), Path.of(table.slide()));
    return pool.with(
        path,
        slide -> {
          try {
            byte[] image = options.encoding().encode(new TileReader(slide, table.grid()).read(row));
            byte[] json = GSON.toJson(describe(slide, table, row)).getBytes(StandardCharsets.UTF_8);
            return new Encoded(key(table, row), image, json);
          } catch (IOException e) {
            throw new GpfmException(
                "Cannot encode a tile of " + path + " (" + e.getMessage() + ").", e);
          }
        });
  }

  private static String key(TileTable table, int row) {
    return keyOf(table.slide()) + "_" + table.grid().x(row) + "_" + table.grid().y(row);
  }

  /** A slide's name in keys: WebDataset takes what follows the first dot for the extension. */
  static String keyOf(String slide) {
    return slide.replace('.', '-').replaceAll("[\\s/\\\\]", "_");
  }

  private static Map<String, Object> describe(Slide slide, TileTable table, int row) {
    TileGeometry geometry = table.grid().geometry();
    Map<String, Object> json = new TreeMap<>();
    json.put("slide", table.slide());
    json.put("x", table.grid().x(row));
    json.put("y", table.grid().y(row));
    json.put("level", geometry.level());
    json.put("read_size", geometry.readSize());
    json.put("tile_size", geometry.tileSize());
    json.put("level0_size", geometry.level0Size());
    if (geometry.aspect() != 1) {
      json.put("aspect", geometry.aspect());
    }
    if (!Double.isNaN(geometry.mpp())) {
      json.put("mpp", geometry.mpp());
    }
    slide.mpp().map(Mpp::source).ifPresent(source -> json.put("mpp_source", source.label()));
    table
        .scores(row)
        .forEach(
            (name, value) -> {
              if (Double.isFinite(value)) {
                json.put(name, value);
              }
            });
    return json;
  }

  @Override
  public void close() {
    pool.close();
  }
}
