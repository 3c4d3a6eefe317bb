package io.github.gpfm.pipeline;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.gpfm.api.ProgressListener;
import io.github.gpfm.api.SlideFormatException;
import io.github.gpfm.api.SlideOptions;
import io.github.gpfm.encoder.features.FeatureFormat;
import io.github.gpfm.encoder.features.FeatureReader;
import io.github.gpfm.sample.SyntheticSlide;
import io.github.gpfm.slideio.OpenSlideRuntime;
import io.github.gpfm.testkit.Fixtures;
import io.github.gpfm.tiling.given.NoSegmenter;
import io.github.gpfm.tiling.grid.GridTiler;
import io.github.gpfm.tiling.grid.TileTest;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A slide of which some tiles cannot be read. */
class DamagedSlideTest {
  private static final TilingPlan PLAN =
      new TilingPlan(
          new NoSegmenter(), GridTiler.atMpp(96, 0.25).withTest(new TileTest.Everywhere()));

  @TempDir static Path drawn;
  @TempDir Path temp;

  private static Path original;
  private Path slide;
  private Path out;

  @BeforeAll
  static void draw() {
    original = drawn.resolve("one.tif");
    new SyntheticSlide(3, 1400, 1200, 0.25, SyntheticSlide.Compression.DEFLATE)
        .write(original, ProgressListener.NONE);
  }

  @BeforeEach
  void damage() throws IOException {
    slide = temp.resolve("one.tif");
    out = temp.resolve("out");
    byte[] bytes = Files.readAllBytes(original);
    // In the second tile of level 0, which begins at byte 8 with tiles of about 60 kB.
    Arrays.fill(bytes, 100_000, 100_200, (byte) 0);
    Files.write(slide, bytes);
  }

  private SlideResult embed(Path path, String reader, DamagePolicy policy, String format) {
    SlideInput input =
        new SlideInput(
            path,
            reader.isEmpty() ? Optional.empty() : Optional.of(reader),
            SlideOptions.DEFAULT.withMpp(0.25));
    return SlideToFeatures.builder()
        .encoder(new MeanColor("w", 0))
        .plan(PLAN)
        .output(out)
        .pictures(policy == DamagePolicy.SKIP)
        .damaged(policy)
        .format(FeatureFormat.of(format))
        .build()
        .run(List.of(input))
        .slides()
        .get(0);
  }

  private SlidePieces.Planned plan(DamagePolicy policy) throws Exception {
    SlideToFeatures pipeline =
        SlideToFeatures.builder()
            .encoder(new MeanColor("w", 0))
            .plan(PLAN)
            .output(out)
            .pictures(false)
            .damaged(policy)
            .build();
    try (SlidePieces pieces = SlidePieces.open(pipeline)) {
      return pieces.plan(
          new SlideInput(slide, Optional.of("builtin"), SlideOptions.DEFAULT.withMpp(0.25)));
    }
  }

  @Test
  void aPlanWithoutTheDamagedTilesIsNotTakenUpWhereTheyAreErrors() throws Exception {
    SlidePieces.Planned skipping = plan(DamagePolicy.SKIP);
    SlidePieces.Planned again = plan(DamagePolicy.SKIP);
    assertEquals(skipping.id(), again.id());
    assertEquals(skipping.damagedTiles(), again.damagedTiles());
    assertEquals(
        skipping.damagedTiles() + " damaged tiles are left out", again.remark().orElse(""));
    SlidePieces.Planned failing = plan(DamagePolicy.FAIL);
    assertNotEquals(skipping.id(), failing.id());
    assertEquals(0, failing.damagedTiles());
    assertEquals(skipping.tiles() + skipping.damagedTiles(), failing.tiles());
  }

  private static Map<List<Long>, float[]> rows(Path file) {
    try (FeatureReader reader = FeatureReader.open(file)) {
      Map<List<Long>, float[]> rows = new HashMap<>();
      long[] coords = reader.coords();
      for (int i = 0; i < reader.rows(); i++) {
        rows.put(List.of(coords[2 * i], coords[2 * i + 1]), reader.read(i, 1));
      }
      return rows;
    }
  }

  private void assertNamesThePlace(SlideResult result) {
    assertEquals(SlideResult.Status.FAILED, result.status());
    Throwable failure = result.failure().orElseThrow();
    assertTrue(failure instanceof SlideFormatException, "" + failure);
    assertTrue(
        failure.getMessage().matches("(?s)Tile \\d+ at \\(\\d+, \\d+\\) cannot be read: .*"),
        failure.getMessage());
    assertTrue(failure.getMessage().contains(result.name() + ".tif"), failure.getMessage());
    assertFalse(Files.exists(out.resolve(result.name() + ".h5")));
  }

