package io.github.gpfm.slideio.bioformats.internal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.gpfm.api.MppSource;
import io.github.gpfm.api.Slide;
import io.github.gpfm.api.SlideClosedException;
import io.github.gpfm.api.SlideException;
import io.github.gpfm.api.SlideFormatException;
import io.github.gpfm.api.SlideOpenResult;
import io.github.gpfm.api.SlideOptions;
import io.github.gpfm.slideio.bioformats.BioFormatsProvider;
import io.github.gpfm.slideio.bioformats.BioFormatsSettings;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.junit.jupiter.api.Test;

/** A slide over a reader that stands in for Bio-Formats and is as touchy. */
class BioFormatsSlideTest {
  private static final Path PATH = Path.of("fake.svs");

  private static Slide open(FakeFile file, SlideOptions options, int readers) throws Exception {
    BioFormatsSettings settings =
        new BioFormatsSettings(readers, Optional.empty(), Duration.ofSeconds(60));
    SlideOpenResult result =
        Opener.open(PATH, options, BioFormatsProvider.NAME, settings, () -> file);
    return assertInstanceOf(SlideOpenResult.Opened.class, result).slide();
  }

  private static Slide open(FakeFile file) throws Exception {
    return open(file, SlideOptions.DEFAULT, 2);
  }

  private static int rgb(FakeFile.Series series, int resolution, int x, int y) {
    return 0xff000000
        | FakeFile.sample(series, resolution, 0, 0, x, y) << 16
        | FakeFile.sample(series, resolution, 0, 1, x, y) << 8
        | FakeFile.sample(series, resolution, 0, 2, x, y);
  }

  @Test
  void coordinatesAreLevelZeroAndTheOutsideIsTransparent() throws Exception {
    FakeFile.Series series = FakeFile.series(100, 80).and(50, 40);
    try (Slide slide = open(new FakeFile().with(series))) {
      for (int level = 0; level < 2; level++) {
        int scale = 1 << level;
        BufferedImage image = slide.readRegion(-6L * scale, 70, level, 120, 60);
        for (int y = 0; y < 60; y++) {
          for (int x = 0; x < 120; x++) {
            int fromX = x - 6;
            int fromY = y + 70 / scale;
            boolean inside = fromX >= 0 && fromX < 100 / scale && fromY < 80 / scale;
            assertEquals(inside ? rgb(series, level, fromX, fromY) : 0, image.getRGB(x, y));
          }
        }
      }
      BufferedImage away = slide.readRegion(1L << 40, -(1L << 40), 0, 3, 3);
      assertEquals(0, away.getRGB(1, 1));
    }
  }

  @Test
  void betweenPixelsTheImageIsInterpolated() throws Exception {
    FakeFile.Series series = FakeFile.series(100, 80).and(50, 40);
    try (Slide slide = open(new FakeFile().with(series))) {
      BufferedImage image = slide.readRegion(1, 0, 1, 60, 50);
      int left = FakeFile.sample(series, 1, 0, 0, 0, 0);
      int right = FakeFile.sample(series, 1, 0, 0, 1, 0);
      assertEquals((left + right) / 2.0, image.getRGB(0, 0) >> 16 & 255, 1);
      // The last column is half outside: half transparent, its colour unchanged.
      int last = image.getRGB(49, 3);
      assertEquals(128, last >>> 24, 1);
      assertEquals(FakeFile.sample(series, 1, 0, 0, 49, 3), last >> 16 & 255, 2);
      assertEquals(0, image.getRGB(50, 3));
      assertEquals(0, image.getRGB(3, 40));
    }
  }

  @Test
  void separateSeriesOfOneShapeAreOnePyramid() throws Exception {
    FakeFile file =
        new FakeFile()
            .with(FakeFile.series(1000, 801).named("slide"))
            .with(FakeFile.series(300, 100).named("Label image"))
            .with(FakeFile.series(500, 400))
            .with(FakeFile.series(250, 200))
            .with(FakeFile.series(250, 200))
            .with(FakeFile.series(250, 190).named("macro"));
    try (Slide slide = open(file)) {
      assertEquals(3, slide.levels().size());
      assertEquals((801 / 200.0 + 4) / 2, slide.levels().get(2).downsample());
      assertEquals(
          rgb(file.series.get(3), 0, 5, 6), slide.readRegion(20, 24, 2, 9, 9).getRGB(0, 0));
      assertEquals(Set.of("label", "macro"), slide.associatedImageNames());
      BufferedImage label = slide.associatedImage("label");
      assertEquals(300, label.getWidth());
      assertEquals(rgb(file.series.get(1), 0, 299, 99), label.getRGB(299, 99));
      assertThrows(SlideException.class, () -> slide.associatedImage("thumbnail"));
    }
  }

