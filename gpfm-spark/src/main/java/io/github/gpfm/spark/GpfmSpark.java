package io.github.gpfm.spark;

import io.github.gpfm.api.InvalidOptionException;
import io.github.gpfm.pipeline.TilingPlan;
import io.github.gpfm.spark.internal.EmbedRun;
import io.github.gpfm.spark.internal.EmbedSpec;
import io.github.gpfm.spark.internal.ExtractRun;
import io.github.gpfm.spark.internal.FeatureRows;
import io.github.gpfm.spark.internal.HadoopFiles;
import io.github.gpfm.spark.internal.RunSpec;
import io.github.gpfm.spark.internal.SlideListing;
import io.github.gpfm.spark.internal.SlideVectors;
import io.github.gpfm.spark.internal.TileRun;
import io.github.gpfm.spark.rows.FeatureRow;
import io.github.gpfm.spark.rows.OutcomeRow;
import io.github.gpfm.spark.rows.SlideRow;
import io.github.gpfm.spark.rows.SlideVectorRow;
import io.github.gpfm.spark.rows.TileRow;
import io.github.gpfm.tiling.dataset.ExtractOptions;
import java.util.List;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.api.java.function.FilterFunction;
import org.apache.spark.api.java.function.FlatMapFunction;
import org.apache.spark.api.java.function.Function0;
import org.apache.spark.api.java.function.MapFunction;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Encoders;
import org.apache.spark.sql.SaveMode;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.util.SerializableConfiguration;

/**
 * Slides, tiles and features on a Spark cluster. Everything is done by the classes that do it on
 * one machine; Spark says which executor does what.
 *
 * <pre>{@code
 * Dataset<SlideRow> slides = GpfmSpark.slides(spark, List.of("hdfs:///slides"));
 * SparkResult<FeatureRow> run =
 *     GpfmSpark.embed(
 *         slides,
 *         EncoderSpec.of("uni", "hdfs:///models/pytorch_model.bin"),
 *         TilingSpec.recommended(),
 *         SparkOptions.of("/mnt/shared/features"));
 * run.errors().show(false);
 * GpfmSpark.writeParquet(run.rows(), "hdfs:///features");
 * }</pre>
 *
 * <p>Runs begin at once and end when the results' files are there; a run that was stopped goes on
 * when it is called again.
 */
public final class GpfmSpark {
  private GpfmSpark() {}

  /**
   * Lists slides; opens none.
   *
   * @param paths slides, folders of slides, or patterns on Hadoop file systems
   * @return one row a slide
   * @throws InvalidOptionException if a path holds none
   */
  public static Dataset<SlideRow> slides(SparkSession spark, List<String> paths) {
    return spark.createDataset(
        new SlideListing(files(spark)).rows(paths), Encoders.bean(SlideRow.class));
  }

  /**
   * Embeds the tiles of slides: finds them, sends them through the network in shares of about equal
   * work, and writes a file a slide as {@link io.github.gpfm.pipeline.SlideToFeatures} does, the
   * same to the bit on processors if PyTorch has the same number of threads. Slides that are done
   * already are skipped; what is left of a run that was stopped is taken up.
   *
   * @return features, read from the slides' files; and what became of each slide
   * @throws InvalidOptionException if two slides have the same name
   * @throws io.github.gpfm.api.OutputException if another run has the output folder, or it cannot
   *     be written
   */
  public static SparkResult<FeatureRow> embed(
      Dataset<SlideRow> slides, EncoderSpec encoder, TilingSpec tiling, SparkOptions options) {
    SparkSession spark = slides.sparkSession();
    RunSpec run = new RunSpec(options, files(spark));
    List<OutcomeRow> rows =
        new EmbedRun(context(spark), new EmbedSpec(run, encoder, tiling), slides.collectAsList())
            .run();
    Dataset<OutcomeRow> outcomes = spark.createDataset(rows, Encoders.bean(OutcomeRow.class));
    return new SparkResult<>(features(outcomes), outcomes);
  }

  /**
   * Finds the tiles of slides and writes a file of coordinates a slide, as {@link
   * io.github.gpfm.pipeline.SlideTiling} does. Slides that are done already are skipped.
   *
   * @param plan makes the plan, on executors as well
   * @param options {@code format}, {@code tokens} and {@code allowNonFinite} must be the defaults
   * @return tiles, read from the slides' files; and what became of each slide
   * @throws Exception as {@link #embed}, or what {@code plan} throws
   */
  public static SparkResult<TileRow> tiles(
      Dataset<SlideRow> slides, Function0<TilingPlan> plan, SparkOptions options) throws Exception {
    options.requireDefaults("tiles", "format", "tokens", "allowNonFinite");
    SparkSession spark = slides.sparkSession();
    List<OutcomeRow> rows =
        new TileRun(new RunSpec(options, files(spark)), plan)
            .run(context(spark), slides.collectAsList());
    Dataset<OutcomeRow> outcomes = spark.createDataset(rows, Encoders.bean(OutcomeRow.class));
    return new SparkResult<>(
        withFile(outcomes)
            .flatMap(
                (FlatMapFunction<OutcomeRow, TileRow>) FeatureRows::tiles,
                Encoders.bean(TileRow.class)),
        outcomes);
  }

