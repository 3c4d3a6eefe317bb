package io.github.gpfm.eval.bench;

/** What the scores of {@link Predictions} are. */
public enum PredictionKind {
  /** One score a class; the truth is the index of the class. */
  CLASSES,
  /** A risk, and survival at times where the head gives it; the truth is time and censorship. */
  SURVIVAL,
  /** One number a target; the truth is the number, NaN where unknown. */
  VALUES,
  /** One probability a label; the truth is 0 or 1, NaN where unknown. */
  LABELS,
  /** What a case contributes to the mean of each figure; NaN where it does not count. */
  CREDITS,
  /** As {@link #CREDITS}, averaged within the classes first; the truth is the class. */
  CLASS_CREDITS,
  /** The counts BLEU pools over the corpus, then each text's own figures. */
  TEXTS,
  /**
   * Pairs of columns, hits and trials: the figure is the sum of the hits over that of the trials.
   */
  RATIOS
}
