package io.github.gpfm.pipeline;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.gpfm.api.OutputException;
import io.github.gpfm.api.ProgressListener;
import io.github.gpfm.api.Recipe;
import io.github.gpfm.api.SlideException;
import io.github.gpfm.api.SlideOptions;
import io.github.gpfm.api.TokenOutput;
import io.github.gpfm.encoder.features.FeatureFormat;
import io.github.gpfm.sample.SyntheticSlide;
import io.github.gpfm.tiling.format.CoordsLayout;
import io.github.gpfm.tiling.format.GeoJson;
import io.github.gpfm.tiling.format.TileTableFormat;
import io.github.gpfm.tiling.grid.GridTiler;
import io.github.gpfm.tiling.qc.TileLimit;
import io.github.gpfm.tiling.qc.TileQuality;
import io.github.gpfm.tiling.qc.TileScore;
import io.github.gpfm.tiling.segment.ModelSegmenter;
import io.github.gpfm.tiling.segment.OtsuSegmenter;
import io.github.gpfm.tiling.segment.RegionFilter;
import io.github.gpfm.tiling.segment.TissueModel;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.function.Supplier;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What makes a slide's result be made again, and what does not. */
class SlideDecisionsTest {
  private static final RegionFilter FILTER = new RegionFilter(0.05, 1, 8);
  private static final GridTiler TILER = GridTiler.atMpp(96, 0.25);

  @TempDir static Path drawn;
  @TempDir Path temp;

  private static Path original;
  private Path slide;
  private Path out;
  private Path roi;
  private Path network;

  /** Everything is tissue; its file's content counts. */
  private record Network(Path file, int tileSize, double mpp) implements TissueModel {
    @Override
    public String name() {
      return "seg.pt";
    }

    @Override
    public void describe(Recipe.Builder recipe) {
      recipe.file("file", file).add("size", tileSize).add("mpp", mpp);
    }

    @Override
    public List<float[]> probabilities(List<BufferedImage> tiles) {
      float[] tissue = new float[tileSize * tileSize];
      Arrays.fill(tissue, 1);
      return tiles.stream().map(tile -> tissue.clone()).toList();
    }

    @Override
    public void close() {}
  }

  @BeforeAll
  static void draw() {
    original = drawn.resolve("one.tif");
    new SyntheticSlide(3, 800, 700, 0.25, SyntheticSlide.Compression.DEFLATE)
        .write(original, ProgressListener.NONE);
  }

  @BeforeEach
  void prepare() throws IOException {
    slide = Files.copy(original, temp.resolve("one.tif"));
    out = temp.resolve("out");
    roi = Files.writeString(temp.resolve("areas.geojson"), square(0, 600));
    network = Files.writeString(temp.resolve("seg.pt"), "a network");
  }

  private static String square(int from, int to) {
    return """
        {"type":"Feature","properties":{},"geometry":{"type":"Polygon","coordinates":
        [[[%1$d,%1$d],[%2$d,%1$d],[%2$d,%2$d],[%1$d,%2$d],[%1$d,%1$d]]]}}"""
        .formatted(from, to);
  }

  private ModelSegmenter segmenter(int tileSize, double mpp) {
    return new ModelSegmenter(new Network(network, tileSize, mpp), 0.5, 8, FILTER);
  }

  private GridTiler tiler() {
    return TILER.within(GeoJson.readRegionOfInterest(roi));
  }

  private TilingPlan plan() {
    return new TilingPlan(segmenter(64, 4), tiler());
  }

  private SlideToFeatures.Builder features() {
    return SlideToFeatures.builder()
        .encoder(new MeanColor("w", 0))
        .plan(plan())
        .output(out)
        .pictures(false);
  }

  private SlideTiling.Builder tiles() {
    return SlideTiling.builder().plan(plan()).output(out).pictures(false);
  }

  private SlideResult embed(SlideToFeatures.Builder builder, SlideInput input) {
    SlideResult result = builder.build().run(List.of(input)).slides().get(0);
    assertTrue(result.failure().isEmpty(), () -> "" + result.failure());
    return result;
  }

