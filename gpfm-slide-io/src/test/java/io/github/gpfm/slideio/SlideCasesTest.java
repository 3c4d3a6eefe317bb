package io.github.gpfm.slideio;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.gpfm.api.MppSource;
import io.github.gpfm.api.MppUnknownException;
import io.github.gpfm.api.Slide;
import io.github.gpfm.api.SlideFormatException;
import io.github.gpfm.api.SlideLevel;
import io.github.gpfm.api.SlideOptions;
import io.github.gpfm.testkit.Fixtures;
import java.awt.image.BufferedImage;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Slides that once opened as something else than they are, or gave wrong pixels without a word. The
 * picture in them is a region of a public slide; other levels are its means over k x k pixels.
 */
class SlideCasesTest {
  private static final int WIDTH = 1100;
  private static final int HEIGHT = 900;

  @ParameterizedTest
  @CsvSource({
    "dicom/concat_full, builtin, 2, 4.5, 4.8",
    "dicom/concat_full/p0.dcm, builtin, 2, 4.5, 4.8",
    "dicom/concat_full/p1.dcm, builtin, 2, 4.5, 4.8",
    "dicom/concat_full/q1.dcm, builtin, 2, 4.5, 4.8",
    "dicom/jpeg_ycc_but_pi_rgb, '', 3, 4.5, 4.8",
    "dicom/jpeg_ycc_but_pi_rgb/l1.dcm, builtin, 3, 4.5, 4.8",
    "scene1.ome.tif, builtin, 3, 0, 0.7",
    "scene1.ome.tif, '', 3, 0, 0.7",
    "cog_mask.tif, builtin, 3, 0, 0.7",
    "cog_mask.tif, '', 3, 0, 0.7",
    "planar2_jpeg.tif, builtin, 2, 0.8, 1.5",
    "planar2_jpeg.tif, openslide, 2, 0.8, 1.5",
    "svs_unsorted.svs, builtin, 3, 0, 0.7",
    "ome_rgb.ome.tif, builtin, 1, 4, 0",
    "ome_rgb.ome.tif, openslide, 1, 4, 0"
  })
  void levelsAreThePictureLargestFirst(
      String file, String reader, int levels, double tolerance, double smaller) {
    try (Slide slide = open(file, reader)) {
      assertEquals(levels, slide.levels().size());
      int[][] truth = picture();
      for (SlideLevel level : slide.levels()) {
        assertEquals(1 << level.index(), level.downsample(), 0.02);
        double allowed = level.index() == 0 ? tolerance : smaller;
        double difference = difference(truth, slide, level);
        assertTrue(difference <= allowed, level + ": " + difference);
      }
    }
  }

  @Test
  void libvipsKeepsYCbCrBehindAPhotometricInterpretationOfRgb() {
    try (Slide slide = open("vips_jp2k.tif", "")) {
      assertEquals(1, slide.levels().size(), "libvips converted the smaller levels again");
      assertTrue(difference(picture(), slide, slide.levels().get(0)) < 1.5);
    }
  }

  @ParameterizedTest
  @CsvSource({
    "dicom/concat_full, builtin, DICOM",
    "ome_rgb.ome.tif, builtin, OME_XML",
    "ome_rgb.ome.tif, openslide, OME_XML",
    "ome_rgb.ome.tif, '', OME_XML",
    "scene1.ome.tif, builtin, OME_XML",
    "scene1.ome.tif, openslide, OME_XML",
    "vips_jp2k.tif, builtin, TIFF_RESOLUTION"
  })
  void resolutionIsThatOfTheImageShown(String file, String reader, MppSource source) {
    try (Slide slide = open(file, reader)) {
      assertEquals(0.25, slide.requireMpp().x(), 1e-9);
      assertEquals(0.25, slide.requireMpp().y(), 1e-9);
      assertEquals(source, slide.requireMpp().source());
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "openslide", "builtin"})
  void printResolutionIsNamedAndNotBelieved(String reader) {
    try (Slide slide = open("dpi300.tif", reader)) {
      assertTrue(slide.mpp().isEmpty());
      String message = assertThrows(MppUnknownException.class, slide::requireMpp).getMessage();
      assertTrue(message.contains("84.67") && message.contains("300"), message);
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "builtin"})
  void aSeriesWithADamagedLevelNamesIt(String reader) {
    for (String input : List.of("dicom/trunc_l0", "dicom/trunc_l0/l1.dcm")) {
      SlideFormatException error =
          assertThrows(SlideFormatException.class, () -> open(input, reader).close());
      assertTrue(error.getMessage().contains("l0.dcm"), error.getMessage());
      assertTrue(error.getMessage().contains("withIncomplete"), error.getMessage());
      assertEquals(List.of("SlideOptions.incomplete"), error.parameters());
    }
  }

