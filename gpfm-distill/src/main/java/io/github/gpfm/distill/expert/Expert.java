package io.github.gpfm.distill.expert;

import io.github.gpfm.api.Described;
import io.github.gpfm.api.Recipe;
import io.github.gpfm.distill.data.CropBatch;

/** A frozen foundation model whose tokens the student learns to predict. */
public interface Expert extends AutoCloseable, Described {
  /** Length of its class tokens. */
  int dimension();

  /** Length of its patch tokens, where it has some; usually that of its class tokens. */
  default int patchDimension() {
    return dimension();
  }

  /** Whether it has patch tokens. */
  boolean hasPatchTokens();

  /**
   * Tokens of the global crops of a batch.
   *
   * @param batch crops as the student sees them, without masks
   * @param patchTokens whether patch tokens are wanted
   * @throws io.github.gpfm.api.GpfmException if the model cannot be run
   */
  ExpertTokens tokens(CropBatch batch, boolean patchTokens);

  /** What decides its tokens. An expert that is given by a program should say more than this. */
  @Override
  default void describe(Recipe.Builder recipe) {
    recipe.add("dimension", dimension()).add("patch-dimension", patchDimension());
  }

  /** Releases the model. */
  @Override
  void close();
}
