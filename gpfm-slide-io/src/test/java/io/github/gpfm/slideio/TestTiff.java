package io.github.gpfm.slideio;

import io.airlift.compress.zstd.ZstdCompressor;
import java.awt.image.BufferedImage;
import java.awt.image.DataBufferByte;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.TreeMap;
import java.util.zip.Deflater;
import javax.imageio.IIOImage;
import javax.imageio.ImageIO;
import javax.imageio.ImageWriteParam;
import javax.imageio.ImageWriter;
import javax.imageio.stream.MemoryCacheImageOutputStream;

/**
 * Writes TIFF files of every shape that tests need: byte order, BigTIFF, tiles, strips, SubIFDs.
 */
final class TestTiff {
  static final int NONE = 1;
  static final int JPEG = 7;
  static final int DEFLATE = 8;
  static final int ZSTD = 50000;
  static final int WEBP = 50001;

  private final ByteOrder order;
  private final boolean big;
  private final List<Directory> directories = new ArrayList<>();

  TestTiff(ByteOrder order, boolean big) {
    this.order = order;
    this.big = big;
  }

  /** One image directory under construction. */
  static final class Directory {
    private final ByteOrder order;
    private final TreeMap<Integer, Object> tags = new TreeMap<>();
    private final List<byte[]> blocks = new ArrayList<>();
    private final List<Directory> subDirectories = new ArrayList<>();

    private Directory(ByteOrder order) {
      this.order = order;
    }

    /** Sets a tag: int, long[] , double (rational) or String. */
    Directory tag(int tag, Object value) {
      tags.put(tag, value);
      return this;
    }

    Directory sub() {
      Directory child = new Directory(order);
      subDirectories.add(child);
      return child;
    }

    /** An RGB picture in square tiles, or in strips of that many rows. */
    Directory rgb(int[] argb, int width, int height, int edge, boolean tiled, int compression) {
      int blockWidth = tiled ? edge : width;
      tag(256, width).tag(257, height).tag(258, new long[] {8, 8, 8}).tag(259, compression);
      tag(262, compression == JPEG ? 6 : 2).tag(277, 3).tag(284, 1);
      if (tiled) {
        tag(322, edge).tag(323, edge);
      } else {
        tag(278, edge);
      }
      for (int top = 0; top < height; top += edge) {
        for (int left = 0; left < width; left += blockWidth) {
          int rows = tiled ? edge : Math.min(edge, height - top);
          blocks.add(block(argb, width, height, left, top, blockWidth, rows, compression));
        }
      }
      return this;
    }

    /** An RGB picture in square tiles, each plane for itself. */
    Directory planar(int[] argb, int width, int height, int edge, int compression) {
      tag(256, width).tag(257, height).tag(258, new long[] {8, 8, 8}).tag(259, compression);
      tag(262, 2).tag(277, 3).tag(284, 2).tag(322, edge).tag(323, edge);
      for (int shift = 16; shift >= 0; shift -= 8) {
        for (int top = 0; top < height; top += edge) {
          for (int left = 0; left < width; left += edge) {
            blocks.add(plane(argb, shift, new int[] {width, height, left, top}, edge, compression));
          }
        }
      }
      return this;
    }

    /**
     * @param place width, height, left and top
     */
    private static byte[] plane(int[] argb, int shift, int[] place, int edge, int compression) {
      BufferedImage image = new BufferedImage(edge, edge, BufferedImage.TYPE_BYTE_GRAY);
      byte[] bytes = ((DataBufferByte) image.getRaster().getDataBuffer()).getData();
      for (int y = 0; y < Math.min(edge, place[1] - place[3]); y++) {
        for (int x = 0; x < Math.min(edge, place[0] - place[2]); x++) {
          int pixel = argb[(place[3] + y) * place[0] + place[2] + x];
          bytes[y * edge + x] = (byte) (pixel >> shift);
        }
      }
      return switch (compression) {
        case NONE -> bytes;
        case DEFLATE -> deflate(bytes);
        default -> jpeg(image);
      };
    }

    /** As many columns and rows of the same encoded square tile of three components. */
    Directory tiles(byte[] tile, int edge, int columns, int rows, int compression) {
      tag(256, columns * edge).tag(257, rows * edge).tag(258, new long[] {8, 8, 8});
      tag(259, compression).tag(262, 2).tag(277, 3).tag(284, 1).tag(322, edge).tag(323, edge);
      blocks.addAll(Collections.nCopies(columns * rows, tile));
      return this;
    }

