package io.github.gpfm.slideio.internal.dicom;

import io.github.gpfm.slideio.internal.io.SlideFile;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Where the frames of one file lie: native, or in fragments that the extended or the basic offset
 * table, a start marker or the mere count attributes to frames. A table that does not fit the
 * fragments is passed over where start markers tell the frames apart.
 */
final class DicomFrames {
  private static final int MAX_FRAGMENTS = 1 << 24;

  private final SlideFile file;
  private final long[] offsets;
  private final long[] lengths;
  private final int[] firstFragment;

  private DicomFrames(SlideFile file, long[] offsets, long[] lengths, int[] firstFragment) {
    this.file = file;
    this.offsets = offsets;
    this.lengths = lengths;
    this.firstFragment = firstFragment;
  }

  /**
   * Uncompressed frames.
   *
   * @param frameBytes bytes of each
   */
  static DicomFrames plain(SlideFile file, DicomDataset.Value data, int count, long frameBytes) {
    if (data.length() < 0 || frameBytes > data.length() / count) {
      throw file.damaged("its pixel data is shorter than its frames");
    }
    long[] offsets = new long[count];
    long[] lengths = new long[count];
    int[] first = new int[count + 1];
    for (int i = 0; i < count; i++) {
      offsets[i] = data.offset() + i * frameBytes;
      lengths[i] = frameBytes;
      first[i + 1] = i + 1;
    }
    return new DicomFrames(file, offsets, lengths, first);
  }

  /**
   * Compressed frames.
   *
   * @param extended the extended offset table's bytes, empty if there is none
   */
  static DicomFrames encapsulated(
      SlideFile file, DicomDataset.Value data, int count, byte[] extended) {
    long at = data.offset();
    long[] item = item(file, at);
    byte[] table = file.read(at + 8, item[0]);
    at += 8 + item[0];
    long base = at;
    List<long[]> fragments = new ArrayList<>();
    while (at + 8 <= file.size()) {
      long[] fragment = item(file, at);
      if (fragment[0] < 0) {
        break;
      }
      if (fragments.size() >= MAX_FRAGMENTS) {
        throw file.damaged("its pixel data has more than " + MAX_FRAGMENTS + " fragments");
      }
      fragments.add(new long[] {at + 8, fragment[0]});
      at += 8 + fragment[0];
    }
    long[] offsets = fragments.stream().mapToLong(fragment -> fragment[0]).toArray();
    long[] lengths = fragments.stream().mapToLong(fragment -> fragment[1]).toArray();
    return new DicomFrames(
        file, offsets, lengths, attribute(file, offsets, lengths, extended, table, base, count));
  }

  /** The first fragment of each frame, and the number of fragments at the end. */
  private static int[] attribute(
      SlideFile file,
      long[] offsets,
      long[] lengths,
      byte[] extended,
      byte[] table,
      long base,
      int count) {
    if (offsets.length == count) {
      int[] first = new int[count + 1];
      Arrays.setAll(first, i -> i);
      return first;
    }
    if (offsets.length < count) {
      throw file.damaged("it has " + offsets.length + " frames, not " + count);
    }
    for (long[] starts : List.of(wide(extended, count), narrow(table, count))) {
      int[] first = byTable(offsets, starts, base, count);
      if (first.length > 0) {
        return first;
      }
    }
    int[] first = new int[count + 1];
    first[count] = offsets.length;
    int frame = 0;
    for (int i = 0; i < offsets.length; i++) {
      byte[] head = file.read(offsets[i], Math.min(2, lengths[i]));
      boolean start =
          head.length == 2
              && (head[0] & 0xff) == 0xff
              && ((head[1] & 0xff) == 0xd8 || (head[1] & 0xff) == 0x4f);
      if (start) {
        if (frame < count) {
          first[frame] = i;
        }
        frame++;
      }
    }
    if (frame != count || first[0] != 0) {
      throw file.damaged(
          "its "
              + offsets.length
              + " fragments cannot be attributed to its "
              + count
              + " frames: it has no offset table that fits");
    }
    return first;
  }

  /** The first fragment of each frame by a table's starts; empty if they do not fit. */
  private static int[] byTable(long[] offsets, long[] starts, long base, int count) {
    if (starts.length < count) {
      return new int[0];
    }
    int[] first = new int[count + 1];
    first[count] = offsets.length;
    for (int i = 0; i < count; i++) {
      first[i] = Arrays.binarySearch(offsets, base + starts[i] + 8);
      boolean inOrder = i == 0 ? first[i] == 0 : first[i] > first[i - 1];
      if (!inOrder) {
        return new int[0];
      }
    }
    return first;
  }

  private static long[] wide(byte[] table, int count) {
    ByteBuffer buffer = ByteBuffer.wrap(table).order(ByteOrder.LITTLE_ENDIAN);
    long[] starts = new long[Math.min(table.length / 8, count)];
    for (int i = 0; i < starts.length; i++) {
      starts[i] = buffer.getLong(8 * i);
    }
    return starts;
  }

  /** 32-bit starts; those of more than 4 GiB of frames wrap around. */
  private static long[] narrow(byte[] table, int count) {
    ByteBuffer buffer = ByteBuffer.wrap(table).order(ByteOrder.LITTLE_ENDIAN);
    long[] starts = new long[Math.min(table.length / 4, count)];
    long wrapped = 0;
    for (int i = 0; i < starts.length; i++) {
      long start = wrapped + (buffer.getInt(4 * i) & 0xffffffffL);
      if (i > 0 && start < starts[i - 1]) {
        wrapped += 1L << 32;
        start += 1L << 32;
      }
      starts[i] = start;
    }
    return starts;
  }

  /** Length of the item at an offset, -1 for the end of the sequence. */
  private static long[] item(SlideFile file, long at) {
    ByteBuffer head = ByteBuffer.wrap(file.read(at, 8)).order(ByteOrder.LITTLE_ENDIAN);
    int tag = (head.getShort(0) & 0xffff) << 16 | head.getShort(2) & 0xffff;
    long length = head.getInt(4) & 0xffffffffL;
    if (tag == DicomTag.SEQUENCE_END) {
      return new long[] {-1};
    }
    if (tag != DicomTag.ITEM || length > file.size() - at - 8) {
      throw file.damaged("its pixel data is not a sequence of fragments");
    }
    return new long[] {length};
  }

  int count() {
    return firstFragment.length - 1;
  }

  /** The bytes of a frame as they stand, a padding byte included. */
  byte[] read(int frame) {
    int from = firstFragment[frame];
    int to = firstFragment[frame + 1];
    if (to == from + 1) {
      return file.read(offsets[from], lengths[from]);
    }
    ByteArrayOutputStream joined = new ByteArrayOutputStream();
    for (int i = from; i < to; i++) {
      joined.writeBytes(file.read(offsets[i], lengths[i]));
    }
    return joined.toByteArray();
  }
}
