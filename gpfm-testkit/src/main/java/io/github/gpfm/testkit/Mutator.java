package io.github.gpfm.testkit;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Random;

/**
 * Damages a file in the ways files get damaged or made hostile; the same seed gives the same
 * mutant.
 */
public final class Mutator {
  private static final long[] STRIKING = {
    0, 1, 2, 7, 8, 255, 256, 4096, 65535, 65536, 0x7fffffffL, 0x80000000L, 0xffffffffL, -1L
  };

  /** Instructions of a pickle without arguments. */
  private static final byte[] PLAIN_OPS =
      "(.012NQRabdeloptsu)}]\u0081\u0085\u0086\u0087\u0088\u0089\u0094"
          .getBytes(StandardCharsets.ISO_8859_1);

  /** Instructions with a length or a number of four bytes. */
  private static final byte[] LONG_OPS = "BGJTXjr\u008b".getBytes(StandardCharsets.ISO_8859_1);

  private final Random random;

  /** A source of damage that is the same for the same seed. */
  public Mutator(long seed) {
    random = new Random(seed);
  }

  /** A damaged copy: bits, bytes, numbers, pieces; shorter or longer. */
  public byte[] mutate(byte[] original) {
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

  /**
   * A copy of a file made of little-endian words, such as HDF5, some of whose words that look like
   * addresses point elsewhere: at themselves, at the start, past the end, at one another.
   */
  public byte[] relink(byte[] original) {
    byte[] bytes = original.clone();
    ByteBuffer words = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
    int changes = 1 + random.nextInt(3);
    for (int tries = 0; tries < 4000 && changes > 0 && bytes.length > 16; tries++) {
      int at = random.nextInt(bytes.length - 8);
      long word = words.getLong(at);
      if (word > 0 && word < bytes.length) {
        long[] targets = {
          at, at & ~7, at - 8, 0, random.nextInt(bytes.length), bytes.length - 8, word ^ 8, -1
        };
        words.putLong(
            at,
            random.nextInt(3) == 0
                ? STRIKING[random.nextInt(STRIKING.length)] << random.nextInt(33)
                : targets[random.nextInt(targets.length)]);
        changes--;
      }
    }
    return bytes;
  }

  /**
   * A pickle with instructions put in, left out or exchanged where instructions are likely: marks
   * and containers, the memo, sizes, tuples, and the calls that make things.
   */
  public byte[] pickle(byte[] original) {
    byte[] bytes = original.clone();
    int changes = 1 + random.nextInt(6);
    for (int i = 0; i < changes && bytes.length > 4; i++) {
      int at = 2 + random.nextInt(bytes.length - 2);
      byte[] piece = instruction(bytes);
      int cut = random.nextInt(3) == 0 ? Math.min(random.nextInt(8), bytes.length - at) : 0;
      byte[] longer = new byte[bytes.length - cut + piece.length];
      System.arraycopy(bytes, 0, longer, 0, at);
      System.arraycopy(piece, 0, longer, at, piece.length);
      System.arraycopy(bytes, at + cut, longer, at + piece.length, bytes.length - at - cut);
      bytes = longer;
    }
    return bytes;
  }

  private byte[] instruction(byte[] bytes) {
    switch (random.nextInt(6)) {
      case 0 -> {
        // One of those without arguments, some of them many times over.
        byte[] run = new byte[random.nextInt(20) == 0 ? 3000 : 1 + random.nextInt(4)];
        Arrays.fill(run, PLAIN_OPS[random.nextInt(PLAIN_OPS.length)]);
        return run;
      }
      case 1 -> {
        // The memo: put, get.
        return new byte[] {(byte) (random.nextBoolean() ? 'q' : 'h'), (byte) random.nextInt(32)};
      }
      case 2 -> {
        long size = STRIKING[random.nextInt(STRIKING.length)];
        byte op = LONG_OPS[random.nextInt(LONG_OPS.length)];
        return ByteBuffer.allocate(5)
            .order(ByteOrder.LITTLE_ENDIAN)
            .put(op)
            .putInt((int) size)
            .array();
      }
      case 3 -> {
        String[] names = {"cos\nsystem\n", "ctorch\nFloatStorage\n", "cbuiltins\nlist\n", "c\n\n"};
        return names[random.nextInt(names.length)].getBytes(StandardCharsets.ISO_8859_1);
      }
      case 4 -> {
        int length = Math.min(1 + random.nextInt(40), bytes.length);
        int from = random.nextInt(bytes.length - length + 1);
        return Arrays.copyOfRange(bytes, from, from + length);
      }
      default -> {
        return new byte[0];
      }
    }
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
