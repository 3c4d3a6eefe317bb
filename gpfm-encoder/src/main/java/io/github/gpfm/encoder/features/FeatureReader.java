package io.github.gpfm.encoder.features;

import io.github.gpfm.api.InvalidOptionException;
import io.github.gpfm.api.Provenance;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Optional;

/** A feature file, read row by row. Used by one thread at a time. */
public interface FeatureReader extends AutoCloseable {
  /**
   * Opens a feature file of this library, CLAM or TRIDENT; the extension tells its format.
   *
   * @throws io.github.gpfm.api.GpfmException if it is missing, damaged or holds no features
   */
  static FeatureReader open(Path file) {
    String name = file.getFileName().toString();
    int dot = name.lastIndexOf('.');
    if (dot < 0) {
      throw new InvalidOptionException(
          file + " has no extension that tells its format, for instance .h5.");
    }
    return FeatureFormat.of(name.substring(dot + 1).toLowerCase(Locale.ROOT)).open(file);
  }

  /** Number of rows. */
  int rows();

  /** Length of one feature. */
  int dimension();

  /** x0, y0, x1, y1, … in level-0 pixels, one pair a row; empty if the file holds none. */
  long[] coords();

  /** Where the features come from, in files of this library. */
  Optional<Provenance> provenance();

  /**
   * Reads rows.
   *
   * @param firstRow the first
   * @param count how many
   * @return count x dimension, row-major
   * @throws IndexOutOfBoundsException if there are no such rows
   */
  float[] read(int firstRow, int count);

  @Override
  void close();
}
