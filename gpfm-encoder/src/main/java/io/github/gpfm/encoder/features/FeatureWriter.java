package io.github.gpfm.encoder.features;

import io.github.gpfm.api.Embeddings;
import io.github.gpfm.api.Provenance;

/**
 * A feature file in the making. Rows may be written in any order and by one thread at a time; only
 * the rows handed over are in memory. Without {@link #commit()}, {@link #close()} leaves nothing
 * behind.
 */
public interface FeatureWriter extends AutoCloseable {
  /**
   * Writes rows.
   *
   * @param firstRow row of the first of them
   * @param rows features, and patch tokens if the header says so, of the header's dimension
   * @throws IllegalArgumentException if they do not fit the file
   * @throws io.github.gpfm.api.NonFiniteFeatureException if a value is not a number and the
   *     header's {@link FeatureHeader#nonFinite} refuses such; implementations take rows from
   *     {@link FeatureHeader#row}, which checks
   * @throws io.github.gpfm.api.OutputException if they cannot be written
   */
  void write(int firstRow, Embeddings rows);

  /**
   * Replaces the header's provenance, for what is known only once everything is read; called before
   * {@link #commit()}. Formats without room for provenance pass it over.
   *
   * @throws io.github.gpfm.api.OutputException if it cannot be written
   */
  default void provenance(Provenance provenance) {}

  /**
   * Moves the complete file into place.
   *
   * @throws IllegalStateException if rows are missing
   * @throws io.github.gpfm.api.OutputException if that fails; an older file of that name is then
   *     still whole
   */
  void commit();

  @Override
  void close();
}
