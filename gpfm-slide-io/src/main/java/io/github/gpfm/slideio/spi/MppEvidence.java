package io.github.gpfm.slideio.spi;

import io.github.gpfm.api.Mpp;
import io.github.gpfm.api.MppSource;
import io.github.gpfm.api.SlideOptions;
import java.util.EnumMap;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.Set;

/**
 * Collects what a file says about its resolution and decides by the order of {@link MppSource}: the
 * caller's override, the vendor's property, the TIFF resolution tags, OME-XML, DICOM, the objective
 * power.
 */
public final class MppEvidence {
  /**
   * TIFF resolutions coarser than this (µm per pixel) are print resolutions such as 72 dpi that a
   * program wrote for want of a better value, not a scanner's statement.
   */
  public static final double COARSEST_TIFF_MPP = 100;

  /** Vendors whose {@code openslide.mpp-x} OpenSlide itself takes from the TIFF resolution tags. */
  private static final Set<String> RESOLUTION_VENDORS =
      Set.of("generic-tiff", "hamamatsu", "trestle");

  private final Map<MppSource, Mpp> found = new EnumMap<>(MppSource.class);

  /**
   * Adds one statement; values that are not finite and positive are no statement.
   *
   * @param source what says it
   * @param x µm per level-0 pixel along a row
   * @param y µm per level-0 pixel along a column
   * @return this
   */
  public MppEvidence add(MppSource source, double x, double y) {
    boolean plausible = x > 0 && y > 0 && !Double.isInfinite(x) && !Double.isInfinite(y);
    if (source == MppSource.TIFF_RESOLUTION) {
      plausible &= x <= COARSEST_TIFF_MPP && y <= COARSEST_TIFF_MPP;
    }
    if (plausible) {
      found.putIfAbsent(source, new Mpp(x, y, source));
    }
    return this;
  }

  /**
   * Adds everything that OpenSlide-style properties say: {@code openslide.mpp-x/y}, {@code
   * tiff.XResolution/YResolution/ResolutionUnit} and {@code openslide.objective-power} (40x is
   * 0.25, 20x is 0.5: 10 divided by the power).
   *
   * @param vendor by OpenSlide's names
   * @param properties by OpenSlide's key names
   * @return this
   */
  public MppEvidence addProperties(String vendor, Map<String, String> properties) {
    double x = number(properties, "openslide.mpp-x").orElse(0);
    double y = number(properties, "openslide.mpp-y").orElse(0);
    MppSource source = MppSource.VENDOR;
    if (RESOLUTION_VENDORS.contains(vendor)) {
      source = MppSource.TIFF_RESOLUTION;
    } else if (vendor.equals("dicom")) {
      source = MppSource.DICOM;
    }
    add(source, x, y);
    double unit =
        switch (properties.getOrDefault("tiff.ResolutionUnit", "")) {
          case "centimeter" -> 10_000;
          case "inch" -> 25_400;
          default -> 0;
        };
    add(
        MppSource.TIFF_RESOLUTION,
        unit / number(properties, "tiff.XResolution").orElse(0),
        unit / number(properties, "tiff.YResolution").orElse(0));
    double power = number(properties, "openslide.objective-power").orElse(0);
    return add(MppSource.OBJECTIVE_POWER, 10 / power, 10 / power);
  }

  /**
   * The strongest statement.
   *
   * @param options their {@link SlideOptions#mpp()} overrides everything
   */
  public Optional<Mpp> decide(SlideOptions options) {
    if (options.mpp().isPresent()) {
      double mpp = options.mpp().getAsDouble();
      return Optional.of(new Mpp(mpp, mpp, MppSource.USER));
    }
    return found.values().stream().findFirst();
  }

  /** A property as a finite number, if it is one. */
  public static OptionalDouble number(Map<String, String> properties, String key) {
    String value = properties.get(key);
    if (value == null) {
      return OptionalDouble.empty();
    }
    try {
      double number = Double.parseDouble(value.trim().replace(',', '.'));
      return Double.isFinite(number) ? OptionalDouble.of(number) : OptionalDouble.empty();
    } catch (NumberFormatException e) {
      return OptionalDouble.empty();
    }
  }
}
