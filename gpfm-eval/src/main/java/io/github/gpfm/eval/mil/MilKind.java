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
  TRANSMIL,
  /**
   * DTFD-MIL (Zhang et al., 2022) with aggregated features: attention over the vectors of pseudo
   * bags; for classes only.
   */
  DTFD,
  /**
   * PANTHER (Song et al., 2024): a linear layer on the weights, means and variances of a mixture of
   * Gaussians around prototypes.
   */
  PANTHER,
  /**
   * HMIL (Jin et al., 2025): attention of every coarse and fine class, aligned along a hierarchy of
   * labels; for classes only.
   */
  HMIL,
  /**
   * FOCUS (Guo et al., 2025): tiles chosen and compressed by their fit to texts, read by attention
   * from the texts; for classes only.
   */
  FOCUS,
  /** Shazam (Lei et al., 2025): features of several encoders, distilled into one head. */
  SHAZAM;

  /** Whether the network learns from class labels only. */
  public boolean onlyClasses() {
    return this == DSMIL || this == DTFD || this == HMIL || this == FOCUS;
  }

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