    private static byte[] block(
        int[] argb, int width, int height, int left, int top, int columns, int rows, int coding) {
      byte[] bytes = new byte[columns * rows * 3];
      BufferedImage image = new BufferedImage(columns, rows, BufferedImage.TYPE_INT_RGB);
      for (int y = 0; y < rows; y++) {
        for (int x = 0; x < columns; x++) {
          boolean inside = left + x < width && top + y < height;
          int pixel = inside ? argb[(top + y) * width + left + x] : 0;
          image.setRGB(x, y, pixel);
          for (int band = 0; band < 3; band++) {
            bytes[(y * columns + x) * 3 + band] = (byte) (pixel >> 16 - 8 * band);
          }
        }
      }
      return switch (coding) {
        case NONE -> bytes;
        case DEFLATE -> deflate(bytes);
        case ZSTD -> zstd(bytes);
        case WEBP -> webp(image);
        default -> jpeg(image);
      };
    }

    private static byte[] deflate(byte[] bytes) {
      Deflater deflater = new Deflater();
      deflater.setInput(bytes);
      deflater.finish();
      byte[] buffer = new byte[bytes.length + 1024];
      int length = deflater.deflate(buffer);
      deflater.end();
      return Arrays.copyOf(buffer, length);
    }

    private static byte[] zstd(byte[] bytes) {
      ZstdCompressor compressor = new ZstdCompressor();
      byte[] buffer = new byte[compressor.maxCompressedLength(bytes.length)];
      int length = compressor.compress(bytes, 0, bytes.length, buffer, 0, buffer.length);
      return Arrays.copyOf(buffer, length);
    }

    private static byte[] webp(BufferedImage image) {
      ByteArrayOutputStream out = new ByteArrayOutputStream();
      ImageWriter writer = ImageIO.getImageWritersByFormatName("webp").next();
      try (MemoryCacheImageOutputStream stream = new MemoryCacheImageOutputStream(out)) {
        ImageWriteParam parameters = writer.getDefaultWriteParam();
        parameters.setCompressionMode(ImageWriteParam.MODE_EXPLICIT);
        parameters.setCompressionType("Lossless");
        writer.setOutput(stream);
        writer.write(null, new IIOImage(image, null, null), parameters);
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      } finally {
        writer.dispose();
      }
      return out.toByteArray();
    }

    private static byte[] jpeg(BufferedImage image) {
      ByteArrayOutputStream out = new ByteArrayOutputStream();
      try {
        ImageIO.write(image, "jpg", out);
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
      return out.toByteArray();
    }
  }

  /** Offset and length of the first block of the first image of a small-endian classic TIFF. */
  static long[] firstTile(byte[] bytes) {
    return tile(bytes, 0);
  }

  /** The same of the second block. */
  static long[] secondTile(byte[] bytes) {
    return tile(bytes, 1);
  }

  private static long[] tile(byte[] bytes, int index) {
    ByteBuffer buffer = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
    int directory = buffer.getInt(4);
    long[] place = new long[2];
    for (int i = 0; i < buffer.getShort(directory); i++) {
      int entry = directory + 2 + 12 * i;
      int tag = buffer.getShort(entry) & 0xffff;
      if (tag == 324 || tag == 325) {
        int count = buffer.getInt(entry + 4);
        int values = count == 1 ? entry + 8 : buffer.getInt(entry + 8);
        boolean wide = buffer.getShort(entry + 2) == 4;
        place[tag - 324] =
            wide ? buffer.getInt(values + 4 * index) : buffer.getShort(values + 2 * index) & 0xffff;
      }
    }
    return place;
  }

  Directory directory() {
    Directory directory = new Directory(order);
    directories.add(directory);
    return directory;
  }

