package io.github.gpfm.slideio.spi;

import io.github.gpfm.api.Mpp;
import io.github.gpfm.api.MppSource;
import io.github.gpfm.api.SlideOptions;
import java.util.EnumMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Collects what a file says about its resolution and decides by the order of {@link MppSource}: the
 * caller's override, the vendor's property, the TIFF resolution tags, OME-XML, DICOM, the objective
 * power.
 */
public final class MppEvidence {
  /**
   * Nothing coarser than this (µm per pixel) is believed of a slide's level 0, unless DICOM says
   * it: coarser values are print resolutions such as 72 or 300 dpi that a program wrote for want of
   * a better one.
   */
  public static final double COARSEST_MPP = 10;

  /** Nothing finer than this (µm per pixel) is believed: light resolves no more than 0.2 µm. */
  public static final double FINEST_MPP = 0.01;

  /** Vendors whose {@code openslide.mpp-x} OpenSlide itself takes from the TIFF resolution tags. */
  private static final Set<String> RESOLUTION_VENDORS =
      Set.of("generic-tiff", "hamamatsu", "trestle");

  /** µm in ImageJ's units. */
  private static final Map<String, Double> IMAGEJ_UNITS =
      Map.ofEntries(
          Map.entry("micron", 1.0),
          Map.entry("microns", 1.0),
          Map.entry("micrometer", 1.0),
          Map.entry("um", 1.0),
          Map.entry("\\u00B5m", 1.0),
          Map.entry("\u00b5m", 1.0),
          Map.entry("\u03bcm", 1.0),
          Map.entry("nm", 1e-3),
          Map.entry("mm", 1e3),
          Map.entry("cm", 1e4),
          Map.entry("inch", 25_400.0));

  private final Map<MppSource, Mpp> found = new EnumMap<>(MppSource.class);
  private @Nullable String refused;

  /**
   * Adds one statement; values that are not finite and positive, coarser than {@link #COARSEST_MPP}
   * or finer than {@link #FINEST_MPP}, are no statement.
   *
   * @param source what says it
   * @param x µm per level-0 pixel along a row
   * @param y µm per level-0 pixel along a column
   * @return this
   */
  public MppEvidence add(MppSource source, double x, double y) {
    boolean possible = x > 0 && y > 0 && !Double.isInfinite(x) && !Double.isInfinite(y);
    // DICOM states a spacing of what was scanned, were it a label.
    boolean coarse = source != MppSource.DICOM && (x > COARSEST_MPP || y > COARSEST_MPP);
    boolean fine = x < FINEST_MPP || y < FINEST_MPP;
    if (possible && !coarse && !fine) {
      found.putIfAbsent(source, new Mpp(x, y, source));
    } else if (possible && refused == null) {
      refused =
          String.format(
              Locale.ROOT,
              "%.4g x %.4g um per pixel (%s: %.4g dpi), %s",
              x,
              y,
              source.label(),
              25_400 / x,
              fine ? "finer than any microscope" : "a print resolution");
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
    addImageJ(properties);
    double power = number(properties, "openslide.objective-power").orElse(0);
    return add(MppSource.OBJECTIVE_POWER, 10 / power, 10 / power);
  }

  /** ImageJ writes pixels per unit into the TIFF tags and the unit into the description. */
  private void addImageJ(Map<String, String> properties) {
    String description = properties.getOrDefault("tiff.ImageDescription", "");
    if (!description.startsWith("ImageJ=")) {
      return;
    }
    double unit =
        description
            .lines()
            .filter(line -> line.startsWith("unit="))
            .mapToDouble(line -> IMAGEJ_UNITS.getOrDefault(line.substring(5).strip(), 0.0))
            .findFirst()
            .orElse(0);
    add(
        MppSource.TIFF_RESOLUTION,
        unit / number(properties, "tiff.XResolution").orElse(0),
        unit / number(properties, "tiff.YResolution").orElse(0));
  }

  /** A stated resolution that is too coarse or too fine to be believed, as a clause. */
  public Optional<String> refused() {
    return found.isEmpty() ? Optional.ofNullable(refused) : Optional.empty();
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
