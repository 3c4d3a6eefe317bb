package io.github.gpfm.encoder.catalog;

import java.util.Arrays;
import java.util.Locale;

/** What a network gives as the feature of an image. */
public enum Feature {
  /** The class token after the final norm. */
  CLASS_TOKEN,
  /** The mean of all patch tokens (register tokens excluded) or of the last feature map. */
  MEAN_PATCH_TOKEN,
  /** The class token followed by the mean of the patch tokens. */
  CLASS_AND_MEAN_PATCH_TOKEN,
  /** The normalised class token times the image projection (CLIP's image embedding). */
  PROJECTED_CLASS_TOKEN,
  /** {@link #PROJECTED_CLASS_TOKEN} scaled to unit length (KEEP's image embedding). */
  UNIT_PROJECTED_CLASS_TOKEN,
  /** CONCH: the contrastive pooler's output after its norm, not projected. */
  CONTRAST,
  /** CONCH: {@link #CONTRAST} times the contrastive projection. */
  PROJECTED_CONTRAST,
  /** CONCH: {@link #PROJECTED_CONTRAST} scaled to unit length. */
  UNIT_CONTRAST;

  /** The name used in YAML and on the command line, lower case with dashes. */
  public String label() {
    return Sizes.label(this);
  }

  /**
   * The feature of that {@link #label()}.
   *
   * @throws CatalogException naming the features there are
   */
  public static Feature parse(String label) {
    for (Feature feature : values()) {
      if (feature.label().equals(label.toLowerCase(Locale.ROOT))) {
        return feature;
      }
    }
    throw new CatalogException(
        "There is no feature '%s'; choose one of %s."
            .formatted(
                label, String.join(", ", Arrays.stream(values()).map(Feature::label).toList())));
  }

  /** The name by which the program knows it. */
  String programName() {
    return name().toLowerCase(Locale.ROOT);
  }
}
