package io.github.gpfm.image;

import io.github.gpfm.api.GpfmException;
import io.github.gpfm.support.Budget;
import java.awt.image.BufferedImage;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Iterator;
import javax.imageio.ImageReader;
import javax.imageio.ImageTypeSpecifier;
import javax.imageio.stream.ImageInputStream;
import javax.imageio.stream.MemoryCacheImageInputStream;

/**
 * The one door to pictures from strangers that are not slides: tiles, queries, reports. Their
 * header is looked at before memory is taken; only their first image is read, by {@link RgbImages}'
 * rule.
 */
public final class PictureFile {
  /** Pixels, at most. */
  public static final long MAX_PIXELS = 1L << 26;

  /** Pixels of a side, at most. */
  public static final int MAX_EDGE = 65_535;

  /** Scans of a JPEG, at most: each costs as much time as the first, and few bytes. */
  private static final int MAX_SCANS = 64;

  /** Deflate makes at most 1:1032, and a pixel has at least one bit. */
  private static final long DENSEST_PNG = 8 * 1040;

  /** A block of 64 pixels takes at least two bits in a JPEG, a chroma block serves four. */
  private static final long DENSEST_JPEG = 4 * 256;

  private PictureFile() {}

  /**
   * Reads a picture within the default bounds.
   *
   * @throws GpfmException if it cannot be read, naming it and the reason
   */
  public static BufferedImage read(Path file) {
    return read(file, Budget.of(file, GpfmException::new));
  }

  /**
   * Reads a picture.
   *
   * @param budget of the file; its kind of exception is thrown for what is no picture
   */
  public static BufferedImage read(Path file, Budget budget) {
    return decode(
        budget.open(
            "a picture",
            () -> {
              budget.bytes(Files.size(file), "its content");
              return Files.readAllBytes(file);
            }),
        budget);
  }

  /**
   * Decodes a picture.
   *
   * @param bytes a file's content
   * @param budget of the file; its kind of exception is thrown for what is no picture
   */
  public static BufferedImage decode(byte[] bytes, Budget budget) {
    return budget.open(
        "a picture",
        () -> {
          try (ImageInputStream in =
              new MemoryCacheImageInputStream(new ByteArrayInputStream(bytes))) {
            ImageReader reader =
                RgbImages.reader(in)
                    .orElseThrow(
                        () ->
                            new IOException(
                                "its format is none that is known, such as PNG, JPEG or TIFF"));
            try {
              reader.setInput(in, true, true);
              requireSane(bytes, reader.getWidth(0), reader.getHeight(0));
              budget.bytes(memory(reader), "its pixels");
              return RgbImages.read(reader);
            } finally {
              reader.dispose();
            }
          }
        });
  }

  /** Of the decoded image, its samples as RGB and its pixels. */
  private static long memory(ImageReader reader) throws IOException {
    long pixels = (long) reader.getWidth(0) * reader.getHeight(0);
    Iterator<ImageTypeSpecifier> types = reader.getImageTypes(0);
    int bits = types.hasNext() ? types.next().getColorModel().getPixelSize() : 24;
    return pixels * (Math.max(1, bits / 8) + 3 + Integer.BYTES);
  }

  /**
   * Refuses a size that no tile has, or that the bytes cannot fill.
   *
   * @throws IOException whose message says what is wrong, as the end of a sentence
   */
  public static void requireSane(byte[] bytes, int width, int height) throws IOException {
    long pixels = (long) width * height;
    if (pixels > MAX_PIXELS || Math.max(width, height) > MAX_EDGE) {
      throw new IOException(
          "it has %d x %d pixels, more than %d a side or %d in all"
              .formatted(width, height, MAX_EDGE, MAX_PIXELS));
    }
    if ((isPng(bytes) && pixels / DENSEST_PNG > bytes.length)
        || (isJpeg(bytes) && pixels / DENSEST_JPEG > bytes.length)) {
      throw new IOException("it is too short for its size");
    }
    if (isJpeg(bytes) && scans(bytes) > MAX_SCANS) {
      throw new IOException("it has more than %d scans".formatted(MAX_SCANS));
    }
  }

  /** In the data of a scan this pair does not occur. */
  private static int scans(byte[] bytes) {
    int scans = 0;
    for (int at = 0; at + 1 < bytes.length; at++) {
      if (bytes[at] == (byte) 0xff && bytes[at + 1] == (byte) 0xda) {
        scans++;
      }
    }
    return scans;
  }

  /** Whether it begins as a PNG does. */
  public static boolean isPng(byte[] bytes) {
    return bytes.length > 8 && ByteBuffer.wrap(bytes).getLong() == 0x89504e470d0a1a0aL;
  }

  /** Whether it begins as a JPEG does. */
  public static boolean isJpeg(byte[] bytes) {
    return bytes.length > 3 && ByteBuffer.wrap(bytes).getInt() >>> 8 == 0xffd8ff;
  }
}
