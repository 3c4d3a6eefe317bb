package io.github.gpfm.slideio.internal.codec;

import com.luciad.imageio.webp.internal.NativeLoader;
import java.awt.image.BufferedImage;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import javax.imageio.ImageIO;
import javax.imageio.ImageReader;
import javax.imageio.stream.MemoryCacheImageInputStream;

/** WebP pictures (TIFF compression 50001), by libwebp. */
public final class WebP {
  private static final int HEADER = 30;

  private WebP() {}

  /** Width and height, pixels. */
  private record Size(int width, int height) {}

  /**
   * Decodes a picture of a known width.
   *
   * @param data the picture
   * @param width pixels of a row wanted
   * @param rows rows wanted; a picture with more is cropped
   * @param samples 3 for RGB, 4 for RGB and straight alpha
   * @return rows x width x samples, interleaved
   * @throws CodecException if it is damaged or of another size, or this platform has no libwebp
   */
  public static byte[] decode(byte[] data, int width, int rows, int samples) throws CodecException {
    // The size is held against the tile's before the library takes memory for it.
    Size size = size(data);
    if (size.width() != width || size.height() < rows) {
      throw new CodecException(
          "its WebP picture has %d x %d pixels, not %d x %d"
              .formatted(size.width(), size.height(), width, rows));
    }
    if ((long) size.width() * size.height() > JpegDecoder.MAX_PIXELS) {
      throw new CodecException("its WebP picture is too large");
    }
    int[] argb = read(data).getRGB(0, 0, width, rows, null, 0, width);
    byte[] result = new byte[width * rows * samples];
    for (int i = 0, to = 0; i < argb.length; i++) {
      result[to++] = (byte) (argb[i] >> 16);
      result[to++] = (byte) (argb[i] >> 8);
      result[to++] = (byte) argb[i];
      if (samples == 4) {
        result[to++] = (byte) (argb[i] >>> 24);
      }
    }
    return result;
  }

  private static BufferedImage read(byte[] data) throws CodecException {
    try {
      // Called here because the plug-in itself prints a stack trace where this fails.
      NativeLoader.initialize();
    } catch (RuntimeException | LinkageError e) {
      throw new CodecException(
          "WebP needs libwebp, which webp-imageio does not have for "
              + System.getProperty("os.name")
              + " "
              + System.getProperty("os.arch"),
          e);
    }
    ImageReader reader = reader();
    try (MemoryCacheImageInputStream in =
        new MemoryCacheImageInputStream(new ByteArrayInputStream(data))) {
      reader.setInput(in);
      return reader.read(0);
    } catch (IOException | RuntimeException e) {
      throw new CodecException("the WebP data is invalid", e);
    } finally {
      reader.dispose();
    }
  }

  private static ImageReader reader() throws CodecException {
    var readers = ImageIO.getImageReadersByFormatName("webp");
    while (readers.hasNext()) {
      ImageReader reader = readers.next();
      if (reader.getClass().getName().startsWith("com.luciad.")) {
        return reader;
      }
      reader.dispose();
    }
    throw new CodecException("WebP needs webp-imageio, which is not on the class path");
  }

  /** The size by the first chunk, which is VP8, VP8L or VP8X. */
  private static Size size(byte[] data) throws CodecException {
    if (data.length < HEADER || !text(data, 0).equals("RIFF") || !text(data, 8).equals("WEBP")) {
      throw new CodecException("the WebP data has no header");
    }
    ByteBuffer bytes = ByteBuffer.wrap(data).order(ByteOrder.LITTLE_ENDIAN);
    long length = bytes.getInt(4) & 0xffffffffL;
    if (length + 8 > data.length) {
      throw new CodecException(
          "the WebP data is cut off after %d of %d bytes".formatted(data.length, length + 8));
    }
    switch (text(data, 12)) {
      case "VP8 " -> {
        return new Size(bytes.getShort(26) & 0x3fff, bytes.getShort(28) & 0x3fff);
      }
      case "VP8L" -> {
        int packed = bytes.getInt(21);
        return new Size((packed & 0x3fff) + 1, (packed >> 14 & 0x3fff) + 1);
      }
      case "VP8X" -> {
        return new Size((bytes.getInt(24) & 0xffffff) + 1, (bytes.getInt(26) >>> 8) + 1);
      }
      default -> throw new CodecException("the WebP data begins with an unknown chunk");
    }
  }

  private static String text(byte[] data, int at) {
    return new String(data, at, 4, StandardCharsets.ISO_8859_1);
  }
}
