package io.github.gpfm.distill.expert;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.gpfm.api.Encoder;
import io.github.gpfm.api.InvalidOptionException;
import io.github.gpfm.api.ProgressListener;
import io.github.gpfm.distill.run.RandomTiles;
import io.github.gpfm.encoder.GpfmEncoder;
import io.github.gpfm.encoder.weights.DType;
import io.github.gpfm.encoder.weights.WeightFile;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Caches in compact form say nearly what the whole ones say, in a fraction of the bytes. */
class CompactCacheTest {
  @TempDir Path folder;

  private static double cosine(float[] a, float[] b) {
    double dot = 0;
    double first = 0;
    double second = 0;
    for (int i = 0; i < a.length; i++) {
      dot += (double) a[i] * b[i];
      first += (double) a[i] * a[i];
      second += (double) b[i] * b[i];
    }
    return dot / Math.sqrt(first * second);
  }

  private static float[] row(WeightFile file, int row) {
    return file.tensor(TokenCache.CLASS_TOKENS).rows("row", row, row + 1).toFloats();
  }

  @Test
  void halfAndComponentsKeepTheTokensGeometry() throws IOException {
    RandomTiles tiles = new RandomTiles(40, 84);
    Path whole = folder.resolve("whole.safetensors");
    Path half = folder.resolve("half.safetensors");
    Path cut = folder.resolve("cut.safetensors");
    int components = 24;
    Map<String, Double> kept;
    try (Encoder encoder = GpfmEncoder.builder().build()) {
      TokenCache.write(whole, tiles, encoder, true, ProgressListener.NONE);
      TokenCache.write(
          half, tiles, encoder, true, new CacheStorage(true, 0), ProgressListener.NONE);
      kept =
          TokenCache.write(
              cut, tiles, encoder, true, new CacheStorage(true, components), ProgressListener.NONE);
    }
    WeightFile all = WeightFile.open(whole);
    WeightFile rounded = WeightFile.open(half);
    WeightFile fewer = WeightFile.open(cut);
    assertEquals(DType.BFLOAT16, rounded.tensor(TokenCache.PATCH_TOKENS).dtype());
    assertEquals(
        all.tensor(TokenCache.PATCH_TOKENS).byteSize() / 2,
        rounded.tensor(TokenCache.PATCH_TOKENS).byteSize());
    float[] exact = all.tensor(TokenCache.PATCH_TOKENS).toFloats();
    float[] near = rounded.tensor(TokenCache.PATCH_TOKENS).toFloats();
    for (int i = 0; i < exact.length; i++) {
      assertEquals(exact[i], near[i], Math.abs(exact[i]) / 256);
    }
    assertEquals(components, fewer.tensor(TokenCache.CLASS_TOKENS).size(1));
    assertEquals(2, kept.size());
    assertTrue(kept.values().stream().allMatch(share -> share > 0.95 && share <= 1), kept + "");
    for (int i = 1; i < tiles.size(); i++) {
      double before = cosine(row(all, 0), row(all, i));
      assertEquals(before, cosine(row(fewer, 0), row(fewer, i)), 0.05, "tile " + i);
    }
    // The share said is the share kept.
    double lengths = 0;
    double left = 0;
    for (int i = 0; i < tiles.size(); i++) {
      for (float value : row(all, i)) {
        lengths += (double) value * value;
      }
      for (float value : row(fewer, i)) {
        left += (double) value * value;
      }
    }
    assertEquals(kept.get(TokenCache.CLASS_TOKENS), left / lengths, 0.01);
    try (CachedExpert expert = new CachedExpert(cut, tiles)) {
      assertEquals(components, expert.dimension());
      assertEquals(components, expert.patchDimension());
    }
  }

  @Test
  void negativeComponentsAreRefused() {
    assertThrows(InvalidOptionException.class, () -> new CacheStorage(true, -1));
  }
}
