package io.github.gpfm.slideio;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.gpfm.api.Slide;
import io.github.gpfm.api.SlideFormatException;
import io.github.gpfm.api.SlideOptions;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** DICOM slides of several files, full and sparse. */
class DicomSlideTest {
  private static final String VOLUME = "DERIVED\\PRIMARY\\VOLUME\\RESAMPLED";

  @TempDir Path folder;

  @Test
  void framesOfAFullMatrixLieRowByRow() throws IOException {
    Path file = Files.write(folder.resolve("full.dcm"), TestDicom.tiled(false));
    try (Slide slide = Slides.open(file, "builtin")) {
      assertEquals(TestDicom.WIDTH, slide.width());
      for (int frame = 0; frame < 6; frame++) {
        int x = frame % 3 * TestDicom.EDGE;
        int y = frame / 3 * TestDicom.EDGE;
        int shade = TestDicom.shade(frame);
        int expected = 0xff000000 | shade * 0x010101;
        assertEquals(expected, slide.readRegion(x, y, 0, 1, 1).getRGB(0, 0), "frame " + frame);
      }
      assertEquals(0.25, slide.mpp().orElseThrow().x(), 1e-12);
    }
  }

  @Test
  void framesLeftOutOfASparseMatrixAreTransparent() throws IOException {
    Path file = Files.write(folder.resolve("sparse.dcm"), TestDicom.tiled(true));
    try (Slide slide = Slides.open(file, "builtin")) {
      assertEquals(0xff0a0a0a, slide.readRegion(0, 0, 0, 1, 1).getRGB(0, 0));
      assertEquals(0xff1e1e1e, slide.readRegion(32, 32, 0, 1, 1).getRGB(0, 0));
      assertEquals(0, slide.readRegion(32, 0, 0, 1, 1).getRGB(0, 0));
    }
  }

  @Test
  void deflatedFilesAreThoseTheyWereMadeFrom() throws IOException {
    Path plain = Files.write(folder.resolve("plain.dcm"), TestDicom.tiled(true));
    Path folderOfIt = Files.createDirectory(folder.resolve("deflated"));
    Path deflated =
        Files.write(
            folderOfIt.resolve("deflated.dcm"), TestDicom.deflated(Files.readAllBytes(plain)));
    assertTrue(Files.size(deflated) < Files.size(plain) / 2);
    for (Path path : List.of(deflated, folderOfIt)) {
      try (Slide expected = Slides.open(plain, "builtin");
          Slide slide = Slides.open(path, "builtin")) {
        assertEquals(expected.mpp(), slide.mpp());
        assertEquals(expected.levels(), slide.levels());
        int[] pixels = expected.readRegion(0, 0, 0, 80, 50).getRGB(0, 0, 80, 50, null, 0, 80);
        assertArrayEquals(
            pixels, slide.readRegion(0, 0, 0, 80, 50).getRGB(0, 0, 80, 50, null, 0, 80));
      }
    }
  }

  @Test
  void deflatedFilesThatEndEarlyOrGrowBeyondTheBoundAreRefused() throws IOException {
    byte[] deflated = TestDicom.deflated(TestDicom.tiled(true));
    Path file = folder.resolve("deflated.dcm");
    Files.write(file, Arrays.copyOf(deflated, deflated.length - 20));
    String message =
        assertThrows(SlideFormatException.class, () -> Slides.open(file, "builtin")).getMessage();
    assertTrue(message.contains("deflated.dcm") && message.contains("end early"), message);
    Files.write(file, deflated);
    System.setProperty("gpfm.limit.bytes", "4000");
    try {
      message =
          assertThrows(SlideFormatException.class, () -> Slides.open(file, "builtin")).getMessage();
      assertTrue(message.contains("gpfm.limit.bytes"), message);
    } finally {
      System.clearProperty("gpfm.limit.bytes");
    }
  }

  @Test
  void deflatedFramesAreInflatedToTheirSize() throws IOException {
    byte[] bytes = TestDicom.instance(TestDicom.DEFLATED_FRAMES, 80, 50, "1.2.3", VOLUME, 0.00025);
    Path file = Files.write(folder.resolve("frames.dcm"), bytes);
    try (Slide slide = Slides.open(file, "builtin")) {
      for (int frame = 0; frame < 6; frame++) {
        int expected = 0xff000000 | TestDicom.shade(frame) * 0x010101;
        int x = frame % 3 * TestDicom.EDGE;
        int y = frame / 3 * TestDicom.EDGE;
        assertEquals(expected, slide.readRegion(x, y, 0, 1, 1).getRGB(0, 0), "frame " + frame);
      }
    }
    // The last block of the last frame; behind it the sequence's end of 8 bytes.
    bytes[bytes.length - 14] ^= 0x55;
    Files.write(file, bytes);
    try (Slide slide = Slides.open(file, "builtin")) {
      slide.readRegion(0, 0, 0, 1, 1);
      String message =
          assertThrows(SlideFormatException.class, () -> slide.readRegion(64, 32, 0, 1, 1))
              .getMessage();
      assertTrue(message.contains("frame 6"), message);
    }
  }

