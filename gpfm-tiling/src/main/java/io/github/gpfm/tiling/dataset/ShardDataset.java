package io.github.gpfm.tiling.dataset;

import io.github.gpfm.api.Recipe;
import io.github.gpfm.api.TilingException;
import io.github.gpfm.support.Budget;
import io.github.gpfm.support.Printable;
import io.github.gpfm.support.Sha256;
import java.awt.image.BufferedImage;
import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarFile;

/** Tiles of WebDataset shards: the shards are indexed once and tiles then read where they lie. */
final class ShardDataset implements TileDataset {
  private static final int MAX_TILE_BYTES = 1 << 28;

  private final List<Path> shards;
  private final String[] keys;
  private final int[] shardOf;
  private final long[] offsets;
  private final int[] lengths;

  private ShardDataset(
      List<Path> shards, String[] keys, int[] shardOf, long[] offsets, int[] lengths) {
    this.shards = shards;
    this.keys = keys;
    this.shardOf = shardOf;
    this.offsets = offsets;
    this.lengths = lengths;
  }

  static ShardDataset open(List<Path> shards) {
    List<String> keys = new ArrayList<>();
    int[] shardOf = new int[1024];
    long[] offsets = new long[1024];
    int[] lengths = new int[1024];
    for (int shard = 0; shard < shards.size(); shard++) {
      Path file = shards.get(shard);
      if (!Files.isRegularFile(file)) {
        throw new TilingException("There is no shard " + file + ".");
      }
      Budget budget = Budget.of(file, TilingException::new);
      long fileSize = size(file, budget);
      for (TarArchiveEntry entry : entries(file, budget)) {
        budget.objects(1);
        String name = entry.getName();
        budget.name(name.length(), "an entry's name");
        String extension = TileImages.imageExtension(name);
        if (!entry.isFile() || extension.isEmpty()) {
          continue;
        }
        long offset = entry.getDataOffset();
        long length = entry.getSize();
        if (length < 0 || length > MAX_TILE_BYTES || offset < 0 || offset > fileSize - length) {
          throw new TilingException(
              file + ": entry " + Printable.of(name) + " is cut off or too large.");
        }
        int tile = keys.size();
        if (tile == offsets.length) {
          shardOf = Arrays.copyOf(shardOf, tile * 2);
          offsets = Arrays.copyOf(offsets, tile * 2);
          lengths = Arrays.copyOf(lengths, tile * 2);
        }
        shardOf[tile] = shard;
        offsets[tile] = offset;
        lengths[tile] = (int) length;
        keys.add(name.substring(0, name.length() - extension.length() - 1));
      }
    }
    if (keys.isEmpty()) {
      throw new TilingException("There is no tile in " + shards + ".");
    }
    return new ShardDataset(
        List.copyOf(shards),
        keys.toArray(String[]::new),
        Arrays.copyOf(shardOf, keys.size()),
        Arrays.copyOf(offsets, keys.size()),
        Arrays.copyOf(lengths, keys.size()));
  }

  private static long size(Path file, Budget budget) {
    return budget.open("a tar shard", () -> Files.size(file));
  }

  private static List<TarArchiveEntry> entries(Path file, Budget budget) {
    return budget.open(
        "a tar shard",
        () -> {
          try (TarFile tar = new TarFile(file)) {
            return tar.getEntries();
          }
        });
  }

  @Override
  public int size() {
    return keys.length;
  }

  @Override
  public BufferedImage image(int i) {
    Path shard = shards.get(shardOf[i]);
    ByteBuffer bytes = ByteBuffer.allocate(lengths[i]);
    try (FileChannel channel = FileChannel.open(shard)) {
      while (bytes.hasRemaining()) {
        if (channel.read(bytes, offsets[i] + bytes.position()) < 0) {
          throw new EOFException("the shard has become shorter");
        }
      }
    } catch (IOException e) {
      throw new TilingException(
          "Cannot read tile " + keys[i] + " of " + shard + ": " + e.getMessage() + ".", e);
    }
    return TileImages.decode(bytes.array(), shard + ":" + keys[i]);
  }

  @Override
  public String key(int i) {
    return keys[i];
  }

  @Override
  public void describe(Recipe.Builder recipe) {
    TileDataset.super.describe(recipe);
    Sha256 all = new Sha256();
    shards.forEach(shard -> all.add(recipe.sha256(shard) + "\n"));
    recipe.hash("tiles.content", shards.size() + " shards", all.hex());
  }

  @Override
  public void close() {}
}
