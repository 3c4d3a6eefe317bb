package io.github.gpfm.slideio.bioformats.internal;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * How the bytes of an image become colours.
 *
 * <ul>
 *   <li>Three or more samples a pixel are red, green, blue; further ones are left out.
 *   <li>One channel of one or two samples is grey by its first sample, or looked up in the palette.
 *   <li>Several channels are added up, each in its own colour.
 * </ul>
 *
 * @param type of every sample
 * @param significantBits of an integer sample, 2 or more if signed
 * @param samples in one plane
 * @param interleaved whether a pixel's samples lie together; else one plane of each follows another
 * @param littleEndian byte order
 * @param channels at least one; more only where {@code samples} is less than three
 * @param palette RGB of each value of a one-channel image, or {@code null}
 */
record PixelLayout(
    SampleType type,
    int significantBits,
    int samples,
    boolean interleaved,
    boolean littleEndian,
    List<Channel> channels,
    int @Nullable [] palette) {

  /**
   * @param plane index for {@code openBytes}
   * @param rgb colour of the channel's brightest value
   */
  record Channel(int plane, int rgb) {}

  /** Whether the samples have the same form, so that two images can be levels of one pyramid. */
  boolean sameFormAs(PixelLayout other) {
    return type == other.type
        && samples == other.samples
        && channels.size() == other.channels.size();
  }

  /** Bytes of one pixel in all planes that are read for it. */
  long bytesPerPixel() {
    return (long) type.bytes() * samples * channels.size();
  }

  /**
   * Turns bytes into opaque ARGB.
   *
   * @param planes bytes of each channel's plane, {@code width * height} pixels
   * @param target receives the pixels
   * @param offset index of the first
   * @param stride from one row's index to the next one's
   */
  void convert(List<byte[]> planes, int width, int height, int[] target, int offset, int stride) {
    int pixels = width * height;
    int step = interleaved ? samples * type.bytes() : type.bytes();
    int sampleStep = interleaved ? type.bytes() : pixels * type.bytes();
    long wanted = (long) pixels * samples * type.bytes();
    for (byte[] plane : planes) {
      if (plane.length < wanted) {
        throw new IllegalArgumentException(
            "Bio-Formats gave " + plane.length + " bytes where " + wanted + " belong");
      }
    }
    for (int y = 0; y < height; y++) {
      for (int x = 0; x < width; x++) {
        int at = (y * width + x) * step;
        target[offset + y * stride + x] = 0xff000000 | rgb(planes, at, sampleStep);
      }
    }
  }

  private int rgb(List<byte[]> planes, int at, int sampleStep) {
    byte[] first = planes.get(0);
    if (samples >= 3) {
      return level(first, at) << 16
          | level(first, at + sampleStep) << 8
          | level(first, at + 2 * sampleStep);
    }
    if (palette != null) {
      int index =
          type.bytes() == 1
              ? first[at] & 0xff
              : (first[littleEndian ? at + 1 : at] & 0xff) << 8
                  | first[littleEndian ? at : at + 1] & 0xff;
      return index < palette.length ? palette[index] : 0;
    }
    if (planes.size() == 1) {
      return level(first, at) * 0x010101;
    }
    int red = 0;
    int green = 0;
    int blue = 0;
    for (int c = 0; c < planes.size(); c++) {
      int level = level(planes.get(c), at);
      int colour = channels.get(c).rgb();
      red += (level * (colour >> 16 & 255) + 127) / 255;
      green += (level * (colour >> 8 & 255) + 127) / 255;
      blue += (level * (colour & 255) + 127) / 255;
    }
    return Math.min(255, red) << 16 | Math.min(255, green) << 8 | Math.min(255, blue);
  }

  private int level(byte[] data, int at) {
    if (type == SampleType.UINT8 && significantBits == 8) {
      return data[at] & 0xff;
    }
    return type.toByte(data, at, littleEndian, significantBits);
  }
}
