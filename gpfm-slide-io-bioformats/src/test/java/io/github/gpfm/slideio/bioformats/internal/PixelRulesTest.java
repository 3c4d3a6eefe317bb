package io.github.gpfm.slideio.bioformats.internal;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.List;
import java.util.OptionalInt;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The documented rules by which samples become 8-bit RGB. */
class PixelRulesTest {
  private static int[] pixels(FakeFile.Series series, int width, int height) throws Exception {
    ReaderSession session = new FakeFile().with(series).open();
    ImagePage page = LayoutReader.read(session, OptionalInt.empty()).levels().get(0);
    int[] argb =
        new RegionReader(session, page).whole().getRGB(0, 0, width, height, null, 0, width);
    session.close();
    return argb;
  }

  @Test
  void planarAndInterleavedGiveTheSame() throws Exception {
    FakeFile.Series interleaved = FakeFile.series(40, 30);
    FakeFile.Series planar = FakeFile.series(40, 30);
    planar.interleaved = false;
    int[] expected = pixels(interleaved, 40, 30);
    assertEquals(0xff000000 | 38 << 16 | 99 << 8 | 160, expected[40 + 1]);
    assertArrayEquals(expected, pixels(planar, 40, 30));
  }

  @Test
  void byteOrderOfSixteenBitsIsHonoured() throws Exception {
    FakeFile.Series little = FakeFile.series(20, 20);
    little.type = SampleType.UINT16;
    little.bits = 16;
    FakeFile.Series big = FakeFile.series(20, 20);
    big.type = SampleType.UINT16;
    big.bits = 16;
    big.littleEndian = false;
    int[] expected = pixels(little, 20, 20);
    // Samples are 257 * v below 2^16, and 65535 = 257 * 255.
    assertEquals(0xff000000 | 7 << 16 | 68 << 8 | 129, expected[1]);
    assertArrayEquals(expected, pixels(big, 20, 20));
  }

  @ParameterizedTest
  @CsvSource({
    "UINT16, 16, 0, 0",
    "UINT16, 16, 65535, 255",
    "UINT16, 16, 32768, 128",
    "UINT16, 16, 128, 0",
    "UINT16, 16, 129, 1",
    "UINT16, 12, 4095, 255",
    "UINT16, 12, 2048, 128",
    "UINT16, 12, 60000, 255",
    "INT16, 16, -5, 0",
    "INT16, 16, 32767, 255",
    "INT16, 16, 16384, 128",
    "UINT8, 4, 15, 255",
    "UINT8, 4, 8, 136",
    "INT8, 8, 127, 255",
    "INT8, 8, -128, 0",
    "UINT32, 32, 4294967295, 255",
    "UINT32, 32, 2147483648, 128",
    "INT32, 32, -1, 0",
    "BIT, 1, 0, 0",
    "BIT, 1, 1, 255"
  })
  void integersScaleByTheirSignificantBits(SampleType type, int bits, long raw, int expected) {
    byte[] data = ByteBuffer.allocate(8).order(ByteOrder.LITTLE_ENDIAN).putLong(raw).array();
    assertEquals(expected, type.toByte(data, 0, true, bits));
  }

  @ParameterizedTest
  @CsvSource({"0, 0", "0.5, 128", "1, 255", "7, 255", "-1, 0", "NaN, 0"})
  void floatingPointRunsFromZeroToOne(double value, int expected) {
    byte[] single = ByteBuffer.allocate(4).putFloat((float) value).array();
    byte[] twice = ByteBuffer.allocate(8).putDouble(value).array();
    assertEquals(expected, SampleType.FLOAT.toByte(single, 0, false, 32));
    assertEquals(expected, SampleType.DOUBLE.toByte(twice, 0, false, 64));
  }

  @Test
  void oneChannelIsGrey() throws Exception {
    FakeFile.Series series = FakeFile.series(20, 20);
    series.samples = 1;
    assertEquals(0xff000000 | 38 * 0x010101, pixels(series, 20, 20)[21]);
  }

  @Test
  void aFourthSampleIsLeftOut() throws Exception {
    FakeFile.Series series = FakeFile.series(20, 20);
    series.samples = 4;
    assertEquals(0xff000000 | 7 << 16 | 68 << 8 | 129, pixels(series, 20, 20)[1]);
  }

  @Test
  void threePlainChannelsAreRedGreenBlue() throws Exception {
    FakeFile.Series series = FakeFile.series(20, 20);
    series.samples = 1;
    series.channels = 3;
    // The fake's planes lie from the last channel to the first: planes 2, 1, 0.
    assertEquals(0xff000000 | 209 << 16 | 108 << 8 | 7, pixels(series, 20, 20)[1]);
  }

  @Test
  void channelsWithColoursAddUp() throws Exception {
    FakeFile.Series series = FakeFile.series(20, 20);
    series.samples = 1;
    series.channels = 2;
    series.colours.addAll(List.of(0xff8000, 0xff00ff));
    int first = 7 + 101;
    int second = 7;
    int red = first + second;
    int green = (first * 128 + 127) / 255;
    assertEquals(0xff000000 | red << 16 | green << 8 | second, pixels(series, 20, 20)[1]);
    series.colours.set(1, 0xffffff);
    int bright = pixels(series, 20, 20)[19 * 20 + 19];
    int sum = 0;
    for (int plane = 0; plane < 2; plane++) {
      sum += FakeFile.sample(series, 0, plane, 0, 19, 19);
    }
    assertEquals(Math.min(255, sum), bright >> 16 & 255);
  }

  @Test
  void anIndexedImageGoesThroughItsPalette() throws Exception {
    FakeFile.Series series = FakeFile.series(20, 20);
    series.samples = 1;
    series.palette = new byte[3][256];
    series.palette[0][7] = (byte) 200;
    series.palette[1][7] = 100;
    series.palette[2][7] = 50;
    assertEquals(0xff000000 | 200 << 16 | 100 << 8 | 50, pixels(series, 20, 20)[1]);
  }

  @Test
  void tooFewBytesAreAnErrorNotAPicture() {
    PixelLayout layout =
        new PixelLayout(
            SampleType.UINT8, 8, 3, true, true, List.of(new PixelLayout.Channel(0, 0)), null);
    List<byte[]> planes = List.of(new byte[11]);
    assertThrows(
        IllegalArgumentException.class, () -> layout.convert(planes, 2, 2, new int[4], 0, 2));
  }
}
