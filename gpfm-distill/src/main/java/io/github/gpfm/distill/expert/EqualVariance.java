package io.github.gpfm.distill.expert;

import java.util.Arrays;
import java.util.stream.IntStream;

/**
 * Rotations after which every value of a token has the same variance. Where there is a Hadamard
 * matrix of the size (Sylvester's and Paley's constructions, as PHI-S uses them) it is that one,
 * whatever the variances; else plane rotations that make the diagonal equal (Bendel and Mickey,
 * 1978), of which there are some for every size.
 */
final class EqualVariance {
  private EqualVariance() {}

  /**
   * The rotation, row-major [n x n].
   *
   * @param variances along the principal axes, n of them
   */
  static double[] rotation(double[] variances) {
    int n = variances.length;
    int[][] signs = hadamard(n);
    if (signs.length == 0) {
      return planes(variances);
    }
    double[] matrix = new double[n * n];
    for (int i = 0; i < n; i++) {
      for (int j = 0; j < n; j++) {
        matrix[i * n + j] = signs[i][j] / Math.sqrt(n);
      }
    }
    return matrix;
  }

  /** A Hadamard matrix: the largest power of two times the smallest of Paley's; empty for none. */
  static int[][] hadamard(int n) {
    if (Integer.bitCount(n) == 1) {
      return sylvester(n);
    }
    for (int power = Integer.lowestOneBit(n) / 2; power >= 1; power /= 2) {
      int rest = n / power;
      int[][] paley = new int[0][];
      if ((rest - 1) % 4 == 3 && isPrime(rest - 1)) {
        paley = firstPaley(rest - 1);
      } else if (rest % 2 == 0 && (rest / 2 - 1) % 4 == 1 && isPrime(rest / 2 - 1)) {
        paley = secondPaley(rest / 2 - 1);
      }
      if (paley.length > 0) {
        return product(sylvester(power), paley);
      }
    }
    return new int[0][];
  }

  private static int[][] sylvester(int n) {
    int[][] matrix = new int[n][n];
    for (int i = 0; i < n; i++) {
      for (int j = 0; j < n; j++) {
        matrix[i][j] = Integer.bitCount(i & j) % 2 == 0 ? 1 : -1;
      }
    }
    return matrix;
  }

  private static int[][] product(int[][] a, int[][] b) {
    int n = a.length * b.length;
    int[][] matrix = new int[n][n];
    for (int i = 0; i < n; i++) {
      for (int j = 0; j < n; j++) {
        matrix[i][j] = a[i / b.length][j / b.length] * b[i % b.length][j % b.length];
      }
    }
    return matrix;
  }

  /** Whether i - j is a square modulo q: 1, -1, and 0 on the diagonal. */
  private static int[][] jacobsthal(int q) {
    boolean[] square = new boolean[q];
    IntStream.range(1, q).forEach(i -> square[(int) ((long) i * i % q)] = true);
    int[][] matrix = new int[q][q];
    for (int i = 0; i < q; i++) {
      for (int j = 0; j < q; j++) {
        matrix[i][j] = i == j ? 0 : square[Math.floorMod(i - j, q)] ? 1 : -1;
      }
    }
    return matrix;
  }

  private static int[][] firstPaley(int q) {
    int[][] inner = jacobsthal(q);
    int[][] matrix = new int[q + 1][q + 1];
    for (int i = 0; i <= q; i++) {
      for (int j = 0; j <= q; j++) {
        int edge = i == 0 ? (j == 0 ? 0 : 1) : j == 0 ? -1 : inner[i - 1][j - 1];
        matrix[i][j] = edge + (i == j ? 1 : 0);
      }
    }
    return matrix;
  }

  private static int[][] secondPaley(int q) {
    int[][] inner = jacobsthal(q);
    int[][] zero = {{1, -1}, {-1, -1}};
    int[][] one = {{1, 1}, {1, -1}};
    int[][] matrix = new int[2 * q + 2][2 * q + 2];
    for (int i = 0; i < matrix.length; i++) {
      for (int j = 0; j < matrix.length; j++) {
        int r = i / 2;
        int c = j / 2;
        int cell = r == 0 ? (c == 0 ? 0 : 1) : c == 0 ? 1 : inner[r - 1][c - 1];
        matrix[i][j] = cell == 0 ? zero[i % 2][j % 2] : cell * one[i % 2][j % 2];
      }
    }
    return matrix;
  }

  private static boolean isPrime(int n) {
    return n > 1 && IntStream.rangeClosed(2, (int) Math.sqrt(n)).noneMatch(i -> n % i == 0);
  }

  /** One value's variance is brought to the mean by a turn with one on the other side of it. */
  private static double[] planes(double[] variances) {
    int n = variances.length;
    double mean = Arrays.stream(variances).average().orElse(0);
    double[][] a = new double[n][n];
    double[][] turned = new double[n][n];
    for (int i = 0; i < n; i++) {
      a[i][i] = variances[i];
      turned[i][i] = 1;
    }
    double close = 1e-12 * mean;
    for (int step = 0; step < n; step++) {
      int low = -1;
      int high = -1;
      for (int i = 0; i < n; i++) {
        low = a[i][i] < mean - close && low < 0 ? i : low;
        high = a[i][i] > mean + close && high < 0 ? i : high;
      }
      if (low < 0 || high < 0) {
        break;
      }
      double cross = a[low][high];
      double above = a[high][high] - mean;
      double root = Math.sqrt(cross * cross - above * (a[low][low] - mean));
      double tangent = (-cross + root) / above;
      double cosine = 1 / Math.sqrt(1 + tangent * tangent);
      turn(a, low, high, cosine, tangent * cosine, true);
      turn(turned, low, high, cosine, tangent * cosine, false);
    }
    double[] matrix = new double[n * n];
    for (int i = 0; i < n; i++) {
      System.arraycopy(turned[i], 0, matrix, i * n, n);
    }
    return matrix;
  }

  private static void turn(
      double[][] m, int i, int j, double cosine, double sine, boolean columnsToo) {
    int n = m.length;
    for (int k = 0; k < n; k++) {
      double first = m[i][k];
      double second = m[j][k];
      m[i][k] = cosine * first + sine * second;
      m[j][k] = cosine * second - sine * first;
    }
    for (int k = 0; k < n && columnsToo; k++) {
      double first = m[k][i];
      double second = m[k][j];
      m[k][i] = cosine * first + sine * second;
      m[k][j] = cosine * second - sine * first;
    }
  }
}
