package io.github.gpfm.slideio;

import com.github.jaiimageio.jpeg2000.J2KImageWriteParam;
import com.github.jaiimageio.jpeg2000.impl.J2KImageWriter;
import com.github.jaiimageio.jpeg2000.impl.J2KImageWriterSpi;
import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.ByteOrder;
import javax.imageio.IIOImage;
import javax.imageio.ImageWriter;
import javax.imageio.stream.MemoryCacheImageOutputStream;

/** Writes JPEG 2000 codestreams and Aperio slides of such tiles. */
final class TestJpeg2000 {
  /** Compression of tiles whose components are Y, Cb, Cr. */
  static final int APERIO_YCBCR = 33003;

  /** Compression of tiles whose components are red, green, blue. */
  static final int APERIO_RGB = 33005;

  private TestJpeg2000() {}

  /**
   * Encodes samples.
   *
   * @param rgb three components as they are, in the three bytes of each pixel
   * @param transform whether the codestream holds its own component transform
   */
  static byte[] encode(int[] rgb, int width, int height, boolean transform, boolean lossless) {
    BufferedImage image = new BufferedImage(width, height, BufferedImage.TYPE_3BYTE_BGR);
    image.setRGB(0, 0, width, height, rgb, 0, width);
    ImageWriter writer = new J2KImageWriter(new J2KImageWriterSpi());
    J2KImageWriteParam options = (J2KImageWriteParam) writer.getDefaultWriteParam();
    options.setComponentTransformation(transform);
    options.setLossless(lossless);
    options.setEncodingRate(lossless ? Double.MAX_VALUE : 3);
    options.setFilter(lossless ? J2KImageWriteParam.FILTER_53 : J2KImageWriteParam.FILTER_97);
    options.setWriteCodeStreamOnly(true);
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (MemoryCacheImageOutputStream out = new MemoryCacheImageOutputStream(bytes)) {
      writer.setOutput(out);
      writer.write(null, new IIOImage(image, null, null), options);
      out.flush();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } finally {
      writer.dispose();
    }
    return bytes.toByteArray();
  }

  /**
   * A tile of 128 x 128 pixels that OpenJPEG encoded: {@code ycc-422} has halved chroma, as
   * Aperio's have, {@code rgb-irreversible} the 9/7 wavelet and component transform.
   */
  static byte[] resource(String name) {
    try (InputStream in = TestJpeg2000.class.getResourceAsStream("/jpeg2000/" + name + ".j2k")) {
      return in.readAllBytes();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** An Aperio slide of as many columns and rows of the same tile. */
  static byte[] slide(byte[] tile, int edge, int columns, int rows, int compression) {
    TestTiff tiff = new TestTiff(ByteOrder.LITTLE_ENDIAN, false);
    tiff.directory()
        .tiles(tile, edge, columns, rows, compression)
        .tag(270, "Aperio Image Library|AppMag = 40|MPP = 0.25");
    return tiff.bytes();
  }
}
