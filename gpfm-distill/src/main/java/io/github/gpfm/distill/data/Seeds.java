package io.github.gpfm.distill.data;

import java.util.SplittableRandom;

/**
 * Independent random streams addressed by what they are for: nothing depends on which thread draws
 * first, and a run can be resumed at any step without saving a generator's state.
 */
public final class Seeds {
  /** What a stream is for. */
  public enum Purpose {
    /** Initial weights. */
    WEIGHTS,
    /** Order of the tiles in an epoch. */
    ORDER,
    /** Crops and colours of one tile. */
    CROPS,
    /** Block masks of one step. */
    MASKS,
    /** Drop path of one step. */
    DROP_PATH,
    /** Size of one step's global crops. */
    SIZE,
    /** Experts left out of one step. */
    TEACHER_DROP
  }

  private Seeds() {}

  /**
   * The stream of a purpose.
   *
   * @param seed of the run
   * @param address for instance step and index in the batch
   */
  public static SplittableRandom stream(long seed, Purpose purpose, long... address) {
    long state = mix(seed ^ (0x9E3779B97F4A7C15L * (purpose.ordinal() + 1)));
    for (long part : address) {
      state = mix(state + part * 0xD1B54A32D192ED03L + 1);
    }
    return new SplittableRandom(state);
  }

  /** MurmurHash3's 64-bit finaliser. */
  private static long mix(long z) {
    long x = (z ^ (z >>> 33)) * 0xFF51AFD7ED558CCDL;
    x = (x ^ (x >>> 33)) * 0xC4CEB9FE1A85EC53L;
    return x ^ (x >>> 33);
  }
}
