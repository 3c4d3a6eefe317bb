package io.github.gpfm.sample.internal;

/**
 * Light through stained tissue by Beer-Lambert's law, with the optical densities of haematoxylin
 * and eosin that Ruifrok and Johnston (2001) measured.
 */
final class Stain {
  private static final float[] HAEMATOXYLIN = {0.650f, 0.704f, 0.286f};
  private static final float[] EOSIN = {0.092f, 0.954f, 0.283f};
  private static final int STEPS = 2048;
  private static final float MAX_DENSITY = 4;
  private static final float[] TRANSMISSION = new float[STEPS + 1];

  static {
    for (int i = 0; i <= STEPS; i++) {
      TRANSMISSION[i] = (float) StrictMath.exp(-MAX_DENSITY * i / STEPS);
    }
  }

  private Stain() {}

  /**
   * Light of one channel that passes.
   *
   * @param channel 0 red, 1 green, 2 blue
   * @param h amount of haematoxylin
   * @param e amount of eosin
   * @return 0 to 1
   */
  static float transmission(int channel, float h, float e) {
    float density = h * HAEMATOXYLIN[channel] + e * EOSIN[channel];
    int i = (int) (density * (STEPS / MAX_DENSITY));
    return TRANSMISSION[Math.max(0, Math.min(STEPS, i))];
  }
}
