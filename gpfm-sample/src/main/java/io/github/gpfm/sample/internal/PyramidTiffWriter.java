package io.github.gpfm.sample.internal;

import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import java.util.zip.Deflater;
import java.util.zip.DeflaterOutputStream;
import javax.imageio.IIOImage;
import javax.imageio.ImageIO;
import javax.imageio.ImageWriteParam;
import javax.imageio.ImageWriter;
import javax.imageio.stream.MemoryCacheImageOutputStream;

/**
 * Writes an RGB picture as a tiled TIFF pyramid (classic little-endian TIFF, one directory a level,
 * each half the size of the former), from rows of tiles given from top to bottom. Memory: two rows
 * of tiles a level.
 */
final class PyramidTiffWriter {
  private static final int SHORT = 3;
  private static final int LONG = 4;
  private static final int RATIONAL = 5;
  private static final int ASCII = 2;

  private final FileChannel out;
  private final boolean jpeg;
  private final float quality;
  private final int tile;
  private final double mpp;
  private final String description;
  private final List<Level> levels = new ArrayList<>();
  private long position = 8;

  /**
   * @param out an empty file
   * @param width pixels of level 0
   * @param height pixels of level 0
   * @param levelCount levels, at least 1
   * @param tile edge of a tile, a multiple of 16
   * @param mpp µm per pixel of level 0
   * @param jpeg JPEG tiles; otherwise deflate
   * @param quality JPEG quality, 0 to 1
   * @param description the ImageDescription of level 0, ASCII
   */
  PyramidTiffWriter(
      FileChannel out,
      int width,
      int height,
      int levelCount,
      int tile,
      double mpp,
      boolean jpeg,
      float quality,
      String description) {
    this.out = out;
    this.tile = tile;
    this.mpp = mpp;
    this.jpeg = jpeg;
    this.quality = quality;
    this.description = description;
    for (int i = 0; i < levelCount; i++) {
      levels.add(new Level(i, Math.max(1, width >> i), Math.max(1, height >> i)));
    }
  }

  /** Tiles across level 0. */
  int columns() {
    return levels.get(0).columns;
  }

  /** Rows of tiles of level 0. */
  int rows() {
    return levels.get(0).rows;
  }

  /**
   * Takes the next row of tiles of level 0.
   *
   * @param tiles from left to right, each tile x tile pixels 0xRRGGBB
   */
  void row(List<int[]> tiles) throws IOException {
    int[] strip = new int[columns() * tile * tile];
    int stride = columns() * tile;
    for (int i = 0; i < tiles.size(); i++) {
      for (int y = 0; y < tile; y++) {
        System.arraycopy(tiles.get(i), y * tile, strip, y * stride + i * tile, tile);
      }
    }
    accept(0, strip);
  }

  /** Writes what is left and the directories. */
  void finish() throws IOException {
    for (int i = 0; i < levels.size(); i++) {
      Level level = levels.get(i);
      if (level.filled > 0) {
        int[] strip = level.pending;
        level.filled = 0;
        accept(i, strip);
      }
    }
    writeDirectories();
  }

  private void accept(int index, int[] strip) throws IOException {
    Level level = levels.get(index);
    if (level.nextRow == level.rows) {
      return;
    }
    replicateEdges(level, strip);
    List<byte[]> encoded =
        IntStream.range(0, level.columns)
            .parallel()
            .mapToObj(column -> encode(cut(strip, level.columns * tile, column)))
            .toList();
    for (int column = 0; column < level.columns; column++) {
      byte[] bytes = encoded.get(column);
      if (position + bytes.length > 0xF0000000L) {
        throw new IOException("a classic TIFF file holds 4 GB at most: choose a smaller slide");
      }
      int at = level.nextRow * level.columns + column;
      level.offsets[at] = position;
      level.counts[at] = bytes.length;
      write(ByteBuffer.wrap(bytes));
      if (position % 2 != 0) {
        write(ByteBuffer.wrap(new byte[1]));
      }
    }
    level.nextRow++;
    if (index + 1 < levels.size()) {
      halve(level, strip, levels.get(index + 1));
      Level next = levels.get(index + 1);
      if (next.filled == 2) {
        int[] full = next.pending;
        next.filled = 0;
        next.pending = new int[full.length];
        accept(index + 1, full);
      }
    }
  }

