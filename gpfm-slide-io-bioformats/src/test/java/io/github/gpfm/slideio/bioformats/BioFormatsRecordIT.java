package io.github.gpfm.slideio.bioformats;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.gson.JsonArray;
import com.google.gson.JsonObject;
import io.github.gpfm.api.Slide;
import io.github.gpfm.api.SlideFormatException;
import io.github.gpfm.api.SlideLevel;
import io.github.gpfm.slideio.OpenSlideRuntime;
import io.github.gpfm.slideio.Slides;
import java.awt.image.BufferedImage;
import java.util.List;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The real library through the adapter gives what the reference reader recorded. */
class BioFormatsRecordIT {
  private static final String UPRIGHT = "1st row -> top; 1st column -> left";
  private static final Set<String> LOSSLESS = Set.of("Uncompressed", "LZW", "zlib", "Deflate");

  static List<RecordedSlide> readable() {
    return RecordedSlide.readable();
  }

  /** A turned TIFF is left out: the reference reader returns some of its levels as black. */
  static List<RecordedSlide> upright() {
    return readable().stream()
        .filter(
            recorded -> {
              try (Slide slide = open(recorded)) {
                String orientation = slide.properties().get("bioformats.Orientation");
                return orientation == null || orientation.equals(UPRIGHT);
              }
            })
        .toList();
  }

  static List<RecordedSlide> refused() {
    return RecordedSlide.refused();
  }

  static List<RecordedSlide> dicom() {
    return RecordedSlide.with("frames");
  }

  private static Slide open(RecordedSlide recorded) {
    return Slides.open(recorded.slide(), BioFormatsProvider.NAME);
  }

  @ParameterizedTest
  @MethodSource("readable")
  void geometryEqualsRecord(RecordedSlide recorded) {
    try (Slide slide = open(recorded)) {
      assertEquals(recorded.json().get("vendor").getAsString(), slide.vendor());
      JsonArray sizes = recorded.json().getAsJsonArray("level_dimensions");
      JsonArray downsamples = recorded.json().getAsJsonArray("level_downsamples");
      if (slide.vendor().equals("hamamatsu")) {
        // OpenSlide adds levels that are not in the file, by scaled JPEG decoding.
        assertTrue(slide.levels().size() > 1 && slide.levels().size() <= sizes.size());
      } else {
        assertEquals(sizes.size(), slide.levels().size());
      }
      for (SlideLevel level : slide.levels()) {
        JsonArray size = sizes.get(level.index()).getAsJsonArray();
        assertEquals(size.get(0).getAsLong(), level.width());
        assertEquals(size.get(1).getAsLong(), level.height());
        assertEquals(downsamples.get(level.index()).getAsDouble(), level.downsample(), 1e-12);
      }
      recorded
          .number("mpp_x")
          .ifPresent(mpp -> assertEquals(mpp, slide.mpp().orElseThrow().x(), 1e-9));
      recorded
          .number("mpp_y")
          .ifPresent(mpp -> assertEquals(mpp, slide.mpp().orElseThrow().y(), 1e-9));
      recorded
          .number("objective_power")
          .ifPresent(power -> assertEquals(power, slide.objectivePower().orElseThrow(), 1e-9));
    }
  }

  @ParameterizedTest
  @MethodSource("upright")
  void regionsEqualRecord(RecordedSlide recorded) {
    try (Slide slide = open(recorded)) {
      recorded
          .objects("regions")
          .filter(region -> region.get("level").getAsInt() < slide.levels().size())
          .forEach(region -> assertRegion(recorded, slide, region));
    }
  }

  private static void assertRegion(RecordedSlide recorded, Slide slide, JsonObject region) {
    BufferedImage image =
        slide.readRegion(
            region.get("x").getAsLong(),
            region.get("y").getAsLong(),
            region.get("level").getAsInt(),
            region.get("w").getAsInt(),
            region.get("h").getAsInt());
    String what = recorded + " " + region;
    if (region.has("error")
        || Pixels.sha256(image, true).equals(region.get("sha256_rgba").getAsString())) {
      // The reference reader fails on missing tiles, Bio-Formats gives black; or all is equal.
      return;
    }
    boolean whole = wholePosition(slide, region);
    assertTrue(!lossless(slide) || !whole, what);
    if (region.has("png")) {
      BufferedImage png = Pixels.png(recorded.beside(region, "png"));
      if (lossless(slide)) {
        Pixels.assertClose(png, image, 0.1, 1, what);
      } else {
        Pixels.assertSameButForDecoder(png, image, what);
      }
    }
    JsonArray mean = region.getAsJsonArray("mean_rgba");
    double[] measured = mean(image);
    for (int channel = 0; channel < 4; channel++) {
      assertEquals(mean.get(channel).getAsDouble(), measured[channel], 1.0, what);
    }
  }

