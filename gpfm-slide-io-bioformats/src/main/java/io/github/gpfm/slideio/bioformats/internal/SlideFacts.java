package io.github.gpfm.slideio.bioformats.internal;

import io.github.gpfm.api.Mpp;
import io.github.gpfm.api.MppSource;
import io.github.gpfm.api.SlideLevel;
import io.github.gpfm.api.SlideOptions;
import io.github.gpfm.slideio.spi.MppEvidence;
import io.github.gpfm.slideio.spi.SlideDescription;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.TreeMap;

/** Collects what an initialised reader says about a slide. */
final class SlideFacts {
  private static final String PLAIN_TIFF = "generic-tiff";

  private SlideFacts() {}

  static SlideDescription describe(
      ReaderSession session, SlideLayout layout, SlideOptions options) {
    FormatReader reader = session.reader();
    String vendor = Vendors.of(reader.getFormat());
    OptionalDouble power = objectivePower(session.metadata(), layout.series());
    MppEvidence evidence = new MppEvidence();
    Map<String, String> properties = new TreeMap<>();
    original(reader, layout.series(), properties);
    if (!vendor.equals(PLAIN_TIFF) || hasUnit(properties)) {
      addPhysicalSize(session, layout.series(), vendor, evidence);
    }
    power.ifPresent(p -> evidence.add(MppSource.OBJECTIVE_POWER, 10 / p, 10 / p));
    properties.put("bioformats.format", reader.getFormat());
    properties.put("bioformats.series", Integer.toString(layout.series()));
    properties.put("bioformats.series-count", Integer.toString(reader.getSeriesCount()));
    properties.put("openslide.vendor", vendor);
    evidence.decide(SlideOptions.DEFAULT).ifPresent(mpp -> addMpp(mpp, properties));
    power.ifPresent(p -> properties.put("openslide.objective-power", number(p)));
    List<SlideLevel> levels = levels(layout, properties);
    return new SlideDescription(
        vendor,
        levels,
        evidence.decide(options),
        power,
        properties,
        layout.associated().keySet(),
        evidence.refused());
  }

  private static List<SlideLevel> levels(SlideLayout layout, Map<String, String> properties) {
    List<SlideLevel> levels = new ArrayList<>();
    properties.put("openslide.level-count", Integer.toString(layout.levels().size()));
    for (int i = 0; i < layout.levels().size(); i++) {
      ImagePage page = layout.levels().get(i);
      double downsample = layout.downsample(i);
      levels.add(new SlideLevel(i, page.width(), page.height(), downsample));
      String prefix = "openslide.level[" + i + "].";
      properties.put(prefix + "width", Integer.toString(page.width()));
      properties.put(prefix + "height", Integer.toString(page.height()));
      properties.put(prefix + "downsample", number(downsample));
      properties.put(prefix + "tile-width", Integer.toString(page.tileWidth()));
      properties.put(prefix + "tile-height", Integer.toString(page.tileHeight()));
    }
    return levels;
  }

  /** Whether a TIFF's resolution tags have a unit; without one Bio-Formats supposes µm. */
  private static boolean hasUnit(Map<String, String> properties) {
    String unit = properties.getOrDefault("bioformats.ResolutionUnit", "None");
    return !unit.equals("None") || properties.containsKey("bioformats.Unit");
  }

  private static void addMpp(Mpp mpp, Map<String, String> properties) {
    if (mpp.source() != MppSource.OBJECTIVE_POWER) {
      properties.put("openslide.mpp-x", number(mpp.x()));
      properties.put("openslide.mpp-y", number(mpp.y()));
    }
  }

  /**
   * The physical pixel size of the OME model. Bio-Formats fills it from the TIFF resolution tags of
   * a plain TIFF and from PixelSpacing of DICOM, and these are then named as the evidence.
   */
  private static void addPhysicalSize(
      ReaderSession session, int series, String vendor, MppEvidence evidence) {
    OmeMetadata metadata = session.metadata();
    OptionalDouble x =
        session
            .values()
            .micrometres(OmeMetadata.stated(() -> metadata.getPixelsPhysicalSizeX(series)));
    OptionalDouble y =
        session
            .values()
            .micrometres(OmeMetadata.stated(() -> metadata.getPixelsPhysicalSizeY(series)));
    if (x.isEmpty() || y.isEmpty()) {
      return;
    }
    MppSource source =
        switch (vendor) {
          case PLAIN_TIFF -> MppSource.TIFF_RESOLUTION;
          case "dicom" -> MppSource.DICOM;
          default -> MppSource.OME_XML;
        };
    evidence.add(source, x.getAsDouble(), y.getAsDouble());
  }

  /** The nominal magnification of the image's objective, or of the first that has one. */
  private static OptionalDouble objectivePower(OmeMetadata metadata, int series) {
    String wanted = OmeMetadata.stated(() -> metadata.getObjectiveSettingsID(series));
    Optional<Double> first = Optional.empty();
    for (int i = 0; i < metadata.getInstrumentCount(); i++) {
      for (int j = 0; j < metadata.getObjectiveCount(i); j++) {
        int instrument = i;
        int objective = j;
        Double power =
            OmeMetadata.stated(
                () -> metadata.getObjectiveNominalMagnification(instrument, objective));
        if (power == null || !(power > 0) || power.isInfinite()) {
          continue;
        }
        if (wanted != null && wanted.equals(metadata.getObjectiveID(instrument, objective))) {
          return OptionalDouble.of(power);
        }
        if (first.isEmpty()) {
          first = Optional.of(power);
        }
      }
    }
    return first.map(OptionalDouble::of).orElse(OptionalDouble.empty());
  }

  /** The format's own metadata as Bio-Formats collects it, of the file and then of the series. */
  private static void original(FormatReader reader, int series, Map<String, String> properties) {
    reader.getGlobalMetadata().forEach((key, value) -> put(properties, key, value));
    reader.setSeries(series);
    reader.getSeriesMetadata().forEach((key, value) -> put(properties, key, value));
  }

  private static void put(Map<String, String> properties, String key, Object value) {
    properties.put("bioformats." + key, String.valueOf(value));
  }

  /** Plain decimal notation without needless zeros. */
  private static String number(double value) {
    return BigDecimal.valueOf(value).stripTrailingZeros().toPlainString();
  }
}
