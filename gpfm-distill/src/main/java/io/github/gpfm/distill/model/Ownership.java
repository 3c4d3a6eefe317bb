package io.github.gpfm.distill.model;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.stream.IntStream;

/**
 * Which replica updates which parameters. The owner holds their moments, receives the sum of their
 * gradients and hands the new values round (ZeRO stage 1, Rajbhandari et al. 2020).
 */
final class Ownership {
  private final int[] owner;
  private final List<int[]> owned;

  private Ownership(int[] owner, int replicas) {
    this.owner = owner;
    List<int[]> lists = new ArrayList<>();
    for (int r = 0; r < replicas; r++) {
      int replica = r;
      lists.add(IntStream.range(0, owner.length).filter(i -> owner[i] == replica).toArray());
    }
    this.owned = List.copyOf(lists);
  }

  /** The first replica owns everything. */
  static Ownership ofFirst(int parameters) {
    return new Ownership(new int[parameters], 1);
  }

  /** Whole parameters, the largest first, each to the replica that owns fewest values so far. */
  static Ownership divided(List<ParameterSpec> parameters, int replicas) {
    int[] owner = new int[parameters.size()];
    long[] values = new long[replicas];
    IntStream.range(0, owner.length)
        .boxed()
        .sorted(Comparator.comparingLong(i -> -parameters.get(i).count()))
        .forEach(
            i -> {
              int least = 0;
              for (int r = 1; r < replicas; r++) {
                least = values[r] < values[least] ? r : least;
              }
              owner[i] = least;
              values[least] += parameters.get(i).count();
            });
    return new Ownership(owner, replicas);
  }

  /** The owner of parameter {@code i}. */
  int of(int i) {
    return owner[i];
  }

  /** Replicas that own parameters. */
  int owners() {
    return owned.size();
  }

  /** The parameters of replica {@code r}, rising. */
  int[] parameters(int r) {
    return owned.get(r).clone();
  }

  /** Those of replica {@code r} between two parameters, the second not included. */
  int[] parameters(int r, int from, int to) {
    return Arrays.stream(owned.get(r)).filter(i -> i >= from && i < to).toArray();
  }
}
