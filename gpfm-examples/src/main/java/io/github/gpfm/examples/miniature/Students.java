package io.github.gpfm.examples.miniature;

import io.github.gpfm.distill.config.DistillConfig;
import io.github.gpfm.distill.config.DistillConfigs;
import java.util.Locale;

/** The four students: same network, tiles, steps, schedules; only what they learn from differs. */
enum Students {
  /** Drawn at random, never trained. */
  NONE("untrained"),
  /** DINO, iBOT and KoLeo. */
  SELF("self only"),
  /** The three experts. */
  EXPERTS("experts only"),
  /** Both, as the paper does. */
  BOTH("experts + self");

  private final String title;

  Students(String title) {
    this.title = title;
  }

  /** For tables. */
  String title() {
    return title;
  }

  /** File name. */
  String key() {
    return name().toLowerCase(Locale.ROOT);
  }

  /**
   * The student's configuration.
   *
   * @param base preset or file that all students share
   * @param epochs length of the schedules
   */
  DistillConfig config(String base, int epochs, long seed) {
    String experts =
        """
        experts:
          stain: {kind: program, model: stain, path: "", class-weight: 1.0, patch-weight: 0.25, normalize: false}
          texture: {kind: program, model: texture, path: "", class-weight: 1.0, patch-weight: 0.25, normalize: false}
          nuclei: {kind: program, model: nuclei, path: "", class-weight: 1.0, patch-weight: 0.25, normalize: false}
        """;
    boolean taught = this == EXPERTS || this == BOTH;
    String self =
        this == EXPERTS ? "self: {dino-weight: 0.0, ibot-weight: 0.0, koleo-weight: 0.0}\n" : "";
    return DistillConfigs.parse(
        title,
        "preset: %s\n%s%soptim: {epochs: %d}\ntrain: {seed: %d}\n"
            .formatted(base, self, taught ? experts : "experts: {}\n", epochs, seed));
  }
}
