package io.github.gpfm.tiling.segment;

import io.github.gpfm.tiling.internal.Mats;
import io.github.gpfm.tiling.internal.OpenCv;
import java.awt.image.BufferedImage;
import org.opencv.core.CvType;
import org.opencv.core.Mat;
import org.opencv.core.MatOfByte;
import org.opencv.core.MatOfInt;
import org.opencv.imgcodecs.Imgcodecs;

/**
 * JPEG there and back, for networks that were trained on compressed tiles.
 *
 * <p>By OpenCV with red and blue in each other's place, as GrandQC's authors have it: they hand RGB
 * to a function that takes it for BGR, so that the losses are others than those of the right order.
 */
public final class JpegCompression {
  private JpegCompression() {}

  /**
   * The tile after compression.
   *
   * @param tile not changed
   * @param quality 1 to 100
   * @return {@link BufferedImage#TYPE_INT_RGB}, of the same size
   */
  public static BufferedImage of(BufferedImage tile, int quality) {
    OpenCv.load();
    int width = tile.getWidth();
    int height = tile.getHeight();
    int[] rgb = tile.getRGB(0, 0, width, height, null, 0, width);
    byte[] bytes = new byte[3 * rgb.length];
    for (int i = 0; i < rgb.length; i++) {
      bytes[3 * i] = (byte) (rgb[i] >> 16);
      bytes[3 * i + 1] = (byte) (rgb[i] >> 8);
      bytes[3 * i + 2] = (byte) rgb[i];
    }
    Mat image = new Mat(height, width, CvType.CV_8UC3);
    MatOfByte file = new MatOfByte();
    MatOfInt parameters = new MatOfInt(Imgcodecs.IMWRITE_JPEG_QUALITY, quality);
    Mat back = new Mat();
    try {
      image.put(0, 0, bytes);
      Imgcodecs.imencode(".jpg", image, file, parameters);
      back = Imgcodecs.imdecode(file, Imgcodecs.IMREAD_COLOR);
      back.get(0, 0, bytes);
    } finally {
      Mats.release(image, file, parameters, back);
    }
    BufferedImage result = new BufferedImage(width, height, BufferedImage.TYPE_INT_RGB);
    for (int i = 0; i < rgb.length; i++) {
      rgb[i] = (bytes[3 * i] & 255) << 16 | (bytes[3 * i + 1] & 255) << 8 | bytes[3 * i + 2] & 255;
    }
    result.setRGB(0, 0, width, height, rgb, 0, width);
    return result;
  }
}
