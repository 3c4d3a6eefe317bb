package io.github.gpfm.api;

/** Which tokens an {@link Encoder} returns beside or as the feature vector. */
public enum TokenOutput {
  /** The model's own feature (the normalised class token for GPFM); dimension d. */
  CLASS_TOKEN,
  /** The mean of the normalised patch tokens as feature; dimension d. */
  MEAN_PATCH_TOKEN,
  /** Class token followed by mean patch token as feature; dimension 2d. */
  CLASS_AND_MEAN_PATCH_TOKEN,
  /** The feature of {@link #CLASS_TOKEN} and every normalised patch token beside it. */
  PATCH_TOKENS
}
