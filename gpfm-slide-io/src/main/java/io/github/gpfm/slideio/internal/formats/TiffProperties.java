package io.github.gpfm.slideio.internal.formats;

import io.github.gpfm.slideio.internal.builtin.Numbers;
import io.github.gpfm.slideio.internal.builtin.SlideContent;
import io.github.gpfm.slideio.internal.io.SlideFile;
import io.github.gpfm.slideio.internal.tiff.TiffDirectory;
import io.github.gpfm.slideio.internal.tiff.TiffImage;
import io.github.gpfm.slideio.internal.tiff.TiffTag;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.Map;

/** The properties that OpenSlide gives every TIFF, and its quick hash. */
final class TiffProperties {
  private static final long MAX_HASHED = 5L << 20;
  private static final int HASH_BLOCK = 1 << 16;

  /** In the order in which the quick hash takes them. */
  private static final Map<String, Integer> TEXTS = new LinkedHashMap<>();

  private static final Map<String, Integer> NUMBERS =
      Map.of(
          "tiff.XResolution", TiffTag.X_RESOLUTION,
          "tiff.YResolution", TiffTag.Y_RESOLUTION,
          "tiff.XPosition", TiffTag.X_POSITION,
          "tiff.YPosition", TiffTag.Y_POSITION);

  static {
    TEXTS.put("tiff.ImageDescription", TiffTag.IMAGE_DESCRIPTION);
    TEXTS.put("tiff.Make", TiffTag.MAKE);
    TEXTS.put("tiff.Model", TiffTag.MODEL);
    TEXTS.put("tiff.Software", TiffTag.SOFTWARE);
    TEXTS.put("tiff.DateTime", TiffTag.DATE_TIME);
    TEXTS.put("tiff.Artist", TiffTag.ARTIST);
    TEXTS.put("tiff.HostComputer", TiffTag.HOST_COMPUTER);
    TEXTS.put("tiff.Copyright", TiffTag.COPYRIGHT);
    TEXTS.put("tiff.DocumentName", TiffTag.DOCUMENT_NAME);
  }

  private TiffProperties() {}

  /**
   * Adds {@code tiff.*}, {@code openslide.comment}, {@code openslide.quickhash-1} and the ICC
   * profile.
   *
   * @param directory whose properties they are
   * @param smallest the level whose coded tiles go into the hash
   */
  static void addTo(SlideContent content, TiffDirectory directory, TiffImage smallest) {
    Map<String, String> properties = content.properties();
    directory
        .text(TiffTag.IMAGE_DESCRIPTION)
        .ifPresent(text -> properties.put("openslide.comment", text));
    TEXTS.forEach((key, tag) -> directory.text(tag).ifPresent(text -> properties.put(key, text)));
    NUMBERS.forEach(
        (key, tag) ->
            directory.floating(tag).ifPresent(value -> properties.put(key, Numbers.format(value))));
    properties.put("tiff.ResolutionUnit", resolutionUnit(directory));
    content.setIccProfile(directory.bytes(TiffTag.ICC_PROFILE));
    addQuickHash(properties, directory, smallest);
  }

  private static String resolutionUnit(TiffDirectory directory) {
    return switch ((int) directory.integer(TiffTag.RESOLUTION_UNIT, 2)) {
      case 1 -> "none";
      case 2 -> "inch";
      case 3 -> "centimeter";
      default -> "unknown";
    };
  }

  /** SHA-256 over the smallest level's tiles and the texts; none for more than 5 MiB of tiles. */
  private static void addQuickHash(
      Map<String, String> properties, TiffDirectory directory, TiffImage smallest) {
    SlideFile file = directory.file();
    long total = 0;
    for (long count : smallest.allByteCounts()) {
      total += count;
      if (count < 0 || total > MAX_HASHED) {
        return;
      }
    }
    MessageDigest hash = sha256();
    for (int i = 0; i < smallest.allByteCounts().length; i++) {
      long from = smallest.offsets()[i];
      long left = smallest.allByteCounts()[i];
      while (left > 0) {
        byte[] block = file.read(from, Math.min(HASH_BLOCK, left));
        hash.update(block);
        from += block.length;
        left -= block.length;
      }
    }
    TEXTS.forEach(
        (key, tag) -> {
          update(hash, key.getBytes(StandardCharsets.UTF_8));
          update(hash, directory.rawText(tag).orElse(new byte[0]));
        });
    properties.put("openslide.quickhash-1", HexFormat.of().formatHex(hash.digest()));
  }

  private static void update(MessageDigest hash, byte[] text) {
    hash.update(text);
    hash.update((byte) 0);
  }

  private static MessageDigest sha256() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java has SHA-256", e);
    }
  }
}
