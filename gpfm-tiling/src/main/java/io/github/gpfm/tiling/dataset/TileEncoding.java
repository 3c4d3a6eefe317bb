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
      if (quality < 1 || quality > 100) {
        throw new InvalidOptionException("--quality must be from 1 to 100, not " + quality + ".");
      }
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
   * The encoding of the given name.
   *
   * @param name {@code jpeg}, {@code jpg} or {@code png}
   * @param quality of JPEG, 1 to 100
   * @throws InvalidOptionException if there is none; WebP is not written
   */
  static TileEncoding of(String name, int quality) {
    return switch (name.toLowerCase(Locale.ROOT)) {
      case "jpg", "jpeg" -> new Jpeg(quality);
      case "png" -> new Png();
      case "webp" ->
          throw new InvalidOptionException("--format webp is not written: choose jpeg or png.");
      default ->
          throw new InvalidOptionException("--format must be jpeg or png, not " + name + ".");
    };
  }
}