  @Test
  void aStripThumbnailAndTheNextSceneAreNoLevels() throws Exception {
    FakeFile.Series strips = FakeFile.series(250, 200);
    strips.tile = 250;
    FakeFile file =
        new FakeFile()
            .with(FakeFile.series(1000, 800))
            .with(strips)
            .with(FakeFile.series(500, 400))
            .with(FakeFile.series(1000, 800))
            .with(FakeFile.series(125, 100));
    try (Slide first = open(file);
        Slide second = open(file, SlideOptions.DEFAULT.withSeries(3), 1)) {
      assertEquals(
          List.of(1000L, 500L), first.levels().stream().map(level -> level.width()).toList());
      assertEquals(
          List.of(1000L, 125L), second.levels().stream().map(level -> level.width()).toList());
    }
  }

  @Test
  void theLargestSeriesThatIsNoThumbnailIsOpened() throws Exception {
    FakeFile.Series thumbnail = FakeFile.series(900, 900);
    thumbnail.thumbnail = true;
    FakeFile file =
        new FakeFile().with(thumbnail).with(FakeFile.series(60, 40)).with(FakeFile.series(70, 60));
    try (Slide slide = open(file)) {
      assertEquals(70, slide.width());
      assertEquals(Set.of("thumbnail"), slide.associatedImageNames());
      assertEquals("2", slide.properties().get("bioformats.series"));
      assertEquals("2", slide.properties().get("bioformats.Series"));
      assertEquals("fake", slide.properties().get("bioformats.Scanner"));
    }
    IllegalArgumentException error =
        assertThrows(
            IllegalArgumentException.class,
            () -> open(file, SlideOptions.DEFAULT.withSeries(3), 1));
    assertTrue(error.getMessage().contains("0 to 2"), error.getMessage());
    assertEquals(0, file.open.get(), "closed although opening failed");
  }

  @Test
  void resolutionComesFromPhysicalSizeThenObjectiveThenNothing() throws Exception {
    FakeFile file = new FakeFile().with(FakeFile.series(10, 10));
    file.format = "Aperio SVS";
    try (Slide slide = open(file)) {
      assertTrue(slide.mpp().isEmpty() && slide.objectivePower().isEmpty());
      assertEquals("aperio", slide.vendor());
    }
    file.magnification = 20.0;
    try (Slide slide = open(file)) {
      assertEquals(0.5, slide.requireMpp().x());
      assertEquals(MppSource.OBJECTIVE_POWER, slide.requireMpp().source());
      assertEquals(20, slide.objectivePower().orElseThrow());
    }
    file.micrometresX = 0.25;
    try (Slide slide = open(file)) {
      assertEquals(
          MppSource.OBJECTIVE_POWER, slide.requireMpp().source(), "one axis does not state both");
    }
    file.micrometresY = 0.26;
    try (Slide slide = open(file)) {
      assertEquals(MppSource.OME_XML, slide.requireMpp().source());
      assertEquals(0.26, slide.requireMpp().y());
      assertEquals("0.25", slide.properties().get("openslide.mpp-x"));
    }
    try (Slide slide = open(file, SlideOptions.DEFAULT.withMpp(0.3), 1)) {
      assertEquals(MppSource.USER, slide.requireMpp().source());
      assertEquals("0.26", slide.properties().get("openslide.mpp-y"));
    }
  }

  @Test
  void aTiffResolutionCountsOnlyWithAUnitAndAPlausibleValue() throws Exception {
    FakeFile file = new FakeFile().with(FakeFile.series(10, 10));
    file.format = "Tagged Image File Format";
    file.micrometresX = 0.5;
    file.micrometresY = 0.5;
    file.metadata.put("ResolutionUnit", "None");
    try (Slide slide = open(file)) {
      assertTrue(slide.mpp().isEmpty());
    }
    file.metadata.put("ResolutionUnit", "Centimeter");
    try (Slide slide = open(file)) {
      assertEquals(MppSource.TIFF_RESOLUTION, slide.requireMpp().source());
    }
    file.micrometresX = 352.8;
    try (Slide slide = open(file)) {
      assertTrue(slide.mpp().isEmpty(), "72 dpi is no scanner's statement");
      assertTrue(slide.refusedMpp().orElseThrow().contains("352.8"), slide.refusedMpp()::get);
    }
  }