  /** Whether both coordinates fall on a pixel of the level, so that nothing is interpolated. */
  private static boolean wholePosition(Slide slide, JsonObject region) {
    double downsample = slide.levels().get(region.get("level").getAsInt()).downsample();
    double x = Math.max(0, region.get("x").getAsLong()) / downsample;
    double y = Math.max(0, region.get("y").getAsLong()) / downsample;
    return Math.rint(x) == x && Math.rint(y) == y;
  }

  private static boolean lossless(Slide slide) {
    return LOSSLESS.contains(slide.properties().getOrDefault("bioformats.Compression", ""));
  }

  private static double[] mean(BufferedImage image) {
    double[] sums = new double[4];
    int[] argb = Pixels.argb(image);
    for (int pixel : argb) {
      sums[0] += pixel >> 16 & 255;
      sums[1] += pixel >> 8 & 255;
      sums[2] += pixel & 255;
      sums[3] += pixel >>> 24;
    }
    for (int i = 0; i < 4; i++) {
      sums[i] /= argb.length;
    }
    return sums;
  }

  /** Beyond the record: random regions of every level that both readers have. */
  @ParameterizedTest
  @MethodSource("upright")
  void randomRegionsEqualOpenSlide(RecordedSlide recorded) {
    Assumptions.assumeTrue(OpenSlideRuntime.version().isPresent(), "OpenSlide is not installed");
    Random random = new Random(20240718);
    try (Slide slide = open(recorded);
        Slide reference = Slides.open(recorded.slide(), "openslide")) {
      for (SlideLevel level : slide.levels()) {
        String tile = "openslide.level[" + level.index() + "].tile-width";
        String tileWidth = reference.properties().get(tile);
        if (tileWidth != null && Long.parseLong(tileWidth) > level.width()) {
          // Debian's libtiff makes OpenSlide return uninitialised memory here.
          continue;
        }
        for (int i = 0; i < 4; i++) {
          long x = (long) (random.nextLong(level.width()) * level.downsample());
          long y = (long) (random.nextLong(level.height()) * level.downsample());
          BufferedImage expected;
          try {
            expected = reference.readRegion(x, y, level.index(), 200, 150);
          } catch (SlideFormatException missingTile) {
            continue;
          }
          BufferedImage image = slide.readRegion(x, y, level.index(), 200, 150);
          String what = recorded + " " + level + " at " + x + "," + y;
          if (lossless(slide)) {
            Pixels.assertClose(expected, image, 0.1, 1, what);
          } else {
            Pixels.assertSameButForDecoder(expected, image, what);
          }
        }
      }
    }
  }

  @ParameterizedTest
  @MethodSource("dicom")
  void dicomFramesEqualRecord(RecordedSlide recorded) {
    try (Slide slide = open(recorded)) {
      assertEquals("dicom", slide.vendor());
      int width = recorded.json().get("total_pixel_matrix_columns").getAsInt();
      int height = recorded.json().get("total_pixel_matrix_rows").getAsInt();
      assertEquals(width, slide.width());
      assertEquals(height, slide.height());
      assertEquals(recorded.number("mpp_x").orElseThrow(), slide.mpp().orElseThrow().x(), 1e-6);
      assertEquals(recorded.number("mpp_y").orElseThrow(), slide.mpp().orElseThrow().y(), 1e-6);
      int columns = recorded.json().get("columns").getAsInt();
      int rows = recorded.json().get("rows").getAsInt();
      int across = (width + columns - 1) / columns;
      recorded
          .objects("frames")
          .filter(frame -> frame.has("png"))
          .forEach(
              frame -> {
                int index = frame.get("frame").getAsInt() - 1;
                int x = index % across * columns;
                int y = index / across * rows;
                int w = Math.min(columns, width - x);
                int h = Math.min(rows, height - y);
                BufferedImage png = Pixels.png(recorded.beside(frame, "png"));
                Pixels.assertSameButForDecoder(
                    png.getSubimage(0, 0, w, h),
                    slide.readRegion(x, y, 0, w, h),
                    recorded + " frame " + index);
              });
    }
  }

  @ParameterizedTest
  @MethodSource("refused")
  void refusedFilesAreDeclinedInOneSentence(RecordedSlide recorded) {
    SlideFormatException error =
        assertThrows(SlideFormatException.class, () -> open(recorded).close());
    assertTrue(error.getMessage().contains("bioformats: Bio-Formats cannot open it"));
    assertTrue(error.getMessage().endsWith(")."), error.getMessage());
    assertEquals(-1, error.getMessage().indexOf('\n'));
  }
}
