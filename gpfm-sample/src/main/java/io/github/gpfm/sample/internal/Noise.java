package io.github.gpfm.sample.internal;

/** Seeded hashes and a smooth, tileable noise texture; the same on every machine. */
final class Noise {
  private static final int SIZE = 512;
  private static final int MASK = SIZE - 1;

  private final float[] texture = new float[SIZE * SIZE];

  Noise(long seed) {
    float[] octave = new float[SIZE * SIZE];
    float amplitude = 1;
    float total = 0;
    for (int period = 64; period >= 4; period /= 2) {
      fill(octave, seed + period, period);
      for (int i = 0; i < octave.length; i++) {
        texture[i] += amplitude * octave[i];
      }
      total += amplitude;
      amplitude *= 0.55f;
    }
    for (int i = 0; i < texture.length; i++) {
      texture[i] /= total * 0.6f;
    }
  }

  /** Smooth noise, about -1 to 1; repeats every 512 units, features of 4 to 64 units. */
  float at(double x, double y) {
    int x0 = (int) Math.floor(x);
    int y0 = (int) Math.floor(y);
    float fx = (float) (x - x0);
    float fy = (float) (y - y0);
    int xa = x0 & MASK;
    int xb = (x0 + 1) & MASK;
    int ya = (y0 & MASK) * SIZE;
    int yb = ((y0 + 1) & MASK) * SIZE;
    float top = texture[ya + xa] + fx * (texture[ya + xb] - texture[ya + xa]);
    float bottom = texture[yb + xa] + fx * (texture[yb + xb] - texture[yb + xa]);
    return top + fy * (bottom - top);
  }

  /** 64 well-mixed bits of the arguments (the finaliser of SplitMix64). */
  static long hash(long seed, long a, long b) {
    long z = seed + a * 0x9E3779B97F4A7C15L + b * 0xC2B2AE3D27D4EB4FL;
    z = (z ^ (z >>> 30)) * 0xBF58476D1CE4E5B9L;
    z = (z ^ (z >>> 27)) * 0x94D049BB133111EBL;
    return z ^ (z >>> 31);
  }

  /** The {@code i}-th of four numbers in [0, 1) out of one hash. */
  static double unit(long hash, int i) {
    return ((hash >>> (16 * i)) & 0xFFFF) / 65536.0;
  }

  private static void fill(float[] octave, long seed, int period) {
    int cells = SIZE / period;
    for (int y = 0; y < SIZE; y++) {
      int cy = y / period;
      float fy = smooth((y % period) / (float) period);
      for (int x = 0; x < SIZE; x++) {
        int cx = x / period;
        float fx = smooth((x % period) / (float) period);
        float a = value(seed, cx, cy, cells);
        float b = value(seed, cx + 1, cy, cells);
        float c = value(seed, cx, cy + 1, cells);
        float d = value(seed, cx + 1, cy + 1, cells);
        octave[y * SIZE + x] = a + fx * (b - a) + fy * (c - a + fx * (a - b - c + d));
      }
    }
  }

  private static float value(long seed, int x, int y, int cells) {
    return (float) (2 * unit(hash(seed, x % cells, y % cells), 1) - 1);
  }

  private static float smooth(float t) {
    return t * t * (3 - 2 * t);
  }
}
