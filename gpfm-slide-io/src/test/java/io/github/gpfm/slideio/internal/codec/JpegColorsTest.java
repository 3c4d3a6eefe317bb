package io.github.gpfm.slideio.internal.codec;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.api.Test;

class JpegColorsTest {
  /** Every combination of the three samples, in rows of 256. */
  @Test
  void rowsAreThePixelsOfTheTables() {
    byte[] samples = new byte[3 * 256];
    int[] argb = new int[256];
    for (int cb = 0; cb < 256; cb++) {
      for (int cr = 0; cr < 256; cr++) {
        for (int y = 0; y < 256; y++) {
          samples[3 * y] = (byte) y;
          samples[3 * y + 1] = (byte) cb;
          samples[3 * y + 2] = (byte) cr;
        }
        new DecodedImage(256, 1, 3, samples).argb(true, argb, 256, 1);
        for (int y = 0; y < 256; y++) {
          assertEquals(YCbCr.toArgb(y, cb, cr), argb[y]);
        }
      }
    }
  }

  /** By it a library is accepted; it must be what Java makes of the picture. */
  @Test
  void theKnownPictureIsWhatJavaMakesOfIt() throws Exception {
    assertEquals(TurboJpeg.PROBE_CRC, TurboJpeg.crc(JdkJpeg.decode(TurboJpeg.probe())));
  }
}