  @Test
  void manyThreadsShareAFewReaders() throws Exception {
    FakeFile.Series series = FakeFile.series(200, 150).and(100, 75);
    FakeFile file = new FakeFile().with(series);
    try (Slide slide = open(file, SlideOptions.DEFAULT, 3)) {
      List<Callable<Boolean>> reads = new ArrayList<>();
      for (int i = 0; i < 400; i++) {
        int x = i % 97 * 2;
        int level = i % 2;
        reads.add(
            () ->
                slide.readRegion(x, 0, level, 2, 2).getRGB(0, 1)
                    == rgb(series, level, x >> level, 1));
      }
      for (boolean same : inThreads(16, reads)) {
        assertTrue(same);
      }
      assertTrue(file.opened.get() <= 3, file.opened + " readers");
      assertEquals(file.opened.get(), file.open.get());
    }
    assertEquals(0, file.open.get());
  }

  @Test
  void oneThreadNeedsOneReader() throws Exception {
    FakeFile file = new FakeFile().with(FakeFile.series(50, 50));
    try (Slide slide = open(file, SlideOptions.DEFAULT, 8)) {
      for (int i = 0; i < 20; i++) {
        slide.readRegion(i, i, 0, 5, 5);
      }
      assertEquals(1, file.opened.get());
    }
  }

  @Test
  void closingWaitsForReadsAndIsFinal() throws Exception {
    FakeFile file = new FakeFile().with(FakeFile.series(50, 50));
    Slide slide = open(file);
    file.gate = new CountDownLatch(1);
    file.entered = new CountDownLatch(1);
    ExecutorService threads = Executors.newFixedThreadPool(2);
    try {
      Future<BufferedImage> read = threads.submit(() -> slide.readRegion(0, 0, 0, 5, 5));
      assertTrue(file.entered.await(30, TimeUnit.SECONDS));
      Future<?> close = threads.submit(slide::close);
      assertThrows(TimeoutException.class, () -> close.get(200, TimeUnit.MILLISECONDS));
      assertFalse(read.isDone());
      file.gate.countDown();
      assertEquals(rgb(file.series.get(0), 0, 4, 4), read.get().getRGB(4, 4));
      close.get(30, TimeUnit.SECONDS);
    } finally {
      file.gate.countDown();
      threads.shutdownNow();
    }
    assertEquals(0, file.open.get());
    assertThrows(SlideClosedException.class, () -> slide.readRegion(0, 0, 0, 5, 5));
    assertThrows(SlideClosedException.class, slide::levels);
    slide.close();
  }

  @Test
  void aReaderThatFailedIsReplaced() throws Exception {
    FakeFile file = new FakeFile().with(FakeFile.series(50, 50));
    try (Slide slide = open(file, SlideOptions.DEFAULT, 1)) {
      file.failure = new IOException("premature\nend.");
      SlideFormatException error =
          assertThrows(SlideFormatException.class, () -> slide.readRegion(0, 0, 0, 5, 5));
      assertEquals("Bio-Formats cannot read fake.svs: premature end.", error.getMessage());
      assertEquals(rgb(file.series.get(0), 0, 1, 1), slide.readRegion(1, 1, 0, 5, 5).getRGB(0, 0));
      assertEquals(2, file.opened.get());
      assertEquals(1, file.open.get());
    }
  }

  @Test
  void impossibleArgumentsAreRefused() throws Exception {
    try (Slide slide = open(new FakeFile().with(FakeFile.series(50, 50)))) {
      assertThrows(IllegalArgumentException.class, () -> slide.readRegion(0, 0, 1, 5, 5));
      assertThrows(IllegalArgumentException.class, () -> slide.readRegion(0, 0, 0, 0, 5));
    }
  }

  private static <T> List<T> inThreads(int count, List<Callable<T>> work) throws Exception {
    ExecutorService threads = Executors.newFixedThreadPool(count);
    try {
      List<T> results = new ArrayList<>();
      for (Future<T> future : threads.invokeAll(work)) {
        results.add(future.get());
      }
      return results;
    } finally {
      threads.shutdownNow();
    }
  }
}
