package io.github.gpfm.encoder.image;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import io.github.gpfm.image.RgbImages;
import java.awt.color.ColorSpace;
import java.awt.image.BufferedImage;
import java.awt.image.ColorModel;
import java.awt.image.ComponentColorModel;
import java.awt.image.DataBuffer;
import java.awt.image.IndexColorModel;
import java.awt.image.WritableRaster;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Samples become RGB as they are stored, whatever the type and profile of a picture. */
class RgbImagesTest {
  /** One pixel of a picture of samples. */
  private static BufferedImage image(int space, boolean alpha, int type, int... samples) {
    ColorModel model =
        new ComponentColorModel(
            ColorSpace.getInstance(space), alpha, false, ColorModel.TRANSLUCENT, type);
    WritableRaster raster = model.createCompatibleWritableRaster(2, 1);
    raster.setPixel(0, 0, samples);
    raster.setPixel(1, 0, samples);
    return new BufferedImage(model, raster, false, null);
  }

  private static void assertPixel(BufferedImage image, int red, int green, int blue) {
    byte[] rgb = {(byte) red, (byte) green, (byte) blue};
    assertArrayEquals(rgb, Arrays.copyOf(RgbImages.samples(image), 3));
    int packed = RgbImages.of(image).getRGB(0, 0);
    assertEquals(0xff000000 | red << 16 | green << 8 | blue, packed);
  }

  @Test
  void profilesAndLinearLightAreNotConverted() {
    int bytes = DataBuffer.TYPE_BYTE;
    assertPixel(image(ColorSpace.CS_LINEAR_RGB, false, bytes, 10, 100, 200), 10, 100, 200);
    assertPixel(image(ColorSpace.CS_GRAY, false, bytes, 195), 195, 195, 195);
    assertPixel(image(ColorSpace.CS_GRAY, true, bytes, 195, 255), 195, 195, 195);
    assertPixel(image(ColorSpace.CS_sRGB, true, bytes, 1, 2, 3, 255), 1, 2, 3);
  }

  @Test
  void ofSixteenBitsTheUpperCount() {
    int shorts = DataBuffer.TYPE_USHORT;
    assertPixel(image(ColorSpace.CS_sRGB, false, shorts, 0x10ff, 0x80fe, 0xff00), 16, 128, 255);
    assertPixel(image(ColorSpace.CS_GRAY, true, shorts, 0x33ff, 0xffff), 51, 51, 51);
  }

  @ParameterizedTest
  @CsvSource({"0, 255", "255, 100", "128, 177"})
  void whatIsTransparentLiesOnWhite(int opacity, int value) {
    int bytes = DataBuffer.TYPE_BYTE;
    assertPixel(image(ColorSpace.CS_GRAY, true, bytes, 100, opacity), value, value, value);
    BufferedImage argb = new BufferedImage(1, 1, BufferedImage.TYPE_INT_ARGB);
    argb.setRGB(0, 0, opacity << 24 | 0x646464);
    assertPixel(argb, value, value, value);
    BufferedImage multiplied = new BufferedImage(1, 1, BufferedImage.TYPE_4BYTE_ABGR_PRE);
    multiplied.getRaster().setPixel(0, 0, new int[] {value + opacity - 255, 0, 0, opacity});
    assertEquals(value, RgbImages.samples(multiplied)[0] & 255);
  }

  @Test
  void palettesAndPartsOfPicturesAreRead() {
    byte[] table = {0, 50, 100};
    BufferedImage palette =
        new BufferedImage(
            2,
            2,
            BufferedImage.TYPE_BYTE_INDEXED,
            new IndexColorModel(8, 3, table, table, table, 0));
    palette.getRaster().setSample(0, 0, 0, 2);
    assertPixel(palette, 100, 100, 100);
    BufferedImage whole = new BufferedImage(4, 4, BufferedImage.TYPE_3BYTE_BGR);
    whole.setRGB(2, 1, 0x123456);
    assertPixel(whole.getSubimage(2, 1, 2, 2), 0x12, 0x34, 0x56);
  }
}
