package io.github.gpfm.pipeline;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.gpfm.api.OutputException;
import io.github.gpfm.api.ProgressListener;
import io.github.gpfm.api.Recipe;
import io.github.gpfm.encoder.features.FeatureFormat;
import io.github.gpfm.encoder.features.FeatureReader;
import io.github.gpfm.pipeline.SlidePieces.Piece;
import io.github.gpfm.pipeline.SlidePieces.Planned;
import io.github.gpfm.sample.SyntheticSlide;
import io.github.gpfm.tiling.grid.ClamTiler;
import io.github.gpfm.tiling.grid.ContourTest;
import io.github.gpfm.tiling.segment.ClamSegmenter;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A slide in pieces is the slide in one. */
class SlidePiecesTest {
  private static final TilingPlan PLAN =
      new TilingPlan(
          new ClamSegmenter(TilingPlan.DEFAULT_SEGMENTATION.withAreas(0.05, 1, 8)),
          new ClamTiler(0, 96, 96, true, ContourTest.FOUR_PT));

  @TempDir static Path folder;
  @TempDir Path out;

  private static Path slide;
  private static SlideResult whole;

  @BeforeAll
  static void draw() {
    slide = folder.resolve("s.tif");
    new SyntheticSlide(3, 1400, 1100, 0.25, SyntheticSlide.Compression.DEFLATE)
        .write(slide, ProgressListener.NONE);
    whole = pipeline(folder.resolve("whole"), FeatureFormat.HDF5, false).run(slide);
  }

  private static SlideToFeatures pipeline(Path output, FeatureFormat format, boolean overwrite) {
    return SlideToFeatures.builder()
        .encoder(new MeanColor("w", 0))
        .plan(PLAN)
        .output(output)
        .format(format)
        .overwrite(overwrite)
        .build();
  }

  private static List<Piece> cut(Planned plan) {
    SlideInput input = SlideInput.of(slide);
    int n = plan.tiles();
    return List.of(
        new Piece(input, plan.id(), plan.stamp(), n, 0, 16),
        new Piece(input, plan.id(), plan.stamp(), n, 16, 16),
        new Piece(input, plan.id(), plan.stamp(), n, 32, n - 32));
  }

  private static Map<String, String> deciding(FeatureReader reader) {
    return new TreeMap<>(reader.provenance().orElseThrow().entries());
  }

  private static void assertSame(Path expected, Path found) {
    try (FeatureReader a = FeatureReader.open(expected);
        FeatureReader b = FeatureReader.open(found)) {
      assertArrayEquals(a.coords(), b.coords());
      assertArrayEquals(a.read(0, a.rows()), b.read(0, b.rows()));
      assertEquals(deciding(a), deciding(b));
      Map<String, Object> expectedAttributes = new TreeMap<>(a.coordsAttributes());
      Map<String, Object> foundAttributes = new TreeMap<>(b.coordsAttributes());
      for (String place : List.of("save_path", "savetodir")) {
        expectedAttributes.remove(place);
        foundAttributes.remove(place);
      }
      assertEquals(expectedAttributes.toString(), foundAttributes.toString());
    }
  }

  private long hiddenFiles() throws IOException {
    Path pieces = out.resolve(".gpfm").resolve("pieces");
    if (!Files.isDirectory(pieces)) {
      return 0;
    }
    try (Stream<Path> files = Files.list(pieces)) {
      return files.count();
    }
  }

  @Test
  void piecesMakeTheFileOfTheWholeSlideAndLeaveNothing() throws Exception {
    SlideToFeatures pipeline = pipeline(out, FeatureFormat.HDF5, false);
    try (SlidePieces pieces = SlidePieces.open(pipeline)) {
      Planned plan = pieces.plan(SlideInput.of(slide));
      assertEquals(whole.tiles(), plan.tiles());
      List<Piece> cut = cut(plan);
      // In another order, by other calls, one of them twice.
      pieces.embed(List.of(cut.get(2)));
      List<SlideResult> results = pieces.embed(List.of(cut.get(1), cut.get(0), cut.get(2)));
      assertEquals(
          List.of(SlideResult.Status.DONE, SlideResult.Status.DONE, SlideResult.Status.SKIPPED),
          results.stream().map(SlideResult::status).toList());
      SlideResult joined = pieces.join(cut);
      assertEquals(whole.tiles(), joined.tiles());
      assertSame(whole.file().orElseThrow(), joined.file().orElseThrow());
      assertEquals(0, hiddenFiles());
      // Whoever does not know asks again.
      assertEquals(SlideResult.Status.SKIPPED, pieces.join(cut).status());
      assertEquals(
          SlideResult.Status.SKIPPED,
          pieces.plan(SlideInput.of(slide)).result().orElseThrow().status());
    }
    assertEquals(SlideResult.Status.SKIPPED, pipeline.run(slide).status(), "the same recipe");
  }

