package io.github.gpfm.slideio.bioformats;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.gpfm.api.Slide;
import io.github.gpfm.api.SlideException;
import io.github.gpfm.api.SlideFormatException;
import io.github.gpfm.api.SlideOptions;
import io.github.gpfm.slideio.Slides;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The adapter's rules hold with the real library. */
class BioFormatsBehaviourIT {
  @TempDir Path folder;

  private static Slide open(Path file) {
    return Slides.open(file, BioFormatsProvider.NAME);
  }

  private Path tiff(String name, BufferedImage... pages) throws IOException {
    Path file = folder.resolve(name);
    TestTiff.write(file, List.of(pages));
    return file;
  }

  @Test
  void pagesThatAreNotMarkedBecomeLevels() throws IOException {
    BufferedImage[] pages = {
      TestTiff.image(160, 121, BufferedImage.TYPE_3BYTE_BGR),
      TestTiff.image(80, 60, BufferedImage.TYPE_3BYTE_BGR),
      TestTiff.image(50, 50, BufferedImage.TYPE_3BYTE_BGR),
      TestTiff.image(40, 30, BufferedImage.TYPE_3BYTE_BGR)
    };
    Path file = tiff("pages.tif", pages);
    try (Slide slide = open(file)) {
      assertEquals(
          List.of(160L, 80L, 40L), slide.levels().stream().map(level -> level.width()).toList());
      assertArrayEquals(
          Pixels.argb(pages[1]), Pixels.argb(slide.readRegion(0, 0, 1, 80, 60)), "level 1");
      assertArrayEquals(
          Pixels.argb(pages[3]), Pixels.argb(slide.readRegion(0, 0, 2, 40, 30)), "level 2");
    }
    try (Slide third =
        Slides.open(file, BioFormatsProvider.NAME, SlideOptions.DEFAULT.withSeries(2))) {
      assertEquals(50, third.width());
      assertEquals(1, third.levels().size());
    }
    assertThrows(
        SlideFormatException.class,
        () ->
            Slides.open(file, BioFormatsProvider.NAME, SlideOptions.DEFAULT.withSeries(4)).close());
  }

  @Test
  void sixteenBitsAreScaledOverTheirWholeRange() throws IOException {
    BufferedImage page = TestTiff.image(70, 50, BufferedImage.TYPE_USHORT_GRAY);
    try (Slide slide = open(tiff("grey16.tif", page))) {
      BufferedImage read = slide.readRegion(0, 0, 0, 70, 50);
      for (int y = 0; y < 50; y++) {
        for (int x = 0; x < 70; x++) {
          int grey = (int) Math.round(TestTiff.sample(page, x, y, 0) / 257.0);
          assertEquals(0xff000000 | grey * 0x010101, read.getRGB(x, y));
        }
      }
    }
  }

  @Test
  void palettesAreApplied() throws IOException {
    BufferedImage page = TestTiff.image(40, 40, BufferedImage.TYPE_BYTE_INDEXED);
    try (Slide slide = open(tiff("palette.tif", page))) {
      int[] expected = Pixels.argb(page);
      // The last entries of the JDK's palette are transparent, and TIFF palettes are opaque.
      Arrays.setAll(expected, i -> expected[i] >>> 24 == 0 ? 0xff000000 : expected[i]);
      assertArrayEquals(expected, Pixels.argb(slide.readRegion(0, 0, 0, 40, 40)));
    }
  }

