package io.github.gpfm.slideio.internal.codec;

import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.Random;
import javax.imageio.IIOImage;
import javax.imageio.ImageIO;
import javax.imageio.ImageTypeSpecifier;
import javax.imageio.ImageWriteParam;
import javax.imageio.ImageWriter;
import javax.imageio.metadata.IIOMetadata;
import javax.imageio.stream.ImageOutputStream;
import org.w3c.dom.Element;
import org.w3c.dom.Node;

/** JPEG streams of every kind of chroma, written by Java's encoder. */
final class TestJpeg {
  private static final String FORMAT = "javax_imageio_jpeg_image_1.0";

  private TestJpeg() {}

  /**
   * A colored or grey picture of waves and noise.
   *
   * @param sampling horizontal and vertical factor of the luma, for instance 22; 0 for grey
   */
  static byte[] of(int width, int height, int sampling, float quality, boolean progressive)
      throws IOException {
    boolean grey = sampling == 0;
    BufferedImage image =
        new BufferedImage(
            width, height, grey ? BufferedImage.TYPE_BYTE_GRAY : BufferedImage.TYPE_INT_RGB);
    Random random = new Random(width * 31L + height);
    for (int y = 0; y < height; y++) {
      for (int x = 0; x < width; x++) {
        int red = wave(x / 5.0, random);
        int green = wave(y / 7.0, random);
        image.setRGB(x, y, red << 16 | green << 8 | wave((x - y) / 3.0, random));
      }
    }
    ImageWriter writer = ImageIO.getImageWritersByFormatName("jpeg").next();
    ImageWriteParam param = writer.getDefaultWriteParam();
    param.setCompressionMode(ImageWriteParam.MODE_EXPLICIT);
    param.setCompressionQuality(quality);
    param.setProgressiveMode(
        progressive ? ImageWriteParam.MODE_DEFAULT : ImageWriteParam.MODE_DISABLED);
    IIOMetadata metadata =
        writer.getDefaultImageMetadata(ImageTypeSpecifier.createFromRenderedImage(image), param);
    if (!grey) {
      Node tree = metadata.getAsTree(FORMAT);
      Element luma = (Element) ((Element) tree).getElementsByTagName("componentSpec").item(0);
      luma.setAttribute("HsamplingFactor", Integer.toString(sampling / 10));
      luma.setAttribute("VsamplingFactor", Integer.toString(sampling % 10));
      metadata.setFromTree(FORMAT, tree);
    }
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (ImageOutputStream out = ImageIO.createImageOutputStream(bytes)) {
      writer.setOutput(out);
      writer.write(null, new IIOImage(image, null, metadata), param);
    } finally {
      writer.dispose();
    }
    return bytes.toByteArray();
  }

  private static int wave(double phase, Random random) {
    double value = 127 + 110 * Math.sin(phase) + 25 * random.nextGaussian();
    return (int) Math.max(0, Math.min(255, value));
  }
}
