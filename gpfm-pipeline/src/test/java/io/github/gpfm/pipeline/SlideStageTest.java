package io.github.gpfm.pipeline;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.gpfm.api.ProgressListener;
import io.github.gpfm.api.Recipe;
import io.github.gpfm.api.Slide;
import io.github.gpfm.sample.SyntheticSlide;
import io.github.gpfm.slideio.SlideFiles;
import io.github.gpfm.testkit.Fixtures;
import io.github.gpfm.tiling.given.NoSegmenter;
import io.github.gpfm.tiling.grid.GridTiler;
import io.github.gpfm.tiling.grid.TileTest;
import io.github.gpfm.tiling.segment.TissueSegmenter;
import io.github.gpfm.tiling.tissue.Tissue;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Copies of slides ahead of their turn. */
class SlideStageTest {
  @TempDir Path temp;

  private Path stage;
  private final List<Path> seen = Collections.synchronizedList(new ArrayList<>());

  @BeforeEach
  void nameFolder() {
    stage = temp.resolve("stage");
  }

  /** Remembers where slides are read. */
  private final class Watching implements TissueSegmenter {
    @Override
    public String name() {
      return "watching";
    }

    @Override
    public void describe(Recipe.Builder recipe) {}

    @Override
    public Tissue segment(Slide slide) {
      seen.add(slide.path());
      return Tissue.unknown(slide.width(), slide.height());
    }
  }

  private List<Path> slides(int count) {
    return Stream.iterate(0, i -> i + 1)
        .limit(count)
        .map(
            i -> {
              Path file = temp.resolve("s" + i + ".tif");
              new SyntheticSlide(i, 640, 512, 0.25, SyntheticSlide.Compression.DEFLATE)
                  .write(file, ProgressListener.NONE);
              return file;
            })
        .toList();
  }

  private RunSummary embed(List<Path> slides, Staging staging) {
    return SlideToFeatures.builder()
        .encoder(new MeanColor("w", 0))
        .plan(
            new TilingPlan(
                new Watching(), GridTiler.atMpp(96, 0.25).withTest(new TileTest.Everywhere())))
        .output(temp.resolve("out"))
        .staging(staging)
        .build()
        .run(slides.stream().map(SlideInput::of).toList());
  }

  private static long bytes(Path folder) throws IOException {
    try (Stream<Path> files = Files.walk(folder)) {
      return files.filter(Files::isRegularFile).mapToLong(file -> file.toFile().length()).sum();
    }
  }

  private void assertEmptyStage() throws IOException {
    try (Stream<Path> left = Files.list(stage)) {
      assertEquals(List.of(), left.toList());
    }
  }

  @Test
  void slidesAreReadFromCopiesThatAreRemoved() throws IOException {
    List<Path> slides = slides(3);
    RunSummary summary = embed(slides, Staging.in(stage));
    assertEquals(3, summary.count(SlideResult.Status.DONE), summary.toJson().toString());
    assertEquals(3, seen.size());
    assertTrue(seen.stream().allMatch(path -> path.startsWith(stage)), "" + seen);
    assertEquals(slides, summary.slides().stream().map(SlideResult::slide).toList());
    assertTrue(Files.exists(temp.resolve("out/s2.h5")));
    assertEmptyStage();
    // Where they are read decides nothing, and what is there needs no copy.
    assertEquals(3, embed(slides, Staging.in(stage)).count(SlideResult.Status.SKIPPED));
    assertEquals(3, seen.size());
    assertEmptyStage();
  }

  @Test
  void whatIsTooLargeIsReadWhereItIs() throws IOException {
    List<Path> slides = slides(1);
    assertEquals(1, embed(slides, new Staging(stage, 1000)).count(SlideResult.Status.DONE));
    assertEquals(slides, seen);
    assertEmptyStage();
  }