  @Test
  void itFailsByDefaultAndNamesThePlace() {
    assertNamesThePlace(embed(slide, "builtin", DamagePolicy.FAIL, "h5"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"builtin", "openslide", ""})
  void aCutTileIsNamedOrLeftOutByEveryReader(String reader) {
    Path cut = Fixtures.cases("slides/trunctile.tif");
    Assumptions.assumeTrue(
        !reader.equals("openslide") || OpenSlideRuntime.version().isPresent(), "no OpenSlide");
    assertNamesThePlace(embed(cut, reader, DamagePolicy.FAIL, "h5"));
    SlideResult result = embed(cut, reader, DamagePolicy.SKIP, "h5");
    assertEquals(SlideResult.Status.DONE, result.status(), "" + result.failure());
    assertTrue(result.damagedTiles() > 0 && result.tiles() > 50, "" + result);
  }

  @ParameterizedTest
  @ValueSource(strings = {"h5", "safetensors"})
  void itsOtherTilesAreKeptWhenAsked(String format) throws IOException {
    Path whole = Files.createDirectory(temp.resolve("whole")).resolve("one.tif");
    Files.copy(original, whole);
    SlideResult intact = embed(whole, "builtin", DamagePolicy.SKIP, format);
    assertEquals(0, intact.damagedTiles());
    Map<List<Long>, float[]> all = rows(intact.file().orElseThrow());
    Files.delete(intact.file().orElseThrow());

    SlideResult result = embed(slide, "builtin", DamagePolicy.SKIP, format);
    assertEquals(SlideResult.Status.DONE, result.status(), "" + result.failure());
    assertTrue(result.damagedTiles() > 0 && result.damagedTiles() < 20, "" + result);
    assertEquals(all.size(), result.tiles() + result.damagedTiles());
    assertTrue(result.remark().orElse("").contains("damaged tiles are left out, at ("));
    Map<List<Long>, float[]> kept = rows(result.file().orElseThrow());
    assertEquals(result.tiles(), kept.size());
    kept.forEach((place, feature) -> assertArrayEquals(all.get(place), feature));
    try (FeatureReader reader = FeatureReader.open(result.file().orElseThrow())) {
      Map<String, String> made = reader.provenance().orElseThrow().entries();
      assertEquals("" + result.damagedTiles(), made.get("damaged-tiles"));
      assertEquals("builtin", made.get("run.slide.reader"));
    }
    String summary = Files.readString(out.resolve("summary.json"));
    assertTrue(summary.contains("\"damagedTiles\": " + result.damagedTiles()), summary);

    SlideResult again = embed(slide, "builtin", DamagePolicy.SKIP, format);
    assertEquals(SlideResult.Status.SKIPPED, again.status());
    assertEquals(result.damagedTiles(), again.damagedTiles());
    // Without leave to skip, a file without some tiles is not the slide's.
    assertEquals(
        SlideResult.Status.FAILED, embed(slide, "builtin", DamagePolicy.FAIL, format).status());
  }

  @Test
  void aWholeSlideIsNotMadeAgainForThePolicy() throws IOException {
    Files.write(slide, Files.readAllBytes(original));
    assertEquals(SlideResult.Status.DONE, embed(slide, "", DamagePolicy.FAIL, "h5").status());
    assertEquals(SlideResult.Status.SKIPPED, embed(slide, "", DamagePolicy.SKIP, "h5").status());
  }

  @Test
  void aSlideWithoutAReadableTileFails() throws IOException {
    byte[] bytes = Files.readAllBytes(original);
    // Everything between the header and the directories at the end.
    Arrays.fill(bytes, 64, bytes.length - 4096, (byte) 0);
    Files.write(slide, bytes);
    SlideResult result = embed(slide, "builtin", DamagePolicy.SKIP, "h5");
    assertEquals(SlideResult.Status.FAILED, result.status());
  }

  @Test
  void aReaderThatStepsInIsNamedInTheProvenance() {
    SlideResult result =
        embed(Fixtures.cases("slides/sparse_off0.tif"), "", DamagePolicy.FAIL, "h5");
    assertEquals(SlideResult.Status.DONE, result.status(), "" + result.failure());
    if (OpenSlideRuntime.version().orElse("").startsWith("3.")) {
      assertEquals("openslide+builtin", result.reader());
    }
    try (FeatureReader reader = FeatureReader.open(result.file().orElseThrow())) {
      assertEquals(
          result.reader(), reader.provenance().orElseThrow().entries().get("run.slide.reader"));
      assertEquals(result.tiles(), reader.rows());
    }
  }
}
