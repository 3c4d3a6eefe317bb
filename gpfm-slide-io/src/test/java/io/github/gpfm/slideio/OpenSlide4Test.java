package io.github.gpfm.slideio;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.gpfm.api.Slide;
import io.github.gpfm.api.SlideLevel;
import java.awt.color.ColorSpace;
import java.awt.color.ICC_Profile;
import java.nio.ByteOrder;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * What OpenSlide 4 adds: DICOM, ICC profiles, a cache that slides share. Name the library with
 * {@code -Dgpfm.openslide.library} where the installed one is older.
 */
class OpenSlide4Test {
  @TempDir Path folder;

  static List<SlideFixture> dicom() {
    return SlideFixture.all().stream().filter(SlideFixture::dicom).toList();
  }

  @BeforeAll
  static void needsVersion4() {
    String version = OpenSlideRuntime.version().orElse("none");
    Assumptions.assumeTrue(version.matches("([4-9]|\\d\\d+)\\..*"), "OpenSlide is " + version);
  }

  @ParameterizedTest
  @MethodSource("dicom")
  void dicomEqualsTheBuiltinReader(SlideFixture fixture) {
    Assumptions.assumeTrue(
        OpenSlideRuntime.detectVendor(fixture.slide()).isPresent(), "not for OpenSlide");
    try (Slide openslide = Slides.open(fixture.slide(), "openslide");
        Slide builtin = Slides.open(fixture.slide(), "builtin")) {
      assertEquals("dicom", openslide.vendor());
      assertEquals(openslide.levels(), builtin.levels());
      assertEquals(openslide.requireMpp().x(), builtin.requireMpp().x(), 1e-9);
      for (SlideLevel level : openslide.levels()) {
        int width = (int) Math.min(1024, level.width());
        int height = (int) Math.min(1024, level.height());
        PixelAssertions.assertNear(
            openslide.readRegion(0, 0, level.index(), width, height),
            builtin.readRegion(0, 0, level.index(), width, height),
            fixture + " level " + level.index());
      }
    }
  }

  @Test
  void iccProfileIsThatOfTheFile() {
    byte[] profile = ICC_Profile.getInstance(ColorSpace.CS_sRGB).getData();
    TestTiff tiff = new TestTiff(ByteOrder.LITTLE_ENDIAN, false);
    tiff.directory()
        .rgb(TestTiff.picture(200, 150, 1), 200, 150, 64, true, TestTiff.JPEG)
        .tag(270, "Aperio Image Library|AppMag = 20|MPP = 0.5")
        .tag(34675, profile);
    Path file = tiff.write(folder.resolve("profile.svs"));
    for (String reader : List.of("openslide", "builtin")) {
      try (Slide slide = Slides.open(file, reader)) {
        assertArrayEquals(profile, slide.iccProfile().orElseThrow(), reader);
      }
    }
  }

  @Test
  void slidesShareACache() {
    TestTiff tiff = new TestTiff(ByteOrder.LITTLE_ENDIAN, false);
    int[] picture = TestTiff.picture(200, 150, 1);
    tiff.directory().rgb(picture, 200, 150, 64, true, TestTiff.NONE);
    Path file = tiff.write(folder.resolve("cached.tif"));
    assertTrue(OpenSlideRuntime.shareCache(1 << 20));
    try (Slide first = Slides.open(file, "openslide");
        Slide second = Slides.open(file, "openslide")) {
      // A second cache takes the place of the first while slides still use that.
      assertTrue(OpenSlideRuntime.shareCache(1 << 21));
      for (Slide slide : List.of(first, second, first)) {
        assertArrayEquals(
            picture, slide.readRegion(0, 0, 0, 200, 150).getRGB(0, 0, 200, 150, null, 0, 200));
      }
    }
  }
}