  /**
   * Embeds slides by the features of their tiles, as the command {@code embed-slide} does, into a
   * file of one row each. Those made of the same file by the same encoder are skipped.
   *
   * @param tiles outcomes of {@link #embed}; slides without a file are passed over
   * @param options its output must be another folder than that of the tiles; of the others {@code
   *     format} and {@code overwrite} are used, and for weights the copies' folder and bound
   * @throws InvalidOptionException if another option is not the default
   */
  public static SparkResult<SlideVectorRow> embedSlides(
      Dataset<OutcomeRow> tiles, SlideEncoderSpec encoder, SparkOptions options) {
    options.requireDefaults(
        "embedSlides", "tokens", "pictures", "damaged", "allowNonFinite", "reader", "slideMpp");
    SparkSession spark = tiles.sparkSession();
    SlideVectors vectors = new SlideVectors(new RunSpec(options, files(spark)), encoder);
    List<OutcomeRow> inputs = withFile(tiles).collectAsList();
    List<OutcomeRow> rows =
        context(spark)
            .parallelize(inputs, Math.max(1, inputs.size()))
            .map(vectors::embed)
            .collect();
    Dataset<OutcomeRow> outcomes = spark.createDataset(rows, Encoders.bean(OutcomeRow.class));
    return new SparkResult<>(
        withFile(outcomes)
            .map(
                (MapFunction<OutcomeRow, SlideVectorRow>) vectors::read,
                Encoders.bean(SlideVectorRow.class)),
        outcomes);
  }

  /**
   * Writes the tiles of slides as WebDataset shards, the same bytes as {@link
   * io.github.gpfm.tiling.dataset.TileExtractor} writes. What a stopped run left is taken up.
   *
   * @param slides all with paths that every executor sees
   * @param extract makes the options, on executors as well
   * @param options of which the output, {@code reader} and {@code slideMpp} are used
   * @return what became of each slide
   * @throws InvalidOptionException if another option is not the default, or two slides have the
   *     same name
   * @throws Exception as {@link io.github.gpfm.tiling.dataset.TileExtractor#extract}, or what
   *     {@code extract} throws
   */
  public static Dataset<OutcomeRow> extract(
      Dataset<SlideRow> slides, Function0<ExtractOptions> extract, SparkOptions options)
      throws Exception {
    options.requireDefaults(
        "extract", "format", "tokens", "pictures", "damaged", "overwrite", "allowNonFinite");
    SparkSession spark = slides.sparkSession();
    List<OutcomeRow> rows =
        new ExtractRun(new RunSpec(options, files(spark)), extract)
            .run(context(spark), slides.collectAsList());
    return spark.createDataset(rows, Encoders.bean(OutcomeRow.class));
  }

  private static Dataset<OutcomeRow> withFile(Dataset<OutcomeRow> outcomes) {
    return outcomes.filter((FilterFunction<OutcomeRow>) row -> !row.getFile().isEmpty());
  }

  /** The features of slides whose files are there. */
  public static Dataset<FeatureRow> features(Dataset<OutcomeRow> outcomes) {
    return withFile(outcomes)
        .flatMap(
            (FlatMapFunction<OutcomeRow, FeatureRow>) FeatureRows::features,
            Encoders.bean(FeatureRow.class));
  }

  /**
   * Writes features as Parquet, a folder {@code slide=NAME} for each slide: columns {@code name},
   * {@code x}, {@code y}, {@code level}, {@code mpp}, {@code feature} (a list of floats) and {@code
   * provenance}. What is there of the same slides is replaced. {@code name} is the slide's name as
   * it is; readers that guess types take a {@code slide} of {@code 0012} for the number 12.
   *
   * @param path on any file system of Hadoop
   */
  public static void writeParquet(Dataset<FeatureRow> features, String path) {
    features
        .withColumn("name", features.col("slide"))
        .select("slide", "name", "x", "y", "level", "mpp", "feature", "provenance")
        .write()
        .mode(SaveMode.Overwrite)
        .option("partitionOverwriteMode", "dynamic")
        .partitionBy("slide")
        .parquet(path);
  }

  private static HadoopFiles files(SparkSession spark) {
    return new HadoopFiles(
        new SerializableConfiguration(spark.sparkContext().hadoopConfiguration()));
  }

  private static JavaSparkContext context(SparkSession spark) {
    return JavaSparkContext.fromSparkContext(spark.sparkContext());
  }
}
