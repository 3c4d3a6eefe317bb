package io.github.gpfm.eval.retrieval;

import io.github.gpfm.eval.linalg.LinearAlgebra;
import io.github.gpfm.eval.linalg.Matrix;
import io.github.gpfm.eval.linalg.TopK;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;

/**
 * Every item compared: ‖x‖² - 2 q·x by one matrix product picks candidates, whose distances are
 * then computed anew in double precision, because the product alone loses the last digits.
 */
final class ExactFeatureIndex extends CandidateIndex {
  private static final int SPARE = 32;

  private final double[] norms;

  ExactFeatureIndex(List<String> ids, Matrix features) {
    super(ids, features);
    this.norms = items().squaredNorms();
  }

  @Override
  IntStream candidates(float[] query, int k) {
    Matrix dot =
        LinearAlgebra.get()
            .multiply(Matrix.of(1, query.length, query), false, items().features(), true);
    float[] closeness = new float[size()];
    for (int i = 0; i < closeness.length; i++) {
      closeness[i] = (float) (2.0 * dot.get(0, i) - norms[i]);
    }
    return Arrays.stream(TopK.largest(closeness, Math.min(size(), k + SPARE)));
  }

  @Override
  public void close() {
    // Nothing outside the heap.
  }
}
