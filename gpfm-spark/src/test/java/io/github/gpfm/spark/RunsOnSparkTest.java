package io.github.gpfm.spark;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.gpfm.api.InvalidOptionException;
import io.github.gpfm.api.ProgressListener;
import io.github.gpfm.encoder.slide.SlideEncoders;
import io.github.gpfm.encoder.slide.SlideFeatureFiles;
import io.github.gpfm.eval.bench.BenchConfig;
import io.github.gpfm.eval.bench.BenchRunner;
import io.github.gpfm.pipeline.SlideTiling;
import io.github.gpfm.pipeline.TilingPlan;
import io.github.gpfm.sample.SyntheticSlide;
import io.github.gpfm.spark.rows.CellRow;
import io.github.gpfm.spark.rows.FeatureRow;
import io.github.gpfm.spark.rows.OutcomeRow;
import io.github.gpfm.spark.rows.SlideRow;
import io.github.gpfm.spark.rows.SlideVectorRow;
import io.github.gpfm.spark.rows.TileRow;
import io.github.gpfm.tiling.dataset.ExtractOptions;
import io.github.gpfm.tiling.dataset.TileExtractor;
import io.github.gpfm.tiling.format.CoordsH5;
import io.github.gpfm.tiling.grid.ClamTiler;
import io.github.gpfm.tiling.grid.ContourTest;
import io.github.gpfm.tiling.segment.ClamSegmenter;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Tiles, shards, slides' features and benchmarks made by tasks are those of one process. */
class RunsOnSparkTest {
  @TempDir static Path slides;
  @TempDir Path out;

  private static SparkSession spark;

  @BeforeAll
  static void draw() {
    spark = LocalSpark.session();
    for (String name : List.of("a", "b")) {
      new SyntheticSlide(name.hashCode(), 600, 520, 0.25, SyntheticSlide.Compression.DEFLATE)
          .write(slides.resolve(name + ".tif"), ProgressListener.NONE);
    }
  }

  private static TilingPlan plan() {
    return new TilingPlan(
        new ClamSegmenter(TilingPlan.DEFAULT_SEGMENTATION.withAreas(0.05, 1, 8)),
        new ClamTiler(0, 96, 96, true, ContourTest.FOUR_PT));
  }

  private static ExtractOptions extract() {
    TilingPlan plan = plan();
    return ExtractOptions.builder(plan.recipe()).shardSize(7).threads(1).build();
  }

  private static List<Path> paths() {
    return List.of(slides.resolve("a.tif"), slides.resolve("b.tif"));
  }

  private static Dataset<SlideRow> rows() {
    return GpfmSpark.slides(spark, paths().stream().map(Path::toString).toList());
  }

  @Test
  void tilesAreThoseOfOneProcess() throws Exception {
    SlideTiling.builder()
        .plan(plan())
        .output(out.resolve("alone"))
        .pictures(false)
        .build()
        .run(paths().stream().map(io.github.gpfm.pipeline.SlideInput::of).toList());
    SparkResult<TileRow> run =
        GpfmSpark.tiles(
            rows(), RunsOnSparkTest::plan, SparkOptions.of(out.resolve("spark").toString()));
    Map<String, Long> counts =
        run.rows().collectAsList().stream()
            .collect(Collectors.groupingBy(TileRow::getSlide, Collectors.counting()));
    for (String name : List.of("a", "b")) {
      long[] alone = CoordsH5.read(out.resolve("alone").resolve(name + ".h5")).coords();
      assertArrayEquals(alone, CoordsH5.read(out.resolve("spark").resolve(name + ".h5")).coords());
      assertEquals(alone.length / 2, counts.get(name));
    }
    assertEquals(0, run.errors().count());
    SparkResult<TileRow> again =
        GpfmSpark.tiles(
            rows(), RunsOnSparkTest::plan, SparkOptions.of(out.resolve("spark").toString()));
    assertEquals(
        List.of("skipped", "skipped"),
        again.outcomes().collectAsList().stream().map(OutcomeRow::getStatus).toList());
  }