  @Test
  void memoFilesAreOffUnlessAskedForAndNeverBesideTheSlide() throws IOException {
    Path slides = Files.createDirectory(folder.resolve("slides"));
    Path memos = folder.resolve("memos");
    Path file = slides.resolve("memo.tif");
    TestTiff.write(file, List.of(TestTiff.image(90, 70, BufferedImage.TYPE_3BYTE_BGR)));
    Path hostile = Files.writeString(slides.resolve(".memo.tif.bfmemo"), "not a memo");
    int[] pixels;
    try (Slide slide = open(file)) {
      pixels = Pixels.argb(slide.readRegion(0, 0, 0, 90, 70));
    }
    System.setProperty(BioFormatsSettings.MEMO_PROPERTY, memos.toString());
    try {
      for (int time = 0; time < 2; time++) {
        try (Slide slide = open(file)) {
          assertArrayEquals(pixels, Pixels.argb(slide.readRegion(0, 0, 0, 90, 70)));
          assertEquals("generic-tiff", slide.vendor());
        }
        assertEquals(1, memos(memos), "memo files in the folder asked for");
      }
    } finally {
      System.clearProperty(BioFormatsSettings.MEMO_PROPERTY);
    }
    assertEquals(1, memos(slides), "no memo file but the one that lay there");
    assertEquals("not a memo", Files.readString(hostile));
  }

  private static long memos(Path root) throws IOException {
    try (Stream<Path> files = Files.walk(root)) {
      return files.filter(file -> file.toString().endsWith(".bfmemo")).count();
    }
  }

  @Test
  void whatIsCutOffIsOneClearErrorAndTheRestIsRead() throws IOException {
    BufferedImage page = TestTiff.image(400, 300, BufferedImage.TYPE_3BYTE_BGR);
    Path whole = tiff("whole.tif", page);
    byte[] bytes = Files.readAllBytes(whole);
    int opened = 0;
    for (int length = 0; length < bytes.length; length += bytes.length / 40) {
      Path cut = Files.write(folder.resolve("cut" + length + ".tif"), Arrays.copyOf(bytes, length));
      try (Slide slide = open(cut)) {
        opened++;
        slide.readRegion(0, 0, 0, 400, 300);
      } catch (SlideException e) {
        assertTrue(e.getMessage().contains(cut.toString()), e.getMessage());
        assertFalse(e.getMessage().contains("\n"), e.getMessage());
      }
    }
    try (Slide slide = open(whole)) {
      opened++;
      assertArrayEquals(Pixels.argb(page), Pixels.argb(slide.readRegion(0, 0, 0, 400, 300)));
    }
    assertTrue(opened >= 1);
  }

  @Test
  void aFolderAndATextAreDeclined() throws IOException {
    Path text = Files.writeString(folder.resolve("text.unknown"), "not an image");
    for (Path path : List.of(folder, text)) {
      SlideFormatException error =
          assertThrows(SlideFormatException.class, () -> open(path).close());
      assertTrue(error.getMessage().contains("bioformats: "), error.getMessage());
    }
  }

  @Test
  void loneJpeg2000TilesAreRead() {
    List<RecordedSlide> tiles = RecordedSlide.with("sha256_rgb");
    for (RecordedSlide tile : tiles) {
      try (Slide slide = open(tile.slide())) {
        assertEquals(tile.json().get("width").getAsLong(), slide.width());
        assertEquals(tile.json().get("height").getAsLong(), slide.height());
        Pixels.assertSameButForDecoder(
            Pixels.png(tile.slide().resolveSibling(tile + ".png")),
            slide.readRegion(0, 0, 0, (int) slide.width(), (int) slide.height()),
            tile.toString());
      }
    }
  }

  @Test
  void associatedImagesAreThoseOfTheReference() {
    for (RecordedSlide recorded : RecordedSlide.with("associated_images")) {
      try (Slide slide = open(recorded.slide())) {
        recorded
            .json()
            .getAsJsonObject("associated_images")
            .entrySet()
            .forEach(
                entry -> {
                  boolean has = slide.associatedImageNames().contains(entry.getKey());
                  // Bio-Formats leaves the thumbnail of Aperio slides out.
                  assertTrue(has || entry.getKey().equals("thumbnail"), recorded + " " + entry);
                  if (has) {
                    BufferedImage image = slide.associatedImage(entry.getKey());
                    var record = entry.getValue().getAsJsonObject();
                    assertEquals(record.get("width").getAsInt(), image.getWidth());
                    assertEquals(record.get("height").getAsInt(), image.getHeight());
                  }
                });
      }
    }
  }
}
