package io.github.gpfm.tiling.internal;

import java.awt.image.BufferedImage;
import java.awt.image.DataBufferInt;
import java.lang.ref.Reference;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import org.opencv.core.CvType;
import org.opencv.core.Mat;

/** Moves pixels between Java's images and OpenCV's. */
public final class Pixels {
  private Pixels() {}

  /** The packed ARGB pixels of an image, without a copy where the image holds them so. */
  public static int[] argb(BufferedImage image) {
    int width = image.getWidth();
    int height = image.getHeight();
    if (image.getType() == BufferedImage.TYPE_INT_ARGB
        && image.getRaster().getDataBuffer() instanceof DataBufferInt buffer
        && buffer.getData().length == width * height
        && image.getRaster().getParent() == null) {
      return buffer.getData();
    }
    return image.getRGB(0, 0, width, height, null, 0, width);
  }

  /**
   * Copies packed ARGB pixels into a BGRA matrix, {@code CV_8UC4}; the caller releases it.
   *
   * @param argb row-major pixels; the first {@code width * height} are taken
   */
  public static Mat bgra(int[] argb, int width, int height) {
    Buffer buffer = new Buffer();
    Mat view = buffer.bgra(argb, width, height);
    try {
      return view.clone();
    } finally {
      Mats.release(view);
      buffer.keep();
    }
  }

  /** Native memory that is used again for matrix after matrix. Not thread-safe. */
  static final class Buffer {
    private ByteBuffer bytes = ByteBuffer.allocateDirect(0);

    /**
     * Copies packed ARGB pixels into a BGRA matrix, {@code CV_8UC4}, that is valid until the next
     * call, and until {@link #keep}; the caller releases it.
     */
    Mat bgra(int[] argb, int width, int height) {
      int size = Math.multiplyExact(4, width * height);
      if (bytes.capacity() < size) {
        bytes = ByteBuffer.allocateDirect(size);
      }
      bytes.clear();
      bytes.order(ByteOrder.LITTLE_ENDIAN).asIntBuffer().put(argb, 0, width * height);
      return new Mat(height, width, CvType.CV_8UC4, bytes);
    }

    /** To be called after the last use of a matrix: until then the memory is not given back. */
    void keep() {
      Reference.reachabilityFence(this);
    }
  }

  /** Copies an image into a BGRA matrix, {@code CV_8UC4}; the caller releases it. */
  public static Mat bgra(BufferedImage image) {
    return bgra(argb(image), image.getWidth(), image.getHeight());
  }
}