  @Test
  void roomIsBoundedAndWaitedFor() throws Exception {
    List<Path> slides = slides(2);
    long larger = Math.max(Files.size(slides.get(0)), Files.size(slides.get(1)));
    try (SlideStage one = SlideStage.open(new Staging(stage, larger + 10))) {
      SlideStage.Staged first =
          one.open(SlideInput.of(slides.get(0)), SlideFiles.of(slides.get(0)));
      assertEquals(Files.size(slides.get(0)), bytes(stage));
      CompletableFuture<SlideStage.Staged> second =
          CompletableFuture.supplyAsync(
              () -> {
                try {
                  return one.open(SlideInput.of(slides.get(1)), SlideFiles.of(slides.get(1)));
                } catch (InterruptedException e) {
                  throw new IllegalStateException(e);
                }
              });
      Thread.sleep(300);
      assertFalse(second.isDone());
      assertEquals(Files.size(slides.get(0)), bytes(stage));
      first.close();
      SlideStage.Staged later = second.get(10, TimeUnit.SECONDS);
      assertTrue(later.slide().path().startsWith(stage));
      assertEquals(Files.size(slides.get(1)), one.used());
      later.close();
      assertEquals(0, one.used());
      assertEquals(0, bytes(stage));
    }
    assertEmptyStage();
  }

  @Test
  void aSlideOfSeveralFilesIsCopiedWhole() throws Exception {
    Path series = Fixtures.cases("slides/dicom/concat_full");
    for (Path slide : List.of(series, series.resolve("p0.dcm"))) {
      try (SlideStage one = SlideStage.open(Staging.in(stage));
          SlideStage.Staged staged = one.open(SlideInput.of(slide), SlideFiles.of(slide))) {
        assertTrue(staged.slide().path().startsWith(stage), "" + staged.slide().path());
        assertEquals(2, staged.slide().levels().size());
        assertEquals(bytes(series), bytes(stage));
        try (Slide original = SlideInput.of(slide).open()) {
          assertArrayEquals(
              original.readRegion(0, 0, 0, 300, 200).getRGB(0, 0, 300, 200, null, 0, 300),
              staged.slide().readRegion(0, 0, 0, 300, 200).getRGB(0, 0, 300, 200, null, 0, 300));
        }
      }
      assertEmptyStage();
    }
  }

  @Test
  void whatADeadRunLeftIsRemovedAndALivingOneKeepsItsOwn() throws Exception {
    Files.createDirectories(stage);
    try (SlideStage living = SlideStage.open(Staging.in(stage))) {
      Path own;
      try (Stream<Path> all = Files.list(stage)) {
        own = all.findFirst().orElseThrow();
      }
      String name = own.getFileName().toString();
      String pid = "-" + ProcessHandle.current().pid() + "-";
      assertTrue(name.contains(pid), name);
      // A process number that nobody has.
      Path dead = Files.createDirectories(stage.resolve(name.replace(pid, "-99999999-")));
      Files.createDirectories(dead.resolve("0/deep"));
      Files.writeString(dead.resolve("0/deep/slide.tif"), "pixels");
      Path other = Files.writeString(stage.resolve("mine.txt"), "not ours");
      try (SlideStage next = SlideStage.open(Staging.in(stage))) {
        assertFalse(Files.exists(dead));
        assertTrue(Files.exists(own));
        assertTrue(Files.exists(other));
        assertEquals(0, next.used() + living.used());
      }
    }
  }

  @Test
  void aSlideThatChangesWhileItIsWorkedOnIsAnError() throws IOException {
    Path slide = slides(1).get(0);
    TissueSegmenter changing =
        new TissueSegmenter() {
          @Override
          public String name() {
            return "changing";
          }

          @Override
          public void describe(Recipe.Builder recipe) {}

          @Override
          public Tissue segment(Slide opened) {
            try {
              Files.write(slide, new byte[] {0}, java.nio.file.StandardOpenOption.APPEND);
            } catch (IOException e) {
              throw new IllegalStateException(e);
            }
            return new NoSegmenter().segment(opened);
          }
        };

    SlideResult result =
        SlideToFeatures.builder()
            .encoder(new MeanColor("w", 0))
            .plan(
                new TilingPlan(
                    changing, GridTiler.atMpp(96, 0.25).withTest(new TileTest.Everywhere())))
            .output(temp.resolve("out"))
            .pictures(false)
            .staging(Staging.in(stage))
            .build()
            .run(List.of(SlideInput.of(slide)))
            .slides()
            .get(0);
    assertEquals(SlideResult.Status.FAILED, result.status());
    assertTrue(
        result.failure().orElseThrow().getMessage().contains("was changed while"),
        "" + result.failure());
    assertFalse(Files.exists(temp.resolve("out/s0.h5")));
    assertEmptyStage();
  }
}
