package io.github.gpfm.slideio;

import java.util.Arrays;
import java.util.Random;

/**
 * Damages a file in the ways files get damaged or made hostile; the same seed gives the same
 * mutant.
 */
final class Mutator {
  private static final long[] STRIKING = {
    0, 1, 2, 7, 8, 255, 256, 4096, 65535, 65536, 0x7fffffffL, 0x80000000L, 0xffffffffL, -1L
  };

  private final Random random;

  Mutator(long seed) {
    random = new Random(seed);
  }

  byte[] mutate(byte[] original) {
    byte[] bytes = original.clone();
    int changes = 1 + random.nextInt(8);
    for (int i = 0; i < changes && bytes.length > 0; i++) {
      switch (random.nextInt(10)) {
        case 0 -> bytes[position(bytes)] ^= (byte) (1 << random.nextInt(8));
        case 1 -> bytes[position(bytes)] = (byte) random.nextInt(256);
        case 2, 3, 4 -> overwrite(bytes, structural(bytes), 1 << random.nextInt(4));
        case 5 -> overwrite(bytes, position(bytes), 1 << random.nextInt(4));
        case 6 -> bytes = Arrays.copyOf(bytes, random.nextInt(bytes.length) + 1);
        case 7 -> copyWithin(bytes);
        case 8 -> Arrays.fill(bytes, position(bytes), bytes.length, (byte) random.nextInt(256));
        default -> bytes = Arrays.copyOf(bytes, bytes.length + random.nextInt(4096));
      }
    }
    return bytes;
  }

  private int position(byte[] bytes) {
    return random.nextInt(bytes.length);
  }

  /** Headers lie at the start, directories of TIFF often at the end. */
  private int structural(byte[] bytes) {
    int reach = Math.min(bytes.length, 4096);
    int at = random.nextInt(reach);
    return random.nextBoolean() ? at : bytes.length - 1 - at;
  }

  private void overwrite(byte[] bytes, int at, int size) {
    long value =
        switch (random.nextInt(3)) {
          case 0 -> STRIKING[random.nextInt(STRIKING.length)];
          case 1 -> random.nextInt(bytes.length);
          default -> random.nextLong();
        };
    boolean little = random.nextBoolean();
    for (int i = 0; i < size && at + i < bytes.length; i++) {
      int shift = 8 * (little ? i : size - 1 - i);
      bytes[at + i] = (byte) (value >> shift);
    }
  }

  private void copyWithin(byte[] bytes) {
    int length = Math.min(1 + random.nextInt(64), bytes.length);
    int from = random.nextInt(bytes.length - length + 1);
    int to = random.nextInt(bytes.length - length + 1);
    System.arraycopy(bytes.clone(), from, bytes, to, length);
  }
}