  private void assertMadeAgain(String what, String entry, SlideResult result) {
    assertEquals(SlideResult.Status.DONE, result.status(), what);
    assertTrue(
        result.remark().orElse("").startsWith("made again: ")
            && result.remark().get().contains(entry),
        () -> what + ": " + result.remark());
  }

  @Test
  void everythingThatDecidesFeaturesMakesThemAgain() throws IOException {
    SlideInput input = SlideInput.of(slide);
    assertEquals(SlideResult.Status.DONE, embed(features(), input).status());
    Map<String, Supplier<SlideResult>> changes = new LinkedHashMap<>();
    changes.put(
        "weights.sha256: w → v", () -> embed(features().encoder(new MeanColor("v", 0)), input));
    changes.put("tokens: ", () -> embed(features().tokens(TokenOutput.MEAN_PATCH_TOKEN), input));
    changes.put(
        "precision: ", () -> embed(features().encoderParameters(Map.of("precision", "x")), input));
    changes.put("layout: ", () -> embed(features().layout(CoordsLayout.CLAM), input));
    changes.put("slide.mpp: ", () -> embed(features(), with(SlideOptions.DEFAULT.withMpp(0.26))));
    changes.put("slide.reader: ", () -> embed(features(), reader("builtin")));
    changes.put("segmenter.mpp", () -> embedPlan(new TilingPlan(segmenter(64, 8), tiler()), input));
    changes.put(
        "segmenter.model.size", () -> embedPlan(new TilingPlan(segmenter(32, 4), tiler()), input));
    changes.put(
        "segmenter: model → otsu",
        () -> embedPlan(new TilingPlan(new OtsuSegmenter(FILTER), tiler()), input));
    changes.put(
        "tiler.overlap",
        () -> embedPlan(new TilingPlan(segmenter(64, 4), tiler().withOverlap(8)), input));
    changes.put(
        "tiler.border",
        () ->
            embedPlan(
                new TilingPlan(segmenter(64, 4), tiler().withBorder(GridTiler.Border.DROP)),
                input));
    changes.put(
        "quality.max_tiles",
        () ->
            embedPlan(
                new TilingPlan(
                    segmenter(64, 4),
                    tiler(),
                    new TileQuality(
                        List.of(),
                        List.of(),
                        new TileLimit(OptionalInt.of(3), Optional.empty(), 0))),
                input));
    changes.forEach(
        (entry, change) -> {
          SlideResult changed = change.get();
          if (!entry.equals("segmenter.mpp")) {
            assertMadeAgain(entry, entry, changed);
          } else {
            assertMadeAgain(entry, "segmenter.model.mpp", changed);
          }
          assertMadeAgain("back from " + entry, ":", embed(features(), input));
        });
  }

  private SlideResult embedPlan(TilingPlan changed, SlideInput input) {
    return embed(features().plan(changed), input);
  }

  private SlideInput with(SlideOptions options) {
    return new SlideInput(slide, Optional.empty(), options);
  }

  private SlideInput reader(String name) {
    return new SlideInput(slide, Optional.of(name), SlideOptions.DEFAULT);
  }

  @Test
  void theContentOfEveryFileThatIsNamedCounts() throws IOException {
    SlideInput input = SlideInput.of(slide);
    embed(features(), input);
    int before = embed(features().overwrite(true), input).tiles();
    Files.writeString(roi, square(0, 300));
    SlideResult otherAreas = embed(features(), input);
    assertMadeAgain("roi", "tiler.roi: areas.geojson (", otherAreas);
    assertTrue(otherAreas.tiles() < before, "the tiles are those of the new areas");
    Files.writeString(network, "another network");
    assertMadeAgain("network", "segmenter.model.file: seg.pt (", embed(features(), input));
    Files.write(slide, new byte[] {0}, StandardOpenOption.APPEND);
    assertMadeAgain("slide", "slide.sha256: ", embed(features(), input));
    // The same contents under other names, and at another time, are the same work.
    Path renamed = Files.move(roi, temp.resolve("renamed.geojson"));
    roi = renamed;
    network = Files.copy(network, temp.resolve("copy.pt"));
    assertEquals(SlideResult.Status.SKIPPED, embed(features(), input).status());
  }