  @Test
  void aDamagedLevelIsLeftOutWhenAsked() {
    SlideOptions options = SlideOptions.DEFAULT.withIncomplete(true);
    try (Slide slide = Slides.open(Fixtures.cases("slides/dicom/trunc_l0"), options)) {
      assertEquals(550, slide.width());
      assertEquals(2, slide.levels().size());
      String reason = slide.properties().get("gpfm.dicom.left-out");
      assertTrue(reason.contains("l0.dcm"), reason);
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"vsi/slide.vsi", "synthetic.scn"})
  void aContainerWhoseSlideIsElsewhereIsDeclined(String file) {
    String message =
        assertThrows(SlideFormatException.class, () -> open(file, "builtin").close()).getMessage();
    assertTrue(message.contains("reads it"), message);
  }

  @Test
  void leicaIsReadByOpenSlide() {
    try (Slide slide = open("synthetic.scn", "openslide")) {
      assertEquals("leica", slide.vendor());
      assertEquals(2, slide.levels().size());
      assertEquals(Set.of("macro"), slide.associatedImageNames());
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "openslide", "builtin"})
  void aCutTileIsAnErrorWhereItIsRead(String reader) {
    try (Slide slide = open("trunctile.tif", reader)) {
      slide.readRegion(0, 0, 1, 550, 450);
      SlideFormatException error =
          assertThrows(SlideFormatException.class, () -> slide.readRegion(0, 0, 0, WIDTH, HEIGHT));
      assertTrue(error.getMessage().contains("damaged"), error.getMessage());
      // The rest stays readable.
      slide.readRegion(768, 512, 0, 128, 128);
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "builtin"})
  void tilesLeftOutAreTransparent(String reader) {
    try (Slide slide = open("sparse_off0.tif", reader)) {
      BufferedImage image = slide.readRegion(0, 0, 0, WIDTH, HEIGHT);
      double alpha = 0;
      for (int pixel : image.getRGB(0, 0, WIDTH, HEIGHT, null, 0, WIDTH)) {
        alpha += pixel >>> 24;
      }
      assertEquals(204.4, alpha / (WIDTH * HEIGHT), 0.1);
      if (OpenSlideRuntime.version().orElse("").startsWith("3.") && !reader.equals("builtin")) {
        assertEquals("openslide+builtin", slide.reader(), "3.4.1 cannot read these tiles");
      }
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "openslide", "builtin"})
  void eachAxisHasItsOwnResolution(String reader) {
    try (Slide slide = open("aniso.tif", reader)) {
      assertEquals(0.25, slide.requireMpp().x(), 1e-9);
      assertEquals(0.5, slide.requireMpp().y(), 1e-9);
    }
  }

  private static Slide open(String file, String reader) {
    if (reader.equals("openslide")) {
      Assumptions.assumeTrue(OpenSlideRuntime.version().isPresent(), "OpenSlide is not installed");
    }
    return reader.isEmpty()
        ? Slides.open(Fixtures.cases("slides/" + file))
        : Slides.open(Fixtures.cases("slides/" + file), reader);
  }

  /** Red, green and blue of the picture. */
  private static int[][] picture() {
    try (Slide slide = Slides.open(Fixtures.data("slides/CMU-1-Small-Region.svs"), "builtin")) {
      int[] argb =
          slide.readRegion(300, 800, 0, WIDTH, HEIGHT).getRGB(0, 0, WIDTH, HEIGHT, null, 0, WIDTH);
      int[][] bands = new int[3][argb.length];
      for (int i = 0; i < argb.length; i++) {
        for (int band = 0; band < 3; band++) {
          bands[band][i] = argb[i] >> 16 - 8 * band & 255;
        }
      }
      return bands;
    }
  }

  /** Mean absolute difference of a level to the picture's means. */
  private static double difference(int[][] truth, Slide slide, SlideLevel level) {
    int scale = 1 << level.index();
    int width = (int) level.width();
    int height = (int) level.height();
    int[] argb =
        slide
            .readRegion(0, 0, level.index(), width, height)
            .getRGB(0, 0, width, height, null, 0, width);
    double sum = 0;
    long count = 0;
    for (int y = 0; y < HEIGHT / scale; y++) {
      for (int x = 0; x < WIDTH / scale; x++) {
        assertEquals(255, argb[y * width + x] >>> 24);
        for (int band = 0; band < 3; band++) {
          double mean = 0;
          for (int v = 0; v < scale; v++) {
            for (int u = 0; u < scale; u++) {
              mean += truth[band][(y * scale + v) * WIDTH + x * scale + u];
            }
          }
          sum += Math.abs((argb[y * width + x] >> 16 - 8 * band & 255) - mean / (scale * scale));
          count++;
        }
      }
    }
    return sum / count;
  }
}
