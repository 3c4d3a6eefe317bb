package io.github.gpfm.slideio.internal.tiff;

import io.github.gpfm.api.SlideFormatException;
import io.github.gpfm.slideio.internal.io.SlideFile;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Reads the chain of directories of classic TIFF, BigTIFF and NDPI (classic TIFF with 64-bit
 * directory offsets and, behind each directory, the high halves of its values).
 *
 * <p>Hostile files are bounded: every offset is visited once, there are at most {@link
 * #MAX_DIRECTORIES} directories of {@link #MAX_ENTRIES} entries, and values lie within the file.
 */
public final class TiffReader {
  static final int MAX_DIRECTORIES = 10_000;
  static final int MAX_ENTRIES = 4096;
  static final long MAX_VALUES = 1 << 24;

  private final SlideFile file;
  private final ByteOrder order;
  private final boolean big;
  private final Set<Long> visited = new HashSet<>();
  private boolean ndpi;

  private TiffReader(SlideFile file, ByteOrder order, boolean big) {
    this.file = file;
    this.order = order;
    this.big = big;
  }

  /**
   * A parsed file.
   *
   * @param directories the chain, at least one
   * @param ndpi whether it is Hamamatsu's variant
   * @param subDirectories the SubIFDs of each directory that has some, by index
   */
  public record Tiff(
      List<TiffDirectory> directories,
      boolean ndpi,
      Map<Integer, List<TiffDirectory>> subDirectories) {
    /** The first directory. */
    public TiffDirectory first() {
      return directories.get(0);
    }

    /** The SubIFDs of a directory, in order. */
    public List<TiffDirectory> subDirectories(TiffDirectory directory) {
      return subDirectories.getOrDefault(directory.index(), List.of());
    }
  }

  /** Whether the first bytes are a TIFF header. */
  public static boolean recognises(byte[] head) {
    if (head.length < 8) {
      return false;
    }
    boolean little = head[0] == 'I' && head[1] == 'I';
    boolean large = head[0] == 'M' && head[1] == 'M';
    int version = little ? head[2] + (head[3] << 8) : head[3] + (head[2] << 8);
    return (little || large) && (version == 42 || version == 43);
  }

  /**
   * @throws SlideFormatException if it is not a sound TIFF
   */
  public static Tiff read(SlideFile file) {
    byte[] head = file.readUpTo(0, 16);
    if (!recognises(head)) {
      throw file.damaged("it has no TIFF header");
    }
    ByteOrder order = head[0] == 'I' ? ByteOrder.LITTLE_ENDIAN : ByteOrder.BIG_ENDIAN;
    ByteBuffer header = ByteBuffer.wrap(head).order(order);
    boolean big = header.getShort(2) == 43;
    if (big && (head.length < 16 || header.getShort(4) != 8 || header.getShort(6) != 0)) {
      throw file.damaged("its BigTIFF header is invalid");
    }
    TiffReader reader = new TiffReader(file, order, big);
    long offset = big ? header.getLong(8) : header.getInt(4) & 0xffffffffL;
    List<TiffDirectory> chain = new ArrayList<>();
    if (!big && head.length >= 12) {
      offset = reader.tryNdpi(header.getLong(4), offset, chain);
    }
    reader.readChain(offset, chain);
    return new Tiff(List.copyOf(chain), reader.ndpi, reader.readSubDirectories(chain));
  }

  /** Reads the first directory as NDPI; keeps it if it has NDPI's tag. Returns where to go on. */
  private long tryNdpi(long wideOffset, long plainOffset, List<TiffDirectory> chain) {
    ndpi = true;
    try {
      long[] next = new long[1];
      TiffDirectory first = directory(wideOffset, 0, next);
      if (first.has(TiffTag.NDPI_FORMAT_FLAG)) {
        chain.add(first);
        return next[0];
      }
    } catch (SlideFormatException e) {
      // Not readable in the NDPI way: it is plain TIFF, read below.
      visited.clear();
    }
    ndpi = false;
    visited.clear();
    return plainOffset;
  }

  private void readChain(long start, List<TiffDirectory> chain) {
    long[] next = {start};
    while (next[0] != 0) {
      if (chain.size() >= MAX_DIRECTORIES) {
        throw file.damaged("it has more than " + MAX_DIRECTORIES + " directories");
      }
      chain.add(directory(next[0], chain.size(), next));
    }
    if (chain.isEmpty()) {
      throw file.damaged("it has no image directory");
    }
  }

  private Map<Integer, List<TiffDirectory>> readSubDirectories(List<TiffDirectory> chain) {
    Map<Integer, List<TiffDirectory>> all = new HashMap<>();
    int total = chain.size();
    for (TiffDirectory parent : chain) {
      long count = parent.count(TiffTag.SUB_IFDS);
      total += (int) Math.min(count, MAX_DIRECTORIES);
      if (total > MAX_DIRECTORIES) {
        throw file.damaged("it has more than " + MAX_DIRECTORIES + " directories");
      }
      if (count > 0) {
        List<TiffDirectory> children = new ArrayList<>();
        for (long offset : parent.integers(TiffTag.SUB_IFDS)) {
          children.add(directory(offset, -1, new long[1]));
        }
        all.put(parent.index(), List.copyOf(children));
      }
    }
    return all;
  }

  private TiffDirectory directory(long offset, int index, long[] next) {
    if (offset <= 0) {
      throw file.damaged("a directory offset is invalid");
    }
    if (!visited.add(offset)) {
      throw file.damaged("its directories form a loop");
    }
    int countSize = big ? 8 : 2;
    ByteBuffer head = ByteBuffer.wrap(file.read(offset, countSize)).order(order);
    long count = big ? head.getLong(0) : head.getShort(0) & 0xffff;
    if (count < 1 || count > MAX_ENTRIES) {
      throw file.damaged("a directory has " + Long.toUnsignedString(count) + " entries");
    }
    int entrySize = big ? 20 : 12;
    int nextSize = big || ndpi ? 8 : 4;
    int length = (int) count * entrySize;
    byte[] body = file.read(offset + countSize, length + nextSize);
    byte[] high = ndpi ? file.read(offset + countSize + body.length, 4 * count) : new byte[0];
    ByteBuffer buffer = ByteBuffer.wrap(body).order(order);
    Map<Integer, TiffDirectory.Entry> entries = new HashMap<>();
    for (int i = 0; i < count; i++) {
      int at = i * entrySize;
      int tag = buffer.getShort(at) & 0xffff;
      // The first of equal tags counts, as for libtiff.
      long highHalf =
          ndpi ? (ByteBuffer.wrap(high).order(order).getInt(4 * i) & 0xffffffffL) << 32 : 0;
      entries.putIfAbsent(tag, entry(buffer, at, highHalf));
    }
    entries.values().removeIf(entry -> entry.valueSize() == 0);
    next[0] = nextSize == 8 ? buffer.getLong(length) : buffer.getInt(length) & 0xffffffffL;
    return new TiffDirectory(file, order, index, entries);
  }

  private TiffDirectory.Entry entry(ByteBuffer buffer, int at, long highHalf) {
    int type = buffer.getShort(at + 2) & 0xffff;
    long count = big ? buffer.getLong(at + 4) : buffer.getInt(at + 4) & 0xffffffffL;
    int valueAt = at + (big ? 12 : 8);
    int fieldSize = big ? 8 : 4;
    int size = TiffDirectory.sizeOf(type);
    if (size == 0) {
      return new TiffDirectory.Entry(type, 0, new byte[0], 0);
    }
    if (count < 0 || count > file.size()) {
      throw file.damaged("a directory entry has " + Long.toUnsignedString(count) + " values");
    }
    // NDPI keeps even short texts behind an offset.
    boolean inline = count * size <= fieldSize && !(ndpi && type == 2);
    if (inline && highHalf != 0 && type == 4 && count == 1) {
      long wide = highHalf | buffer.getInt(valueAt) & 0xffffffffL;
      byte[] value = ByteBuffer.allocate(8).order(order).putLong(wide).array();
      return new TiffDirectory.Entry(16, 1, value, 0);
    }
    if (inline) {
      byte[] value = Arrays.copyOfRange(buffer.array(), valueAt, valueAt + fieldSize);
      return new TiffDirectory.Entry(type, count, value, 0);
    }
    long offset = big ? buffer.getLong(valueAt) : buffer.getInt(valueAt) & 0xffffffffL;
    return new TiffDirectory.Entry(type, count, null, offset | highHalf);
  }
}
