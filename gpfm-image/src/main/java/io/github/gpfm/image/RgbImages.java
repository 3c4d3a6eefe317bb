package io.github.gpfm.image;

import java.awt.color.ColorSpace;
import java.awt.image.BufferedImage;
import java.awt.image.ColorModel;
import java.awt.image.ComponentColorModel;
import java.awt.image.DataBuffer;
import java.awt.image.DataBufferByte;
import java.awt.image.DataBufferInt;
import java.awt.image.Raster;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import javax.imageio.ImageIO;
import javax.imageio.ImageReadParam;
import javax.imageio.ImageReader;
import javax.imageio.ImageTypeSpecifier;
import javax.imageio.stream.ImageInputStream;

/**
 * The one rule by which pictures become 8-bit RGB: samples as they are stored, as Pillow's {@code
 * convert("RGB")} takes them. Color profiles and gamma are not applied, gray is repeated, of 16
 * bits the upper eight count. What is transparent is composed on white, which Pillow leaves to the
 * color below.
 */
public final class RgbImages {
  /** Java's own JPEG codec can hand out samples as they are stored; others apply profiles. */
  private static final String JDK_JPEG = "com.sun.imageio.plugins.jpeg.";

  private RgbImages() {}

  /**
   * The samples of a picture of any type.
   *
   * @return height x width x 3, row-major
   */
  public static byte[] samples(BufferedImage image) {
    int width = image.getWidth();
    int height = image.getHeight();
    byte[] rgb = new byte[Math.multiplyExact(Math.multiplyExact(width, height), 3)];
    Raster raster = image.getRaster();
    boolean whole = isWhole(image);
    int type = image.getType();
    if (whole && type == BufferedImage.TYPE_3BYTE_BGR && isPlain(image.getColorModel())) {
      fromBgr(((DataBufferByte) raster.getDataBuffer()).getData(), rgb);
    } else if (whole
        && (type == BufferedImage.TYPE_INT_RGB || type == BufferedImage.TYPE_INT_ARGB)) {
      boolean alpha = type == BufferedImage.TYPE_INT_ARGB;
      fromInts(((DataBufferInt) raster.getDataBuffer()).getData(), alpha, rgb);
    } else if (isPlain(image.getColorModel())) {
      fromSamples(image, rgb);
    } else {
      fromColors(image, rgb);
    }
    return rgb;
  }

  /** The picture as {@link BufferedImage#TYPE_INT_RGB} of its {@link #samples}. */
  public static BufferedImage of(BufferedImage image) {
    if (image.getType() == BufferedImage.TYPE_INT_RGB) {
      return image;
    }
    byte[] samples = samples(image);
    BufferedImage rgb =
        new BufferedImage(image.getWidth(), image.getHeight(), BufferedImage.TYPE_INT_RGB);
    int[] pixels = ((DataBufferInt) rgb.getRaster().getDataBuffer()).getData();
    for (int i = 0, at = 0; i < pixels.length; i++, at += 3) {
      pixels[i] = (samples[at] & 255) << 16 | (samples[at + 1] & 255) << 8 | samples[at + 2] & 255;
    }
    return rgb;
  }

  /**
   * Reads the first picture that a {@link #reader} has as its input.
   *
   * @throws IOException if it is damaged
   */
  public static BufferedImage read(ImageReader reader) throws IOException {
    ImageReadParam parameters = reader.getDefaultReadParam();
    Iterator<ImageTypeSpecifier> types = reader.getImageTypes(0);
    if (reader.getClass().getName().startsWith(JDK_JPEG)
        && types.hasNext()
        && types.next().getNumComponents() == 3) {
      // With bands of their own choice it does not convert from an embedded profile.
      parameters.setSourceBands(new int[] {0, 1, 2});
      parameters.setDestinationBands(new int[] {0, 1, 2});
    }
    return of(reader.read(0, parameters));
  }