  @Test
  void whatDecidesNothingMakesNothingAgain() {
    SlideInput input = SlideInput.of(slide);
    embed(features(), input);
    assertEquals(
        SlideResult.Status.SKIPPED,
        embed(features().progress(new ProgressListener() {}), input).status());
    TilingPlan batches =
        new TilingPlan(
            new ModelSegmenter(new Network(network, 64, 4), 0.5, 2, FILTER),
            tiler(),
            new TileQuality(List.of(TileScore.BLUR), List.of()));
    assertEquals(SlideResult.Status.SKIPPED, embedPlan(batches, input).status());
  }

  @Test
  void tilesAreDecidedAsFeaturesAre() throws IOException {
    SlideInput input = SlideInput.of(slide);
    assertEquals(SlideResult.Status.DONE, tile(tiles(), input).status());
    SlideResult again = tile(tiles().threads(1), input);
    assertEquals(SlideResult.Status.SKIPPED, again.status());
    assertTrue(again.tiles() > 0);
    Files.writeString(roi, square(100, 500));
    assertMadeAgain("roi", "tiler.roi: ", tile(tiles(), input));
    TilingPlan judged =
        new TilingPlan(
            segmenter(64, 4), tiler(), new TileQuality(List.of(TileScore.BLUR), List.of()));
    assertMadeAgain("scores", "scores: [] → [BLUR]", tile(tiles().plan(judged), input));
    assertEquals(
        SlideResult.Status.DONE, tile(tiles().plan(judged).overwrite(true), input).status());
    assertMadeAgain("features", "result: coords → features", embed(features(), input));
    SlideResult lost = tiles().build().run(List.of(input)).slides().get(0);
    assertTrue(
        lost.failure().orElseThrow() instanceof OutputException
            && lost.failure().get().getMessage().contains("holds features"),
        () -> "" + lost.failure());
    assertEquals(SlideResult.Status.SKIPPED, embed(features(), input).status());
  }

  private static SlideResult tile(SlideTiling.Builder builder, SlideInput input) {
    SlideResult result = builder.build().run(List.of(input)).slides().get(0);
    assertTrue(result.failure().isEmpty(), () -> "" + result.failure());
    return result;
  }

  @Test
  void everyFormatKnowsWhatItWasMadeOf() throws IOException {
    for (String format : List.of("h5", "npy", "safetensors")) {
      SlideInput input = SlideInput.of(slide);
      assertEquals(
          SlideResult.Status.DONE,
          embed(features().format(FeatureFormat.of(format)), input).status(),
          format);
      assertEquals(
          SlideResult.Status.SKIPPED,
          embed(features().format(FeatureFormat.of(format)), input).status(),
          format);
    }
    // Beside an array without room for it, what is remembered is of that very file.
    Path file = out.resolve("one.npy");
    byte[] bytes = Files.readAllBytes(file);
    bytes[bytes.length - 1]++;
    Files.write(file, Arrays.copyOf(bytes, bytes.length));
    Files.setLastModifiedTime(file, java.nio.file.attribute.FileTime.fromMillis(1));
    SlideResult foreign =
        features()
            .format(FeatureFormat.of("npy"))
            .build()
            .run(List.of(SlideInput.of(slide)))
            .slides()
            .get(0);
    assertTrue(
        foreign.failure().orElseThrow().getMessage().contains("was not made by this program"),
        () -> "" + foreign.failure());
  }

  @Test
  void whatOthersMadeIsNotReplacedWithoutAWord() throws IOException {
    Files.createDirectories(out);
    Path file = out.resolve("one.h5");
    try (var resource = SlideDecisionsTest.class.getResourceAsStream("version-0.1.0.h5")) {
      Files.write(file, resource.readAllBytes());
    }
    byte[] before = Files.readAllBytes(file);
    SlideResult refused = features().build().run(List.of(SlideInput.of(slide))).slides().get(0);
    assertEquals(SlideResult.Status.FAILED, refused.status());
    String message = refused.failure().orElseThrow().getMessage();
    assertTrue(message.contains("0.1.0") && message.contains("overwrite it"), message);
    assertArrayEquals(before, Files.readAllBytes(file));
    assertEquals(
        SlideResult.Status.DONE, embed(features().overwrite(true), SlideInput.of(slide)).status());
    Files.write(file, new byte[] {1, 2, 3});
    assertMadeAgain("damaged", "cannot be read", embed(features(), SlideInput.of(slide)));
  }

