package io.github.gpfm.tiling.dataset;

import io.github.gpfm.api.InvalidOptionException;
import io.github.gpfm.tiling.picture.ImageFiles;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.util.Locale;

/** How extracted tiles are stored. The same tile gives the same bytes. */
public sealed interface TileEncoding {
  /** Extension of the files, without a dot. */
  String extension();

  /** Encodes a tile. */
  byte[] encode(BufferedImage tile) throws IOException;

  /**
   * JPEG with 4:2:0 chroma.
   *
   * @param quality 1 to 100
   */
  record Jpeg(int quality) implements TileEncoding {
    /** Checks the range. */
    public Jpeg {
      requireQuality(quality);
    }

    @Override
    public String extension() {
      return "jpg";
    }

    @Override
    public byte[] encode(BufferedImage tile) throws IOException {
      return ImageFiles.jpeg(tile, quality / 100f);
    }
  }

  /** PNG, without loss. */
  record Png() implements TileEncoding {
    @Override
    public String extension() {
      return "png";
    }

    @Override
    public byte[] encode(BufferedImage tile) throws IOException {
      return ImageFiles.png(tile);
    }
  }

  /**
   * WebP.
   *
   * @param quality 1 to 100; of no matter without loss
   * @param lossless whether every pixel keeps its value
   */
  record Webp(int quality, boolean lossless) implements TileEncoding {
    /** Checks the range. */
    public Webp {
      requireQuality(quality);
    }

    @Override
    public String extension() {
      return "webp";
    }

    @Override
    public byte[] encode(BufferedImage tile) throws IOException {
      return ImageFiles.webp(tile, quality / 100f, lossless);
    }

    /** Tried before any slide is read, because not every platform has the native library. */
    private Webp tried() {
      try {
        encode(new BufferedImage(1, 1, BufferedImage.TYPE_INT_RGB));
        return this;
      } catch (IOException e) {
        throw new InvalidOptionException(
                "WebP cannot be written here (" + e.getMessage() + "): choose jpeg or png.", e)
            .about("format");
      }
    }
  }

  /**
   * The encoding of the given name.
   *
   * @param name {@code jpeg}, {@code jpg}, {@code png} or {@code webp}
   * @param quality of JPEG and WebP with loss, 1 to 100
   * @param lossless whether WebP is written without loss; PNG always is, JPEG cannot be
   * @throws InvalidOptionException if there is none, or WebP's native library is missing here
   */
  static TileEncoding of(String name, int quality, boolean lossless) {
    String format = name.toLowerCase(Locale.ROOT);
    if (lossless && (format.equals("jpg") || format.equals("jpeg"))) {
      throw new InvalidOptionException(
              "lossless and jpeg contradict each other: choose webp or png.")
          .about("lossless", "format");
    }
    return switch (format) {
      case "jpg", "jpeg" -> new Jpeg(quality);
      case "png" -> new Png();
      case "webp" -> new Webp(quality, lossless).tried();
      default ->
          throw new InvalidOptionException(
                  "A tile format must be jpeg, png or webp, not " + name + ".")
              .about("format");
    };
  }

  private static void requireQuality(int quality) {
    if (quality < 1 || quality > 100) {
      throw new InvalidOptionException("quality must be from 1 to 100, not " + quality + ".")
          .about("quality");
    }
  }
}