  Path write(Path file) {
    try {
      return Files.write(file, bytes());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  byte[] bytes() {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    byte mark = (byte) (order == ByteOrder.LITTLE_ENDIAN ? 'I' : 'M');
    out.write(mark);
    out.write(mark);
    if (big) {
      out.writeBytes(
          buffer(6).putShort((short) 43).putShort((short) 8).putShort((short) 0).array());
    } else {
      out.writeBytes(buffer(2).putShort((short) 42).array());
    }
    out.writeBytes(new byte[big ? 8 : 4]);
    List<Long> places = new ArrayList<>();
    List<Long> nextFields = new ArrayList<>();
    for (Directory directory : directories) {
      long[] place = append(out, directory);
      places.add(place[0]);
      nextFields.add(place[1]);
    }
    byte[] bytes = out.toByteArray();
    ByteBuffer all = ByteBuffer.wrap(bytes).order(order);
    putOffset(all, big ? 8 : 4, places.get(0));
    for (int i = 0; i + 1 < places.size(); i++) {
      putOffset(all, nextFields.get(i), places.get(i + 1));
    }
    return bytes;
  }

  private void putOffset(ByteBuffer all, long at, long value) {
    if (big) {
      all.putLong((int) at, value);
    } else {
      all.putInt((int) at, (int) value);
    }
  }

  /** Appends blocks, SubIFDs, values and the directory; returns its place and its next field's. */
  private long[] append(ByteArrayOutputStream out, Directory directory) {
    boolean tiled = directory.tags.containsKey(322);
    long[] offsets = new long[directory.blocks.size()];
    long[] counts = new long[offsets.length];
    for (int i = 0; i < offsets.length; i++) {
      offsets[i] = out.size();
      counts[i] = directory.blocks.get(i).length;
      out.writeBytes(directory.blocks.get(i));
    }
    directory.tags.putIfAbsent(tiled ? 324 : 273, offsets);
    directory.tags.putIfAbsent(tiled ? 325 : 279, counts);
    if (!directory.subDirectories.isEmpty()) {
      long[] children =
          directory.subDirectories.stream().mapToLong(child -> append(out, child)[0]).toArray();
      directory.tags.put(330, children);
    }
    List<byte[]> fields = new ArrayList<>();
    directory.tags.forEach((tag, value) -> fields.add(field(out, tag, value)));
    long place = out.size();
    out.writeBytes(
        big
            ? buffer(8).putLong(fields.size()).array()
            : buffer(2).putShort((short) fields.size()).array());
    fields.forEach(out::writeBytes);
    long next = out.size();
    out.writeBytes(new byte[big ? 8 : 4]);
    return new long[] {place, next};
  }

  private byte[] field(ByteArrayOutputStream out, int tag, Object value) {
    int type;
    byte[] bytes;
    int count;
    if (value instanceof String text) {
      type = 2;
      bytes = (text + "\0").getBytes(StandardCharsets.UTF_8);
      count = bytes.length;
    } else if (value instanceof byte[] raw) {
      type = 7;
      bytes = raw;
      count = raw.length;
    } else if (value instanceof Double number) {
      type = 5;
      bytes = buffer(8).putInt((int) Math.round(number * 1000)).putInt(1000).array();
      count = 1;
    } else {
      long[] numbers = value instanceof long[] many ? many : new long[] {(Integer) value};
      type = tag == 258 || tag == 262 || tag == 259 || tag == 277 ? 3 : 4;
      ByteBuffer buffer = buffer(numbers.length * (type == 3 ? 2 : 4));
      for (long number : numbers) {
        if (type == 3) {
          buffer.putShort((short) number);
        } else {
          buffer.putInt((int) number);
        }
      }
      bytes = buffer.array();
      count = numbers.length;
    }
    int room = big ? 8 : 4;
    ByteBuffer field = buffer(big ? 20 : 12).putShort((short) tag).putShort((short) type);
    if (big) {
      field.putLong(count);
    } else {
      field.putInt(count);
    }
    if (bytes.length <= room) {
      field.put(bytes);
    } else if (big) {
      field.putLong(out.size());
      out.writeBytes(bytes);
    } else {
      field.putInt(out.size());
      out.writeBytes(bytes);
    }
    return field.array();
  }

  private ByteBuffer buffer(int size) {
    return ByteBuffer.allocate(size).order(order);
  }

  /** A picture with structure at every scale, from a seed. */
  static int[] picture(int width, int height, long seed) {
    Random random = new Random(seed);
    int[] argb = new int[width * height];
    for (int y = 0; y < height; y++) {
      for (int x = 0; x < width; x++) {
        int red = (x * 7 + y * 3 + random.nextInt(32)) & 255;
        int green = (x * x / 64 + random.nextInt(16)) & 255;
        int blue = (y * 5 + random.nextInt(8)) & 255;
        argb[y * width + x] = 0xff000000 | red << 16 | green << 8 | blue;
      }
    }
    return argb;
  }
}
