package io.github.gpfm.slideio.bioformats;

import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import javax.imageio.IIOImage;
import javax.imageio.ImageIO;
import javax.imageio.ImageWriteParam;
import javax.imageio.ImageWriter;
import javax.imageio.stream.ImageOutputStream;

/** Writes small TIFFs with the JDK. */
final class TestTiff {
  private TestTiff() {}

  /** One tiled page an image, none marked as a reduced copy. */
  static void write(Path file, List<BufferedImage> pages) throws IOException {
    ImageWriter writer = jdkWriter();
    try (ImageOutputStream out = ImageIO.createImageOutputStream(file.toFile())) {
      writer.setOutput(out);
      writer.prepareWriteSequence(null);
      ImageWriteParam param = writer.getDefaultWriteParam();
      param.setTilingMode(ImageWriteParam.MODE_EXPLICIT);
      param.setTiling(32, 32, 0, 0);
      for (BufferedImage page : pages) {
        writer.writeToSequence(new IIOImage(page, null, null), param);
      }
      writer.endWriteSequence();
    } finally {
      writer.dispose();
    }
  }

  private static ImageWriter jdkWriter() {
    var writers = ImageIO.getImageWritersByFormatName("tiff");
    while (writers.hasNext()) {
      ImageWriter writer = writers.next();
      if (writer.getClass().getName().equals("com.sun.imageio.plugins.tiff.TIFFImageWriter")) {
        return writer;
      }
    }
    throw new IllegalStateException("the JDK has no TIFF writer");
  }

  /** An image whose samples are told by their place. */
  static BufferedImage image(int width, int height, int type) {
    BufferedImage image = new BufferedImage(width, height, type);
    for (int y = 0; y < height; y++) {
      for (int x = 0; x < width; x++) {
        for (int band = 0; band < image.getRaster().getNumBands(); band++) {
          image.getRaster().setSample(x, y, band, sample(image, x, y, band));
        }
      }
    }
    return image;
  }

  static int sample(BufferedImage image, int x, int y, int band) {
    int value = x * 7 + y * 31 + band * 61;
    return type16(image) ? value * 97 & 0xffff : value & 0xff;
  }

  private static boolean type16(BufferedImage image) {
    return image.getSampleModel().getSampleSize(0) == 16;
  }
}
