package io.github.gpfm.slideio.internal.formats;

import io.github.gpfm.slideio.internal.codec.CodecException;
import io.github.gpfm.slideio.internal.codec.JpegDecoder;
import io.github.gpfm.slideio.internal.codec.JpegHeader;
import io.github.gpfm.slideio.internal.codec.JpegPicture;
import io.github.gpfm.slideio.internal.io.SlideFile;
import io.github.gpfm.slideio.internal.tiff.TiffDirectory;
import io.github.gpfm.slideio.internal.tiff.TiffTag;
import java.io.ByteArrayOutputStream;
import java.util.Arrays;
import java.util.List;

/**
 * One level of an NDPI file: a single JPEG, whose restart markers make it a grid of independently
 * coded cells, one MCU high. Only the cells wanted are decoded, joined to a small JPEG of their
 * own.
 */
final class NdpiJpeg {
  private static final int HEADER_BYTES = 1 << 16;
  private static final int SCAN_BLOCK = 1 << 20;

  private final SlideFile file;
  private final int width;
  private final int height;
  private final long start;
  private final long end;
  private final JpegHeader header;
  private final byte[] scanHeader;
  private final int cellWidth;
  private final int cellHeight;
  private final long[] statedStarts;
  private long[] starts = {};

  NdpiJpeg(TiffDirectory directory) {
    file = directory.file();
    width = edge(directory, TiffTag.IMAGE_WIDTH);
    height = edge(directory, TiffTag.IMAGE_LENGTH);
    start = directory.integer(TiffTag.STRIP_OFFSETS, -1);
    long bytes = directory.integer(TiffTag.STRIP_BYTE_COUNTS, -1);
    if (start < 0 || bytes < 4 || start > file.size() - bytes) {
      throw file.damaged("the JPEG of a level does not lie within it");
    }
    end = start + bytes;
    if (directory.integer(TiffTag.ROWS_PER_STRIP, 0) != height) {
      throw file.damaged("a level is not one strip");
    }
    try {
      byte[] head = file.read(start, Math.min(bytes, HEADER_BYTES));
      header = JpegHeader.parse(head);
      scanHeader = scanHeader(head, header.dataStart());
      if (header.components() != 3 && header.components() != 1) {
        throw new CodecException("it has " + header.components() + " components");
      }
      int across = (width + header.mcuWidth() - 1) / header.mcuWidth();
      int interval = header.restartInterval();
      boolean cells = interval > 0;
      if (cells && (interval > across || across % interval != 0)) {
        throw new CodecException("its restart markers do not divide its rows");
      }
      cellWidth = cells ? interval * header.mcuWidth() : width;
      cellHeight = cells ? header.mcuHeight() : height;
      boolean wrongSize = width <= 65500 && height <= 65500 && !stated(width, height);
      if (wrongSize || (long) cellWidth * cellHeight > JpegDecoder.MAX_PIXELS) {
        throw new CodecException("its size is not that of its level");
      }
    } catch (CodecException e) {
      throw file.damaged("the JPEG of a level: " + e.getMessage(), e);
    }
    statedStarts = directory.integers(TiffTag.NDPI_MCU_STARTS);
  }

  int width() {
    return width;
  }

  int height() {
    return height;
  }

  int cellWidth() {
    return cellWidth;
  }

  int cellHeight() {
    return cellHeight;
  }

  boolean hasCells() {
    return header.restartInterval() > 0;
  }

  private boolean stated(int expectedWidth, int expectedHeight) {
    return header.width() == expectedWidth && header.height() == expectedHeight;
  }

  private int edge(TiffDirectory directory, int tag) {
    long value = directory.integer(tag, 0);
    if (value < 1 || value > 1 << 24) {
      throw file.damaged("a level has the impossible edge " + value);
    }
    return (int) value;
  }

