package io.github.gpfm.slideio;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.gpfm.api.InvalidOptionException;
import io.github.gpfm.api.Slide;
import io.github.gpfm.api.SlideClosedException;
import io.github.gpfm.api.Tile;
import java.awt.color.ColorSpace;
import java.awt.color.ICC_Profile;
import java.awt.image.BufferedImage;
import java.nio.ByteOrder;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.ExecutionException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RegionServiceTest {
  private static final int WIDTH = 1300;
  private static final int HEIGHT = 900;

  @TempDir Path folder;
  private Slide slide;
  private int[] base;

  @BeforeEach
  void open() {
    base = TestTiff.picture(WIDTH, HEIGHT, 9);
    TestTiff tiff = new TestTiff(ByteOrder.LITTLE_ENDIAN, false);
    tiff.directory()
        .rgb(base, WIDTH, HEIGHT, 128, true, TestTiff.NONE)
        .tag(34675, ICC_Profile.getInstance(ColorSpace.CS_LINEAR_RGB).getData());
    tiff.directory()
        .rgb(TestTiff.picture(650, 450, 10), 650, 450, 128, true, TestTiff.NONE)
        .tag(254, 1);
    tiff.directory()
        .rgb(TestTiff.picture(216, 150, 11), 216, 150, 128, true, TestTiff.NONE)
        .tag(254, 1);
    slide = Slides.open(tiff.write(folder.resolve("slide.tif")), "builtin");
  }

  @AfterEach
  void close() {
    slide.close();
  }

  @Test
  void cachedRegionsEqualDirectReads() {
    Random random = new Random(1);
    List<Tile> regions = new ArrayList<>();
    for (int i = 0; i < 60; i++) {
      regions.add(
          new Tile(
              random.nextInt(1500) - 100,
              random.nextInt(1100) - 100,
              random.nextInt(3),
              1 + random.nextInt(700),
              1 + random.nextInt(700)));
    }
    try (RegionService service = RegionService.on(slide).threads(4).build()) {
      List<BufferedImage> images = service.readRegions(regions);
      for (int i = 0; i < regions.size(); i++) {
        Tile region = regions.get(i);
        BufferedImage direct =
            slide.readRegion(
                region.x(), region.y(), region.level(), region.width(), region.height());
        assertArrayEquals(pixels(direct), pixels(images.get(i)), region.toString());
      }
      assertTrue(service.cacheHitRate() > 0);
    }
  }

  @Test
  void prefetchedTilesAreFoundInTheCache() throws ExecutionException, InterruptedException {
    List<Tile> tiles = List.of(new Tile(0, 0, 0, 512, 512), new Tile(512, 0, 0, 512, 512));
    try (RegionService service = RegionService.on(slide).cacheBytes(8 << 20).build()) {
      assertEquals(2, service.prefetch(tiles).get());
      service.readRegions(tiles);
      assertEquals(0.5, service.cacheHitRate(), 1e-9);
    }
  }

  @Test
  void downsampledReadsAreTheMeanOfTheArea() {
    try (RegionService service = RegionService.on(slide).build()) {
      // 1.5 is between the levels 1 and 2: from level 0.
      BufferedImage image = service.readAtDownsample(30, 60, 1.5, 40, 20);
      double[] weights = {1, 0.5};
      for (int band = 0; band < 3; band++) {
        double sum = 0;
        for (int y = 0; y < 2; y++) {
          for (int x = 0; x < 2; x++) {
            int pixel = base[(60 + y) * WIDTH + 30 + x];
            sum += weights[x] * weights[y] * (pixel >> 8 * band & 255);
          }
        }
        assertEquals(sum / 2.25, image.getRGB(0, 0) >> 8 * band & 255, 0.51);
      }
      BufferedImage level = service.readAtDownsample(30, 60, 2, 40, 20);
      assertArrayEquals(pixels(slide.readRegion(30, 60, 1, 40, 20)), pixels(level));
      assertThrows(IllegalArgumentException.class, () -> service.readAtDownsample(0, 0, 0, 1, 1));
    }
  }

  @Test
  void bandsOfLargeDownsampledReadsFitTogether() {
    try (RegionService service = RegionService.on(slide).build()) {
      BufferedImage whole = service.readAtDownsample(0, 0, 1.25, 600, 500);
      BufferedImage lower = service.readAtDownsample(0, 250, 1.25, 600, 300);
      for (int x = 0; x < 600; x += 13) {
        assertEquals(whole.getRGB(x, 210), lower.getRGB(x, 10));
      }
    }
  }

  @Test
  void enlargedReadsPassThroughThePixels() {
    try (RegionService service = RegionService.on(slide).build()) {
      BufferedImage image = service.readAtDownsample(100, 100, 1 / 3.0, 90, 90);
      // The centre of every third pixel is the centre of a source pixel.
      for (int i = 1; i < 30; i++) {
        assertEquals(base[(100 + i) * WIDTH + 100 + i], image.getRGB(3 * i + 1, 3 * i + 1));
      }
    }
  }

  @Test
  void profileIsConvertedToSrgb() {
    try (RegionService service = RegionService.on(slide).srgb(true).build()) {
      BufferedImage image = service.read(new Tile(0, 0, 0, 64, 64));
      for (int i = 0; i < 64; i++) {
        int linear = base[i * WIDTH + i] >> 8 & 255;
        double value = linear / 255.0;
        double encoded =
            value <= 0.0031308 ? 12.92 * value : 1.055 * Math.pow(value, 1 / 2.4) - 0.055;
        assertEquals(255 * encoded, image.getRGB(i, i) >> 8 & 255, 2.0);
      }
    }
  }

  @Test
  void backgroundShowsOutsideTheSlide() {
    try (RegionService service = RegionService.on(slide).slideBackground().build()) {
      BufferedImage image = service.read(new Tile(-10, -10, 0, 20, 20));
      assertEquals(0xffffffff, image.getRGB(0, 0));
      assertEquals(base[0], image.getRGB(10, 10));
    }
  }

  @Test
  void slidesOwnBackgroundIsMixedIntoHalfTransparentPixels() {
    Map<String, String> named = Map.of("openslide.background-color", "FF8000");
    try (Slide glass = new MemorySlide(64, 64, 0x40102030, named);
        RegionService service = RegionService.on(glass).slideBackground().build()) {
      // 64/255 of the pixel, the rest of the background.
      int expected = 0xff000000;
      for (int shift = 0; shift < 24; shift += 8) {
        double mixed = ((0x102030 >> shift & 255) * 64 + (0xff8000 >> shift & 255) * 191) / 255.0;
        expected |= (int) Math.round(mixed) << shift;
      }
      assertEquals(expected, service.read(new Tile(0, 0, 0, 8, 8)).getRGB(3, 3));
    }
    try (Slide glass = new MemorySlide(64, 64, 0x40102030, named);
        RegionService service = RegionService.on(glass).build()) {
      assertEquals(0x40102030, service.read(new Tile(0, 0, 0, 8, 8)).getRGB(3, 3));
    }
  }

  @Test
  void cacheKeepsNoMoreThanItsBytes() {
    int blocks = 6;
    long blockBytes = 4L * 512 * 512 + 64;
    try (MemorySlide wide = new MemorySlide(512 * blocks, 512, 0xff808080, Map.of());
        RegionService roomy = RegionService.on(wide).cacheBytes(blocks * blockBytes).build();
        RegionService narrow = RegionService.on(wide).cacheBytes(2 * blockBytes).build();
        RegionService none = RegionService.on(wide).cacheBytes(0).build()) {
      assertEquals(blocks, readsOfTwoRounds(wide, roomy, blocks));
      // In turn, the least recently used of two blocks is never the one wanted next.
      assertEquals(2 * blocks, readsOfTwoRounds(wide, narrow, blocks));
      assertEquals(2 * blocks, readsOfTwoRounds(wide, none, blocks));
      wide.reads.set(0);
      narrow.read(new Tile(512L * (blocks - 1), 0, 0, 512, 512));
      assertEquals(0, wide.reads.get());
    }
  }

  private static int readsOfTwoRounds(MemorySlide slide, RegionService service, int blocks) {
    slide.reads.set(0);
    for (int i = 0; i < 2 * blocks; i++) {
      service.read(new Tile(512L * (i % blocks), 0, 0, 512, 512));
    }
    return slide.reads.get();
  }

  @Test
  void prefetchFillsHalfTheCache() throws ExecutionException, InterruptedException {
    List<Tile> tiles = new ArrayList<>();
    for (int i = 0; i < 6; i++) {
      tiles.add(new Tile(512L * i, 0, 0, 512, 512));
    }
    try (MemorySlide wide = new MemorySlide(512 * 6, 512, 0xff808080, Map.of());
        RegionService service = RegionService.on(wide).cacheBytes(8 * 4L * 512 * 512).build()) {
      assertEquals(4, service.prefetch(tiles).get());
      assertEquals(4, wide.reads.get());
    }
  }

  @Test
  void closedSlidesAndUnknownLevelsAreErrorsOfTheBatch() {
    try (RegionService service = RegionService.on(slide).build()) {
      List<Tile> beyond = List.of(new Tile(0, 0, 0, 8, 8), new Tile(0, 0, 9, 8, 8));
      assertThrows(IllegalArgumentException.class, () -> service.readRegions(beyond));
      slide.close();
      List<Tile> unread = List.of(new Tile(600, 600, 0, 8, 8));
      assertThrows(SlideClosedException.class, () -> service.readRegions(unread));
    }
  }

  @Test
  void impossibleSettingsAreUsageErrors() {
    assertThrows(InvalidOptionException.class, () -> RegionService.on(slide).cacheBytes(-1));
    assertThrows(InvalidOptionException.class, () -> RegionService.on(slide).threads(0));
  }

  private static int[] pixels(BufferedImage image) {
    return image.getRGB(0, 0, image.getWidth(), image.getHeight(), null, 0, image.getWidth());
  }
}
