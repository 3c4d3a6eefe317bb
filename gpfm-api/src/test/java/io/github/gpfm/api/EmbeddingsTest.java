package io.github.gpfm.api;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import org.junit.jupiter.api.Test;

class EmbeddingsTest {
  @Test
  void vectorsAreRowsOfTheValues() {
    Embeddings embeddings = Embeddings.of(2, 3, new float[] {1, 2, 3, 4, 5, 6});
    assertArrayEquals(new float[] {4, 5, 6}, embeddings.vector(1));
    assertThrows(IndexOutOfBoundsException.class, () -> embeddings.vector(2));
    assertThrows(IllegalStateException.class, () -> embeddings.patchTokens(0));
  }

  @Test
  void patchTokensAreRowMajorPerImage() {
    Embeddings.PatchGrid grid = new Embeddings.PatchGrid(1, 2, 2);
    Embeddings embeddings =
        Embeddings.withPatchTokens(
            2, 1, new float[] {1, 2}, grid, new float[] {1, 2, 3, 4, 5, 6, 7, 8});
    assertEquals(grid, embeddings.patchGrid().orElseThrow());
    assertArrayEquals(new float[] {5, 6, 7, 8}, embeddings.patchTokens(1));
  }

  @Test
  void sizesThatDoNotFitAreRefused() {
    assertThrows(IllegalArgumentException.class, () -> Embeddings.of(2, 3, new float[5]));
  }
}