  /** Repeats the last column and row into the padding, so that neither JPEG nor levels darken. */
  private void replicateEdges(Level level, int[] strip) {
    int stride = level.columns * tile;
    int valid = Math.min(tile, level.height - level.nextRow * tile);
    for (int y = 0; y < tile; y++) {
      if (y >= valid) {
        System.arraycopy(strip, (valid - 1) * stride, strip, y * stride, stride);
      }
      java.util.Arrays.fill(
          strip, y * stride + level.width, (y + 1) * stride, strip[y * stride + level.width - 1]);
    }
  }

  private void halve(Level from, int[] strip, Level to) {
    int stride = from.columns * tile;
    int target = to.columns * tile;
    int half = tile / 2;
    int offset = to.filled * half * target;
    int columns = Math.min(stride / 2, target);
    for (int y = 0; y < half; y++) {
      for (int x = 0; x < columns; x++) {
        int at = 2 * y * stride + 2 * x;
        to.pending[offset + y * target + x] =
            mean(strip[at], strip[at + 1], strip[at + stride], strip[at + stride + 1]);
      }
    }
    to.filled++;
  }

  private static int mean(int a, int b, int c, int d) {
    int value = 0;
    for (int shift = 16; shift >= 0; shift -= 8) {
      int sum = (a >> shift & 255) + (b >> shift & 255) + (c >> shift & 255) + (d >> shift & 255);
      value = value << 8 | (sum + 2) / 4;
    }
    return value;
  }

  private int[] cut(int[] strip, int stride, int column) {
    int[] pixels = new int[tile * tile];
    for (int y = 0; y < tile; y++) {
      System.arraycopy(strip, y * stride + column * tile, pixels, y * tile, tile);
    }
    return pixels;
  }

  private byte[] encode(int[] pixels) {
    try {
      return jpeg ? encodeJpeg(pixels) : encodeDeflate(pixels);
    } catch (IOException e) {
      throw new java.io.UncheckedIOException(e);
    }
  }

  private byte[] encodeJpeg(int[] pixels) throws IOException {
    BufferedImage image = new BufferedImage(tile, tile, BufferedImage.TYPE_INT_RGB);
    image.setRGB(0, 0, tile, tile, pixels, 0, tile);
    // By class name, since other registered JPEG writers would give other bytes.
    ImageWriter writer = null;
    for (var it = ImageIO.getImageWritersByFormatName("jpeg"); it.hasNext(); ) {
      ImageWriter candidate = it.next();
      if (candidate.getClass().getName().startsWith("com.sun.imageio")) {
        writer = candidate;
      }
    }
    if (writer == null) {
      throw new IOException("this Java has no JPEG writer: use deflate");
    }
    ByteArrayOutputStream bytes = new ByteArrayOutputStream(tile * tile / 4);
    try (MemoryCacheImageOutputStream stream = new MemoryCacheImageOutputStream(bytes)) {
      ImageWriteParam param = writer.getDefaultWriteParam();
      param.setCompressionMode(ImageWriteParam.MODE_EXPLICIT);
      param.setCompressionQuality(quality);
      writer.setOutput(stream);
      writer.write(null, new IIOImage(image, null, null), param);
    } finally {
      writer.dispose();
    }
    return bytes.toByteArray();
  }

  private static byte[] encodeDeflate(int[] pixels) throws IOException {
    byte[] rgb = new byte[pixels.length * 3];
    for (int i = 0; i < pixels.length; i++) {
      rgb[3 * i] = (byte) (pixels[i] >> 16);
      rgb[3 * i + 1] = (byte) (pixels[i] >> 8);
      rgb[3 * i + 2] = (byte) pixels[i];
    }
    ByteArrayOutputStream bytes = new ByteArrayOutputStream(rgb.length / 2);
    Deflater deflater = new Deflater(6);
    try (OutputStream stream = new DeflaterOutputStream(bytes, deflater)) {
      stream.write(rgb);
    } finally {
      deflater.end();
    }
    return bytes.toByteArray();
  }

