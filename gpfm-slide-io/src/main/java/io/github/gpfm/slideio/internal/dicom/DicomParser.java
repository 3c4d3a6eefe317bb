package io.github.gpfm.slideio.internal.dicom;

import io.github.gpfm.slideio.internal.io.SlideFile;
import io.github.gpfm.support.Budget;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;

/**
 * Reads a DICOM file up to its pixel data: explicit and implicit little endian (which includes all
 * compressed transfer syntaxes), and deflated. Depth and number of elements are bounded.
 */
final class DicomParser {
  private static final int PREAMBLE = 128;
  private static final int WINDOW = 1 << 16;
  private static final int MAX_DEPTH = 12;
  private static final int MAX_ELEMENTS = 20_000_000;
  private static final long UNDEFINED = 0xffffffffL;
  private static final Set<String> LONG_FORM =
      Set.of("OB", "OD", "OF", "OL", "OV", "OW", "SQ", "SV", "UC", "UN", "UR", "UT", "UV");

  private final Budget budget;
  private SlideFile file;
  private long windowStart;
  private byte[] window = {};
  private long position;
  private int elements;
  private boolean explicit = true;

  private DicomParser(SlideFile file, Budget budget) {
    this.file = file;
    this.budget = budget;
  }

  /** Whether the first bytes are a DICOM file's. */
  static boolean recognises(byte[] head) {
    return head.length >= PREAMBLE + 4
        && head[PREAMBLE] == 'D'
        && head[PREAMBLE + 1] == 'I'
        && head[PREAMBLE + 2] == 'C'
        && head[PREAMBLE + 3] == 'M';
  }

  /**
   * Reads the file meta information and the data set in one. What was read before damage stays in
   * the data set.
   *
   * @param dataset empty, of a file
   * @param budget for deflated elements, which become the data set's file
   */
  static void parse(DicomDataset dataset, Budget budget) {
    new DicomParser(dataset.file(), budget).run(dataset);
  }

  private void run(DicomDataset dataset) {
    if (!recognises(file.readUpTo(0, PREAMBLE + 4))) {
      throw file.damaged("it has no DICOM header");
    }
    position = PREAMBLE + 4;
    while (position + 8 <= file.size() && group(peekTag()) == 2) {
      element(dataset, 0);
    }
    String syntax = dataset.text(DicomTag.TRANSFER_SYNTAX_UID).orElse("");
    if (TransferSyntax.unreadable(syntax)) {
      // Its elements are there for a word on which series it belongs to.
      throw file.unsupported(TransferSyntax.refusal(syntax));
    }
    if (syntax.equals(TransferSyntax.DEFLATED)) {
      if (!DicomInstance.mayBeWholeSlide(dataset)) {
        return;
      }
      file = DeflatedElements.expand(file, position, budget);
      dataset.expand(file);
      window = new byte[0];
    }
    explicit = !syntax.equals(TransferSyntax.IMPLICIT);
    readElements(dataset, file.size(), 0);
  }

  /** Reads elements until an end, an end marker or the pixel data. */
  private void readElements(DicomDataset dataset, long end, int depth) {
    while (position + 8 <= end) {
      int tag = peekTag();
      if (tag == DicomTag.ITEM_END || tag == DicomTag.SEQUENCE_END) {
        position += 8;
        return;
      }
      if (element(dataset, depth) == DicomTag.PIXEL_DATA && depth == 0) {
        position = end;
        return;
      }
    }
    position = end;
  }

  private int element(DicomDataset dataset, int depth) {
    if (++elements > MAX_ELEMENTS) {
      throw file.damaged("it has more than " + MAX_ELEMENTS + " DICOM elements");
    }
    int tag = peekTag();
    String vr = "";
    long length;
    // Every file meta element is explicit.
    if (explicit || group(tag) == 2) {
      vr = new String(take(position + 4, 2), StandardCharsets.US_ASCII);
      boolean wide = LONG_FORM.contains(vr);
      length = wide ? uint32(position + 8) : uint16(position + 6);
      position += wide ? 12 : 8;
    } else {
      length = uint32(position + 4);
      position += 8;
    }
    boolean undefined = length == UNDEFINED;
    if (!undefined && length > file.size() - position) {
      throw file.damaged("a DICOM element reaches beyond its end");
    }
    // Icons have pixel data of their own, deeper down.
    if (tag == DicomTag.PIXEL_DATA && depth == 0) {
      dataset.put(tag, new DicomDataset.Value(vr, position, undefined ? -1 : length));
      return tag;
    }
    boolean sequence = vr.equals("SQ") || (undefined && !vr.equals("OB") && !vr.equals("OW"));
    if (sequence || (!explicit && looksLikeSequence(length))) {
      dataset.putSequence(tag, items(undefined ? -1 : position + length, depth + 1));
    } else if (undefined) {
      throw file.damaged("a DICOM element has no length");
    } else {
      dataset.put(tag, new DicomDataset.Value(vr, position, length));
      position += length;
    }
    return tag;
  }

  private boolean looksLikeSequence(long length) {
    return length >= 8 && position + 8 <= file.size() && peekTag() == DicomTag.ITEM;
  }

  private List<DicomDataset> items(long end, int depth) {
    if (depth > MAX_DEPTH) {
      throw file.damaged("its DICOM sequences are nested too deeply");
    }
    List<DicomDataset> items = new ArrayList<>();
    long limit = end < 0 ? file.size() : end;
    while (position + 8 <= limit) {
      int tag = peekTag();
      long length = uint32(position + 4);
      position += 8;
      if (tag == DicomTag.SEQUENCE_END) {
        return items;
      }
      if (tag != DicomTag.ITEM) {
        throw file.damaged("a DICOM sequence holds something else than items");
      }
      if (++elements > MAX_ELEMENTS) {
        throw file.damaged("it has more than " + MAX_ELEMENTS + " DICOM elements");
      }
      DicomDataset item = new DicomDataset(file);
      boolean undefined = length == UNDEFINED;
      if (!undefined && length > limit - position) {
        throw file.damaged("a DICOM item reaches beyond its sequence");
      }
      readElements(item, undefined ? limit : position + length, depth);
      items.add(item);
    }
    position = limit;
    return items;
  }

  private int peekTag() {
    return uint16(position) << 16 | uint16(position + 2);
  }

  private static int group(int tag) {
    return tag >>> 16;
  }

  private int uint16(long at) {
    byte[] bytes = take(at, 2);
    return bytes[0] & 0xff | (bytes[1] & 0xff) << 8;
  }

  private long uint32(long at) {
    return ByteBuffer.wrap(take(at, 4)).order(ByteOrder.LITTLE_ENDIAN).getInt() & 0xffffffffL;
  }

  private byte[] take(long at, int length) {
    if (at < windowStart || at + length > windowStart + window.length) {
      window = file.readUpTo(Math.min(at, file.size()), WINDOW);
      windowStart = at;
      if (window.length < length) {
        throw file.damaged("it ends within a DICOM element");
      }
    }
    int from = (int) (at - windowStart);
    return Arrays.copyOfRange(window, from, from + length);
  }
}
