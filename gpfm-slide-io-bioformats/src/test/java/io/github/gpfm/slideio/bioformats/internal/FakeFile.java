package io.github.gpfm.slideio.bioformats.internal;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.TreeMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/** A file as Bio-Formats would show it, whose samples are a function of their place. */
final class FakeFile implements ReaderSession.Factory {
  String format = "Fake Slide";
  final List<Series> series = new ArrayList<>();
  final AtomicInteger opened = new AtomicInteger();
  final AtomicInteger open = new AtomicInteger();
  final Map<String, Object> metadata = new TreeMap<>(Map.of("Scanner", "fake"));
  @Nullable Double micrometresX;
  @Nullable Double micrometresY;
  @Nullable Double magnification;

  /** Reading waits for it. */
  volatile CountDownLatch gate = new CountDownLatch(0);

  /** Counted down when a read has begun. */
  volatile CountDownLatch entered = new CountDownLatch(0);

  /** Thrown by the next read. */
  volatile @Nullable Exception failure;

  /** One series: its resolutions' sizes and the form of its samples. */
  static final class Series {
    String name = "";
    boolean thumbnail;
    final List<int[]> sizes = new ArrayList<>();
    int tile = 16;
    SampleType type = SampleType.UINT8;
    int bits = 8;
    int samples = 3;
    int channels = 1;
    boolean interleaved = true;
    boolean littleEndian = true;
    final List<Integer> colours = new ArrayList<>();
    byte @Nullable [][] palette;

    Series named(String value) {
      name = value;
      return this;
    }

    /** A further resolution. */
    Series and(int width, int height) {
      sizes.add(new int[] {width, height});
      return this;
    }
  }

  static Series series(int width, int height) {
    return new Series().and(width, height);
  }

  FakeFile with(Series added) {
    series.add(added);
    return this;
  }

  /** The raw sample at a place; differs between neighbours, planes, samples, levels and series. */
  static int sample(Series series, int resolution, int plane, int sample, int x, int y) {
    int value = x * 7 + y * 31 + sample * 61 + plane * 101 + resolution * 17;
    int mask = series.type.bytes() == 1 ? 0xff : 0xffff;
    return (value * (mask > 255 ? 257 : 1)) & mask;
  }

  @Override
  public ReaderSession open() {
    opened.incrementAndGet();
    open.incrementAndGet();
    return new ReaderSession(new FakeReader(this), new FakeMetadata(this), new Values(), null);
  }

  /** The fake's lengths are doubles in µm and its colours integers. */
  private static final class Values implements OmeValues {
    @Override
    public OptionalDouble micrometres(@Nullable Object length) {
      return length == null ? OptionalDouble.empty() : OptionalDouble.of((Double) length);
    }

    @Override
    public int rgb(Object colour) {
      return (Integer) colour;
    }
  }
}
