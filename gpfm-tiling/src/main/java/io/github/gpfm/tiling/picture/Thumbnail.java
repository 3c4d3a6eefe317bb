package io.github.gpfm.tiling.picture;

import io.github.gpfm.api.InvalidOptionException;
import io.github.gpfm.api.Slide;
import io.github.gpfm.tiling.internal.Mats;
import io.github.gpfm.tiling.internal.SegmentationImage;
import java.awt.image.BufferedImage;
import org.opencv.core.CvType;
import org.opencv.core.Mat;
import org.opencv.core.Size;
import org.opencv.imgproc.Imgproc;

/**
 * A small picture of a whole slide.
 *
 * @param image {@link BufferedImage#TYPE_INT_RGB}; transparent parts of the slide are white
 * @param scaleX picture pixels per level-0 pixel along a row
 * @param scaleY picture pixels per level-0 pixel along a column
 */
public record Thumbnail(BufferedImage image, double scaleX, double scaleY) {
  /**
   * Makes a thumbnail by averaging; memory is bounded whatever the slide's size.
   *
   * @param slide an open slide
   * @param maxEdge the longer edge is at most this many pixels
   */
  public static Thumbnail of(Slide slide, int maxEdge) {
    if (maxEdge < 1) {
      throw new InvalidOptionException(
          "A thumbnail's edge must be 1 pixel or more, not " + maxEdge + ".");
    }
    double downsample = Math.max(1, (double) Math.max(slide.width(), slide.height()) / maxEdge);
    int width = (int) Math.max(1, Math.round(slide.width() / downsample));
    int height = (int) Math.max(1, Math.round(slide.height() / downsample));
    try (SegmentationImage reduced =
        SegmentationImage.read(slide, downsample, CvType.CV_8UC4, Mat::clone)) {
      Mat small = new Mat();
      try {
        Imgproc.resize(reduced.pixels(), small, new Size(width, height), 0, 0, Imgproc.INTER_AREA);
        byte[] bgra = new byte[4 * width * height];
        small.get(0, 0, bgra);
        return new Thumbnail(
            onWhite(bgra, width, height),
            (double) width / slide.width(),
            (double) height / slide.height());
      } finally {
        Mats.release(small);
      }
    }
  }

  private static BufferedImage onWhite(byte[] bgra, int width, int height) {
    int[] rgb = new int[width * height];
    for (int i = 0; i < rgb.length; i++) {
      int alpha = bgra[4 * i + 3] & 0xff;
      int red = over(bgra[4 * i + 2] & 0xff, alpha);
      int green = over(bgra[4 * i + 1] & 0xff, alpha);
      int blue = over(bgra[4 * i] & 0xff, alpha);
      rgb[i] = red << 16 | green << 8 | blue;
    }
    BufferedImage image = new BufferedImage(width, height, BufferedImage.TYPE_INT_RGB);
    image.setRGB(0, 0, width, height, rgb, 0, width);
    return image;
  }

  private static int over(int value, int alpha) {
    return (value * alpha + 255 * (255 - alpha) + 127) / 255;
  }
}
