package io.github.gpfm.image;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.gpfm.api.TilingException;
import io.github.gpfm.support.Budget;
import io.github.gpfm.support.Limits;
import io.github.gpfm.testkit.Mutator;
import io.github.gpfm.testkit.ReaderFuzz;
import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Random;
import java.util.zip.CRC32;
import java.util.zip.Deflater;
import javax.imageio.IIOImage;
import javax.imageio.ImageIO;
import javax.imageio.ImageWriteParam;
import javax.imageio.ImageWriter;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PictureFileTest {
  @TempDir private Path folder;

  private static BufferedImage read(Path file) {
    return PictureFile.read(file, Budget.of(file, TilingException::new));
  }

  private String refused(String name, byte[] bytes) throws IOException {
    Path file = Files.write(folder.resolve(name), bytes);
    TilingException e = assertThrows(TilingException.class, () -> read(file));
    String message = String.valueOf(e.getMessage());
    assertTrue(message.contains(name) && message.endsWith("."), message);
    return message;
  }

  private static byte[] picture(String format) throws IOException {
    BufferedImage image = new BufferedImage(64, 48, BufferedImage.TYPE_INT_RGB);
    Random random = new Random(1);
    for (int i = 0; i < 64 * 48; i++) {
      image.setRGB(i % 64, i / 64, random.nextInt());
    }
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    ImageIO.write(image, format, out);
    return out.toByteArray();
  }

  private static byte[] progressive() throws IOException {
    ImageWriter writer = ImageIO.getImageWritersByFormatName("jpeg").next();
    ImageWriteParam param = writer.getDefaultWriteParam();
    param.setProgressiveMode(ImageWriteParam.MODE_DEFAULT);
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    try (var stream = ImageIO.createImageOutputStream(out)) {
      writer.setOutput(stream);
      BufferedImage image = ImageIO.read(new java.io.ByteArrayInputStream(picture("png")));
      writer.write(null, new IIOImage(image, null, null), param);
    } finally {
      writer.dispose();
    }
    return out.toByteArray();
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

  /** A PNG of one color, as small as it can be. */
  private static byte[] png(int width, int height, int bits) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    out.writeBytes(new byte[] {(byte) 0x89, 'P', 'N', 'G', 13, 10, 26, 10});
    ByteBuffer header = ByteBuffer.allocate(13).putInt(width).putInt(height);
    chunk(out, "IHDR", header.put((byte) bits).array());
    ByteArrayOutputStream packed = new ByteArrayOutputStream();
    Deflater deflater = new Deflater(9);
    byte[] row = new byte[1 + (int) (((long) width * bits + 7) / 8)];
    byte[] buffer = new byte[1 << 16];
    for (int y = 0; y < height; y++) {
      deflater.setInput(row);
      if (y == height - 1) {
        deflater.finish();
      }
      while (y == height - 1 ? !deflater.finished() : !deflater.needsInput()) {
        packed.write(buffer, 0, deflater.deflate(buffer));
      }
    }
    deflater.end();
    chunk(out, "IDAT", packed.toByteArray());
    chunk(out, "IEND", new byte[0]);
    return out.toByteArray();
  }

  @Test
  void soundPicturesAreRead() throws IOException {
    for (String format : List.of("png", "jpg", "bmp", "gif")) {
      BufferedImage image = read(Files.write(folder.resolve("a." + format), picture(format)));
      assertEquals(64, image.getWidth(), format);
    }
    assertEquals(48, read(Files.write(folder.resolve("p.jpg"), progressive())).getHeight());
    assertEquals(3000, read(Files.write(folder.resolve("b.png"), png(3000, 2000, 1))).getWidth());
  }

  @Test
  void sizesAreLookedAtBeforeMemoryIsTaken() throws IOException {
    assertTrue(refused("tall.png", png(1, 1 << 20, 1)).contains("1 x 1048576 pixels"));
    assertTrue(refused("wide.png", png(1 << 17, 1, 8)).contains("131072 x 1 pixels"));
    assertTrue(refused("large.png", png(9000, 9000, 1)).contains("9000 x 9000 pixels"));
    byte[] claiming = png(8, 8, 8);
    ByteBuffer.wrap(claiming).putInt(16, 8000).putInt(20, 8000);
    assertTrue(refused("claims.png", claiming).contains("too short for its size"));
    byte[] jpeg = picture("jpg");
    for (int at = 0; at + 9 < jpeg.length; at++) {
      if (jpeg[at] == (byte) 0xff && jpeg[at + 1] == (byte) 0xc0) {
        ByteBuffer.wrap(jpeg).putShort(at + 5, (short) 8000).putShort(at + 7, (short) 8000);
        break;
      }
    }
    assertTrue(refused("claims.jpg", jpeg).contains("too short for its size"));
  }

  @Test
  void memoryIsCounted() throws IOException {
    byte[] bytes = png(3000, 2000, 8);
    Path file = Files.write(folder.resolve("m.png"), bytes);
    Limits small = new Limits(20 << 20, 100, 10, 100, Duration.ofSeconds(60));
    TilingException e =
        assertThrows(
            TilingException.class,
            () -> PictureFile.read(file, Budget.of("m.png", small, TilingException::new)));
    assertTrue(String.valueOf(e.getMessage()).contains("gpfm.limit.bytes"), e.getMessage());
  }

  @Test
  void aJpegOfManyScansIsRefused() throws IOException {
    byte[] sound = progressive();
    int last = sound.length;
    for (int at = 0; at + 1 < sound.length; at++) {
      if (sound[at] == (byte) 0xff && sound[at + 1] == (byte) 0xda) {
        last = at;
      }
    }
    // The last scan, which refines a little, again and again.
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    out.write(sound, 0, last);
    for (int i = 0; i < 100; i++) {
      out.write(sound, last, sound.length - 2 - last);
    }
    out.write(sound, sound.length - 2, 2);
    assertTrue(refused("scans.jpg", out.toByteArray()).contains("64 scans"));
  }

  @Test
  void whatIsNoPictureIsSaidToBeNone() throws IOException {
    assertTrue(refused("text.png", "no picture".getBytes(StandardCharsets.UTF_8)).contains("PNG"));
    assertTrue(refused("empty.png", new byte[0]).contains("PNG"));
    Path none = folder.resolve("none.png");
    TilingException e = assertThrows(TilingException.class, () -> read(none));
    assertTrue(String.valueOf(e.getMessage()).contains("no such file"), e.getMessage());
  }

  @Test
  void damagedPicturesAreRefusedInASentence() throws Exception {
    new ReaderFuzz(folder.resolve("mutant.img"), TilingException.class, PictureFileTest::read)
        .run(
            List.of(picture("png"), picture("jpg"), progressive(), picture("bmp"), picture("gif")),
            Mutator::mutate,
            ReaderFuzz.seed(41),
            ReaderFuzz.rounds())
        .requireSound();
  }
}
