package io.github.gpfm.eval.mil;

import io.github.gpfm.eval.EvaluationException;
import java.util.Arrays;
import java.util.Locale;
import java.util.stream.Collectors;

/** The networks over bags. */
public enum MilKind {
  /** Attention pooling as the paper's reference implements it: tanh, not gated. */
  ABMIL,
  /** Attention pooling with a sigmoid gate (Ilse et al., 2018). */
  GATED_ABMIL,
  /** Mean of the tiles' logits. */
  MEAN,
  /** Maximum of the tiles' logits. */
  MAX,
  /** CLAM with a single attention branch and instance clustering (Lu et al., 2021). */
  CLAM_SB,
  /** DSMIL (Li et al., 2021): critical tiles and their like; for classes only. */
  DSMIL,
  /** TransMIL (Shao et al., 2021). */
  TRANSMIL;

  /** Name in configurations: {@code abmil}, {@code gated-abmil}, … */
  public String key() {
    return name().toLowerCase(Locale.ROOT).replace('_', '-');
  }

  /**
   * The network of that name.
   *
   * @throws EvaluationException if there is none
   */
  public static MilKind of(String name) {
    return Arrays.stream(values())
        .filter(k -> k.key().equals(name.toLowerCase(Locale.ROOT)))
        .findFirst()
        .orElseThrow(
            () ->
                new EvaluationException(
                    "there is no MIL network '"
                        + name
                        + "'; choose one of "
                        + Arrays.stream(values())
                            .map(MilKind::key)
                            .collect(Collectors.joining(", "))));
  }
}
