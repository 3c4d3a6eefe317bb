package io.github.gpfm.slideio;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import io.github.gpfm.slideio.internal.io.SlideFile;
import io.github.gpfm.slideio.internal.tiff.TiffReader;
import io.github.gpfm.slideio.internal.tiff.TiffTag;
import io.github.gpfm.testkit.Fixtures;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Stream;

/**
 * One slide and the JSON file beside it that records what the reference reader says and returns.
 */
record SlideFixture(Path slide, JsonObject json) {
  /** TIFF compressions: none, LZW, deflate by its two numbers, PackBits. */
  private static final Set<Long> LOSSLESS = Set.of(1L, 5L, 8L, 32946L, 32773L);

  /** Every slide with a record under {@code data/slides} and {@code data/tiling}. */
  static List<SlideFixture> all() {
    List<SlideFixture> fixtures = new ArrayList<>();
    for (String folder : List.of("slides", "tiling")) {
      try (Stream<Path> files = Files.walk(Fixtures.data(folder))) {
        files
            .filter(file -> file.toString().endsWith(".json"))
            .sorted()
            .forEach(file -> load(file).ifPresent(fixtures::add));
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
    return fixtures;
  }

  /** Those that record levels and regions of the reference reader. */
  static List<SlideFixture> readable() {
    return all().stream().filter(SlideFixture::opens).toList();
  }

  /** Those whose properties and associated images are recorded too. */
  static List<SlideFixture> described() {
    return readable().stream().filter(fixture -> fixture.json.has("properties")).toList();
  }

  /** Those that the reference reader refuses. */
  static List<SlideFixture> refusedOnes() {
    return all().stream().filter(SlideFixture::refused).toList();
  }

  private static Optional<SlideFixture> load(Path file) {
    JsonObject json = Fixtures.json(file);
    boolean describesSlide = json.has("regions") || json.has("opens") || json.has("frames");
    if (!json.has("file") || !describesSlide) {
      return Optional.empty();
    }
    return Optional.of(new SlideFixture(file.resolveSibling(json.get("file").getAsString()), json));
  }

  /** Whether the reference reader opens it. */
  boolean opens() {
    return json.has("regions") && (!json.has("opens") || json.get("opens").getAsBoolean());
  }

  /** Whether the reference reader refuses it and the record says so. */
  boolean refused() {
    return json.has("opens") && !json.get("opens").getAsBoolean();
  }

  /** Whether it is a DICOM slide whose frames are recorded. */
  boolean dicom() {
    return json.has("frames");
  }

  /** The TIFF orientation tag of the first image, 1 for upright. */
  long orientation() {
    try (SlideFile file = new SlideFile(slide)) {
      return TiffReader.read(file).first().integer(TiffTag.ORIENTATION, 1);
    }
  }

  /** Whether its pixels are stored without loss, so that every reader must give the same. */
  boolean lossless() {
    try (SlideFile file = new SlideFile(slide)) {
      return LOSSLESS.contains(TiffReader.read(file).first().integer(TiffTag.COMPRESSION, 1));
    }
  }

  /** For instance {@code 3.4.1}. */
  String referenceVersion() {
    String reader = json.get("reference_reader").getAsString();
    return reader.substring(reader.lastIndexOf(' ') + 1);
  }

  /** A string that the record may lack or hold as null. */
  Optional<String> text(String key) {
    JsonElement value = json.get(key);
    return value == null || value.isJsonNull()
        ? Optional.empty()
        : Optional.of(value.getAsString());
  }

  Map<String, String> properties() {
    Map<String, String> properties = new TreeMap<>();
    json.getAsJsonObject("properties")
        .entrySet()
        .forEach(entry -> properties.put(entry.getKey(), entry.getValue().getAsString()));
    return properties;
  }

  Map<String, JsonObject> associatedImages() {
    Map<String, JsonObject> images = new TreeMap<>();
    json.getAsJsonObject("associated_images")
        .entrySet()
        .forEach(entry -> images.put(entry.getKey(), entry.getValue().getAsJsonObject()));
    return images;
  }

  List<Region> regions() {
    List<Region> regions = new ArrayList<>();
    for (JsonElement element : json.getAsJsonArray("regions")) {
      JsonObject region = element.getAsJsonObject();
      regions.add(
          new Region(
              region.get("x").getAsLong(),
              region.get("y").getAsLong(),
              region.get("level").getAsInt(),
              region.get("w").getAsInt(),
              region.get("h").getAsInt(),
              region));
    }
    return regions;
  }

  /** A recorded region: where it lies and what the reference reader returned. */
  record Region(long x, long y, int level, int width, int height, JsonObject json) {
    boolean fails() {
      return json.has("error");
    }

    String sha256() {
      return json.get("sha256_rgba").getAsString();
    }

    String label() {
      return x + "," + y + " level " + level + " " + width + "x" + height;
    }
  }

  /** SHA-256 of the bytes R, G, B, A of every pixel, row-major. */
  static String sha256Rgba(BufferedImage image) {
    int[] argb = image.getRGB(0, 0, image.getWidth(), image.getHeight(), null, 0, image.getWidth());
    byte[] bytes = new byte[argb.length * 4];
    for (int i = 0; i < argb.length; i++) {
      bytes[4 * i] = (byte) (argb[i] >> 16);
      bytes[4 * i + 1] = (byte) (argb[i] >> 8);
      bytes[4 * i + 2] = (byte) argb[i];
      bytes[4 * i + 3] = (byte) (argb[i] >> 24);
    }
    return sha256(bytes);
  }

  static String sha256(byte[] bytes) {
    try {
      return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
  }

  @Override
  public String toString() {
    return slide.getFileName().toString();
  }
}