  @Test
  void colorsThatAreNotReadAreNamed() throws IOException {
    byte[] bytes = TestDicom.tiled(false);
    int at = new String(bytes, StandardCharsets.ISO_8859_1).indexOf("RGB ");
    System.arraycopy("HSV ".getBytes(StandardCharsets.US_ASCII), 0, bytes, at, 4);
    Path file = Files.write(folder.resolve("hsv.dcm"), bytes);
    String message =
        assertThrows(SlideFormatException.class, () -> Slides.open(file, "builtin")).getMessage();
    assertTrue(message.contains("HSV"), message);
  }

  @Test
  void filesOfOneSeriesAreOneSlide() throws IOException {
    Files.write(
        folder.resolve("a.dcm"), TestDicom.instance(false, 80, 50, "1.2.3", VOLUME, 0.0005));
    Files.write(
        folder.resolve("b.dcm"), TestDicom.instance(false, 160, 100, "1.2.3", VOLUME, 0.00025));
    Files.write(
        folder.resolve("c.dcm"),
        TestDicom.instance(false, 40, 40, "1.2.3", "ORIGINAL\\PRIMARY\\LABEL\\NONE", 0.01));
    Files.write(
        folder.resolve("d.dcm"), TestDicom.instance(false, 320, 200, "9.9", VOLUME, 0.000125));
    Files.writeString(folder.resolve("notes.txt"), "not DICOM");
    try (Slide slide = Slides.open(folder.resolve("a.dcm"), "builtin")) {
      assertEquals(2, slide.levels().size());
      assertEquals(160, slide.width());
      assertEquals(2, slide.levels().get(1).downsample());
      assertEquals(0.25, slide.mpp().orElseThrow().x(), 1e-12);
      assertEquals(Set.of("label"), slide.associatedImageNames());
    }
    String message =
        assertThrows(SlideFormatException.class, () -> Slides.open(folder)).getMessage();
    assertTrue(message.contains("1.2.3 (a.dcm), 9.9 (d.dcm)"), message);
    try (Slide slide = Slides.open(folder, "builtin", SlideOptions.DEFAULT.withSeries(1))) {
      assertEquals(320, slide.width());
      assertEquals(1, slide.levels().size());
    }
  }

  @Test
  void partsOfASeriesThatCannotBeReadAreNamed() throws IOException {
    Files.write(
        folder.resolve("a.dcm"), TestDicom.instance(false, 80, 50, "1.2.3", VOLUME, 0.0005));
    byte[] large = TestDicom.instance(false, 160, 100, "1.2.3", VOLUME, 0.00025);
    for (int length : new int[] {200, 700, large.length / 2, large.length - 40}) {
      Files.write(folder.resolve("b.dcm"), Arrays.copyOf(large, length));
      for (Path input : List.of(folder, folder.resolve("a.dcm"))) {
        String message =
            assertThrows(SlideFormatException.class, () -> Slides.open(input)).getMessage();
        assertTrue(message.contains("b.dcm"), length + " bytes: " + message);
        try (Slide slide = Slides.open(input, SlideOptions.DEFAULT.withIncomplete(true))) {
          assertEquals(80, slide.width());
        }
      }
    }
    // What is no DICOM, of another class or hidden is no part of it.
    Files.move(folder.resolve("b.dcm"), folder.resolve("._b.dcm"));
    try (Slide slide = Slides.open(folder)) {
      assertEquals(1, slide.levels().size());
    }
  }

  @Test
  void aFileThatBrokeOffAtItsBeginningIsNamed() throws IOException {
    Path series = Files.createDirectory(folder.resolve("broken"));
    Files.write(
        series.resolve("l1.dcm"), TestDicom.instance(false, 40, 25, "1.2.9", VOLUME, 0.0005));
    for (byte[] left : new byte[][] {{}, new byte[100], new byte[4000]}) {
      Files.write(series.resolve("l0.dcm"), left);
      for (Path path : List.of(series, series.resolve("l1.dcm"))) {
        SlideFormatException e =
            assertThrows(SlideFormatException.class, () -> Slides.open(path, "builtin"));
        assertTrue(e.getMessage().contains("l0.dcm"), e.getMessage());
        try (Slide slide =
            Slides.open(path, "builtin", SlideOptions.DEFAULT.withIncomplete(true))) {
          assertEquals(40, slide.width());
        }
      }
    }
    Files.delete(series.resolve("l0.dcm"));
    Files.writeString(series.resolve("readme.txt"), "not a part of it");
    try (Slide slide = Slides.open(series, "builtin")) {
      assertEquals(40, slide.width());
    }
  }

  @Test
  void otherDicomIsDeclinedInOneSentence() throws IOException {
    byte[] bytes = TestDicom.tiled(false);
    String text = new String(bytes, StandardCharsets.ISO_8859_1);
    int at = text.indexOf("1.2.840.10008.5.1.4.1.1.77.1.6");
    bytes[at + 29] = '2';
    Path file = Files.write(folder.resolve("other.dcm"), bytes);
    SlideFormatException error =
        assertThrows(SlideFormatException.class, () -> Slides.open(file, "builtin"));
    assertTrue(error.getMessage().contains("VL Whole Slide Microscopy"), error.getMessage());
  }
}