  private void writeDirectories() throws IOException {
    ByteBuffer header = buffer(8).put((byte) 'I').put((byte) 'I').putShort((short) 42);
    long first = position;
    for (int i = 0; i < levels.size(); i++) {
      byte[] directory = directory(levels.get(i), position, i + 1 == levels.size());
      write(ByteBuffer.wrap(directory));
    }
    header.putInt((int) first).flip();
    out.write(header, 0);
  }

  private byte[] directory(Level level, long at, boolean last) {
    Directory d = new Directory(at);
    d.add(254, LONG, level.index == 0 ? 0 : 1);
    d.add(256, LONG, level.width);
    d.add(257, LONG, level.height);
    d.add(258, SHORT, 8, 8, 8);
    d.add(259, SHORT, jpeg ? 7 : 8);
    d.add(262, SHORT, jpeg ? 6 : 2);
    if (level.index == 0) {
      d.addAscii(270, description);
    }
    d.add(277, SHORT, 3);
    double pixelsPerCm = 10_000 / (mpp * (1 << level.index));
    d.add(282, RATIONAL, Math.round(pixelsPerCm * 1000), 1000);
    d.add(283, RATIONAL, Math.round(pixelsPerCm * 1000), 1000);
    d.add(284, SHORT, 1);
    d.add(296, SHORT, 3);
    d.addAscii(305, "GPFM for the JVM");
    d.add(322, LONG, tile);
    d.add(323, LONG, tile);
    d.add(324, LONG, level.offsets);
    d.add(325, LONG, level.counts);
    if (jpeg) {
      d.add(530, SHORT, 2, 2);
    }
    return d.toBytes(last);
  }

  private void write(ByteBuffer bytes) throws IOException {
    while (bytes.hasRemaining()) {
      position += out.write(bytes, position);
    }
  }

  private static ByteBuffer buffer(int size) {
    return ByteBuffer.allocate(size).order(ByteOrder.LITTLE_ENDIAN);
  }

  private final class Level {
    final int index;
    final int width;
    final int height;
    final int columns;
    final int rows;
    final long[] offsets;
    final long[] counts;
    int nextRow;
    int filled;
    int[] pending;

    Level(int index, int width, int height) {
      this.index = index;
      this.width = width;
      this.height = height;
      this.columns = (width + tile - 1) / tile;
      this.rows = (height + tile - 1) / tile;
      this.offsets = new long[columns * rows];
      this.counts = new long[columns * rows];
      this.pending = new int[index == 0 ? 0 : columns * tile * tile];
    }
  }

  /** One image file directory, entries added in order of their tags. */
  private static final class Directory {
    private final long at;
    private final List<int[]> entries = new ArrayList<>();
    private final List<byte[]> values = new ArrayList<>();

    Directory(long at) {
      this.at = at;
    }

    void add(int tag, int type, long... numbers) {
      int unit = type == SHORT ? 2 : 4;
      ByteBuffer bytes = buffer(numbers.length * unit);
      for (long number : numbers) {
        if (type == SHORT) {
          bytes.putShort((short) number);
        } else {
          bytes.putInt((int) number);
        }
      }
      int count = type == RATIONAL ? numbers.length / 2 : numbers.length;
      entries.add(new int[] {tag, type, count});
      values.add(bytes.array());
    }

    void addAscii(int tag, String text) {
      byte[] bytes = (text + "\0").getBytes(StandardCharsets.US_ASCII);
      entries.add(new int[] {tag, ASCII, bytes.length});
      values.add(bytes);
    }

    byte[] toBytes(boolean last) {
      int fixed = 2 + 12 * entries.size() + 4;
      int size = fixed;
      for (byte[] value : values) {
        size += value.length > 4 ? value.length + value.length % 2 : 0;
      }
      size += size % 2;
      ByteBuffer bytes = buffer(size).putShort((short) entries.size());
      int next = fixed;
      for (int i = 0; i < entries.size(); i++) {
        int[] entry = entries.get(i);
        byte[] value = values.get(i);
        bytes.putShort((short) entry[0]).putShort((short) entry[1]).putInt(entry[2]);
        if (value.length <= 4) {
          bytes.put(value).put(new byte[4 - value.length]);
        } else {
          bytes.putInt((int) (at + next));
          System.arraycopy(value, 0, bytes.array(), next, value.length);
          next += value.length + value.length % 2;
        }
      }
      bytes.putInt(last ? 0 : (int) (at + size));
      return bytes.array();
    }
  }
}