  @Test
  void shardsHaveTheBytesOfOneProcess() throws Exception {
    Path alone = out.resolve("alone");
    int shards =
        new TileExtractor(extract()).extract(paths(), alone, ProgressListener.NONE).shards().size();
    assertTrue(shards > 2, shards + " shards");
    Path shared = out.resolve("spark");
    for (int run = 0; run < 2; run++) {
      List<OutcomeRow> outcomes =
          GpfmSpark.extract(rows(), RunsOnSparkTest::extract, SparkOptions.of(shared.toString()))
              .collectAsList();
      assertEquals(2, outcomes.size());
      for (int i = 0; i < shards; i++) {
        String name = "shard-%06d.tar".formatted(i);
        assertArrayEquals(
            Files.readAllBytes(alone.resolve(name)), Files.readAllBytes(shared.resolve(name)));
      }
      assertEquals(
          Files.readString(alone.resolve("index.json")),
          Files.readString(shared.resolve("index.json")));
      // What is missing is cut again, and nothing else.
      Files.delete(shared.resolve("shard-000001.tar"));
    }
  }

  @Test
  void slidesOfOneNameAreNotExtractedAsOne() throws IOException {
    Path other = Files.createDirectory(out.resolve("other")).resolve("a.tif");
    Files.copy(slides.resolve("a.tif"), other);
    Dataset<SlideRow> same =
        GpfmSpark.slides(spark, List.of(slides.resolve("a.tif").toString(), other.toString()));
    String message =
        assertThrows(
                InvalidOptionException.class,
                () ->
                    GpfmSpark.extract(
                        same, RunsOnSparkTest::extract, SparkOptions.of(out.toString())))
            .getMessage();
    assertTrue(message.contains("have the same name"), message);
    assertTrue(message.contains(other.toString()), message);
  }

  @Test
  void slidesAreEmbeddedByTheirTiles() {
    SparkResult<FeatureRow> tiles =
        GpfmSpark.embed(
            rows(),
            EncoderSpec.tiny(),
            LocalSpark.SMALL_TILES,
            SparkOptions.of(out.resolve("tiles").toString()));
    SparkOptions options = SparkOptions.of(out.resolve("slides").toString());
    SparkResult<SlideVectorRow> run =
        GpfmSpark.embedSlides(tiles.outcomes(), SlideEncoderSpec.mean(), options);
    List<SlideVectorRow> rows = run.rows().collectAsList();
    assertEquals(2, rows.size());
    for (SlideVectorRow row : rows) {
      Path file = out.resolve("tiles").resolve(row.getSlide() + ".h5");
      assertArrayEquals(
          SlideEncoders.mean().embed(SlideFeatureFiles.read(file)), row.getFeature(), 0f);
    }
    assertEquals(
        List.of("skipped", "skipped"),
        GpfmSpark.embedSlides(tiles.outcomes(), SlideEncoderSpec.mean(), options)
            .outcomes()
            .collectAsList()
            .stream()
            .map(OutcomeRow::getStatus)
            .toList());
  }

  @Test
  void theBenchmarksTableIsThatOfOneProcess() throws IOException {
    StringBuilder table = new StringBuilder("id,label,f0,f1,f2\n");
    for (int i = 0; i < 60; i++) {
      int label = i % 2;
      table.append(
          "t%d,%s,%.3f,%.3f,%.3f%n"
              .formatted(
                  i, label == 0 ? "no" : "yes", Math.sin(i) + label, Math.cos(3 * i), 0.1 * label));
    }
    Files.writeString(out.resolve("t.csv"), table);
    String config =
        """
        output: %s
        seeds: [0, 1]
        replicates: 20
        encoders:
          - {name: one, builtin: colour-texture}
        tasks:
          - {name: easy, type: roi-classification, table: t.csv, epochs: 5}
          - {name: lost, type: wsi-classification, table: nowhere.csv}
        """;
    Path here = out.resolve("here.yaml");
    Path there = out.resolve("there.yaml");
    Files.writeString(here, config.formatted("alone"));
    Files.writeString(there, config.formatted("shared"));
    String alone = new BenchRunner(BenchConfig.read(here)).run(ProgressListener.NONE).markdown();
    SparkBench.Result run = SparkBench.run(spark, there);
    assertEquals(alone, run.report().markdown());
    assertEquals(2, run.report().failed());
    List<CellRow> rows = run.cells().collectAsList();
    assertEquals(2, rows.stream().filter(row -> row.getReason().contains("nowhere.csv")).count());
    assertEquals(
        2,
        rows.stream()
            .filter(row -> row.getTask().equals("easy") && row.getFigure().equals("auc"))
            .count());
    assertTrue(Files.exists(out.resolve("shared/results/easy/one/seed-1.json")));
  }
}
