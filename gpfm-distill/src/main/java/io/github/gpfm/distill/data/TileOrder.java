package io.github.gpfm.distill.data;

import io.github.gpfm.distill.data.Seeds.Purpose;
import java.util.SplittableRandom;

/**
 * Which tile comes when: every pass over the tiles is a permutation of its own, addressed by
 * position, so that any step can be made without the steps before it.
 */
final class TileOrder {
  private final int count;
  private final long seed;
  private long pass = -1;
  private int[] order = new int[0];

  TileOrder(int count, long seed) {
    this.count = count;
    this.seed = seed;
  }

  /** The tile at a position from 0 on, without end. */
  synchronized int at(long position) {
    long wanted = position / count;
    if (wanted != pass) {
      order = shuffle(wanted);
      pass = wanted;
    }
    return order[(int) (position % count)];
  }

  private int[] shuffle(long number) {
    SplittableRandom random = Seeds.stream(seed, Purpose.ORDER, number);
    int[] shuffled = new int[count];
    for (int i = 0; i < count; i++) {
      int j = random.nextInt(i + 1);
      shuffled[i] = shuffled[j];
      shuffled[j] = i;
    }
    return shuffled;
  }
}
