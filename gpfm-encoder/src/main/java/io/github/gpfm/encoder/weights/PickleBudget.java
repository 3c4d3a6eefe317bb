package io.github.gpfm.encoder.weights;

import io.github.gpfm.api.WeightsException;
import io.github.gpfm.support.Budget;
import io.github.gpfm.support.Limits;
import java.nio.file.Path;

/** The budget of a checkpoint's structure: its pickles and names, not the tensors' elements. */
final class PickleBudget {
  /** Far above what names and optimizer states of the largest models take. */
  private static final long BYTES = 160L << 20;

  private PickleBudget() {}

  static Budget of(Path file) {
    Limits given = Limits.defaults();
    long bytes =
        System.getProperty("gpfm.limit.bytes") == null
            ? Math.min(BYTES, given.bytes())
            : given.bytes();
    Limits limits =
        new Limits(bytes, given.objects(), given.depth(), given.nameLength(), given.time());
    return Budget.of("Weight file '" + file + "'", limits, WeightsException::new);
  }
}
