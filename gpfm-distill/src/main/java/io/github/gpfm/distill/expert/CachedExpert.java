package io.github.gpfm.distill.expert;

import io.github.gpfm.api.InvalidOptionException;
import io.github.gpfm.distill.data.CropBatch;
import io.github.gpfm.encoder.weights.Safetensors;
import io.github.gpfm.encoder.weights.WeightFile;
import io.github.gpfm.encoder.weights.WeightTensor;
import io.github.gpfm.tiling.dataset.TileDataset;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/**
 * Class tokens of whole tiles computed beforehand: both global crops of a tile learn the token of
 * the tile, which costs no expert at training time. The file is safetensors with one tensor {@code
 * cls_token} [tiles, E] in the order of the dataset, and the dataset's key digest as {@code tiles}.
 */
public final class CachedExpert implements Expert {
  private static final String TOKENS = "cls_token";
  private static final String TILES = "tiles";

  private final int dimension;
  private final float[] tokens;

  /**
   * @param tiles the dataset that will be trained on
   * @throws InvalidOptionException if the cache is of another dataset
   * @throws io.github.gpfm.api.WeightsException if it cannot be read
   */
  public CachedExpert(Path file, TileDataset tiles) {
    WeightFile cache = WeightFile.open(file);
    WeightTensor tensor = cache.tensor(TOKENS);
    if (tensor.shape().size() != 2
        || tensor.size(0) != tiles.size()
        || !TileDigest.of(tiles).equals(cache.metadata().get(TILES))) {
      throw new InvalidOptionException(
          "Token cache '%s' was made for other tiles than the run's; make it again from them."
              .formatted(file));
    }
    dimension = (int) tensor.size(1);
    tokens = tensor.toFloats();
  }

  /**
   * Writes a cache.
   *
   * @param tokens tiles x dimension, row-major, in the dataset's order
   */
  public static void write(Path file, TileDataset tiles, int dimension, float[] tokens) {
    Safetensors.write(
        file,
        List.of(
            WeightTensor.ofFloats(TOKENS, List.of((long) tiles.size(), (long) dimension), tokens)),
        Map.of(TILES, TileDigest.of(tiles)));
  }

  @Override
  public int dimension() {
    return dimension;
  }

  @Override
  public boolean hasPatchTokens() {
    return false;
  }

  @Override
  public ExpertTokens tokens(CropBatch batch, boolean patchTokens) {
    int n = batch.tiles().length;
    float[] classes = new float[2 * n * dimension];
    for (int i = 0; i < 2 * n; i++) {
      System.arraycopy(tokens, batch.tiles()[i % n] * dimension, classes, i * dimension, dimension);
    }
    return ExpertTokens.ofClasses(dimension, classes);
  }

  @Override
  public void close() {}
}
