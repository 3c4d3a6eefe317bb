package io.github.gpfm.pipeline;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.gpfm.api.CancelledException;
import io.github.gpfm.api.Embeddings;
import io.github.gpfm.api.Encoder;
import io.github.gpfm.api.EncoderException;
import io.github.gpfm.api.EncoderInfo;
import io.github.gpfm.api.ProgressListener;
import io.github.gpfm.api.TokenOutput;
import io.github.gpfm.encoder.features.FeatureReader;
import io.github.gpfm.sample.SyntheticSlide;
import io.github.gpfm.tiling.grid.ClamTiler;
import io.github.gpfm.tiling.grid.ContourTest;
import io.github.gpfm.tiling.segment.ClamSegmenter;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Many small slides in one stream of tiles. */
class CohortEncodingTest {
  private static final TilingPlan PLAN =
      new TilingPlan(
          new ClamSegmenter(TilingPlan.DEFAULT_SEGMENTATION.withAreas(0.05, 1, 8)),
          new ClamTiler(0, 96, 96, true, ContourTest.FOUR_PT));
  private static final int SLIDES = 6;

  @TempDir static Path slides;
  @TempDir Path out;

  private static final List<SlideInput> INPUTS = new ArrayList<>();

  /** What each slide gives alone. */
  private static final Map<String, float[]> ALONE = new TreeMap<>();

  /** Mean color and corner of a tile; notes the batches; fails on pictures of one mean. */
  private static final class Corner implements Encoder {
    final List<Integer> batches = new ArrayList<>();
    float[] poison = {};
    Runnable before = () -> {};
    boolean acrossGroups = true;

    @Override
    public boolean batchesAcrossGroups() {
      return acrossGroups;
    }

    @Override
    public EncoderInfo info() {
      return EncoderInfo.builder("corner", 2)
          .architecture("corner")
          .inputSize(96)
          .mpp(0.25)
          .license("none")
          .weightsSha256("w")
          .build();
    }

    @Override
    public Embeddings embed(List<BufferedImage> list, TokenOutput output) {
      before.run();
      batches.add(list.size());
      float[] values = new float[2 * list.size()];
      for (int i = 0; i < list.size(); i++) {
        BufferedImage image = list.get(i);
        long sum = 0;
        for (int p = 0; p < 96 * 96; p++) {
          sum += image.getRGB(p % 96, p / 96) & 0xffffff;
        }
        values[2 * i] = sum;
        values[2 * i + 1] = image.getRGB(0, 0) & 0xff;
        if (poison.length > 0 && values[2 * i] == poison[0]) {
          throw new EncoderException("The device fell over.");
        }
      }
      return Embeddings.of(list.size(), 2, values);
    }

    @Override
    public void close() {}
  }

  @BeforeAll
  static void draw(@TempDir Path alone) {
    for (int i = 0; i < SLIDES; i++) {
      Path slide = slides.resolve("s" + i + ".tif");
      new SyntheticSlide(10 + i, 720 + 96 * i, 760, 0.25, SyntheticSlide.Compression.DEFLATE)
          .write(slide, ProgressListener.NONE);
      INPUTS.add(SlideInput.of(slide));
      SlideResult result =
          SlideToFeatures.builder()
              .encoder(new Corner())
              .plan(PLAN)
              .output(alone)
              .build()
              .run(slide);
      ALONE.put(result.name(), rows(result));
    }
  }

  private SlideToFeatures pipeline(Encoder encoder) {
    return SlideToFeatures.builder().encoder(encoder).plan(PLAN).output(out).build();
  }

  private static float[] rows(SlideResult result) {
    try (FeatureReader reader = FeatureReader.open(result.file().orElseThrow())) {
      return reader.read(0, reader.rows());
    }
  }

  private static void assertDone(SlideResult result) {
    assertEquals(
        SlideResult.Status.DONE, result.status(), () -> result.name() + " " + result.failure());
    assertArrayEquals(ALONE.get(result.name()), rows(result), result.name());
  }

  private static int tiles() {
    return ALONE.values().stream().mapToInt(rows -> rows.length / 2).sum();
  }

  @Test
  void batchesAreFullAcrossSlidesAndEveryRowIsItsTiles() {
    Corner encoder = new Corner();
    RunSummary summary = pipeline(encoder).run(INPUTS);
    summary.slides().forEach(CohortEncodingTest::assertDone);
    assertTrue(ALONE.values().stream().anyMatch(rows -> rows.length / 2 % 32 != 0));
    int full = tiles() / 32;
    assertTrue(full > 2, full + " full batches");
    assertEquals(full + (tiles() % 32 == 0 ? 0 : 1), encoder.batches.size());
    assertTrue(encoder.batches.subList(0, full).stream().allMatch(size -> size == 32));
    assertTrue(summary.slides().stream().allMatch(one -> one.seconds().containsKey("encode")));
  }

