package io.github.gpfm.spark;

import io.github.gpfm.spark.rows.OutcomeRow;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.functions;

/**
 * What a run over slides gave.
 *
 * @param rows tiles, features or slides' features, read from the files of the run when they are
 *     asked for
 * @param outcomes one row a slide, in the order in which they were given
 * @param <T> what a row is
 */
public record SparkResult<T>(Dataset<T> rows, Dataset<OutcomeRow> outcomes) {
  /** The slides that failed, each with its reason. */
  public Dataset<OutcomeRow> errors() {
    return outcomes.filter(functions.col("status").equalTo(OutcomeRow.FAILED));
  }
}
