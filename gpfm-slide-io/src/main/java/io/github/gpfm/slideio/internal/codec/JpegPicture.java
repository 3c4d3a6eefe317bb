package io.github.gpfm.slideio.internal.codec;

/**
 * A JPEG whose header was checked and whose stream is complete, ready to be decoded. libjpeg-turbo
 * decodes it where it is installed and the kind is one of those that it and the JDK's decoder make
 * the same pixels of; in every other case, damage included, the JDK's decoder has the say.
 */
public final class JpegPicture {
  private final JpegHeader header;
  private final byte[] stream;
  private final int width;
  private final int height;

  /**
   * @param header what the stream was put together from
   * @param stream SOI, tables, frame and scans; no application markers
   * @param width as in the stream's frame
   * @param height as in the stream's frame
   */
  public JpegPicture(JpegHeader header, byte[] stream, int width, int height) {
    this.header = header;
    this.stream = stream;
    this.width = width;
    this.height = height;
  }

  /** The header it came with. */
  public JpegHeader header() {
    return header;
  }

  /** Pixels. */
  public int width() {
    return width;
  }

  /** Pixels. */
  public int height() {
    return height;
  }

  /** Whether the data had an end marker of its own, before the one that every stream is given. */
  boolean hasEnd() {
    for (int i = stream.length - 4; i >= 0; i--) {
      if ((stream[i] & 0xff) == 0xff && (stream[i + 1] & 0xff) == JpegHeader.EOI) {
        return true;
      }
    }
    return false;
  }

  byte[] stream() {
    return stream;
  }

  /**
   * Decodes.
   *
   * @return samples as coded (YCbCr or RGB), chroma interpolated to full size
   * @throws CodecException if the data is damaged
   */
  public DecodedImage samples() throws CodecException {
    DecodedImage fast = TurboJpeg.get().samples(this);
    return fast != null ? fast : JdkJpeg.decode(this);
  }

  /**
   * Decodes into the upper left corner of a picture of the caller's; what is larger is cropped.
   *
   * @param yCbCr whether three components are YCbCr, not RGB
   * @param argb written, opaque; grey becomes red, green and blue alike
   * @param targetWidth pixels of a row of {@code argb}
   * @param targetHeight rows of {@code argb}
   * @throws CodecException if the data is damaged
   */
  public void argb(boolean yCbCr, int[] argb, int targetWidth, int targetHeight)
      throws CodecException {
    if (!TurboJpeg.get().argb(this, yCbCr, argb, targetWidth, targetHeight)) {
      JdkJpeg.decode(this).argb(yCbCr, argb, targetWidth, targetHeight);
    }
  }
}