  @Test
  void aPieceThatIsTheSlideBecomesItsFile() throws Exception {
    try (SlidePieces pieces = SlidePieces.open(pipeline(out, FeatureFormat.NPY, false))) {
      Planned plan = pieces.plan(SlideInput.of(slide));
      int n = plan.tiles();
      Piece all = new Piece(SlideInput.of(slide), plan.id(), plan.stamp(), n, 0, n);
      SlideResult result = pieces.embed(List.of(all)).get(0);
      assertEquals(SlideResult.Status.DONE, result.status());
      assertTrue(result.file().orElseThrow().toString().endsWith("s.npy"));
      assertEquals(SlideResult.Status.SKIPPED, pieces.embed(List.of(all)).get(0).status());
    }
    assertEquals(
        SlideResult.Status.SKIPPED, pipeline(out, FeatureFormat.NPY, false).run(slide).status());
  }

  @Test
  void joinedFilesWithoutRoomForProvenanceAreKnownAgain() throws Exception {
    try (SlidePieces pieces = SlidePieces.open(pipeline(out, FeatureFormat.NPY, false))) {
      List<Piece> cut = cut(pieces.plan(SlideInput.of(slide)));
      pieces.embed(cut);
      pieces.join(cut);
    }
    assertEquals(
        SlideResult.Status.SKIPPED, pipeline(out, FeatureFormat.NPY, false).run(slide).status());
  }

  @Test
  void aPlanOutlivesItsProcessAndADamagedPieceIsMadeAgain() throws Exception {
    SlideToFeatures pipeline = pipeline(out, FeatureFormat.HDF5, false);
    String id;
    try (SlidePieces pieces = SlidePieces.open(pipeline)) {
      Planned plan = pieces.plan(SlideInput.of(slide));
      id = plan.id();
      pieces.embed(cut(plan).subList(0, 1));
    }
    Path first = out.resolve(".gpfm/pieces").resolve(id + "-0-16.safetensors");
    Files.write(first, new byte[10]);
    Path plan = out.resolve(".gpfm/pieces").resolve(id + "-plan.h5");
    FileTime made = FileTime.fromMillis(1_000_000_000_000L);
    Files.setLastModifiedTime(plan, made);
    try (SlidePieces pieces = SlidePieces.open(pipeline)) {
      Planned again = pieces.plan(SlideInput.of(slide));
      assertEquals(id, again.id());
      assertEquals(made, Files.getLastModifiedTime(plan), "not planned again");
      List<SlideResult> results = pieces.embed(cut(again));
      assertEquals(SlideResult.Status.DONE, results.get(0).status());
      assertSame(whole.file().orElseThrow(), pieces.join(cut(again)).file().orElseThrow());
    }
  }

  @Test
  void aProcessWithOtherWeightsEmbedsNothing() throws Exception {
    SlideToFeatures other =
        SlideToFeatures.builder()
            .encoder(new MeanColor("v2", 0))
            .plan(PLAN)
            .output(out)
            .format(FeatureFormat.HDF5)
            .build();
    Planned plan;
    try (SlidePieces pieces = SlidePieces.open(pipeline(out, FeatureFormat.HDF5, false))) {
      plan = pieces.plan(SlideInput.of(slide));
    }
    Piece all =
        new Piece(SlideInput.of(slide), plan.id(), plan.stamp(), plan.tiles(), 0, plan.tiles());
    try (SlidePieces pieces = SlidePieces.open(other)) {
      for (Piece piece : List.of(cut(plan).get(0), all)) {
        SlideResult result = pieces.embed(List.of(piece)).get(0);
        assertEquals(SlideResult.Status.FAILED, result.status());
        String message = result.failure().orElseThrow().getMessage();
        assertTrue(message.contains("weights.sha256: w → v2"), message);
        assertTrue(message.contains("s.tif"), message);
      }
    }
    assertEquals(1, hiddenFiles(), "the plan alone");
    assertFalse(Files.exists(out.resolve("s.h5")));
  }