  @Test
  void picturesThatAreMissingAreDrawnWithoutEncodingAgain() {
    SlideInput input = SlideInput.of(slide);
    embed(features(), input);
    assertFalse(Files.exists(out.resolve("one-tissue.jpg")));
    assertEquals(SlideResult.Status.SKIPPED, embed(features().pictures(true), input).status());
    assertTrue(Files.exists(out.resolve("one-tissue.jpg")));
    assertTrue(Files.exists(out.resolve("one.geojson")));
  }

  @Test
  void picturesAndTablesOfOtherTilesAreMadeAgain() throws IOException {
    SlideInput input = SlideInput.of(slide);
    TileFiles table = new TileFiles(false, Optional.of(TileTableFormat.of("csv")), false);
    Path rows = out.resolve("one-tiles.csv");
    Path outlines = out.resolve("one.geojson");
    embed(features().pictures(true).tileFiles(table), input);
    String before = Files.readString(rows);
    // Features of other areas, without pictures and tables: those of the former ones go.
    Files.writeString(roi, square(0, 300));
    assertMadeAgain("roi", "tiler.roi: ", embed(features(), input));
    assertFalse(Files.exists(rows) || Files.exists(outlines));
    assertEquals(
        SlideResult.Status.SKIPPED,
        embed(features().pictures(true).tileFiles(table), input).status());
    String smaller = Files.readString(rows);
    assertTrue(smaller.lines().count() < before.lines().count(), smaller);
    // Scores decide nothing about features, but everything about a table of them.
    TilingPlan judged =
        new TilingPlan(
            segmenter(64, 4), tiler(), new TileQuality(List.of(TileScore.BLUR), List.of()));
    SlideToFeatures.Builder scores = features().plan(judged).tileFiles(table);
    assertEquals(SlideResult.Status.SKIPPED, embed(scores, input).status());
    assertTrue(Files.readString(rows).contains("blur"));
    // Another format keeps its features beside, and its pictures in the same place.
    Files.writeString(roi, square(0, 600));
    embed(features().format(FeatureFormat.of("npy")).tileFiles(table), input);
    assertEquals(before, Files.readString(rows));
    Files.writeString(roi, square(0, 300));
    assertEquals(SlideResult.Status.SKIPPED, embed(features().tileFiles(table), input).status());
    assertEquals(smaller, Files.readString(rows));
    // What is right already, or edited by somebody, stays.
    embed(features().pictures(true).tileFiles(table), input);
    Files.writeString(outlines, "edited");
    embed(features().pictures(true).tileFiles(table), input);
    assertEquals("edited", Files.readString(outlines));
  }

  @Test
  void aSlideThatIsReplacedWhileItIsReadIsAnError() {
    SlideInput input = SlideInput.of(slide);
    SlideToFeatures.Builder builder =
        features()
            .progress(
                new ProgressListener() {
                  @Override
                  public void started(String stage, long total) {
                    try {
                      Files.write(slide, new byte[] {0}, StandardOpenOption.APPEND);
                    } catch (IOException e) {
                      throw new IllegalStateException(e);
                    }
                  }
                });
    SlideResult changed = builder.build().run(List.of(input)).slides().get(0);
    assertTrue(
        changed.failure().orElseThrow() instanceof SlideException
            && changed.failure().get().getMessage().contains("changed while it was read"),
        () -> "" + changed.failure());
    assertFalse(Files.exists(out.resolve("one.h5")));
  }

  @Test
  void runsOneAfterTheOtherShareOneSummary() throws IOException {
    Path second = Files.copy(original, temp.resolve("two.tif"));
    embed(features(), SlideInput.of(slide));
    embed(features(), SlideInput.of(second));
    String summary = Files.readString(out.resolve("summary.json"));
    assertTrue(summary.contains("one.tif") && summary.contains("two.tif"), summary);
    Files.delete(out.resolve("one.h5"));
    embed(features().overwrite(true), SlideInput.of(second));
    assertFalse(Files.readString(out.resolve("summary.json")).contains("one.tif"));
  }
}
