package io.github.gpfm.encoder.slide;

import io.github.gpfm.api.Embeddings;
import io.github.gpfm.api.GpfmException;
import io.github.gpfm.api.GpfmVersion;
import io.github.gpfm.api.Provenance;
import io.github.gpfm.api.SlideEncoderInfo;
import io.github.gpfm.api.SlideFeatures;
import io.github.gpfm.encoder.catalog.CatalogException;
import io.github.gpfm.encoder.catalog.Encoders;
import io.github.gpfm.encoder.features.FeatureFormat;
import io.github.gpfm.encoder.features.FeatureHeader;
import io.github.gpfm.encoder.features.FeatureReader;
import io.github.gpfm.encoder.features.FeatureWriter;
import io.github.gpfm.encoder.weights.WeightFile;
import io.github.gpfm.support.ResultTime;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.temporal.ChronoUnit;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** Feature files as the input of slide encoders, with what they say of the tiles. */
public final class SlideFeatureFiles {
  /** TRIDENT counts 10x as 1 µm per pixel. */
  private static final double MPP_AT_1X = 10;

  private SlideFeatureFiles() {}

  /**
   * Reads a file of this library, CLAM or TRIDENT, whole. What the file does not say stays unknown.
   *
   * @throws GpfmException if it is missing, damaged or empty, or holds patch tokens or values that
   *     are not finite
   */
  public static SlideFeatures read(Path file) {
    return builder(file).build();
  }

  /** {@link #read} with more to say, for files that do not say everything. */
  public static SlideFeatures.Builder builder(Path file) {
    try (FeatureReader reader = FeatureReader.openVectors(file)) {
      if (reader.rows() == 0) {
        throw new GpfmException(
            file + " holds no tile: there is nothing to make a slide's feature of.");
      }
      SlideFeatures.Builder builder =
          SlideFeatures.builder(
              String.valueOf(file.getFileName()),
              reader.dimension(),
              reader.read(0, reader.rows()));
      if (reader.coords().length > 0) {
        builder.coords(reader.coords());
      }
      reader.tileSize().ifPresent(builder::level0Size);
      describe(builder, reader.coordsAttributes());
      reader.provenance().ifPresent(provenance -> describe(builder, provenance));
      return builder;
    } catch (IllegalArgumentException e) {
      throw new GpfmException(file + ": " + e.getMessage() + ": make it again.", e);
    }
  }

  /**
   * What decides the feature of a slide: the encoder, the tiles' file and what that says of itself.
   *
   * @param tiles the file that {@link #read} was given
   * @param stated what of the tiles was stated beside the file, by name
   */
  public static Map<String, String> origin(
      SlideEncoderInfo encoder, Path tiles, Map<String, String> stated) {
    Map<String, String> entries = new TreeMap<>();
    entries.put("slide_encoder", encoder.name());
    entries.put("slide_encoder.feature", encoder.feature());
    entries.put("slide_encoder.weights.sha256", encoder.weightsSha256());
    entries.put("tiles.sha256", WeightFile.sha256(tiles));
    stated.forEach((name, value) -> entries.put("stated." + name, value));
    try (FeatureReader reader = FeatureReader.openVectors(tiles)) {
      reader
          .provenance()
          .ifPresent(
              p -> p.entries().forEach((name, value) -> entries.put("tiles." + name, value)));
    }
    return entries;
  }

  /** Whether a file was made of the same: its {@link #origin} is the given one. */
  public static boolean isOf(Path file, Map<String, String> origin) {
    if (!Files.isRegularFile(file)) {
      return false;
    }
    try (FeatureReader reader = FeatureReader.open(file)) {
      return reader.provenance().filter(found -> found.entries().equals(origin)).isPresent();
    } catch (GpfmException e) {
      // A damaged or foreign file of that name is made again.
      return false;
    }
  }

  /**
   * Writes a slide's feature as a file of one row, at the place 0, 0: what the benchmark takes for
   * a bag of one tile.
   *
   * @param file where to; its format must be {@code format}'s
   * @param name of the slide
   * @param feature what {@code SlideEncoder.embed} gave
   * @param origin see {@link #origin}
   * @throws io.github.gpfm.api.OutputException if it cannot be written
   */
  public static void write(
      Path file, FeatureFormat format, String name, float[] feature, Map<String, String> origin) {
    FeatureHeader header =
        new FeatureHeader(
            name,
            origin.getOrDefault("slide_encoder", ""),
            0,
            feature.length,
            new long[2],
            new TreeMap<>(),
            new Provenance(
                GpfmVersion.PRODUCER, ResultTime.now().truncatedTo(ChronoUnit.SECONDS), origin));
    try (FeatureWriter writer = format.create(file, header)) {
      writer.write(0, Embeddings.of(1, feature.length, feature));
      writer.commit();
    }
  }

  private static void describe(SlideFeatures.Builder builder, Map<String, Object> attributes) {
    number(attributes, "gpfm_mpp")
        .or(() -> number(attributes, "target_magnification").map(power -> MPP_AT_1X / power))
        .ifPresent(builder::mpp);
    number(attributes, "gpfm_tile_size")
        .or(
            () ->
                attributes.containsKey("target_magnification")
                    ? number(attributes, "patch_size")
                    : Optional.empty())
        .ifPresent(size -> builder.tileSize((int) Math.round(size)));
  }

  private static Optional<Double> number(Map<String, Object> attributes, String name) {
    return attributes.get(name) instanceof Number number
            && number.doubleValue() > 0
            && Double.isFinite(number.doubleValue())
        ? Optional.of(number.doubleValue())
        : Optional.empty();
  }

  private static void describe(SlideFeatures.Builder builder, Provenance provenance) {
    Map<String, String> entries = provenance.entries();
    String encoder = entries.getOrDefault("encoder", "");
    builder.encoder(encoder);
    builder.feature(feature(encoder, entries));
  }

  /** What of the model the features are: the option's name, unless tokens or layers were chosen. */
  private static String feature(String encoder, Map<String, String> entries) {
    if (entries.containsKey("layers")) {
      return "layers " + entries.get("layers");
    }
    return switch (entries.getOrDefault("tokens", "CLASS_TOKEN")) {
      case "CLASS_TOKEN" -> entries.getOrDefault("feature", usual(encoder));
      case "MEAN_PATCH_TOKEN" -> "mean-patch-token";
      case "CLASS_AND_MEAN_PATCH_TOKEN" -> "class-and-mean-patch-token";
      default -> entries.getOrDefault("tokens", "");
    };
  }

  private static String usual(String encoder) {
    try {
      return encoder.isEmpty() ? "" : Encoders.find(encoder).feature().label();
    } catch (CatalogException e) {
      // An encoder of the user's own.
      return "";
    }
  }
}
