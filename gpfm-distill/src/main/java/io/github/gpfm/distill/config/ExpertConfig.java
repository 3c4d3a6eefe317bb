package io.github.gpfm.distill.config;

import io.github.gpfm.support.Note;

/**
 * One expert.
 *
 * @param kind where its tokens come from
 * @param model catalogue name for {@link Kind#CATALOGUE}; free text otherwise
 * @param path weights, TorchScript file or token cache
 * @param classWeight weight of the class-token term; 0 for none
 * @param patchWeight weight of the patch-token term; 0 for none
 * @param normalize whether tokens are brought to unit length before use
 */
public record ExpertConfig(
    Kind kind,
    String model,
    @Note String path,
    double classWeight,
    double patchWeight,
    boolean normalize) {
  /** Sources of expert tokens. */
  public enum Kind {
    /** An encoder of the catalogue of {@code gpfm-encoder}. */
    CATALOGUE,
    /**
     * A weight file of GPFM's layout, such as an earlier run exported; the file tells the network's
     * shape.
     */
    WEIGHTS,
    /** A TorchScript file from normalised crops to tokens. */
    TORCHSCRIPT,
    /** Tokens of the tiles computed beforehand. */
    CACHE,
    /** Given by the program that starts the run. */
    PROGRAM
  }
}
