package io.github.gpfm.slideio.internal.dicom;

import io.github.gpfm.slideio.internal.io.SlideFile;
import io.github.gpfm.support.Budget;
import java.util.zip.DataFormatException;
import java.util.zip.Inflater;

/**
 * Expands the files whose elements behind the file meta information are deflated (RFC 1951). They
 * are inflated as a whole, since a deflated stream has no places to begin at, and within a budget.
 */
final class DeflatedElements {
  private static final int CHUNK = 1 << 16;
  private static final int LONGEST_ARRAY = Integer.MAX_VALUE - 8;

  private DeflatedElements() {}

  /**
   * The file as it is before an offset, and inflated from there on.
   *
   * @throws io.github.gpfm.api.SlideFormatException if the data is damaged or beyond the budget
   */
  static SlideFile expand(SlideFile file, long offset, Budget budget) {
    String what = "what is deflated in " + file.path().getFileName();
    // Once to know how much it is: an array that grows would take twice as much for a moment.
    long length = inflate(file, offset, new byte[CHUNK], false, budget.bytesLeft());
    budget.bytes(offset + length, what);
    if (offset + length > LONGEST_ARRAY) {
      throw file.unsupported(what + " has " + length + " bytes");
    }
    byte[] content = new byte[(int) (offset + length)];
    System.arraycopy(file.read(0, offset), 0, content, 0, (int) offset);
    inflate(file, offset, content, true, length);
    return file.expanded(content);
  }

  /**
   * Inflates up to the end, or to the first byte above the most.
   *
   * @param target where to: from the offset on, or again and again to its beginning
   * @return bytes
   */
  private static long inflate(SlideFile file, long offset, byte[] target, boolean keep, long most) {
    Inflater inflater = new Inflater(true);
    try {
      long read = offset;
      long done = 0;
      while (!inflater.finished() && done <= most) {
        if (inflater.needsInput()) {
          byte[] data = file.readUpTo(read, CHUNK);
          if (data.length == 0) {
            throw file.damaged("its deflated elements end early");
          }
          inflater.setInput(data);
          read += data.length;
        }
        int at = keep ? (int) (offset + done) : 0;
        int count = inflater.inflate(target, at, target.length - at);
        if (count == 0 && !inflater.finished() && !inflater.needsInput()) {
          throw file.damaged("its deflated elements have no end");
        }
        done += count;
      }
      return done;
    } catch (DataFormatException e) {
      throw file.damaged("its deflated elements are invalid", e);
    } finally {
      inflater.end();
    }
  }
}
