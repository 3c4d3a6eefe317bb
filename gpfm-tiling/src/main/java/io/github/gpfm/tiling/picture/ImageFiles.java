package io.github.gpfm.tiling.picture;

import com.luciad.imageio.webp.internal.NativeLoader;
import io.github.gpfm.api.OutputException;
import io.github.gpfm.support.AtomicFile;
import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import javax.imageio.IIOImage;
import javax.imageio.ImageIO;
import javax.imageio.ImageWriteParam;
import javax.imageio.ImageWriter;
import javax.imageio.stream.MemoryCacheImageOutputStream;

/** Encodes pictures; the same picture gives the same bytes. */
public final class ImageFiles {
  /** JPEG quality of pictures for people. */
  public static final float PICTURE_QUALITY = 0.9f;

  private ImageFiles() {}

  /**
   * Writes a JPEG file.
   *
   * @throws OutputException if it cannot be written
   */
  public static void writeJpeg(Path file, BufferedImage image) {
    AtomicFile.write(file, partial -> Files.write(partial, jpeg(image, PICTURE_QUALITY)));
  }

  /**
   * Writes a PNG file.
   *
   * @throws OutputException if it cannot be written
   */
  public static void writePng(Path file, BufferedImage image) {
    AtomicFile.write(file, partial -> Files.write(partial, png(image)));
  }

  /**
   * Encodes a JPEG.
   *
   * @param image without alpha
   * @param quality 0 to 1
   */
  public static byte[] jpeg(BufferedImage image, float quality) throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    // The JDK's own writer, whatever other plug-ins there are: its bytes do not vary.
    ImageWriter writer = jdkWriter("jpeg");
    try (MemoryCacheImageOutputStream out = new MemoryCacheImageOutputStream(bytes)) {
      ImageWriteParam parameters = writer.getDefaultWriteParam();
      parameters.setCompressionMode(ImageWriteParam.MODE_EXPLICIT);
      parameters.setCompressionQuality(quality);
      writer.setOutput(out);
      writer.write(null, new IIOImage(image, null, null), parameters);
    } finally {
      writer.dispose();
    }
    return bytes.toByteArray();
  }

  /** Encodes a PNG. */
  public static byte[] png(BufferedImage image) throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    ImageWriter writer = jdkWriter("png");
    try (MemoryCacheImageOutputStream out = new MemoryCacheImageOutputStream(bytes)) {
      writer.setOutput(out);
      writer.write(image);
    } finally {
      writer.dispose();
    }
    return bytes.toByteArray();
  }

  /**
   * Encodes a WebP.
   *
   * @param image without alpha
   * @param quality 0 to 1; of no matter without loss
   * @param lossless whether every pixel keeps its value
   * @throws IOException if there is no native library for this platform
   */
  public static byte[] webp(BufferedImage image, float quality, boolean lossless)
      throws IOException {
    try {
      // Called here because the plug-in itself prints a stack trace where this fails.
      NativeLoader.initialize();
    } catch (RuntimeException | LinkageError e) {
      throw new IOException(
          "webp-imageio has no native library for "
              + System.getProperty("os.name")
              + " "
              + System.getProperty("os.arch"),
          e);
    }
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    ImageWriter writer = ImageIO.getImageWritersByFormatName("webp").next();
    try (MemoryCacheImageOutputStream out = new MemoryCacheImageOutputStream(bytes)) {
      ImageWriteParam parameters = writer.getDefaultWriteParam();
      parameters.setCompressionMode(ImageWriteParam.MODE_EXPLICIT);
      parameters.setCompressionType(lossless ? "Lossless" : "Lossy");
      if (!lossless) {
        parameters.setCompressionQuality(quality);
      }
      writer.setOutput(out);
      writer.write(null, new IIOImage(image, null, null), parameters);
    } finally {
      writer.dispose();
    }
    return bytes.toByteArray();
  }

  private static ImageWriter jdkWriter(String format) throws IOException {
    var writers = ImageIO.getImageWritersByFormatName(format);
    while (writers.hasNext()) {
      ImageWriter writer = writers.next();
      if (writer.getClass().getName().startsWith("com.sun.imageio.")) {
        return writer;
      }
      writer.dispose();
    }
    throw new IOException("this Java runtime has no " + format + " writer");
  }
}