  @Test
  void aRunRemovesItsOwnPlansAndNoOthers() throws Exception {
    Recipe recipe;
    Planned mine;
    Planned others;
    try (SlidePieces pieces = SlidePieces.open(pipeline(out, FeatureFormat.HDF5, false))) {
      recipe = pieces.recipe();
      mine = pieces.plan(SlideInput.of(slide));
      pieces.embed(cut(mine).subList(0, 1));
    }
    Path second = out.resolve("second.tif");
    Files.copy(slide, second);
    try (SlidePieces pieces = SlidePieces.open(pipeline(out, FeatureFormat.HDF5, false))) {
      others = pieces.plan(SlideInput.of(second));
    }
    assertEquals(3, hiddenFiles());
    try (SlidePieces.Run run = SlidePieces.Run.begin(out, recipe, false)) {
      run.complete(
          new RunSummary(Instant.EPOCH, 1, recipe.entries(), List.of()), false, List.of(mine.id()));
    }
    assertEquals(1, hiddenFiles());
    assertTrue(Files.exists(out.resolve(".gpfm/pieces").resolve(others.id() + "-plan.h5")));
  }

  @Test
  void missingPiecesAndGapsAreRefused() throws Exception {
    try (SlidePieces pieces = SlidePieces.open(pipeline(out, FeatureFormat.HDF5, false))) {
      List<Piece> cut = cut(pieces.plan(SlideInput.of(slide)));
      pieces.embed(cut.subList(0, 2));
      assertThrows(io.github.gpfm.api.GpfmException.class, () -> pieces.join(cut));
      assertFalse(Files.exists(out.resolve("s.h5")));
      assertThrows(IllegalArgumentException.class, () -> pieces.join(cut.subList(0, 2)));
    }
  }

  @Test
  void aSlideThatChangesAfterItsPlanFails() throws Exception {
    Path mine = out.resolve("changing.tif");
    Files.copy(slide, mine);
    try (SlidePieces pieces =
        SlidePieces.open(pipeline(out.resolve("f"), FeatureFormat.HDF5, false))) {
      Planned plan = pieces.plan(SlideInput.of(mine));
      Files.setLastModifiedTime(mine, FileTime.fromMillis(1_000_000_000_000L));
      int n = plan.tiles();
      Piece all = new Piece(SlideInput.of(mine), plan.id(), plan.stamp(), n, 0, n);
      SlideResult result = pieces.embed(List.of(all)).get(0);
      assertEquals(SlideResult.Status.FAILED, result.status());
      assertTrue(result.failure().orElseThrow().getMessage().contains("changed"));
    }
    assertFalse(Files.exists(out.resolve("f").resolve("changing.h5")));
  }

  @Test
  void aRunHasItsFolderForItself() {
    Recipe recipe;
    try (SlidePieces pieces = SlidePieces.open(pipeline(out, FeatureFormat.HDF5, false))) {
      recipe = pieces.recipe();
    }
    Recipe same = recipe;
    try (SlidePieces.Run run = SlidePieces.Run.begin(out, same, false)) {
      assertThrows(OutputException.class, () -> SlidePieces.Run.begin(out, same, false).close());
      SlideToFeatures other =
          SlideToFeatures.builder()
              .encoder(new MeanColor("other", 0))
              .plan(PLAN)
              .output(out)
              .build();
      assertThrows(OutputException.class, () -> other.run(slide));
      assertTrue(run != null);
    }
  }

  @Test
  void overwritingMakesEverythingAgain() throws Exception {
    SlideToFeatures first = pipeline(out, FeatureFormat.HDF5, false);
    first.run(slide);
    SlideToFeatures again = pipeline(out, FeatureFormat.HDF5, true);
    try (SlidePieces pieces = SlidePieces.open(again)) {
      Planned plan = pieces.plan(SlideInput.of(slide));
      assertTrue(plan.result().isEmpty());
      List<Piece> cut = cut(plan);
      pieces.embed(cut);
      assertEquals(SlideResult.Status.DONE, pieces.join(cut).status());
    }
  }
}
