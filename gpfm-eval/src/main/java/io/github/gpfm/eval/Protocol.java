package io.github.gpfm.eval;

import java.util.Locale;

/**
 * Whose rules a figure obeys.
 *
 * <p>The reference implementation of the paper selects the epoch on the reported data wherever a
 * data set has no test split, lets the survival test fold equal its validation fold, and computes
 * the survival bins over all cases. {@link #OFFICIAL} repeats that; {@link #SOUND} does not.
 */
public enum Protocol {
  /** Selection never sees the reported data; a patient stands on one side only. */
  SOUND,
  /** As the reference implementation does it, number for number. */
  OFFICIAL;

  /** Lower-case name, as written in configurations. */
  public String key() {
    return name().toLowerCase(Locale.ROOT);
  }
}
