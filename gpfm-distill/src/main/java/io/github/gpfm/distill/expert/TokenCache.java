package io.github.gpfm.distill.expert;

import io.github.gpfm.api.Embeddings;
import io.github.gpfm.api.Encoder;
import io.github.gpfm.api.InvalidOptionException;
import io.github.gpfm.api.OutputException;
import io.github.gpfm.api.ProgressListener;
import io.github.gpfm.api.Recipe;
import io.github.gpfm.api.TokenOutput;
import io.github.gpfm.api.WeightsException;
import io.github.gpfm.encoder.GpfmEncoder;
import io.github.gpfm.encoder.image.Preprocessing;
import io.github.gpfm.encoder.weights.Safetensors;
import io.github.gpfm.encoder.weights.WeightFile;
import io.github.gpfm.encoder.weights.WeightTensor;
import io.github.gpfm.support.AtomicFile;
import io.github.gpfm.support.FileHashes;
import io.github.gpfm.support.PartFile;
import io.github.gpfm.tiling.dataset.TileDataset;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
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

  /** Tiles that principal components are found from. */
  private static final int SAMPLE = 2048;

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
    write(file, tiles, encoder, patchTokens, CacheStorage.WHOLE, Map.of(), progress);
  }

  /**
   * The same in a more compact form.
   *
   * @param storage how tokens are kept; principal components are those of at most {@value #SAMPLE}
   *     tiles, spread over all
   * @return for each kind of tokens cut to components, the share of their squared length kept
   */
  public static Map<String, Double> write(
      Path file,
      TileDataset tiles,
      Encoder encoder,
      boolean patchTokens,
      CacheStorage storage,
      ProgressListener progress) {
    return write(file, tiles, encoder, patchTokens, storage, Map.of(), progress);
  }

  /**
   * The same of an encoder with parameters of its own.
   *
   * @param parameters what else decides the encoder's tokens, for instance its precision
   */
  public static Map<String, Double> write(
      Path file,
      TileDataset tiles,
      Encoder encoder,
      boolean patchTokens,
      CacheStorage storage,
      Map<String, String> parameters,
      ProgressListener progress) {
    Recipe recipe = recipe(tiles, encoder, patchTokens, storage, parameters);
    return write(file, tiles, encoder, patchTokens, storage, recipe, progress);
  }

  /** What a cache is made of: the expert, the tiles and their content. */
  public static Recipe recipe(TileDataset tiles, Encoder encoder, boolean patchTokens) {
    return recipe(tiles, encoder, patchTokens, CacheStorage.WHOLE, Map.of());
  }

  /** What a cache of compact form is made of, and of an encoder with parameters of its own. */
  public static Recipe recipe(
      TileDataset tiles,
      Encoder encoder,
      boolean patchTokens,
      CacheStorage storage,
      Map<String, String> parameters) {
    Recipe.Builder recipe =
        Recipe.builder(FileHashes.inMemory()).with(encoder).add("patch-tokens", patchTokens);
    if (!storage.equals(CacheStorage.WHOLE)) {
      recipe.add("storage", storage.half() ? "bfloat16" : "float32");
      recipe.add("components", storage.components());
    }
    parameters.forEach(recipe::add);
    return recipe.with(tiles).build();
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

  private static Map<String, Double> write(
      Path file,
      TileDataset tiles,
      Encoder encoder,
      boolean patchTokens,
      CacheStorage storage,
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
      Source source = new Source(tiles, encoder, patchTokens);
      try (FileChannel classes = open(classPart);
          FileChannel patches = open(patchPart);
          TokenWriter classTokens =
              new TokenWriter(CLASS_TOKENS, classes, encoder.info().dimension(), storage);
          TokenWriter patchWriter =
              new TokenWriter(
                  PATCH_TOKENS,
                  patches,
                  encoder.dimension(TokenOutput.MEAN_PATCH_TOKEN),
                  storage)) {
        if (storage.components() > 0) {
          fit(source, classTokens, patchWriter, progress);
        }
        long[] grid = compute(source, classTokens, patchWriter, progress);
        List<WeightTensor> tensors = new ArrayList<>();
        long count = tiles.size();
        classTokens.addTo(tensors, count);
        Map<String, Double> kept = new LinkedHashMap<>(classTokens.kept());
        if (patchTokens) {
          patchWriter.addTo(tensors, count, grid[0], grid[1]);
          kept.putAll(patchWriter.kept());
        }
        Safetensors.write(file, tensors, recipe.entries());
        return kept;
      } finally {
        Files.deleteIfExists(classPart);
        Files.deleteIfExists(patchPart);
      }
    } catch (IOException e) {
      throw AtomicFile.cannotWrite(file, e);
    }
  }

  private record Source(TileDataset tiles, Encoder encoder, boolean patchTokens) {
    Embeddings embed(int from, int to, int stride) {
      List<BufferedImage> images = new ArrayList<>();
      for (int i = from; i < to; i += stride) {
        BufferedImage image = tiles.image(i);
        if (patchTokens && !liesWhole(image)) {
          throw new InvalidOptionException(
              "Tile '%s' has %d x %d pixels, of which model '%s' sees the middle: its patch tokens do not lie over the whole tile; cache class tokens only, or give square tiles."
                  .formatted(
                      tiles.key(i), image.getWidth(), image.getHeight(), encoder.info().name()));
        }
        images.add(image);
      }
      return encoder.embed(
          images, patchTokens ? TokenOutput.PATCH_TOKENS : TokenOutput.CLASS_TOKEN);
    }

    private boolean liesWhole(BufferedImage image) {
      return image.getWidth() == image.getHeight()
          || !(encoder instanceof GpfmEncoder own)
          || own.preprocessing().resize() == Preprocessing.Resize.EXACT;
    }
  }

  /** Finds the principal components from tiles spread over the dataset. */
  private static void fit(
      Source source, TokenWriter classes, TokenWriter patches, ProgressListener progress) {
    int tiles = source.tiles().size();
    int stride = Math.max(1, (tiles + SAMPLE - 1) / SAMPLE);
    progress.started("components", tiles);
    for (int from = 0; from < tiles; from += BATCH * stride) {
      int to = Math.min(from + BATCH * stride, tiles);
      Embeddings embedded = source.embed(from, to, stride);
      classes.sample(embedded.toArray());
      for (int i = 0; source.patchTokens() && from + i * stride < to; i++) {
        patches.sample(embedded.patchTokens(i));
      }
      progress.advanced(to);
    }
    progress.finished();
    classes.fit();
    if (source.patchTokens()) {
      patches.fit();
    }
  }

  /** Writes every token; returns rows and columns of the patch grid. */
  private static long[] compute(
      Source source, TokenWriter classes, TokenWriter patches, ProgressListener progress)
      throws IOException {
    long[] grid = new long[2];
    int tiles = source.tiles().size();
    progress.started("tokens", tiles);
    for (int from = 0; from < tiles; from += BATCH) {
      int to = Math.min(from + BATCH, tiles);
      Embeddings embedded = source.embed(from, to, 1);
      classes.write(embedded.toArray());
      if (source.patchTokens()) {
        Embeddings.PatchGrid found = embedded.patchGrid().orElseThrow();
        grid[0] = found.rows();
        grid[1] = found.columns();
        for (int i = 0; i < to - from; i++) {
          patches.write(embedded.patchTokens(i));
        }
      }
      progress.advanced(to);
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
}