  /**
   * A decoder for a picture, of several one that does not convert colors; to be disposed of.
   *
   * @param in at the picture's first byte
   */
  public static Optional<ImageReader> reader(ImageInputStream in) {
    List<ImageReader> found = new ArrayList<>();
    for (Iterator<ImageReader> readers = ImageIO.getImageReaders(in); readers.hasNext(); ) {
      found.add(readers.next());
    }
    Optional<ImageReader> chosen =
        found.stream()
            .filter(reader -> reader.getClass().getName().startsWith(JDK_JPEG) && reads(reader, in))
            .findFirst()
            .or(() -> found.stream().findFirst());
    found.stream().filter(each -> each != chosen.get()).forEach(ImageReader::dispose);
    return chosen;
  }

  /** Java's codec knows no CMYK and says so by having no image type for it. */
  private static boolean reads(ImageReader reader, ImageInputStream in) {
    try {
      in.mark();
      reader.setInput(in, true, true);
      return reader.getImageTypes(0).hasNext();
    } catch (IOException | RuntimeException e) {
      // Damaged: said when it is read.
      return true;
    } finally {
      reader.reset();
      try {
        in.reset();
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
  }

  /** Whether the picture's array holds its pixels and no others, in order. */
  public static boolean isWhole(BufferedImage image) {
    Raster raster = image.getRaster();
    return raster.getParent() == null
        && raster.getSampleModel().getWidth() == image.getWidth()
        && raster.getDataBuffer().getOffset() == 0;
  }

  /** Whether samples are gray or red, green, blue of 8 or 16 bits, whatever their profile. */
  private static boolean isPlain(ColorModel model) {
    int space = model.getColorSpace().getType();
    int type = model.getTransferType();
    return model instanceof ComponentColorModel
        && (space == ColorSpace.TYPE_GRAY || space == ColorSpace.TYPE_RGB)
        && (type == DataBuffer.TYPE_BYTE || type == DataBuffer.TYPE_USHORT)
        && model.getComponentSize(0) == DataBuffer.getDataTypeSize(type);
  }

  private static void fromBgr(byte[] bgr, byte[] rgb) {
    for (int i = 0; i < rgb.length; i += 3) {
      rgb[i] = bgr[i + 2];
      rgb[i + 1] = bgr[i + 1];
      rgb[i + 2] = bgr[i];
    }
  }

  private static void fromSamples(BufferedImage image, byte[] rgb) {
    ColorModel model = image.getColorModel();
    Raster raster = image.getRaster();
    int width = image.getWidth();
    int bands = raster.getNumBands();
    int shift = model.getTransferType() == DataBuffer.TYPE_BYTE ? 0 : 8;
    int colors = model.getNumColorComponents();
    boolean multiplied = model.isAlphaPremultiplied();
    int[] row = new int[width * bands];
    int to = 0;
    for (int y = 0; y < image.getHeight(); y++) {
      raster.getPixels(0, y, width, 1, row);
      for (int at = 0; at < row.length; at += bands) {
        int opacity = model.hasAlpha() ? row[at + colors] >> shift : 255;
        for (int channel = 0; channel < 3; channel++) {
          int value = row[at + (colors == 1 ? 0 : channel)] >> shift;
          rgb[to++] =
              multiplied ? (byte) Math.min(value + 255 - opacity, 255) : onWhite(value, opacity);
        }
      }
    }
  }

  private static void fromInts(int[] pixels, boolean alpha, byte[] rgb) {
    for (int i = 0, to = 0; to < rgb.length; i++, to += 3) {
      int pixel = pixels[i];
      int opacity = alpha ? pixel >>> 24 : 255;
      rgb[to] = onWhite(pixel >> 16 & 255, opacity);
      rgb[to + 1] = onWhite(pixel >> 8 & 255, opacity);
      rgb[to + 2] = onWhite(pixel & 255, opacity);
    }
  }

  /** Palettes and packed pixels; other color spaces by Java's conversion. */
  private static void fromColors(BufferedImage image, byte[] rgb) {
    int width = image.getWidth();
    int[] row = new int[width];
    byte[] line = new byte[width * 3];
    for (int y = 0; y < image.getHeight(); y++) {
      fromInts(image.getRGB(0, y, width, 1, row, 0, width), true, line);
      System.arraycopy(line, 0, rgb, y * line.length, line.length);
    }
  }

  private static byte onWhite(int value, int opacity) {
    return (byte) (opacity == 255 ? value : (value * opacity + 255 * (255 - opacity) + 127) / 255);
  }
}
