package io.github.gpfm.slideio;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.gpfm.api.Slide;
import io.github.gpfm.api.SlideFormatException;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.zip.CRC32;
import java.util.zip.Deflater;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Files made to exhaust memory, time or the stack are refused in one sentence. */
class HostileFileTest {
  private static final Duration HANG = Duration.ofSeconds(60);

  @TempDir Path folder;

  @ParameterizedTest
  @ValueSource(ints = {100_000, 2_000_000_000, -2})
  void hugeImageWithOneTileIsRefused(int edge) {
    TestTiff tiff = new TestTiff(ByteOrder.LITTLE_ENDIAN, false);
    tiff.directory()
        .rgb(TestTiff.picture(64, 64, 1), 64, 64, 64, true, TestTiff.DEFLATE)
        .tag(256, edge)
        .tag(257, edge);
    refuse(tiff.bytes());
  }

  @Test
  void hugeTileIsRefused() {
    TestTiff tiff = new TestTiff(ByteOrder.LITTLE_ENDIAN, false);
    tiff.directory()
        .rgb(TestTiff.picture(64, 64, 1), 64, 64, 64, true, TestTiff.DEFLATE)
        .tag(322, 1 << 20)
        .tag(323, 1 << 20);
    refuse(tiff.bytes());
  }

  @Test
  void directoryThatNamesItselfIsRefused() {
    byte[] bytes = twoDirectories();
    ByteBuffer buffer = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
    int first = buffer.getInt(4);
    int count = buffer.getShort(first);
    int second = buffer.getInt(first + 2 + 12 * count);
    int secondCount = buffer.getShort(second);
    buffer.putInt(second + 2 + 12 * secondCount, first);
    assertTrue(refuse(bytes).contains("loop"));
  }

  @Test
  void subDirectoryThatNamesItsParentIsRefused() {
    TestTiff tiff = new TestTiff(ByteOrder.LITTLE_ENDIAN, false);
    TestTiff.Directory main = tiff.directory();
    main.rgb(TestTiff.picture(64, 64, 1), 64, 64, 64, true, TestTiff.NONE).tag(330, 0);
    byte[] bytes = tiff.bytes();
    ByteBuffer buffer = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
    int first = buffer.getInt(4);
    int count = buffer.getShort(first);
    for (int i = 0; i < count; i++) {
      int at = first + 2 + 12 * i;
      if (buffer.getShort(at) == 330) {
        buffer.putInt(at + 8, first);
      }
    }
    assertTrue(refuse(bytes).contains("loop"));
  }

  @Test
  void chainOfManyDirectoriesIsRefused() {
    int directories = 70_000;
    ByteBuffer out = ByteBuffer.allocate(8 + 18 * directories).order(ByteOrder.LITTLE_ENDIAN);
    out.put((byte) 'I').put((byte) 'I').putShort((short) 42).putInt(8);
    for (int i = 0; i < directories; i++) {
      int next = i + 1 < directories ? out.position() + 18 : 0;
      out.putShort((short) 1).putShort((short) 256).putShort((short) 4).putInt(1).putInt(64);
      out.putInt(next);
    }
    refuse(out.array());
  }

  @Test
  void entryWithBillionsOfValuesIsRefused() {
    byte[] bytes = twoDirectories();
    ByteBuffer buffer = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
    int first = buffer.getInt(4);
    buffer.putInt(first + 2 + 4, 0xfffffff0);
    refuse(bytes);
  }

  @Test
  void tilesPointingAtThemselvesOrBeyondTheEndAreRefused() {
    for (int offset : new int[] {0, 100, Integer.MAX_VALUE, -1}) {
      TestTiff tiff = new TestTiff(ByteOrder.LITTLE_ENDIAN, false);
      tiff.directory()
          .rgb(TestTiff.picture(64, 64, 1), 64, 64, 64, true, TestTiff.DEFLATE)
          .tag(324, offset);
      refuse(tiff.bytes());
    }
  }

  @Test
  void deflatedZerosDoNotFillTheHeap() {
    TestTiff tiff = new TestTiff(ByteOrder.LITTLE_ENDIAN, false);
    tiff.directory()
        .rgb(TestTiff.picture(64, 64, 1), 64, 64, 64, true, TestTiff.DEFLATE)
        .tag(256, 40_000)
        .tag(257, 40_000)
        .tag(322, 40_000)
        .tag(323, 40_000);
    refuse(tiff.bytes());
  }

