package io.github.gpfm.distill.expert;

import io.github.gpfm.distill.data.CropBatch;

/** A frozen foundation model whose tokens the student learns to predict. */
public interface Expert extends AutoCloseable {
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

  /** Releases the model. */
  @Override
  void close();
}
