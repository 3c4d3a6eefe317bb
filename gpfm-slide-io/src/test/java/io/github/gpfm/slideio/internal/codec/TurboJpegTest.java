package io.github.gpfm.slideio.internal.codec;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** libjpeg-turbo and Java's decoder make the same of every JPEG. */
class TurboJpegTest {
  private final TurboJpeg turbo = TurboJpeg.get();

  @BeforeEach
  void needsTheLibrary() {
    if ("true".equals(System.getenv("CI"))) {
      assertTrue(turbo.available(), turbo.failure());
    }
    Assumptions.assumeTrue(turbo.available(), turbo.failure());
  }

  @ParameterizedTest
  @CsvSource({"0", "11", "21", "22"})
  void pixelsAreThoseOfJavasDecoder(int sampling) throws Exception {
    for (int[] size : new int[][] {{1, 1}, {3, 2}, {17, 33}, {256, 256}, {255, 130}, {1, 40}}) {
      for (float quality : new float[] {0.05f, 0.75f, 1f}) {
        for (boolean progressive : new boolean[] {false, true}) {
          byte[] stream = TestJpeg.of(size[0], size[1], sampling, quality, progressive);
          JpegPicture picture = JpegDecoder.open(stream, null);
          String which = Arrays.toString(size) + " " + quality + " " + progressive;
          DecodedImage java = JdkJpeg.decode(picture);
          DecodedImage fast = turbo.samples(picture);
          assertNotNull(fast, which);
          assertArrayEquals(java.samples(), fast.samples(), which);
          for (boolean yCbCr : new boolean[] {true, false}) {
            // Wider and narrower than the picture, and just so.
            for (int more = -1; more <= 1; more++) {
              int width = Math.max(1, size[0] + 5 * more);
              int height = Math.max(1, size[1] + 3 * more);
              int[] expected = new int[width * height];
              int[] found = new int[width * height];
              java.argb(yCbCr, expected, width, height);
              assertTrue(turbo.argb(picture, yCbCr, found, width, height), which);
              assertArrayEquals(expected, found, which + " " + yCbCr + " " + more);
            }
          }
        }
      }
    }
  }

  @Test
  void kindsThatDecodersInterpolateDifferentlyAreLeftToJava() throws Exception {
    for (int sampling : new int[] {12, 41}) {
      JpegPicture picture = JpegDecoder.open(TestJpeg.of(40, 40, sampling, 0.9f, false), null);
      assertNull(turbo.samples(picture));
      assertFalse(turbo.argb(picture, true, new int[1600], 40, 40));
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 11, 22})
  void tablesOfAnAbbreviatedStreamAreUsed(int sampling) throws Exception {
    byte[] whole = TestJpeg.of(64, 48, sampling, 0.8f, false);
    JpegHeader header = JpegHeader.parse(whole);
    byte[] tables = header.start(List.of(), new byte[0], 0).toByteArray();
    tables = Arrays.copyOf(tables, tables.length + 2);
    tables[tables.length - 2] = (byte) 0xff;
    tables[tables.length - 1] = (byte) JpegHeader.EOI;
    JpegHeader bare =
        new JpegHeader(List.of(), header.frame(), 0, header.components(), 64, 48, 0, -1, false);
    byte[] start = bare.start(List.of(), header.frame(), 0).toByteArray();
    byte[] stream = Arrays.copyOf(start, start.length + whole.length - header.dataStart());
    System.arraycopy(
        whole, header.dataStart(), stream, start.length, whole.length - header.dataStart());
    assertThrows(CodecException.class, () -> JpegDecoder.open(stream, null));
    DecodedImage found = turbo.samples(JpegDecoder.open(stream, tables));
    assertNotNull(found);
    assertArrayEquals(JdkJpeg.decode(JpegDecoder.open(whole, null)).samples(), found.samples());
  }

  @Test
  void whatJavaCallsDamagedIsNeverTaken() throws IOException {
    Random random = new Random(7);
    int refused = 0;
    for (int sampling : new int[] {0, 11, 21, 22}) {
      byte[] sound = TestJpeg.of(90, 70, sampling, 0.8f, sampling == 21);
      int from = startOfData(sound);
      for (int round = 0; round < 40; round++) {
        byte[] bytes = sound.clone();
        if (round % 2 == 0) {
          bytes = Arrays.copyOf(bytes, from + random.nextInt(bytes.length - from - 2));
        } else {
          bytes[from + random.nextInt(bytes.length - from)] = (byte) random.nextInt(256);
        }
        refused += refusal(bytes);
      }
    }
    assertTrue(refused > 80, refused + " refused");
  }

  /** 1 if Java refuses it, 0 if not; an error if only Java does. */
  private int refusal(byte[] bytes) {
    JpegPicture picture;
    try {
      picture = JpegDecoder.open(bytes, null);
    } catch (CodecException e) {
      return 1;
    }
    DecodedImage fast = turbo.samples(picture);
    try {
      JdkJpeg.decode(picture);
      return 0;
    } catch (CodecException e) {
      assertNull(fast, "taken though Java says: " + e.getMessage());
      assertThrows(CodecException.class, picture::samples);
      return 1;
    }
  }

  private static int startOfData(byte[] stream) {
    try {
      return JpegHeader.parse(stream).dataStart() + 14;
    } catch (CodecException e) {
      throw new AssertionError(e);
    }
  }

  @Test
  void threadsDoNotDisturbEachOther() throws Exception {
    List<JpegPicture> pictures = new ArrayList<>();
    List<byte[]> expected = new ArrayList<>();
    for (int i = 0; i < 24; i++) {
      byte[] stream = TestJpeg.of(40 + 11 * i, 200 - 7 * i, i % 2 == 0 ? 22 : 11, 0.7f, false);
      pictures.add(JpegDecoder.open(stream, null));
      expected.add(JdkJpeg.decode(pictures.get(i)).samples());
    }
    IntStream.range(0, 480)
        .parallel()
        .forEach(
            i -> {
              DecodedImage found = turbo.samples(pictures.get(i % 24));
              assertNotNull(found);
              assertArrayEquals(expected.get(i % 24), found.samples());
            });
  }
}
