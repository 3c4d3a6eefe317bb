package io.github.gpfm.encoder.weights;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

class FloatFormatsTest {
  @Test
  void everyHalfSurvivesTheRoundTrip() {
    for (int bits = 0; bits < 1 << 16; bits++) {
      float value = FloatFormats.halfToFloat((short) bits);
      if (!Float.isNaN(value)) {
        assertEquals((short) bits, FloatFormats.floatToHalf(value));
      }
    }
  }

  @Test
  void halvesRoundToNearestEven() {
    assertEquals(0x3c00, FloatFormats.floatToHalf(1 + 0x1p-11f));
    assertEquals(0x3c02, FloatFormats.floatToHalf(1 + 3 * 0x1p-11f));
    assertEquals(0x0000, FloatFormats.floatToHalf(0x1p-25f));
    assertEquals(0x0001, FloatFormats.floatToHalf(0x1.8p-25f));
    assertEquals(0x7c00, FloatFormats.floatToHalf(65520f));
    assertEquals(0x7bff, FloatFormats.floatToHalf(65519f));
  }

  @Test
  void bfloat16RoundsToNearestEvenAndKeepsNaN() {
    assertEquals(0x3f80, FloatFormats.floatToBfloat16(1 + 0x1p-8f));
    assertEquals(0x3f82, FloatFormats.floatToBfloat16(1 + 3 * 0x1p-8f));
    assertTrue(Float.isNaN(FloatFormats.bfloat16ToFloat(FloatFormats.floatToBfloat16(Float.NaN))));
  }
}
