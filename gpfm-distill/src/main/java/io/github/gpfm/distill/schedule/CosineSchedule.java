package io.github.gpfm.distill.schedule;

/**
 * Linear warm-up, then half a cosine, then the final value for ever (DINOv2's {@code
 * CosineScheduler}).
 *
 * @param start value at step 0 of the warm-up
 * @param base value at the end of the warm-up
 * @param end value after {@code steps}
 * @param warmup steps of the warm-up, both ends included: {@code base} is reached at step {@code
 *     warmup - 1} and repeated at step {@code warmup}
 * @param steps length of the whole
 */
public record CosineSchedule(double start, double base, double end, int warmup, int steps) {
  /** Without warm-up. */
  public static CosineSchedule of(double base, double end, int steps) {
    return new CosineSchedule(base, base, end, 0, steps);
  }

  /** Value at step {@code step}, from 0. */
  public double at(long step) {
    if (step >= steps) {
      return end;
    }
    if (step < warmup) {
      return warmup == 1 ? start : start + step * ((base - start) / (warmup - 1));
    }
    double phase = Math.PI * (step - warmup) / (steps - warmup);
    return end + 0.5 * (base - end) * (1 + Math.cos(phase));
  }
}
