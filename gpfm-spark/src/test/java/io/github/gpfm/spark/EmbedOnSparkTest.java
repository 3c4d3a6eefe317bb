package io.github.gpfm.spark;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.gpfm.api.Encoder;
import io.github.gpfm.api.ProgressListener;
import io.github.gpfm.encoder.GpfmEncoder;
import io.github.gpfm.encoder.features.FeatureReader;
import io.github.gpfm.pipeline.RunSummary;
import io.github.gpfm.pipeline.SlideInput;
import io.github.gpfm.pipeline.SlideResult;
import io.github.gpfm.pipeline.SlideToFeatures;
import io.github.gpfm.sample.SyntheticSlide;
import io.github.gpfm.spark.rows.FeatureRow;
import io.github.gpfm.spark.rows.OutcomeRow;
import io.github.gpfm.spark.rows.SlideRow;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Features made by tasks are those of one process. */
class EmbedOnSparkTest {
  @TempDir static Path folder;
  @TempDir Path out;

  private static SparkSession spark;
  private static Path slides;
  private static final Map<String, Path> ALONE = new TreeMap<>();

  @BeforeAll
  static void drawAndEmbedAlone() throws IOException {
    spark = LocalSpark.session();
    slides = Files.createDirectory(folder.resolve("slides"));
    int[] widths = {520, 1400, 600, 700};
    for (int i = 0; i < widths.length; i++) {
      new SyntheticSlide(
              20 + i, widths[i], i == 1 ? 1100 : 520, 0.25, SyntheticSlide.Compression.DEFLATE)
          .write(slides.resolve("s" + i + ".tif"), ProgressListener.NONE);
    }
    Files.writeString(slides.resolve("torn.tif"), "no slide");
    try (Encoder encoder = GpfmEncoder.builder().batchSize(4).build();
        Stream<Path> files = Files.list(slides)) {
      RunSummary summary =
          SlideToFeatures.builder()
              .encoder(encoder)
              .encoderParameters(Map.of("precision", "FLOAT32"))
              .plan(LocalSpark.SMALL_TILES.plan(encoder.info()))
              .output(folder.resolve("alone"))
              .pictures(false)
              .build()
              .run(
                  files
                      .filter(file -> file.toString().endsWith(".tif"))
                      .sorted()
                      .map(SlideInput::of)
                      .toList());
      summary.slides().stream()
          .filter(one -> one.status() == SlideResult.Status.DONE)
          .forEach(one -> ALONE.put(one.name(), one.file().orElseThrow()));
    }
    assertEquals(4, ALONE.size());
  }

  private SparkResult<FeatureRow> embed(Dataset<SlideRow> rows, SparkOptions options) {
    return GpfmSpark.embed(rows, EncoderSpec.tiny().with(4, 0), LocalSpark.SMALL_TILES, options);
  }

  private static Map<String, OutcomeRow> byName(Dataset<OutcomeRow> outcomes) {
    Map<String, OutcomeRow> rows = new TreeMap<>();
    outcomes.collectAsList().forEach(row -> rows.put(row.getName(), row));
    return rows;
  }

  private static void assertSameFeatures(Map<String, OutcomeRow> rows) {
    ALONE.forEach(
        (name, file) -> {
          try (FeatureReader expected = FeatureReader.open(file);
              FeatureReader found = FeatureReader.open(Path.of(rows.get(name).getFile()))) {
            assertArrayEquals(expected.coords(), found.coords(), name);
            // To the bit.
            assertArrayEquals(
                expected.read(0, expected.rows()), found.read(0, found.rows()), 0f, name);
            assertEquals(
                expected.provenance().orElseThrow().entries(),
                found.provenance().orElseThrow().entries(),
                name);
          }
        });
  }

