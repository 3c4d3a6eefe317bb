package io.github.gpfm.eval.linalg;

import java.util.Comparator;
import java.util.PriorityQueue;

/** The best few of many values. */
public final class TopK {
  private TopK() {}

  /** Indices of the k largest values, largest first, the lower index first among ties. */
  public static int[] largest(float[] values, int k) {
    Comparator<Integer> worstFirst =
        Comparator.<Integer>comparingDouble(i -> values[i])
            .thenComparing(Comparator.reverseOrder());
    PriorityQueue<Integer> heap = new PriorityQueue<>(Math.max(1, k), worstFirst);
    for (int i = 0; i < values.length; i++) {
      if (heap.size() < k) {
        heap.add(i);
      } else if (k > 0 && values[i] > values[heap.element()]) {
        heap.remove();
        heap.add(i);
      }
    }
    int[] result = new int[heap.size()];
    for (int r = result.length - 1; r >= 0; r--) {
      result[r] = heap.remove();
    }
    return result;
  }
}
