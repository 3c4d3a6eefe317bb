package io.github.gpfm.pipeline;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.gpfm.api.Embeddings;
import io.github.gpfm.api.Encoder;
import io.github.gpfm.api.EncoderException;
import io.github.gpfm.api.EncoderInfo;
import io.github.gpfm.api.GpfmException;
import io.github.gpfm.api.InvalidOptionException;
import io.github.gpfm.api.OutputException;
import io.github.gpfm.api.ProgressListener;
import io.github.gpfm.api.SlideFormatException;
import io.github.gpfm.api.TokenOutput;
import io.github.gpfm.encoder.features.FeatureFormat;
import io.github.gpfm.encoder.features.FeatureReader;
import io.github.gpfm.sample.SyntheticSlide;
import io.github.gpfm.tiling.grid.ClamTiler;
import io.github.gpfm.tiling.grid.ContourTest;
import io.github.gpfm.tiling.segment.ClamSegmenter;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileTime;
import java.util.List;
import java.util.TreeSet;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SlideToFeaturesTest {
  private static final TilingPlan PLAN =
      new TilingPlan(
          new ClamSegmenter(TilingPlan.DEFAULT_SEGMENTATION.withAreas(0.05, 1, 8)),
          new ClamTiler(0, 96, 96, true, ContourTest.FOUR_PT));

  @TempDir static Path slides;
  @TempDir Path out;

  private static Path slide;

  /**
   * A feature is the mean colour, a patch token that of a quarter: cheap, and wrong tiles or a
   * wrong order would show.
   */
  private static final class MeanColour implements Encoder {
    final AtomicInteger images = new AtomicInteger();
    final String weights;
    int failAfter = Integer.MAX_VALUE;
    boolean patches = true;

    MeanColour(String weights) {
      this.weights = weights;
    }

    @Override
    public EncoderInfo info() {
      return EncoderInfo.builder("mean", 3)
          .architecture("mean colour")
          .inputSize(96)
          .mpp(0.25)
          .license("none")
          .weightsSha256(weights)
          .build();
    }

    @Override
    public Embeddings embed(List<BufferedImage> list, TokenOutput output) {
      float[] values = new float[3 * list.size()];
      for (int i = 0; i < list.size(); i++) {
        if (images.incrementAndGet() > failAfter) {
          throw new EncoderException("The mean colour broke: buy another.");
        }
        float[] one = mean(list.get(i));
        System.arraycopy(one, 0, values, 3 * i, 3);
      }
      if (output == TokenOutput.PATCH_TOKENS && patches) {
        float[] tokens = new float[12 * list.size()];
        for (int i = 0; i < list.size(); i++) {
          System.arraycopy(quarters(list.get(i)), 0, tokens, 12 * i, 12);
        }
        Embeddings.PatchGrid grid = new Embeddings.PatchGrid(2, 2, 3);
        return Embeddings.withPatchTokens(list.size(), 3, values, grid, tokens);
      }
      return Embeddings.of(list.size(), 3, values);
    }

    static float[] quarters(BufferedImage image) {
      int half = image.getWidth() / 2;
      float[] tokens = new float[12];
      for (int i = 0; i < 4; i++) {
        BufferedImage quarter = image.getSubimage(i % 2 * half, i / 2 * half, half, half);
        System.arraycopy(mean(quarter), 0, tokens, 3 * i, 3);
      }
      return tokens;
    }

    static float[] mean(BufferedImage image) {
      double[] sums = new double[3];
      for (int y = 0; y < image.getHeight(); y++) {
        for (int x = 0; x < image.getWidth(); x++) {
          int rgb = image.getRGB(x, y);
          sums[0] += rgb >> 16 & 255;
          sums[1] += rgb >> 8 & 255;
          sums[2] += rgb & 255;
        }
      }
      double n = (double) image.getWidth() * image.getHeight();
      return new float[] {(float) (sums[0] / n), (float) (sums[1] / n), (float) (sums[2] / n)};
    }

    @Override
    public void close() {}
  }

  @BeforeAll
  static void draw() {
    slide = slides.resolve("one.tif");
    new SyntheticSlide(3, 1200, 1100, 0.25, SyntheticSlide.Compression.DEFLATE)
        .write(slide, ProgressListener.NONE);
  }

  private SlideToFeatures.Builder builder(Encoder encoder) {
    return SlideToFeatures.builder().encoder(encoder).plan(PLAN).output(out);
  }

  private TreeSet<String> files() throws IOException {
    if (!Files.isDirectory(out)) {
      return new TreeSet<>();
    }
    try (Stream<Path> all = Files.list(out)) {
      return new TreeSet<>(all.map(file -> file.getFileName().toString()).toList());
    }
  }

  @Test
  void everyTilesFeatureStandsInItsRow() throws Exception {
    SlideResult result = builder(new MeanColour("w")).build().run(slide);
    assertEquals(SlideResult.Status.DONE, result.status());
    assertEquals(
        List.of(".gpfm", "one-tissue.jpg", "one.geojson", "one.h5", "report.html", "summary.json"),
        List.copyOf(files()));
    try (FeatureReader reader = FeatureReader.open(result.file().orElseThrow());
        var open = SlideInput.of(slide).open()) {
      assertTrue(reader.rows() > 32, "more than one batch: " + reader.rows());
      long[] coords = reader.coords();
      for (int i = 0; i < reader.rows(); i += 7) {
        BufferedImage tile = open.readRegion(coords[2 * i], coords[2 * i + 1], 0, 96, 96);
        assertArrayEquals(MeanColour.mean(tile), reader.read(i, 1), 1e-4f);
      }
      assertEquals("w", reader.provenance().orElseThrow().entries().get("weights.sha256"));
      assertEquals(64, reader.provenance().orElseThrow().entries().get("slide.sha256").length());
    }
    assertTrue(result.seconds().keySet().containsAll(List.of("open", "segment", "tile", "encode")));
  }

  @Test
  void aFinishedSlideIsSkippedUntilSomethingChanges() throws IOException {
    Path copy = Files.copy(slide, slides.resolve("copy.tif"));
    MeanColour encoder = new MeanColour("w");
    assertEquals(SlideResult.Status.DONE, builder(encoder).build().run(copy).status());
    int once = encoder.images.get();
    SlideResult again = builder(encoder).build().run(copy);
    assertEquals(SlideResult.Status.SKIPPED, again.status());
    assertEquals(once, again.tiles());
    assertEquals(once, encoder.images.get());

    Files.setLastModifiedTime(copy, FileTime.fromMillis(1_000_000_000_000L));
    assertEquals(
        SlideResult.Status.SKIPPED,
        builder(encoder).build().run(copy).status(),
        "touched, but the same content");

    assertEquals(
        SlideResult.Status.DONE, builder(encoder).overwrite(true).build().run(copy).status());
    assertEquals(
        SlideResult.Status.DONE, builder(new MeanColour("other")).build().run(copy).status());
    TilingPlan other =
        new TilingPlan(PLAN.segmenter(), new ClamTiler(0, 128, 128, true, ContourTest.CENTER));
    assertEquals(
        SlideResult.Status.DONE,
        builder(new MeanColour("other")).plan(other).build().run(copy).status());
    Files.write(copy, new byte[] {0}, StandardOpenOption.APPEND);
    assertEquals(
        SlideResult.Status.DONE,
        builder(new MeanColour("other")).plan(other).build().run(copy).status());
    Files.write(out.resolve("copy.h5"), new byte[] {1, 2, 3});
    assertEquals(
        SlideResult.Status.DONE,
        builder(new MeanColour("other")).plan(other).build().run(copy).status(),
        "a damaged file is made anew");
    Files.delete(copy);
  }

  @Test
  void aFailureHalfwayLeavesNothing() throws IOException {
    MeanColour encoder = new MeanColour("w");
    encoder.failAfter = 40;
    EncoderException e =
        assertThrows(EncoderException.class, () -> builder(encoder).build().run(slide));
    assertEquals("The mean colour broke: buy another.", e.getMessage());
    assertEquals(new TreeSet<>(), files());
  }

  @Test
  void aRunGoesOnAndTellsWhatFailed() throws IOException {
    Path bad = Files.writeString(slides.resolve("bad.svs"), "no slide");
    Path blank = slides.resolve("blank.png");
    BufferedImage white = new BufferedImage(600, 600, BufferedImage.TYPE_INT_RGB);
    white.createGraphics().fillRect(0, 0, 600, 600);
    javax.imageio.ImageIO.write(white, "png", blank.toFile());
    List<SlideInput> inputs = Stream.of(bad, blank, slide).map(SlideInput::of).toList();
    RunSummary summary = builder(new MeanColour("w")).build().run(inputs);
    assertEquals(
        List.of(SlideResult.Status.FAILED, SlideResult.Status.EMPTY, SlideResult.Status.DONE),
        summary.slides().stream().map(SlideResult::status).toList());
    assertTrue(summary.slides().get(0).failure().orElseThrow() instanceof SlideFormatException);
    assertTrue(summary.slides().get(1).file().isEmpty());
    String json = Files.readString(out.resolve("summary.json"));
    assertTrue(json.contains("\"failed\"") && json.contains("bad.svs"), json);
    assertFalse(files().stream().anyMatch(name -> name.endsWith(".part")));
  }

  @Test
  void everyFormatHoldsTheSameFeatures() {
    float[] first = null;
    for (String format : List.of("h5", "npy", "safetensors")) {
      SlideResult result =
          builder(new MeanColour("w")).format(FeatureFormat.of(format)).build().run(slide);
      try (FeatureReader reader = FeatureReader.open(result.file().orElseThrow())) {
        float[] all = reader.read(0, reader.rows());
        if (first != null) {
          assertArrayEquals(first, all);
        }
        first = all;
      }
    }
  }

  @Test
  void patchTokensStandInTheirRowsAndARunResumes() throws Exception {
    MeanColour encoder = new MeanColour("w");
    for (String format : List.of("h5", "npy", "safetensors")) {
      SlideToFeatures pipeline =
          builder(encoder)
              .tokens(TokenOutput.PATCH_TOKENS)
              .format(FeatureFormat.of(format))
              .build();
      SlideResult result = pipeline.run(slide);
      assertEquals(SlideResult.Status.DONE, result.status());
      assertEquals(4, result.patches());
      assertEquals(3, result.dimension());
      try (FeatureReader reader = FeatureReader.open(result.file().orElseThrow());
          var open = SlideInput.of(slide).open()) {
        assertEquals(result.tiles(), reader.rows());
        assertEquals(4, reader.patches());
        long[] coords = reader.coords();
        for (int i = 0; i < reader.rows(); i += 7) {
          BufferedImage tile = open.readRegion(coords[2 * i], coords[2 * i + 1], 0, 96, 96);
          assertArrayEquals(MeanColour.quarters(tile), reader.read(i, 1), 1e-4f);
        }
      }
      if (!format.equals("npy")) { // which has no room to say how it was made
        int before = encoder.images.get();
        SlideResult again = pipeline.run(slide);
        assertEquals(SlideResult.Status.SKIPPED, again.status());
        assertEquals(4, again.patches());
        assertEquals(before, encoder.images.get());
      }
    }
    assertTrue(Files.readString(out.resolve("summary.json")).contains("\"patches\": 4"));
    assertEquals(
        SlideResult.Status.DONE,
        builder(encoder).build().run(slide).status(),
        "class tokens are other features");

    try (var open = SlideInput.of(slide).open()) {
      builder(encoder).tokens(TokenOutput.PATCH_TOKENS).build().run(slide);
      GpfmException e =
          assertThrows(
              GpfmException.class, () -> FeatureMap.principalColours(open, out.resolve("one.h5")));
      assertTrue(e.getMessage().contains("4 patch tokens a tile"), e.getMessage());
    }
  }

  @Test
  void anEncoderWithoutPatchTokensIsNamed() throws IOException {
    MeanColour encoder = new MeanColour("w");
    encoder.patches = false;
    EncoderException e =
        assertThrows(
            EncoderException.class,
            () -> builder(encoder).tokens(TokenOutput.PATCH_TOKENS).build().run(slide));
    assertTrue(e.getMessage().contains("'mean' gives no patch tokens"), e.getMessage());
    assertEquals(new TreeSet<>(), files());
  }

  @Test
  void conflictsAreNamedBeforeAnyWork() throws IOException {
    MeanColour encoder = new MeanColour("w");
    List<SlideInput> twice = List.of(SlideInput.of(slide), SlideInput.of(slide));
    assertThrows(InvalidOptionException.class, () -> builder(encoder).build().run(twice));
    Path file = Files.writeString(out.resolve("file"), "x");
    assertThrows(
        OutputException.class,
        () -> builder(encoder).output(file.resolve("deeper")).build().run(slide));
    assertEquals(0, encoder.images.get());
  }
}
