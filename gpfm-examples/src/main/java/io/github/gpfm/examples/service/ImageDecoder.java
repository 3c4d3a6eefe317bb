package io.github.gpfm.examples.service;

import io.github.gpfm.image.PictureFile;
import io.github.gpfm.image.RgbImages;
import java.awt.image.BufferedImage;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import javax.imageio.ImageReader;
import javax.imageio.stream.ImageInputStream;
import javax.imageio.stream.MemoryCacheImageInputStream;

/** Decodes PNG and JPEG images, looking at their size before taking memory for them. */
final class ImageDecoder {
  /** Tiles are nearly square; a resize of a thread-like image costs more than its pixels tell. */
  private static final int MAX_ASPECT = 16;

  /**
   * Bytes that the decoding to samples as they are stored, and the resize to the network's input,
   * need beside a decoded pixel: a copy as RGB and one as a packed pixel.
   */
  private static final int COPIES_BYTES = 3 + Integer.BYTES;

  /** Of one row in the resize's first pass: columns of the widest usual input, three channels. */
  private static final long ROW_BYTES = 3 * 1024;

  private final int maxPixels;

  /**
   * @param maxPixels pixels of an image, at most
   */
  ImageDecoder(int maxPixels) {
    this.maxPixels = maxPixels;
  }

  /**
   * Memory that an image takes from its decoding to its feature, from its header.
   *
   * @throws Rejected if the bytes are not a PNG or JPEG image, or it is too large
   */
  long memory(byte[] bytes) {
    return with(
        bytes,
        reader -> {
          long width = reader.getWidth(0);
          long height = reader.getHeight(0);
          check(width, height);
          PictureFile.requireSane(bytes, (int) width, (int) height);
          return width * height * (bytesPerPixel(bytes) + COPIES_BYTES) + height * ROW_BYTES;
        });
  }

  /**
   * Decodes an image; call {@link #memory} first.
   *
   * @throws Rejected if it is damaged
   */
  BufferedImage decode(byte[] bytes) {
    return with(bytes, RgbImages::read);
  }

  private void check(long width, long height) {
    long pixels = width * height;
    if (pixels > maxPixels) {
      throw new Rejected(
          413,
          "The image has %d x %d pixels, more than %d in all; send a tile."
              .formatted(width, height, maxPixels));
    }
    if (Math.max(width, height) > MAX_ASPECT * Math.min(width, height)) {
      throw new Rejected(
          413,
          "The image has %d x %d pixels; the longer side may be %d times the shorter at most."
              .formatted(width, height, MAX_ASPECT));
    }
  }

  /** Of the decoded image, from a PNG's bit depth and color type or a JPEG's usual three. */
  private static int bytesPerPixel(byte[] bytes) {
    if (!PictureFile.isPng(bytes) || bytes.length < 26) {
      return 4;
    }
    int channels =
        switch (bytes[25]) {
          case 2 -> 3;
          case 4 -> 2;
          case 6 -> 4;
          default -> 1;
        };
    return bytes[24] > 8 ? 2 * channels : channels;
  }

  private interface Task<T> {
    T run(ImageReader reader) throws IOException;
  }

  private static <T> T with(byte[] bytes, Task<T> task) {
    if (bytes.length == 0) {
      throw new Rejected(400, "The image is empty; send a PNG or JPEG image.");
    }
    if (!PictureFile.isPng(bytes) && !PictureFile.isJpeg(bytes)) {
      throw new Rejected(415, "This is not a PNG or JPEG image; send one.");
    }
    try (ImageInputStream in = new MemoryCacheImageInputStream(new ByteArrayInputStream(bytes))) {
      ImageReader reader =
          RgbImages.reader(in)
              .orElseThrow(
                  () ->
                      new Rejected(
                          415, "This is not a PNG or JPEG image that can be read; send another."));
      try {
        reader.setInput(in, true, true);
        return task.run(reader);
      } finally {
        reader.dispose();
      }
    } catch (Rejected e) {
      throw e;
    } catch (IOException | RuntimeException | StackOverflowError e) {
      // Codecs answer damaged files with many kinds of exceptions.
      throw new Rejected(400, "The image is damaged; send it again.");
    } catch (OutOfMemoryError e) {
      throw new Rejected(503, "There is no memory to decode the image; try again later.");
    }
  }
}
