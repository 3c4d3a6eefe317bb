package io.github.gpfm.examples.service;

import java.awt.image.BufferedImage;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.Iterator;
import javax.imageio.ImageIO;
import javax.imageio.ImageReader;
import javax.imageio.stream.ImageInputStream;

/** Decodes the image in a request's body, looking at its size before taking memory for it. */
final class ImageBody {
  /** A request that cannot be answered because of what it is; has an HTTP status. */
  static final class Rejected extends Exception {
    private static final long serialVersionUID = 1L;
    private final int status;

    Rejected(int status, String message) {
      super(message);
      this.status = status;
    }

    int status() {
      return status;
    }
  }

  private ImageBody() {}

  static BufferedImage read(InputStream body, int maxBytes, long maxPixels)
      throws IOException, Rejected {
    byte[] bytes = body.readNBytes(maxBytes + 1);
    if (bytes.length > maxBytes) {
      throw new Rejected(413, "The image is larger than " + maxBytes + " bytes; send a tile.");
    }
    if (bytes.length == 0) {
      throw new Rejected(400, "The body is empty; send a PNG or JPEG image.");
    }
    try (ImageInputStream in = ImageIO.createImageInputStream(new ByteArrayInputStream(bytes))) {
      Iterator<ImageReader> readers = ImageIO.getImageReaders(in);
      if (!readers.hasNext()) {
        throw new Rejected(415, "The body is no image that can be read; send a PNG or JPEG image.");
      }
      ImageReader reader = readers.next();
      try {
        reader.setInput(in, true, true);
        long pixels = (long) reader.getWidth(0) * reader.getHeight(0);
        if (pixels > maxPixels) {
          throw new Rejected(
              413,
              "The image has " + pixels + " pixels, more than " + maxPixels + "; send a tile.");
        }
        return reader.read(0);
      } finally {
        reader.dispose();
      }
    } catch (IOException | RuntimeException e) {
      // Codecs answer damaged files with many kinds of exceptions.
      throw new Rejected(400, "The image is damaged; send it again.");
    }
  }
}
