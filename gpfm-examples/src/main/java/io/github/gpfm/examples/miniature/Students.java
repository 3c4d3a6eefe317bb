package io.github.gpfm.examples.miniature;

import io.github.gpfm.distill.config.DistillConfig;
import io.github.gpfm.distill.config.DistillConfigs;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;

/** The four students: same network, tiles, steps, schedules; only what they learn from differs. */
enum Students {
  /** Drawn at random, never trained. */
  NONE("untrained"),
  /** DINO, iBOT and KoLeo. */
  SELF("self only"),
  /** The experts. */
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

  /** The student's configuration from the one that all share. */
  DistillConfig config(DistillConfig shared, long seed) {
    Map<String, String> changes = new LinkedHashMap<>();
    changes.put("train.seed", String.valueOf(seed));
    if (this == NONE || this == SELF) {
      changes.put("experts", "{}");
    }
    if (this == EXPERTS) {
      for (String term : new String[] {"dino", "ibot", "koleo"}) {
        changes.put("self." + term + "-weight", "0.0");
      }
    }
    return DistillConfigs.with(shared, changes);
  }
}
