package io.github.gpfm.slideio.internal.codec;

/**
 * A decoded JPEG or JPEG 2000 image.
 *
 * @param width pixels
 * @param height pixels
 * @param bands 1 or 3
 * @param samples height x width x bands, interleaved, 8 bits each
 */
public record DecodedImage(int width, int height, int bands, byte[] samples) {
  /**
   * Puts it into the upper left corner of a picture of the caller's; what is larger is cropped.
   *
   * @param yCbCr whether three bands are YCbCr, not RGB
   * @param argb written, opaque; grey becomes red, green and blue alike
   * @param targetWidth pixels of a row of {@code argb}
   * @param targetHeight rows of {@code argb}
   */
  public void argb(boolean yCbCr, int[] argb, int targetWidth, int targetHeight) {
    int columns = Math.min(width, targetWidth);
    int rows = Math.min(height, targetHeight);
    YCbCr.Row row = new YCbCr.Row(bands == 3 && yCbCr ? columns : 0);
    for (int y = 0; y < rows; y++) {
      int from = y * width * bands;
      int to = y * targetWidth;
      if (bands == 1) {
        for (int x = 0; x < columns; x++) {
          argb[to + x] = 0xff000000 | (samples[from + x] & 0xff) * 0x010101;
        }
      } else if (yCbCr) {
        row.toArgb(samples, from, argb, to);
      } else {
        for (int x = 0; x < columns; x++, from += 3) {
          argb[to + x] =
              0xff000000
                  | (samples[from] & 0xff) << 16
                  | (samples[from + 1] & 0xff) << 8
                  | samples[from + 2] & 0xff;
        }
      }
    }
  }
}
