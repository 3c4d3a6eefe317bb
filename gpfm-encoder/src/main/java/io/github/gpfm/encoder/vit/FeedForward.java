package io.github.gpfm.encoder.vit;

/** The nonlinearity between the two linear layers of a transformer block. */
public enum FeedForward {
  /** {@code x * Phi(x)} with the exact normal distribution function. */
  GELU,
  /** {@code x * sigmoid(1.702 x)}. */
  QUICK_GELU,
  /** {@code x * Phi(x)} by the approximation with tanh. */
  GELU_TANH,
  /** {@code max(x, 0)}. */
  RELU,
  /** {@code x * sigmoid(x)}. */
  SILU,
  /**
   * The first layer is twice as wide: SiLU of its first half times its second half goes on. Whether
   * the authors call it packed ({@code fc1}), {@code w12} or {@code weights_in} is a matter of
   * names.
   */
  SWIGLU;

  /** Rows of the first layer for {@code hidden} values going into the second. */
  public long firstLayerRows(int hidden) {
    return this == SWIGLU ? 2L * hidden : hidden;
  }
}
