package io.github.gpfm.slideio.internal.dicom;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.gson.JsonArray;
import com.google.gson.JsonObject;
import io.github.gpfm.api.MppSource;
import io.github.gpfm.api.Slide;
import io.github.gpfm.api.SlideException;
import io.github.gpfm.slideio.Slides;
import io.github.gpfm.slideio.internal.codec.CodecException;
import io.github.gpfm.slideio.internal.io.SlideFile;
import io.github.gpfm.support.Budget;
import io.github.gpfm.testkit.Fixtures;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;
import java.util.stream.Stream;
import javax.imageio.ImageIO;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** DICOM slides equal the record: matrix, resolution, and every frame's bytes and pixels. */
class DicomFrameParityTest {
  private static final Budget BUDGET =
      Budget.of(
          Path.of("any"), (message, cause) -> new SlideException(Path.of("any"), message, cause));

  static List<Path> records() throws IOException {
    try (Stream<Path> files = Files.walk(Fixtures.data("slides"))) {
      return files
          .filter(file -> file.toString().endsWith(".json"))
          .filter(file -> Fixtures.json(file).has("frames"))
          .sorted()
          .toList();
    }
  }

  @ParameterizedTest
  @MethodSource("records")
  void geometryEqualsReference(Path record) {
    JsonObject json = Fixtures.json(record);
    try (Slide slide = Slides.open(slide(record, json), "builtin")) {
      assertEquals(json.get("total_pixel_matrix_columns").getAsLong(), slide.width());
      assertEquals(json.get("total_pixel_matrix_rows").getAsLong(), slide.height());
      assertEquals("dicom", slide.vendor());
      assertEquals(MppSource.DICOM, slide.mpp().orElseThrow().source());
      assertEquals(json.get("mpp_x").getAsDouble(), slide.mpp().orElseThrow().x(), 1e-9);
      assertEquals(json.get("mpp_y").getAsDouble(), slide.mpp().orElseThrow().y(), 1e-9);
    }
  }

  @ParameterizedTest
  @MethodSource("records")
  void framesEqualReference(Path record) throws IOException {
    JsonObject json = Fixtures.json(record);
    JsonArray frames = json.getAsJsonArray("frames");
    try (SlideFile file = new SlideFile(slide(record, json))) {
      DicomImage image = new DicomImage(List.of(DicomInstance.of(file, BUDGET)));
      for (int i = 0; i < frames.size(); i++) {
        JsonObject frame = frames.get(i).getAsJsonObject();
        byte[] coded = image.frames().read(i);
        assertEquals(frame.get("sha256_compressed").getAsString(), sha256(coded), "frame " + i);
        int[] argb = new int[image.tileWidth() * image.tileHeight()];
        image.decoder().decode(coded, argb);
        if (!frame.get("sha256_rgb").getAsString().equals(sha256(rgb(argb))) && frame.has("png")) {
          Path png = record.resolveSibling(frame.get("png").getAsString());
          assertNear(ImageIO.read(png.toFile()), argb, "frame " + i);
        }
        JsonArray mean = frame.getAsJsonArray("mean_rgb");
        for (int band = 0; band < 3; band++) {
          assertEquals(mean.get(band).getAsDouble(), mean(argb, 16 - 8 * band), 0.5, "frame " + i);
        }
      }
    } catch (CodecException e) {
      throw new AssertionError(e);
    }
  }

  private static Path slide(Path record, JsonObject json) {
    return record.resolveSibling(json.get("file").getAsString());
  }

  private static byte[] rgb(int[] argb) {
    byte[] bytes = new byte[argb.length * 3];
    for (int i = 0; i < argb.length; i++) {
      bytes[3 * i] = (byte) (argb[i] >> 16);
      bytes[3 * i + 1] = (byte) (argb[i] >> 8);
      bytes[3 * i + 2] = (byte) argb[i];
    }
    return bytes;
  }

  private static double mean(int[] argb, int shift) {
    long sum = 0;
    for (int pixel : argb) {
      sum += pixel >> shift & 255;
    }
    return (double) sum / argb.length;
  }

  private static void assertNear(BufferedImage expected, int[] argb, String label) {
    int[] pixels =
        expected.getRGB(
            0, 0, expected.getWidth(), expected.getHeight(), null, 0, expected.getWidth());
    long sum = 0;
    int maximum = 0;
    for (int i = 0; i < argb.length; i++) {
      for (int shift = 0; shift < 24; shift += 8) {
        int difference = Math.abs((argb[i] >> shift & 255) - (pixels[i] >> shift & 255));
        sum += difference;
        maximum = Math.max(maximum, difference);
      }
    }
    assertTrue(sum / (3.0 * argb.length) <= 1.0 && maximum <= 8, label + ": " + maximum);
  }

  private static String sha256(byte[] bytes) {
    try {
      return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
  }
}
