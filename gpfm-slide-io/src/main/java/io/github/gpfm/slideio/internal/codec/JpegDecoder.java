package io.github.gpfm.slideio.internal.codec;

import java.awt.image.DataBufferByte;
import java.awt.image.PixelInterleavedSampleModel;
import java.awt.image.Raster;
import java.awt.image.SampleModel;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.Iterator;
import java.util.List;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import javax.imageio.ImageIO;
import javax.imageio.ImageReader;
import javax.imageio.event.IIOReadWarningListener;
import javax.imageio.stream.MemoryCacheImageInputStream;
import org.jspecify.annotations.Nullable;

/**
 * JPEG through the JDK's own decoder (libjpeg), which returns the samples without colour
 * conversion: about three times as fast as asking it for an image, and the caller, not a guess from
 * markers, decides the colour space.
 *
 * <p>The stream handed to it is built anew from the segments that matter, so that no application
 * marker can mislead it.
 */
public final class JpegDecoder {
  /** A tile larger than this is refused (134 MB as ARGB). */
  public static final int MAX_PIXELS = 1 << 25;

  private static final int MAX_SCANS = 64;
  private static final String JDK_READER = "com.sun.imageio.plugins.jpeg.JPEGImageReader";
  private static final BlockingQueue<ImageReader> IDLE = new ArrayBlockingQueue<>(32);

  private JpegDecoder() {}

  /**
   * Decodes a stream.
   *
   * @param stream from SOI on; may lack tables
   * @param tables an abbreviated stream with the tables it lacks, or {@code null}
   * @return samples as coded (YCbCr or RGB), chroma interpolated to full size
   * @throws CodecException if it is damaged or of a kind that is not read
   */
  public static DecodedImage decode(byte[] stream, byte @Nullable [] tables) throws CodecException {
    JpegHeader header = JpegHeader.parse(stream);
    requireSane(header, stream);
    List<byte[]> otherTables = tables == null ? List.of() : JpegHeader.parse(tables).tables();
    header.requireTables(stream, otherTables);
    ByteArrayOutputStream out = header.start(otherTables, header.frame(), stream.length + 1024);
    out.write(stream, header.dataStart(), stream.length - header.dataStart());
    // Whole data whose end marker is missing is no damage: what lacks is pixels, not the marker.
    out.write(0xff);
    out.write(JpegHeader.EOI);
    return decodeComplete(out.toByteArray(), header.width(), header.height());
  }

  /**
   * Decodes a stream that was assembled from a parsed header and scan data.
   *
   * @param width as in its frame
   * @param height as in its frame
   * @throws CodecException if the scan data is damaged
   */
  public static DecodedImage decodeComplete(byte[] stream, int width, int height)
      throws CodecException {
    ImageReader reader = borrow();
    Warnings warnings = new Warnings();
    boolean sound = false;
    try (MemoryCacheImageInputStream input =
        new MemoryCacheImageInputStream(new ByteArrayInputStream(stream))) {
      reader.setInput(input, true, true);
      reader.addIIOReadWarningListener(warnings);
      Raster raster = reader.readRaster(0, null);
      warnings.refuse();
      sound = true;
      return image(raster, width, height);
    } catch (IOException | RuntimeException e) {
      throw new CodecException("the JPEG data cannot be decoded (" + e.getMessage() + ")", e);
    } finally {
      giveBack(reader, sound);
    }
  }

  /** What libjpeg warns of: it fills what damaged or missing data leaves open with grey. */
  private static final class Warnings implements IIOReadWarningListener {
    private @Nullable String damage;

    @Override
    public void warningOccurred(ImageReader source, String warning) {
      // Filling bytes between segments harm nothing.
      if (!warning.contains("extraneous bytes") && damage == null) {
        damage = warning;
      }
    }

    void refuse() throws CodecException {
      if (damage != null) {
        throw new CodecException("the JPEG data is damaged or cut off (" + damage + ")");
      }
    }
  }

  /** Refuses sizes and kinds that are not read, before anything is allocated. */
  public static void requireSane(JpegHeader header, byte[] stream) throws CodecException {
    if (header.frame().length == 0 || header.dataStart() >= stream.length) {
      throw new CodecException("the JPEG has no image data");
    }
    if (header.components() != 1 && header.components() != 3) {
      throw new CodecException("the JPEG has " + header.components() + " components, not 1 or 3");
    }
    long pixels = (long) header.width() * header.height();
    if (pixels < 1 || pixels > MAX_PIXELS) {
      throw new CodecException(
          "the JPEG has the impossible size " + header.width() + " x " + header.height());
    }
    // A block of 64 samples takes at least two bits a component.
    if (pixels / 256 > stream.length * 4L) {
      throw new CodecException("the JPEG is too short for its size");
    }
    if (header.progressive() && scans(stream, header.dataStart()) > MAX_SCANS) {
      throw new CodecException("the JPEG has more than " + MAX_SCANS + " scans");
    }
  }

  private static int scans(byte[] stream, int from) {
    int scans = 0;
    for (int at = from; at + 1 < stream.length; at++) {
      if ((stream[at] & 0xff) == 0xff && (stream[at + 1] & 0xff) == 0xda) {
        scans++;
      }
    }
    return scans;
  }

  private static DecodedImage image(Raster raster, int width, int height) throws CodecException {
    int bands = raster.getNumBands();
    if (raster.getWidth() != width || raster.getHeight() != height || (bands != 1 && bands != 3)) {
      throw new CodecException("the JPEG data decodes to another size than it states");
    }
    SampleModel model = raster.getSampleModel();
    if (model instanceof PixelInterleavedSampleModel interleaved
        && raster.getDataBuffer() instanceof DataBufferByte buffer
        && interleaved.getScanlineStride() == width * bands
        && interleaved.getPixelStride() == bands
        && buffer.getData().length == width * height * bands
        && isInOrder(interleaved.getBandOffsets())) {
      return new DecodedImage(width, height, bands, buffer.getData());
    }
    int[] samples = raster.getPixels(0, 0, width, height, (int[]) null);
    byte[] bytes = new byte[samples.length];
    for (int i = 0; i < bytes.length; i++) {
      bytes[i] = (byte) samples[i];
    }
    return new DecodedImage(width, height, bands, bytes);
  }

  private static boolean isInOrder(int[] offsets) {
    for (int i = 0; i < offsets.length; i++) {
      if (offsets[i] != i) {
        return false;
      }
    }
    return true;
  }

  private static ImageReader borrow() throws CodecException {
    ImageReader idle = IDLE.poll();
    if (idle != null) {
      return idle;
    }
    // Other plug-ins register JPEG readers that wrap this one and convert colours.
    Iterator<ImageReader> readers = ImageIO.getImageReadersByFormatName("jpeg");
    while (readers.hasNext()) {
      ImageReader reader = readers.next();
      if (reader.getClass().getName().equals(JDK_READER)) {
        return reader;
      }
    }
    throw new CodecException("this Java has no JPEG decoder (module java.desktop)");
  }

  private static void giveBack(ImageReader reader, boolean sound) {
    reader.reset();
    if (!sound || !IDLE.offer(reader)) {
      reader.dispose();
    }
  }
}
