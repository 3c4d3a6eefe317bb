package io.github.gpfm.tiling.dataset;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.gpfm.api.InvalidOptionException;
import io.github.gpfm.api.OutputException;
import io.github.gpfm.api.ProgressListener;
import io.github.gpfm.api.SlideFormatException;
import io.github.gpfm.api.TilingException;
import io.github.gpfm.tiling.format.TileCsv;
import io.github.gpfm.tiling.grid.TileTable;
import io.github.gpfm.tiling.qc.TileQuality;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarFile;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TileExtractorTest {
  @TempDir Path folder;

  private ExtractReport extract(Path out, ExtractOptions options) {
    return new TileExtractor(options, ExtractProgram::open)
        .extract(ExtractProgram.SLIDES, out, ProgressListener.NONE);
  }

  private static ExtractOptions sampled(int count, boolean stratified) {
    TileRecipe base = ExtractProgram.options().recipe(Path.of("any"));
    return ExtractOptions.builder(
            new TileRecipe(
                base.segmenter(),
                base.tiler(),
                new TileQuality(base.quality().scores(), List.of("tissue_fraction>=0.5"))))
        .choice(new TileChoice(OptionalInt.of(count), stratified, 11))
        .encoding(new TileEncoding.Png())
        .shardSize(7)
        .threads(3)
        .build();
  }

  /** Names and contents of everything under a folder. */
  static SortedMap<String, String> content(Path folder) throws IOException {
    SortedMap<String, String> content = new TreeMap<>();
    try (Stream<Path> files = Files.walk(folder)) {
      for (Path file : files.filter(Files::isRegularFile).toList()) {
        content.put(
            folder.relativize(file).toString(),
            HexFormat.of().formatHex(sha256(Files.readAllBytes(file))));
      }
    }
    return content;
  }

  private static byte[] sha256(byte[] bytes) {
    try {
      return java.security.MessageDigest.getInstance("SHA-256").digest(bytes);
    } catch (java.security.NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
  }

  @Test
  void shardsHoldEveryPlannedTileOnce() throws IOException {
    Path out = folder.resolve("out");
    ExtractReport report = extract(out, ExtractProgram.options());
    List<TileTable> plans = new ArrayList<>();
    for (Path slide : ExtractProgram.SLIDES) {
      plans.addAll(TileCsv.read(out.resolve("plan/" + slide.toString().replace(".tif", ".csv"))));
    }
    int tiles = plans.stream().mapToInt(TileTable::size).sum();
    assertTrue(tiles > 40, "tiles " + tiles);
    assertEquals(tiles, report.tiles());
    assertEquals((tiles + 6) / 7, report.shards().size());
    try (TileDataset shards = TileDataset.open(out)) {
      assertEquals(tiles, shards.size());
      assertEquals(tiles, IntStream.range(0, tiles).mapToObj(shards::key).distinct().count());
      Map<Path, TileTable> onSlides = new LinkedHashMap<>();
      for (TileTable plan : plans) {
        onSlides.put(Path.of(plan.slide() + ".tif"), plan);
      }
      try (TileDataset slides = TileDataset.ofSlides(onSlides, ExtractProgram::open)) {
        assertEquals(tiles, slides.size());
        for (int i = 0; i < tiles; i += 5) {
          assertEquals(slides.key(i).replace("slide.", "slide-"), shards.key(i));
          assertSimilar(slides.image(i), shards.image(i));
        }
      }
    }
    try (TarFile tar = new TarFile(report.shards().get(0))) {
      for (TarArchiveEntry entry : tar.getEntries()) {
        assertEquals(0, entry.getLongUserId());
        assertEquals("", entry.getUserName());
        assertEquals(0, entry.getLastModifiedTime().toMillis());
        assertEquals(1, entry.getName().chars().filter(c -> c == '.').count());
      }
      String json = new String(tar.getInputStream(tar.getEntries().get(1)).readAllBytes());
      assertTrue(json.contains("\"slide\":\"slide.0\""), json);
      assertTrue(json.contains("\"tissue_fraction\":"), json);
      assertTrue(json.contains("\"mpp\":0.5"), json);
      assertTrue(json.contains("\"blur\":"), json);
    }
  }

  private static void assertSimilar(BufferedImage expected, BufferedImage actual) {
    assertEquals(expected.getWidth(), actual.getWidth());
    long difference = 0;
    int width = expected.getWidth();
    for (int i = 0; i < width * width; i++) {
      int a = expected.getRGB(i % width, i / width);
      int b = actual.getRGB(i % width, i / width);
      difference += Math.abs((a >> 8 & 0xff) - (b >> 8 & 0xff));
    }
    assertTrue(difference < 3L * width * width, "mean difference " + difference);
  }

  @Test
  void threadsDoNotChangeBytesAndAWholeRunIsLeftAlone() throws IOException {
    Path one = folder.resolve("one");
    Path many = folder.resolve("many");
    extract(one, ExtractProgram.options());
    extract(many, ExtractProgram.options().toBuilder().threads(5).build());
    SortedMap<String, String> content = content(one);
    assertEquals(content, content(many));
    Files.delete(one.resolve("shard-000001.tar"));
    // What a version up to 0.1.0 left when it was killed.
    Path part = Files.writeString(one.resolve(".shard-000001.tar.part"), "half");
    Files.setLastModifiedTime(part, FileTime.from(Instant.now().minus(Duration.ofHours(2))));
    ExtractReport resumed = extract(one, ExtractProgram.options());
    assertEquals(resumed.shards().size() - 1, resumed.resumed());
    assertEquals(content, content(one));
  }

  @Test
  void samplesAndFilters() {
    ExtractReport random = extract(folder.resolve("random"), sampled(10, false));
    assertEquals(10, random.tiles());
    ExtractReport even = extract(folder.resolve("even"), sampled(9, true));
    assertEquals(List.of(3, 3, 3), List.copyOf(even.tilesBySlide().values()));
    assertTrue(even.shards().get(0).toString().endsWith("shard-000000.tar"));
  }

  @Test
  void aSlideMayHaveItsOwnRecipe() {
    ExtractOptions common = ExtractProgram.options();
    Path own = ExtractProgram.SLIDES.get(1);
    TileRecipe base = common.recipe(own);
    TileQuality strict = new TileQuality(List.of(), List.of("tissue_fraction>=1"));
    ExtractOptions options =
        common.toBuilder()
            .recipeOf(own, new TileRecipe(base.segmenter(), base.tiler(), strict))
            .build();
    Path out = folder.resolve("own");
    ExtractReport report = extract(out, options);
    ExtractReport without = extract(folder.resolve("common"), common);
    without
        .tilesBySlide()
        .forEach(
            (slide, tiles) -> {
              int now = report.tilesBySlide().get(slide);
              boolean changed = own.toString().equals(slide + ".tif");
              assertTrue(changed ? now < tiles : now == tiles, slide + ": " + now + ", " + tiles);
            });
    assertThrows(InvalidOptionException.class, () -> extract(out, common));
    assertEquals(report.shards().size(), extract(out, options).resumed());
  }

  @Test
  void otherOptionsOrNamesAreRefused() throws IOException {
    Path out = folder.resolve("out");
    extract(out, sampled(10, false));
    SortedMap<String, String> content = content(out);
    assertThrows(InvalidOptionException.class, () -> extract(out, sampled(11, false)));
    assertEquals(content, content(out));
    TileExtractor extractor = new TileExtractor(ExtractProgram.options(), ExtractProgram::open);
    assertThrows(
        InvalidOptionException.class,
        () ->
            extractor.extract(
                List.of(Path.of("a.tif"), Path.of("b/a.svs")),
                folder.resolve("same"),
                ProgressListener.NONE));
    assertFalse(Files.exists(folder.resolve("same")));
    assertThrows(
        OutputException.class,
        () ->
            extractor.extract(
                ExtractProgram.SLIDES,
                Files.writeString(folder.resolve("file"), "x").resolve("out"),
                ProgressListener.NONE));
  }

  @Test
  void brokenSlidesStopOrAreSkipped() throws IOException {
    SlideOpener opener =
        path -> {
          if (path.toString().contains("1")) {
            throw new SlideFormatException(path, path + " is damaged.");
          }
          return ExtractProgram.open(path);
        };
    ExtractOptions base = ExtractProgram.options();
    Path out = folder.resolve("stopped");
    TilingException e =
        assertThrows(
            TilingException.class,
            () ->
                new TileExtractor(base, opener)
                    .extract(ExtractProgram.SLIDES, out, ProgressListener.NONE));
    assertTrue(e.getMessage().contains("slide.1.tif is damaged"), e.getMessage());
    assertFalse(Files.exists(out.resolve("shard-000000.tar")));
    ExtractOptions skipping = base.toBuilder().skipBroken(true).build();
    Path skipped = folder.resolve("skipped");
    ExtractReport report =
        new TileExtractor(skipping, opener)
            .extract(ExtractProgram.SLIDES, skipped, ProgressListener.NONE);
    assertEquals(List.of("slide.1"), List.copyOf(report.broken().keySet()));
    SortedMap<String, String> content = content(skipped);
    // Mended in between: the cut stays as it was begun.
    new TileExtractor(skipping, ExtractProgram::open)
        .extract(ExtractProgram.SLIDES, skipped, ProgressListener.NONE);
    assertEquals(content, content(skipped));
  }

  @Test
  void killedRunsResumeToTheSameBytes() throws Exception {
    Path whole = folder.resolve("whole");
    extract(whole, ExtractProgram.options());
    SortedMap<String, String> expected = content(whole);
    Path out = folder.resolve("killed");
    int killed = 0;
    for (int attempt = 0; attempt < 5; attempt++) {
      Process process = ExtractProgram.start(out, 60);
      // Killed while work is under way: each time after more of it has appeared.
      int wanted = 1 + 2 * attempt;
      while (process.isAlive() && files(out) < wanted) {
        TimeUnit.MILLISECONDS.sleep(15);
      }
      process.destroyForcibly().waitFor();
      killed += process.exitValue() == 0 ? 0 : 1;
      assertFalse(expected.equals(content(out)), "attempt " + attempt + " was not cut short");
    }
    assertEquals(5, killed);
    assertEquals(0, ExtractProgram.start(out, 0).waitFor());
    assertEquals(expected, content(out));
  }

  private static long files(Path folder) throws IOException {
    if (!Files.isDirectory(folder)) {
      return 0;
    }
    try (Stream<Path> files = Files.walk(folder)) {
      return files.filter(Files::isRegularFile).count();
    } catch (java.io.UncheckedIOException e) {
      return 0; // A file that vanished while it was looked at.
    }
  }
}
