package io.github.gpfm.eval.language;

import io.github.gpfm.eval.EvaluationException;
import java.nio.file.Path;
import java.util.Optional;

/**
 * Size and training of a language head.
 *
 * @param width width of the transformer, a multiple of the heads
 * @param heads attention heads
 * @param layers blocks (of encoder and decoder each)
 * @param maxWords longest text, words
 * @param maxTiles most visual tokens; larger bags are averaged in consecutive groups
 * @param learningRate Adam's step size
 * @param epochs most epochs
 * @param patience epochs without a better validation that end the training
 * @param seed seed of weights, order and dropout
 * @param tokenizer a {@code tokenizer.json}; without it one of words is made from the texts
 */
public record LanguageSettings(
    int width,
    int heads,
    int layers,
    int maxWords,
    int maxTiles,
    double learningRate,
    int epochs,
    int patience,
    long seed,
    Optional<Path> tokenizer) {
  /** Checks the sizes. */
  public LanguageSettings {
    if (width < 1
        || heads < 1
        || width % heads != 0
        || layers < 1
        || maxWords < 3
        || maxTiles < 1) {
      throw new EvaluationException(
          "a transformer of width "
              + width
              + ", "
              + heads
              + " heads and "
              + layers
              + " layers for "
              + maxWords
              + " words cannot be built");
    }
  }

  /** Small enough for a CPU. */
  public static LanguageSettings small() {
    return new LanguageSettings(128, 4, 2, 128, 256, 5e-4, 40, 8, 0, Optional.empty());
  }
}