  @Test
  void jpegOfAnotherSizeThanItsTileIsRefused() {
    TestTiff tiff = new TestTiff(ByteOrder.LITTLE_ENDIAN, false);
    tiff.directory()
        .rgb(TestTiff.picture(64, 64, 1), 64, 64, 64, true, TestTiff.JPEG)
        .tag(322, 128)
        .tag(323, 128);
    refuse(tiff.bytes());
  }

  @Test
  void pngThatStatesMoreThanItHasIsRefused() throws IOException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    out.writeBytes(new byte[] {(byte) 0x89, 'P', 'N', 'G', 13, 10, 26, 10});
    chunk(out, "IHDR", ByteBuffer.allocate(13).putInt(60_000).putInt(60_000).put((byte) 8).array());
    byte[] zeros = new byte[1000];
    byte[] packed = new byte[200];
    Deflater deflater = new Deflater();
    deflater.setInput(zeros);
    deflater.finish();
    int length = deflater.deflate(packed);
    deflater.end();
    chunk(out, "IDAT", Arrays.copyOf(packed, length));
    chunk(out, "IEND", new byte[0]);
    refuse(out.toByteArray());
  }

  @Test
  void deeplyNestedDicomIsRefused() {
    ByteBuffer out = ByteBuffer.allocate(200_000).order(ByteOrder.LITTLE_ENDIAN);
    out.position(128);
    out.put("DICM".getBytes(StandardCharsets.US_ASCII));
    while (out.remaining() > 32) {
      out.putShort((short) 8).putShort((short) 0x1115).put((byte) 'S').put((byte) 'Q');
      out.putShort((short) 0).putInt(-1);
      out.putShort((short) 0xfffe).putShort((short) 0xe000).putInt(-1);
    }
    assertTrue(refuse(out.array()).contains("nested"));
  }

  @Test
  void textWithASlidesNameIsRefused() {
    refuse("Not a slide at all.\n".repeat(50).getBytes(StandardCharsets.UTF_8));
  }

  @Test
  void truncatedSlideIsRefusedWhereItIsRead() throws IOException {
    TestTiff tiff = new TestTiff(ByteOrder.LITTLE_ENDIAN, false);
    tiff.directory().rgb(TestTiff.picture(300, 220, 1), 300, 220, 64, true, TestTiff.NONE);
    byte[] bytes = tiff.bytes();
    refuse(Arrays.copyOf(bytes, bytes.length / 2));
  }

  private static byte[] twoDirectories() {
    TestTiff tiff = new TestTiff(ByteOrder.LITTLE_ENDIAN, false);
    tiff.directory().rgb(TestTiff.picture(64, 64, 1), 64, 64, 64, true, TestTiff.NONE);
    tiff.directory().rgb(TestTiff.picture(32, 32, 1), 32, 32, 64, true, TestTiff.NONE).tag(254, 1);
    return tiff.bytes();
  }

  private static void chunk(ByteArrayOutputStream out, String type, byte[] data) {
    ByteBuffer body = ByteBuffer.allocate(4 + data.length);
    body.put(type.getBytes(StandardCharsets.US_ASCII)).put(data);
    CRC32 crc = new CRC32();
    crc.update(body.array());
    out.writeBytes(ByteBuffer.allocate(4).putInt(data.length).array());
    out.writeBytes(body.array());
    out.writeBytes(ByteBuffer.allocate(4).putInt((int) crc.getValue()).array());
  }

  /** Opening or reading it ends in a format exception of one sentence, which is returned. */
  private String refuse(byte[] bytes) {
    Path file = folder.resolve("hostile.bin");
    String message =
        assertTimeoutPreemptively(
            HANG,
            () -> {
              Files.write(file, bytes);
              return assertThrows(
                      SlideFormatException.class,
                      () -> {
                        try (Slide slide = Slides.open(file, "builtin")) {
                          slide.readRegion(0, 0, 0, 64, 64);
                        }
                      })
                  .getMessage();
            });
    assertTrue(message.contains(file.toString()), message);
    assertFalse(message.contains("\n"), message);
    assertEquals('.', message.charAt(message.length() - 1));
    return message;
  }
}
