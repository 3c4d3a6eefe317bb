package io.github.gpfm.distill.expert;

import io.github.gpfm.api.Embeddings;
import io.github.gpfm.api.Encoder;
import io.github.gpfm.api.InvalidOptionException;
import io.github.gpfm.api.OutputException;
import io.github.gpfm.api.ProgressListener;
import io.github.gpfm.api.Recipe;
import io.github.gpfm.api.TokenOutput;
import io.github.gpfm.api.WeightsException;
import io.github.gpfm.encoder.weights.DType;
import io.github.gpfm.encoder.weights.Safetensors;
import io.github.gpfm.encoder.weights.TensorData;
import io.github.gpfm.encoder.weights.WeightFile;
import io.github.gpfm.encoder.weights.WeightTensor;
import io.github.gpfm.support.AtomicFile;
import io.github.gpfm.support.FileHashes;
import io.github.gpfm.support.PartFile;
import io.github.gpfm.tiling.dataset.TileDataset;
import java.awt.image.BufferedImage;
import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Computes an expert's tokens of whole tiles once, for {@link CachedExpert}. The file is
 * safetensors: {@code cls_token} [tiles, E], {@code patch_token} [tiles, rows, columns, P] where
 * wanted, both in the dataset's order, and what they were made of as metadata.
 */
public final class TokenCache {
  static final String CLASS_TOKENS = "cls_token";
  static final String PATCH_TOKENS = "patch_token";

  private static final int BATCH = 32;

  private TokenCache() {}

  /**
   * Writes a cache; tokens go to disk as they come.
   *
   * @param encoder the expert
   * @param patchTokens whether patch tokens are kept too: rows x columns times the size
   * @param progress counts tiles
   * @throws InvalidOptionException if the encoder has no patch tokens
   * @throws OutputException if the file cannot be written
   */
  public static void write(
      Path file,
      TileDataset tiles,
      Encoder encoder,
      boolean patchTokens,
      ProgressListener progress) {
    write(file, tiles, encoder, patchTokens, recipe(tiles, encoder, patchTokens), progress);
  }

  /** What a cache is made of: the expert, the tiles and their content. */
  public static Recipe recipe(TileDataset tiles, Encoder encoder, boolean patchTokens) {
    return Recipe.builder(FileHashes.inMemory())
        .with(encoder)
        .add("patch-tokens", patchTokens)
        .with(tiles)
        .build();
  }

  /** What an existing cache was made of; empty if there is no cache that can be read. */
  public static Optional<Recipe> recipeOf(Path file) {
    try {
      return Files.isRegularFile(file)
          ? Optional.of(Recipe.of(WeightFile.open(file).metadata()))
          : Optional.empty();
    } catch (WeightsException e) {
      return Optional.empty();
    }
  }

  private static void write(
      Path file,
      TileDataset tiles,
      Encoder encoder,
      boolean patchTokens,
      Recipe recipe,
      ProgressListener progress) {
    if (patchTokens && encoder.info().patchSize() == 0) {
      throw new InvalidOptionException(
          "Encoder '%s' has no patch tokens; cache its class tokens only."
              .formatted(encoder.info().name()));
    }
    Path folder = AtomicFile.folder(file);
    Path classPart = AtomicFile.part(file);
    Path patchPart = AtomicFile.part(file);
    try {
      Files.createDirectories(folder);
      PartFile.removeStale(folder);
      try (FileChannel classes = open(classPart);
          FileChannel patches = open(patchPart)) {
        long[] grid = compute(tiles, encoder, patchTokens, classes, patches, progress);
        List<WeightTensor> tensors = new ArrayList<>();
        long count = tiles.size();
        long e = encoder.info().dimension();
        tensors.add(tensor(CLASS_TOKENS, classes, count, e));
        if (patchTokens) {
          tensors.add(tensor(PATCH_TOKENS, patches, count, grid[0], grid[1], grid[2]));
        }
        Safetensors.write(file, tensors, recipe.entries());
      } finally {
        Files.deleteIfExists(classPart);
        Files.deleteIfExists(patchPart);
      }
    } catch (IOException e) {
      throw AtomicFile.cannotWrite(file, e);
    }
  }

  /** Returns rows and columns of the patch grid and the length of a patch token. */
  private static long[] compute(
      TileDataset tiles,
      Encoder encoder,
      boolean patchTokens,
      FileChannel classes,
      FileChannel patches,
      ProgressListener progress)
      throws IOException {
    long[] grid = new long[3];
    progress.started("tokens", tiles.size());
    for (int from = 0; from < tiles.size(); from += BATCH) {
      List<BufferedImage> images = new ArrayList<>();
      for (int i = from; i < Math.min(from + BATCH, tiles.size()); i++) {
        images.add(tiles.image(i));
      }
      Embeddings embedded =
          encoder.embed(images, patchTokens ? TokenOutput.PATCH_TOKENS : TokenOutput.CLASS_TOKEN);
      append(classes, embedded.toArray());
      if (patchTokens) {
        Embeddings.PatchGrid found = embedded.patchGrid().orElseThrow();
        grid[0] = found.rows();
        grid[1] = found.columns();
        grid[2] = found.dimension();
        for (int i = 0; i < images.size(); i++) {
          append(patches, embedded.patchTokens(i));
        }
      }
      progress.advanced(from + images.size());
    }
    progress.finished();
    return grid;
  }

  private static FileChannel open(Path part) throws IOException {
    return FileChannel.open(
        part,
        StandardOpenOption.CREATE,
        StandardOpenOption.TRUNCATE_EXISTING,
        StandardOpenOption.READ,
        StandardOpenOption.WRITE);
  }

  private static void append(FileChannel channel, float[] values) throws IOException {
    ByteBuffer bytes =
        ByteBuffer.allocate(Math.multiplyExact(values.length, Float.BYTES))
            .order(ByteOrder.LITTLE_ENDIAN);
    bytes.asFloatBuffer().put(values);
    while (bytes.hasRemaining()) {
      channel.write(bytes);
    }
  }

  private static WeightTensor tensor(String name, FileChannel channel, Long... shape)
      throws IOException {
    return new WeightTensor(
        name, DType.FLOAT32, List.of(shape), new ChannelData(channel, channel.size()));
  }

  /** What a channel held when it was filled. */
  private record ChannelData(FileChannel channel, long size) implements TensorData {
    @Override
    public void read(long position, ByteBuffer target) throws IOException {
      long at = position;
      while (target.hasRemaining()) {
        int read = channel.read(target, at);
        if (read < 0) {
          throw new EOFException("the tokens' temporary file ends at byte " + at);
        }
        at += read;
      }
    }
  }
}
