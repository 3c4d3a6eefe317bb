package io.github.gpfm.examples.miniature;

import io.github.gpfm.examples.miniature.CellExpert.Measure;

/** What the three experts see: colour, texture, nuclei. */
final class Measures {
  private static final int ORIENTATIONS = 8;

  private Measures() {}

  /** Means and deviations of the colours and stains: blind to texture. */
  static final class Stain implements Measure {
    @Override
    public int count() {
      return 10;
    }

    @Override
    public void measure(Planes p, int x, int y, int size, float[] values, int offset) {
      float[][] planes = {p.rgb()[0], p.rgb()[1], p.rgb()[2], p.haematoxylin(), p.eosin()};
      for (int k = 0; k < planes.length; k++) {
        double sum = 0;
        double squares = 0;
        for (int j = y; j < y + size; j++) {
          for (int i = x; i < x + size; i++) {
            double value = planes[k][j * p.size() + i];
            sum += value;
            squares += value * value;
          }
        }
        int n = size * size;
        values[offset + 2 * k] = (float) (sum / n);
        values[offset + 2 * k + 1] =
            (float) Math.sqrt(Math.max(0, squares / n - sum / n * (sum / n)));
      }
    }
  }

  /** Gradient orientations and local binary patterns of the grey picture: blind to colour. */
  static final class Texture implements Measure {
    @Override
    public int count() {
      return ORIENTATIONS + 12;
    }

    @Override
    public void measure(Planes p, int x, int y, int size, float[] values, int offset) {
      for (int j = y; j < y + size; j++) {
        for (int i = x; i < x + size; i++) {
          float dx = p.at(p.grey(), i + 1, j) - p.at(p.grey(), i - 1, j);
          float dy = p.at(p.grey(), i, j + 1) - p.at(p.grey(), i, j - 1);
          double angle = Math.atan2(dy, dx) / Math.PI;
          int bin = Math.min(ORIENTATIONS - 1, (int) ((angle + 1) / 2 * ORIENTATIONS));
          values[offset + bin] += Math.hypot(dx, dy) / (size * size);
          values[offset + ORIENTATIONS + pattern(p, i, j)] += 1f / (size * size);
          float coarse = p.at(p.grey(), i + 3, j) - p.at(p.grey(), i - 3, j);
          float down = p.at(p.grey(), i, j + 3) - p.at(p.grey(), i, j - 3);
          values[offset + ORIENTATIONS + 10] += Math.abs(coarse) / (size * size);
          values[offset + ORIENTATIONS + 11] += Math.abs(down) / (size * size);
        }
      }
    }

    /** The uniform, rotation-invariant local binary pattern (Ojala et al. 2002), 0 to 9. */
    private static int pattern(Planes p, int i, int j) {
      int[][] ring = {{1, 0}, {1, 1}, {0, 1}, {-1, 1}, {-1, 0}, {-1, -1}, {0, -1}, {1, -1}};
      float centre = p.at(p.grey(), i, j);
      int bits = 0;
      for (int k = 0; k < 8; k++) {
        bits |= p.at(p.grey(), i + ring[k][0], j + ring[k][1]) > centre + 0.01f ? 1 << k : 0;
      }
      int changes = Integer.bitCount(bits ^ (bits << 1 & 255 | bits >> 7));
      return changes <= 2 ? Integer.bitCount(bits) : 9;
    }
  }

  /** Blobs of haematoxylin at three scales and how dense they stand: blind to stroma. */
  static final class Nuclei implements Measure {
    private static final int[] RADII = {2, 4, 7};

    @Override
    public int count() {
      return 2 * RADII.length + 2;
    }

    @Override
    public void measure(Planes p, int x, int y, int size, float[] values, int offset) {
      int n = size * size;
      double mean = 0;
      for (float value : p.haematoxylin()) {
        mean += value / p.haematoxylin().length;
      }
      for (int j = y; j < y + size; j++) {
        for (int i = x; i < x + size; i++) {
          float h = p.at(p.haematoxylin(), i, j);
          values[offset] += h > mean ? 1f / n : 0;
          values[offset + 1] += h > 1.5 * mean ? 1f / n : 0;
          for (int r = 0; r < RADII.length; r++) {
            float blob = h - ring(p, i, j, RADII[r]);
            values[offset + 2 + 2 * r] += Math.max(0, blob) / n;
            values[offset + 3 + 2 * r] += Math.max(0, -blob) / n;
          }
        }
      }
    }

    private static float ring(Planes p, int i, int j, int r) {
      int d = Math.round(r * 0.7071f);
      return (p.at(p.haematoxylin(), i + r, j)
              + p.at(p.haematoxylin(), i - r, j)
              + p.at(p.haematoxylin(), i, j + r)
              + p.at(p.haematoxylin(), i, j - r)
              + p.at(p.haematoxylin(), i + d, j + d)
              + p.at(p.haematoxylin(), i - d, j - d)
              + p.at(p.haematoxylin(), i + d, j - d)
              + p.at(p.haematoxylin(), i - d, j + d))
          / 8;
    }
  }
}
