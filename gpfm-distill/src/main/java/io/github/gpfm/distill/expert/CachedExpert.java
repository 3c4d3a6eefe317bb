package io.github.gpfm.distill.expert;

import io.github.gpfm.api.InvalidOptionException;
import io.github.gpfm.api.Recipe;
import io.github.gpfm.distill.data.CropBatch;
import io.github.gpfm.distill.data.CropGeometry;
import io.github.gpfm.encoder.weights.WeightFile;
import io.github.gpfm.encoder.weights.WeightTensor;
import io.github.gpfm.support.FileHashes;
import io.github.gpfm.tiling.dataset.TileDataset;
import java.nio.file.Path;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Tokens of whole tiles computed beforehand by {@link TokenCache}: no expert runs while training,
 * and a batch's tokens are read when it comes, so that the cache may be larger than memory. Both
 * global crops of a tile learn its class token. Their patch tokens are read off the tile's grid
 * where each crop lies, between its tokens linearly, mirrored and turned as the crop is; so they
 * know nothing of the crop's colours, and no more detail than the tile's grid has.
 */
public final class CachedExpert implements Expert {
  /** Metadata of version 0.1.0: the digest of the keys. */
  private static final String TILES_0_1 = "tiles";

  private final Path file;
  private final int dimension;
  private final int patchDimension;
  private final WeightTensor classTokens;
  private final @Nullable WeightTensor patchTokens;

  /**
   * @param tiles the dataset that will be trained on
   * @throws InvalidOptionException if the cache is of another dataset
   * @throws io.github.gpfm.api.WeightsException if it cannot be read
   */
  public CachedExpert(Path file, TileDataset tiles) {
    WeightFile cache = WeightFile.open(file);
    WeightTensor classes = cache.tensor(TokenCache.CLASS_TOKENS);
    WeightTensor patches = cache.tensors().get(TokenCache.PATCH_TOKENS);
    boolean fits = classes.shape().size() == 2 && classes.size(0) == tiles.size();
    if (patches != null) {
      fits &= patches.shape().size() == 4 && patches.size(0) == tiles.size() && patches.size(3) > 0;
    }
    if (!fits || !isOf(cache.metadata(), tiles)) {
      throw new InvalidOptionException(
          "Token cache '%s' was made for other tiles than the run's; make it again from them."
              .formatted(file));
    }
    this.file = file;
    dimension = (int) classes.size(1);
    classTokens = classes;
    patchTokens = patches;
    patchDimension = patches == null ? 0 : (int) patches.size(3);
  }

  /** Caches of 0.1.0 know the keys of their tiles only. */
  private static boolean isOf(Map<String, String> metadata, TileDataset tiles) {
    if (metadata.containsKey(TILES_0_1)) {
      return tiles.keyDigest().equals(metadata.get(TILES_0_1));
    }
    Recipe made = Recipe.of(metadata);
    Recipe now = Recipe.builder(FileHashes.inMemory()).with(tiles).build();
    return now.entries().keySet().stream()
        .filter(name -> name.startsWith("tiles."))
        .allMatch(name -> now.sameEntry(made, name));
  }

  @Override
  public void describe(Recipe.Builder recipe) {
    recipe.file("file", file);
  }

  @Override
  public int dimension() {
    return dimension;
  }

  @Override
  public int patchDimension() {
    return patchDimension;
  }

  @Override
  public boolean hasPatchTokens() {
    return patchTokens != null;
  }

  @Override
  public ExpertTokens tokens(CropBatch batch, boolean withPatchTokens) {
    int n = batch.tiles().length;
    float[] classes = new float[2 * n * dimension];
    for (int i = 0; i < n; i++) {
      int tile = batch.tiles()[i];
      float[] token = classTokens.rows("tile", tile, tile + 1).toFloats();
      System.arraycopy(token, 0, classes, i * dimension, dimension);
      System.arraycopy(token, 0, classes, (n + i) * dimension, dimension);
    }
    if (!withPatchTokens || patchTokens == null) {
      return ExpertTokens.ofClasses(dimension, classes);
    }
    int rows = (int) patchTokens.size(1);
    int columns = (int) patchTokens.size(2);
    float[] patches = new float[2 * n * rows * columns * patchDimension];
    for (int i = 0; i < n; i++) {
      int tile = batch.tiles()[i];
      Grid grid = new Grid(rows, columns, patchTokens.rows("tile", tile, tile + 1).toFloats());
      for (int crop = i; crop < 2 * n; crop += n) {
        sample(grid, batch.geometry().get(crop), patches, crop * rows * columns * patchDimension);
      }
    }
    return new ExpertTokens(dimension, classes, rows, columns, patches);
  }

  @Override
  public void close() {
    // The file is opened anew for every read.
  }

  private record Grid(int rows, int columns, float[] tokens) {}

  /** As many tokens as the grid has, at the centres of the crop's cells. */
  private void sample(Grid grid, CropGeometry crop, float[] target, int offset) {
    int at = offset;
    for (int r = 0; r < grid.rows(); r++) {
      for (int c = 0; c < grid.columns(); c++) {
        CropGeometry.Point point = crop.inTile((c + 0.5) / grid.columns(), (r + 0.5) / grid.rows());
        // Token (i, j) stands at the centre of its cell; beyond the outer centres nothing changes.
        double x = clamp(point.x() * grid.columns() - 0.5, grid.columns() - 1);
        double y = clamp(point.y() * grid.rows() - 0.5, grid.rows() - 1);
        int left = (int) x;
        int top = (int) y;
        int right = Math.min(left + 1, grid.columns() - 1);
        int bottom = Math.min(top + 1, grid.rows() - 1);
        float dx = (float) (x - left);
        float dy = (float) (y - top);
        add(grid, top, left, (1 - dx) * (1 - dy), target, at);
        add(grid, top, right, dx * (1 - dy), target, at);
        add(grid, bottom, left, (1 - dx) * dy, target, at);
        add(grid, bottom, right, dx * dy, target, at);
        at += patchDimension;
      }
    }
  }

  private void add(Grid grid, int row, int column, float weight, float[] target, int at) {
    int from = (row * grid.columns() + column) * patchDimension;
    for (int k = 0; k < patchDimension; k++) {
      target[at + k] += weight * grid.tokens()[from + k];
    }
  }

  private static double clamp(double value, double most) {
    return Math.max(0, Math.min(value, most));
  }
}