  private static byte[] scanHeader(byte[] head, int at) throws CodecException {
    if (at + 4 > head.length) {
      throw new CodecException("its header is cut off");
    }
    int length = (head[at + 2] & 0xff) << 8 | head[at + 3] & 0xff;
    if (at + 2 + length > head.length) {
      throw new CodecException("its header is cut off");
    }
    return Arrays.copyOfRange(head, at, at + 2 + length);
  }

  /**
   * The picture of cells that lie above each other.
   *
   * @param column cell column
   * @param firstRow first cell row
   * @param rows number of cell rows, all within the image
   */
  JpegPicture open(long column, long firstRow, int rows) throws CodecException {
    if (!hasCells()) {
      byte[] all = file.read(start, end - start);
      return JpegDecoder.open(all, null);
    }
    long[] cellStarts = starts();
    int across = width / cellWidth + (width % cellWidth == 0 ? 0 : 1);
    int jpegHeight = rows * cellHeight;
    ByteArrayOutputStream out =
        header.start(List.of(), header.frameOfSize(cellWidth, jpegHeight), 1 << 16);
    out.writeBytes(scanHeader);
    for (int i = 0; i < rows; i++) {
      int cell = (int) ((firstRow + i) * across + column);
      long from = cellStarts[cell];
      long to = cell + 1 < cellStarts.length ? cellStarts[cell + 1] - 2 : end;
      if (to < from) {
        throw new CodecException("its restart markers are out of order");
      }
      out.writeBytes(file.read(from, to - from));
      out.write(0xff);
      out.write(i + 1 < rows ? 0xd0 + i % 8 : 0xd9);
    }
    byte[] stream = out.toByteArray();
    if ((long) cellWidth * jpegHeight / 256 > stream.length * 4L) {
      throw new CodecException("the JPEG is too short for its size");
    }
    return new JpegPicture(header, stream, cellWidth, jpegHeight);
  }

  /** Where the coded data of each cell begins in the file. */
  private synchronized long[] starts() throws CodecException {
    if (starts.length == 0) {
      int across = (width + cellWidth - 1) / cellWidth;
      int down = (height + cellHeight - 1) / cellHeight;
      long cells = (long) across * down;
      long[] found = statedStarts.length == cells ? fromTag() : new long[0];
      starts = found.length > 0 ? found : scan(cells);
    }
    return starts;
  }

  /** The tag's positions if a restart marker precedes each; else empty. */
  private long[] fromTag() {
    long[] found = new long[statedStarts.length];
    for (int i = 0; i < found.length; i++) {
      found[i] = start + statedStarts[i];
      if (found[i] < start + 2 || found[i] > end || (i > 0 && found[i] <= found[i - 1])) {
        return new long[0];
      }
    }
    // Writers are consistent: look at a few markers rather than read the whole level.
    int step = Math.max(1, found.length / 16);
    for (int i = 1; i < found.length; i += step) {
      byte[] marker = file.read(found[i] - 2, 2);
      if ((marker[0] & 0xff) != 0xff || (marker[1] & 0xf8) != 0xd0) {
        return new long[0];
      }
    }
    return found;
  }

  private long[] scan(long cells) throws CodecException {
    if (cells > (end - start) / 2 + 1) {
      throw new CodecException("it is too short for its " + cells + " restart intervals");
    }
    long[] found = new long[(int) cells];
    found[0] = start + header.dataStart() + scanHeader.length;
    int count = 1;
    int previous = 0;
    for (long at = found[0]; at < end && count < cells; at += SCAN_BLOCK) {
      byte[] block = file.read(at, Math.min(SCAN_BLOCK, end - at));
      for (int i = 0; i < block.length && count < cells; i++) {
        int value = block[i] & 0xff;
        if (previous == 0xff && (value & 0xf8) == 0xd0) {
          found[count++] = at + i + 1;
        }
        previous = value;
      }
    }
    if (count < cells) {
      throw new CodecException("it has " + count + " restart intervals, not " + cells);
    }
    return found;
  }
}