  @Test
  void batchesEndWithTheirSlideWhereTheLastBitsDependOnThem() {
    Corner encoder = new Corner();
    encoder.acrossGroups = false;
    pipeline(encoder).run(INPUTS).slides().forEach(CohortEncodingTest::assertDone);
    List<Integer> expected = new ArrayList<>();
    for (float[] rows : ALONE.values()) {
      for (int left = rows.length / 2; left > 0; left -= 32) {
        expected.add(Math.min(left, 32));
      }
    }
    assertEquals(expected, encoder.batches);
  }

  @Test
  void aSlideThatCannotBeReadFailsAloneAndTheOthersAreWhole() throws IOException {
    Path damaged = out.resolve("damaged.tif");
    Files.createDirectories(out);
    byte[] bytes = Files.readAllBytes(INPUTS.get(2).path());
    // Level 0 comes first in the file; smaller levels, which tissue is found on, stay whole.
    Arrays.fill(bytes, bytes.length * 2 / 5, bytes.length * 2 / 5 + 64, (byte) 0x5a);
    Files.write(damaged, bytes);
    List<SlideInput> inputs = new ArrayList<>(INPUTS);
    inputs.add(3, SlideInput.of(damaged));
    List<SlideResult> results = pipeline(new Corner()).run(inputs).slides();
    assertEquals(SlideResult.Status.FAILED, results.get(3).status());
    String message = results.get(3).failure().orElseThrow().getMessage();
    assertTrue(message.contains("damaged.tif"), message);
    for (int i = 0; i < results.size(); i++) {
      if (i != 3) {
        assertDone(results.get(i));
      }
    }
    assertFalse(Files.exists(out.resolve("damaged.h5")));
    try (var files = Files.list(out)) {
      assertTrue(files.noneMatch(file -> file.toString().endsWith(".part")));
    }
  }

  @Test
  void aBatchThatBreaksTheNetworkCostsOnlyTheSlideThatBreaksIt() {
    Corner encoder = new Corner();
    float[] rows = ALONE.get("s3");
    encoder.poison = new float[] {rows[rows.length / 2 & ~1]};
    List<SlideResult> results = pipeline(encoder).run(INPUTS).slides();
    for (SlideResult result : results) {
      if (result.name().equals("s3")) {
        assertEquals(SlideResult.Status.FAILED, result.status());
        assertEquals("The device fell over.", result.failure().orElseThrow().getMessage());
      } else {
        assertDone(result);
      }
    }
    assertFalse(Files.exists(out.resolve("s3.h5")));
  }

  @Test
  void anInterruptKeepsWhatIsDoneAndTheNextRunGoesOn() {
    Corner encoder = new Corner();
    encoder.before =
        () -> {
          if (encoder.batches.size() == 2) {
            Thread.currentThread().interrupt();
          }
        };
    CancelledException e =
        assertThrows(CancelledException.class, () -> pipeline(encoder).run(INPUTS));
    assertTrue(Thread.interrupted(), "the interrupt stays set");
    assertTrue(e.getMessage().matches("Cancelled after [1-5] of 6 slides; .*"), e.getMessage());
    long done =
        INPUTS.stream().filter(one -> Files.exists(out.resolve(one.name() + ".h5"))).count();
    assertTrue(e.getMessage().contains("after " + done + " of"), e.getMessage() + " " + done);
    Corner second = new Corner();
    RunSummary summary = pipeline(second).run(INPUTS);
    for (SlideResult result : summary.slides()) {
      assertArrayEquals(ALONE.get(result.name()), rows(result));
    }
    assertEquals(done, summary.slides().stream().filter(CohortEncodingTest::skipped).count());
  }

  /** A batch that waits for a slide which waits for the batch's slides to end goes as it is. */
  @Test
  @Timeout(120)
  void copiesWithRoomForOneSlideDoNotHoldBatchesUp(@TempDir Path stage) throws IOException {
    long largest = 0;
    for (SlideInput input : INPUTS) {
      largest = Math.max(largest, Files.size(input.path()));
    }
    Corner encoder = new Corner();
    RunSummary summary =
        SlideToFeatures.builder()
            .encoder(encoder)
            .plan(PLAN)
            .output(out)
            .staging(new Staging(stage, largest + 10))
            .build()
            .run(INPUTS);
    summary.slides().forEach(CohortEncodingTest::assertDone);
    assertTrue(encoder.batches.size() >= SLIDES, encoder.batches.toString());
  }

  private static boolean skipped(SlideResult result) {
    return result.status() == SlideResult.Status.SKIPPED;
  }
}
