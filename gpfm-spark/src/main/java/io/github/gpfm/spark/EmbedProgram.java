package io.github.gpfm.spark;

import io.github.gpfm.api.GpfmException;
import io.github.gpfm.spark.rows.FeatureRow;
import io.github.gpfm.spark.rows.OutcomeRow;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.apache.spark.sql.SparkSession;

/**
 * The smallest program for {@code spark-submit}, and for local mode with {@code -Dspark.master=
 * local[*]}: features of slides as files and, if asked for, as Parquet.
 *
 * <pre>{@code
 * spark-submit --class io.github.gpfm.spark.EmbedProgram --jars … gpfm-spark-0.1.0.jar \
 *     --out /mnt/shared/features --weights /mnt/shared/gpfm.pth --parquet hdfs:///features \
 *     /mnt/shared/slides
 * }</pre>
 */
public final class EmbedProgram {
  private static final String USAGE =
      "usage: EmbedProgram --out DIR [--model NAME] [--weights FILE] [--parquet PATH] SLIDE...";

  private EmbedProgram() {}

  /**
   * Runs.
   *
   * @param args as above
   * @throws IOException if the session cannot be closed
   */
  public static void main(String[] args) throws IOException {
    String out = "";
    String model = "";
    String weights = "";
    String parquet = "";
    List<String> slides = new ArrayList<>();
    for (int i = 0; i < args.length; i++) {
      if (!args[i].startsWith("--")) {
        slides.add(args[i]);
        continue;
      }
      if (i + 1 == args.length) {
        throw new IllegalArgumentException(args[i] + " needs a value; " + USAGE);
      }
      String value = args[i + 1];
      switch (args[i]) {
        case "--out" -> out = value;
        case "--model" -> model = value;
        case "--weights" -> weights = value;
        case "--parquet" -> parquet = value;
        default -> throw new IllegalArgumentException("unknown option " + args[i] + "; " + USAGE);
      }
      i++;
    }
    if (out.isEmpty() || slides.isEmpty()) {
      throw new IllegalArgumentException(USAGE);
    }
    try (SparkSession spark = SparkSession.builder().appName("gpfm embed").getOrCreate()) {
      SparkResult<FeatureRow> run =
          GpfmSpark.embed(
              GpfmSpark.slides(spark, slides),
              new EncoderSpec(model, weights, "auto", "float32", 0, 0),
              TilingSpec.recommended(),
              SparkOptions.of(out));
      if (!parquet.isEmpty()) {
        GpfmSpark.writeParquet(run.rows(), parquet);
      }
      long failed = 0;
      for (OutcomeRow row : run.outcomes().collectAsList()) {
        boolean error = row.getStatus().equals(OutcomeRow.FAILED);
        failed += error ? 1 : 0;
        System.out.printf(
            "%s: %s%n",
            row.getName(),
            error ? row.getError() : row.getStatus() + ", " + row.getTiles() + " tiles");
      }
      if (failed > 0) {
        throw new GpfmException(failed + " slides failed; the lines above say why.");
      }
    }
  }
}
