package io.github.gpfm.slideio.internal.codec;

import java.awt.image.DataBufferByte;
import java.awt.image.PixelInterleavedSampleModel;
import java.awt.image.Raster;
import java.awt.image.SampleModel;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.util.Iterator;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.imageio.ImageIO;
import javax.imageio.ImageReader;
import javax.imageio.event.IIOReadWarningListener;
import javax.imageio.stream.MemoryCacheImageInputStream;
import org.jspecify.annotations.Nullable;

/**
 * JPEG through the JDK's own decoder (libjpeg), which returns the samples without colour
 * conversion: about three times as fast as asking it for an image.
 */
final class JdkJpeg {
  private static final String JDK_READER = "com.sun.imageio.plugins.jpeg.JPEGImageReader";
  private static final BlockingQueue<ImageReader> IDLE = new ArrayBlockingQueue<>(32);

  private static final Pattern EXTRANEOUS =
      Pattern.compile("(\\d{1,10}) extraneous bytes before marker 0x(\\p{XDigit}+)");

  /** Before the end marker some writers fill up. */
  private static final int MOST_FILLING = 64;

  /** Frames of DICOM have an even length. */
  private static final int DICOM_PADDING = 2;

  private JdkJpeg() {}

  /**
   * The samples of a picture as coded.
   *
   * @throws CodecException if its data is damaged
   */
  static DecodedImage decode(JpegPicture picture) throws CodecException {
    ImageReader reader = borrow();
    Warnings warnings = new Warnings(picture.hasEnd() ? MOST_FILLING : DICOM_PADDING);
    boolean sound = false;
    try (MemoryCacheImageInputStream input =
        new MemoryCacheImageInputStream(new ByteArrayInputStream(picture.stream()))) {
      reader.setInput(input, true, true);
      reader.addIIOReadWarningListener(warnings);
      Raster raster = reader.readRaster(0, null);
      warnings.refuse();
      sound = true;
      return image(raster, picture.width(), picture.height());
    } catch (IOException | RuntimeException e) {
      throw new CodecException("the JPEG data cannot be decoded (" + e.getMessage() + ")", e);
    } finally {
      giveBack(reader, sound);
    }
  }

  /** What libjpeg warns of: it fills what damaged or missing data leaves open with grey. */
  private static final class Warnings implements IIOReadWarningListener {
    private final int filling;
    private @Nullable String damage;

    /**
     * @param filling bytes left over before the end that are no sign of damage
     */
    Warnings(int filling) {
      this.filling = filling;
    }

    @Override
    public void warningOccurred(ImageReader source, String warning) {
      if (damage == null && !isFilling(warning)) {
        damage = warning;
      }
    }

    /**
     * A few filling bytes between segments harm nothing. Zeros in place of the rest of the data are
     * taken for blocks without detail, need fewer bits than those had, and leave bytes over.
     */
    private boolean isFilling(String warning) {
      Matcher extraneous = EXTRANEOUS.matcher(warning);
      if (!extraneous.find()) {
        return false;
      }
      boolean atEnd = extraneous.group(2).equalsIgnoreCase("d9");
      return !atEnd || Long.parseLong(extraneous.group(1)) <= filling;
    }

    void refuse() throws CodecException {
      if (damage != null) {
        throw new CodecException("the JPEG data is damaged or cut off (" + damage + ")");
      }
    }
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
