package io.github.gpfm.sample;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonParser;
import io.github.gpfm.api.InvalidOptionException;
import io.github.gpfm.api.OutputException;
import io.github.gpfm.api.ProgressListener;
import java.awt.Polygon;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import java.util.zip.DataFormatException;
import java.util.zip.Inflater;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SyntheticSlideTest {
  private static final int SIZE = 1100;

  @TempDir Path folder;

  private SyntheticSlide.Written write(
      String name, long seed, SyntheticSlide.Compression compression) {
    return new SyntheticSlide(seed, SIZE + 36, SIZE, 0.5, compression)
        .write(folder.resolve(name), ProgressListener.NONE);
  }

  @Test
  void aSeedGivesTheSameBytesAndAnotherSeedOthers() throws IOException {
    for (SyntheticSlide.Compression compression : SyntheticSlide.Compression.values()) {
      SyntheticSlide.Written a = write("a.tif", 5, compression);
      SyntheticSlide.Written b = write("b.tif", 5, compression);
      SyntheticSlide.Written c = write("c.tif", 6, compression);
      assertArrayEquals(Files.readAllBytes(a.slide()), Files.readAllBytes(b.slide()));
      assertArrayEquals(Files.readAllBytes(a.mask()), Files.readAllBytes(b.mask()));
      assertArrayEquals(Files.readAllBytes(a.labels()), Files.readAllBytes(b.labels()));
      assertArrayEquals(Files.readAllBytes(a.outlines()), Files.readAllBytes(b.outlines()));
      assertFalse(
          java.util.Arrays.equals(Files.readAllBytes(a.slide()), Files.readAllBytes(c.slide())));
    }
  }

  /** Tissue is coloured and glass is not: the truth says where which is. */
  @Test
  void theMaskTellsColourFromGlass() throws IOException, DataFormatException {
    SyntheticSlide.Written written = write("s.tif", 2, SyntheticSlide.Compression.DEFLATE);
    BufferedImage mask = ImageIO.read(written.mask().toFile());
    BufferedImage labels = ImageIO.read(written.labels().toFile());
    int[][] pixels = level0(Files.readAllBytes(written.slide()));
    int down = SyntheticSlide.TRUTH_DOWNSAMPLE;
    assertEquals((SIZE + 36) / down, mask.getWidth());
    assertEquals(SIZE / down, mask.getHeight());
    int tissue = 0;
    int paleTissue = 0;
    int glass = 0;
    int colouredGlass = 0;
    for (int y = 0; y < mask.getHeight(); y++) {
      for (int x = 0; x < mask.getWidth(); x++) {
        int rgb = pixels[y * down + down / 2][x * down + down / 2];
        int spread =
            Math.max(rgb >> 16 & 255, Math.max(rgb >> 8 & 255, rgb & 255))
                - Math.min(rgb >> 16 & 255, Math.min(rgb >> 8 & 255, rgb & 255));
        boolean isTissue = mask.getRaster().getSample(x, y, 0) == 255;
        assertEquals(isTissue, labels.getRaster().getSample(x, y, 0) != 0);
        if (isTissue) {
          tissue++;
          paleTissue += spread < 7 ? 1 : 0;
        } else {
          glass++;
          colouredGlass += spread > 9 ? 1 : 0;
        }
      }
    }
    assertTrue(tissue > 0.05 * (tissue + glass), "tissue: " + tissue + " of " + (tissue + glass));
    assertTrue(paleTissue < 0.05 * tissue, paleTissue + " pale of " + tissue);
    assertTrue(colouredGlass < 0.05 * glass, colouredGlass + " coloured of " + glass);
  }

  @Test
  void theOutlinesEncloseTheMask() throws IOException {
    SyntheticSlide.Written written = write("s.tif", 4, SyntheticSlide.Compression.JPEG);
    BufferedImage mask = ImageIO.read(written.mask().toFile());
    JsonArray features =
        JsonParser.parseString(Files.readString(written.outlines()))
            .getAsJsonObject()
            .getAsJsonArray("features");
    List<Polygon> shells = new ArrayList<>();
    List<Polygon> holes = new ArrayList<>();
    for (JsonElement feature : features) {
      JsonArray rings =
          feature.getAsJsonObject().getAsJsonObject("geometry").getAsJsonArray("coordinates");
      for (int i = 0; i < rings.size(); i++) {
        (i == 0 ? shells : holes).add(polygon(rings.get(i).getAsJsonArray()));
      }
    }
    int different = 0;
    int down = SyntheticSlide.TRUTH_DOWNSAMPLE;
    for (int y = 0; y < mask.getHeight(); y++) {
      for (int x = 0; x < mask.getWidth(); x++) {
        double px = (x + 0.5) * down;
        double py = (y + 0.5) * down;
        boolean inside =
            shells.stream().anyMatch(p -> p.contains(px, py))
                && holes.stream().noneMatch(p -> p.contains(px, py));
        different += inside == (mask.getRaster().getSample(x, y, 0) == 255) ? 0 : 1;
      }
    }
    assertTrue(different < 0.005 * mask.getWidth() * mask.getHeight(), different + " pixels");
  }

  private static Polygon polygon(JsonArray ring) {
    Polygon polygon = new Polygon();
    for (JsonElement point : ring) {
      polygon.addPoint(
          (int) Math.round(point.getAsJsonArray().get(0).getAsDouble()),
          (int) Math.round(point.getAsJsonArray().get(1).getAsDouble()));
    }
    return polygon;
  }

  @Test
  void thePyramidIsOrderlyTiff() throws IOException {
    SyntheticSlide.Written written = write("s.tif", 1, SyntheticSlide.Compression.JPEG);
    List<Map<Integer, long[]>> directories = directories(Files.readAllBytes(written.slide()));
    assertTrue(directories.size() >= 3, "levels: " + directories.size());
    for (int i = 0; i < directories.size(); i++) {
      Map<Integer, long[]> d = directories.get(i);
      assertEquals((SIZE + 36) >> i, d.get(256)[0]);
      assertEquals(SIZE >> i, d.get(257)[0]);
      assertEquals(i == 0 ? 0 : 1, d.get(254)[0]);
      assertEquals(7, d.get(259)[0]);
      double pixelsPerCm = d.get(282)[0] / (double) d.get(282)[1];
      assertEquals(0.5 * (1 << i), 10_000 / pixelsPerCm, 1e-3);
      for (int t = 0; t < d.get(324).length; t++) {
        assertTrue(d.get(324)[t] + d.get(325)[t] <= Files.size(written.slide()));
      }
    }
  }

  @Test
  void impossibleSlidesAndPlacesAreRefused() throws IOException {
    assertThrows(InvalidOptionException.class, () -> write("x.tif", 1, 100));
    assertThrows(
        InvalidOptionException.class,
        () -> new SyntheticSlide(1, 600, 600, 0, SyntheticSlide.Compression.JPEG));
    Path file = Files.writeString(folder.resolve("file"), "x");
    OutputException e =
        assertThrows(
            OutputException.class,
            () -> SyntheticSlide.of(1).write(file.resolve("s.tif"), ProgressListener.NONE));
    assertTrue(e.getMessage().contains(file.toString()), e.getMessage());
    try (Stream<Path> left = Files.list(folder)) {
      assertEquals(1, left.count());
    }
  }

  private static SyntheticSlide write(String name, long seed, int width) {
    return new SyntheticSlide(seed, width, SIZE, 0.5, SyntheticSlide.Compression.JPEG);
  }

  /** Entries by tag of every directory. */
  private static List<Map<Integer, long[]>> directories(byte[] bytes) {
    ByteBuffer tiff = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
    assertEquals(42, tiff.getShort(2));
    List<Map<Integer, long[]>> directories = new ArrayList<>();
    for (int at = tiff.getInt(4); at != 0; ) {
      Map<Integer, long[]> entries = new TreeMap<>();
      int count = tiff.getShort(at);
      int previous = -1;
      for (int i = 0; i < count; i++) {
        int entry = at + 2 + 12 * i;
        int tag = tiff.getShort(entry) & 0xFFFF;
        assertTrue(tag > previous, "tags ascend");
        previous = tag;
        int type = tiff.getShort(entry + 2);
        int size = type == 3 ? 2 : type == 2 ? 1 : 4;
        int n = tiff.getInt(entry + 4) * (type == 5 ? 2 : 1);
        int from = size * n > 4 ? tiff.getInt(entry + 8) : entry + 8;
        long[] values = new long[n];
        for (int k = 0; k < n; k++) {
          values[k] =
              switch (size) {
                case 1 -> tiff.get(from + k);
                case 2 -> tiff.getShort(from + 2 * k);
                default -> tiff.getInt(from + 4 * k) & 0xFFFFFFFFL;
              };
        }
        entries.put(tag, values);
      }
      directories.add(entries);
      at = tiff.getInt(at + 2 + 12 * count);
    }
    return directories;
  }

  /** Level 0 of a deflate slide, 0xRRGGBB by row. */
  private static int[][] level0(byte[] bytes) throws DataFormatException {
    Map<Integer, long[]> d = directories(bytes).get(0);
    int width = (int) d.get(256)[0];
    int height = (int) d.get(257)[0];
    int tile = (int) d.get(322)[0];
    int columns = (width + tile - 1) / tile;
    int[][] pixels = new int[height][width];
    byte[] rgb = new byte[3 * tile * tile];
    for (int t = 0; t < d.get(324).length; t++) {
      Inflater inflater = new Inflater();
      inflater.setInput(bytes, (int) d.get(324)[t], (int) d.get(325)[t]);
      assertEquals(rgb.length, inflater.inflate(rgb));
      inflater.end();
      for (int i = 0; i < tile * tile; i++) {
        int x = t % columns * tile + i % tile;
        int y = t / columns * tile + i / tile;
        if (x < width && y < height) {
          pixels[y][x] =
              (rgb[3 * i] & 255) << 16 | (rgb[3 * i + 1] & 255) << 8 | rgb[3 * i + 2] & 255;
        }
      }
    }
    return pixels;
  }
}