  @Test
  void featuresAreThoseOfOneProcessAndNothingIsMadeTwice() {
    SparkOptions options = SparkOptions.builder(out.toString()).slots(8).build();
    Dataset<SlideRow> rows = GpfmSpark.slides(spark, List.of(slides.toString()));
    SparkResult<FeatureRow> run = embed(rows, options);
    Map<String, OutcomeRow> outcomes = byName(run.outcomes());
    assertSameFeatures(outcomes);
    assertTrue(outcomes.get("s1").getPieces() > 1, "the large slide is shared out");
    assertEquals(1, outcomes.get("s0").getPieces());

    List<OutcomeRow> errors = run.errors().collectAsList();
    assertEquals(List.of("torn"), errors.stream().map(OutcomeRow::getName).toList());
    assertTrue(errors.get(0).getError().contains("torn.tif"), errors.get(0).getError());

    Map<String, OutcomeRow> again = byName(embed(rows, options).outcomes());
    ALONE.keySet().forEach(name -> assertEquals("skipped", again.get(name).getStatus()));
    assertEquals("failed", again.get("torn").getStatus());
    assertTrue(Files.exists(out.resolve("summary.json")));
  }

  @Test
  void parquetHoldsTheFilesRows() {
    SparkResult<FeatureRow> run =
        embed(
            GpfmSpark.slides(spark, List.of(slides.resolve("s0.tif").toString())),
            SparkOptions.of(out.toString()));
    String table = out.resolve("table").toString();
    GpfmSpark.writeParquet(run.rows(), table);
    // The same slides again replace theirs.
    GpfmSpark.writeParquet(run.rows(), table);
    try (FeatureReader file = FeatureReader.open(ALONE.get("s0"))) {
      List<Row> rows = spark.read().parquet(table).orderBy("y", "x").collectAsList();
      assertEquals(file.rows(), rows.size());
      Map<String, float[]> expected = new TreeMap<>();
      long[] coords = file.coords();
      for (int i = 0; i < file.rows(); i++) {
        expected.put(coords[2 * i] + "," + coords[2 * i + 1], file.read(i, 1));
      }
      for (Row row : rows) {
        float[] wanted = expected.get(row.getAs("x") + "," + row.getAs("y"));
        List<Float> found = row.getList(row.fieldIndex("feature"));
        assertEquals(wanted.length, found.size());
        for (int k = 0; k < wanted.length; k++) {
          assertEquals(wanted[k], found.get(k));
        }
        assertEquals("s0", row.getAs("slide"));
        assertEquals("s0", row.getAs("name"));
        assertEquals(0, (int) row.getAs("level"));
        assertEquals(0.25, (double) row.getAs("mpp"));
        assertTrue(row.<String>getAs("provenance").contains("weights.sha256"));
      }
    }
  }

  @Test
  void slidesOfOtherFileSystemsAreCopiedWithinABound() throws IOException {
    long largest = Files.size(slides.resolve("s1.tif"));
    Path stage = out.resolve("stage");
    SparkOptions options =
        SparkOptions.builder(out.resolve("f").toString())
            .stageFolder(stage.toString())
            .stageBytes(largest - 1)
            .build();
    Dataset<SlideRow> rows = GpfmSpark.slides(spark, List.of("far://" + slides + "/s*.tif"));
    assertEquals(4, rows.count());
    SparkResult<FeatureRow> run = embed(rows, options);
    Map<String, OutcomeRow> outcomes = byName(run.outcomes());
    OutcomeRow tooLarge = outcomes.get("s1");
    assertEquals("failed", tooLarge.getStatus());
    assertTrue(tooLarge.getError().contains("stageBytes"), tooLarge.getError());
    for (String name : List.of("s0", "s2", "s3")) {
      try (FeatureReader expected = FeatureReader.open(ALONE.get(name));
          FeatureReader found = FeatureReader.open(Path.of(outcomes.get(name).getFile()))) {
        assertArrayEquals(expected.read(0, expected.rows()), found.read(0, found.rows()), 0f);
      }
    }
    try (Stream<Path> copies = Files.walk(stage)) {
      long bytes =
          copies.filter(Files::isRegularFile).mapToLong(file -> file.toFile().length()).sum();
      assertTrue(bytes < largest, "copies stay within the bound");
    }
    assertFalse(outcomes.get("s0").getFile().isEmpty());
  }
}
