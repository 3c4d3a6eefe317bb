package io.github.gpfm.slideio.bioformats.internal;

import java.util.Map;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;

/** As touchy as a real reader: no clipping, one thread at a time, nothing after closing. */
final class FakeReader implements FormatReader {
  private final FakeFile file;
  private final AtomicBoolean busy = new AtomicBoolean();
  private boolean closed;
  private int series;
  private int resolution;

  FakeReader(FakeFile file) {
    this.file = file;
  }

  private FakeFile.Series current() {
    return file.series.get(series);
  }

  @Override
  public void setFlattenedResolutions(boolean flattened) {
    throw new IllegalStateException("after setId");
  }

  @Override
  public void setMetadataStore(Object store) {
    throw new IllegalStateException("after setId");
  }

  @Override
  public Object getMetadataStore() {
    return this;
  }

  @Override
  public void setId(String id) {
    throw new IllegalStateException("already initialised");
  }

  @Override
  public void close() {
    if (busy.get()) {
      throw new IllegalStateException("closed while reading");
    }
    closed = true;
    file.open.decrementAndGet();
  }

  @Override
  public String getFormat() {
    return file.format;
  }

  @Override
  public int getSeriesCount() {
    return file.series.size();
  }

  @Override
  public void setSeries(int number) {
    series = number;
    resolution = 0;
  }

  @Override
  public boolean isThumbnailSeries() {
    return current().thumbnail;
  }

  @Override
  public int getResolutionCount() {
    return current().sizes.size();
  }

  @Override
  public void setResolution(int number) {
    resolution = number;
  }

  @Override
  public int getSizeX() {
    return current().sizes.get(resolution)[0];
  }

  @Override
  public int getSizeY() {
    return current().sizes.get(resolution)[1];
  }

  @Override
  public int getEffectiveSizeC() {
    return current().channels;
  }

  @Override
  public int getRGBChannelCount() {
    return current().samples;
  }

  @Override
  public int getPixelType() {
    return current().type.ordinal();
  }

  @Override
  public int getBitsPerPixel() {
    return current().bits;
  }

  @Override
  public boolean isInterleaved() {
    return current().interleaved;
  }

  @Override
  public boolean isLittleEndian() {
    return current().littleEndian;
  }

  @Override
  public boolean isIndexed() {
    return current().palette != null;
  }

  @Override
  public byte @Nullable [][] get8BitLookupTable() {
    return current().palette;
  }

  @Override
  public short @Nullable [][] get16BitLookupTable() {
    return null;
  }

  @Override
  public int getOptimalTileWidth() {
    return current().tile;
  }

  @Override
  public int getOptimalTileHeight() {
    return current().tile;
  }

  /** Planes in the order of the channels, from the last, so that nobody takes c for the index. */
  @Override
  public int getIndex(int z, int c, int t) {
    return current().channels - 1 - c;
  }

  @Override
  public byte[] openBytes(int plane, int x, int y, int width, int height) throws Exception {
    if (!busy.compareAndSet(false, true)) {
      throw new IllegalStateException("used by two threads");
    }
    try {
      file.entered.countDown();
      file.gate.await();
      Exception failure = file.failure;
      if (failure != null) {
        file.failure = null;
        throw failure;
      }
      if (closed || x < 0 || y < 0 || x + width > getSizeX() || y + height > getSizeY()) {
        throw new IllegalArgumentException("Invalid tile size");
      }
      return bytes(plane, x, y, width, height);
    } finally {
      busy.set(false);
    }
  }

  private byte[] bytes(int plane, int x, int y, int width, int height) {
    FakeFile.Series from = current();
    int size = from.type.bytes();
    byte[] bytes = new byte[width * height * from.samples * size];
    for (int s = 0; s < from.samples; s++) {
      for (int i = 0; i < width * height; i++) {
        int value = FakeFile.sample(from, resolution, plane, s, x + i % width, y + i / width);
        int at = size * (from.interleaved ? i * from.samples + s : s * width * height + i);
        for (int b = 0; b < size; b++) {
          int index = from.littleEndian ? at + b : at + size - 1 - b;
          bytes[index] = (byte) (value >> 8 * b);
        }
      }
    }
    return bytes;
  }

  @Override
  public Map<String, Object> getGlobalMetadata() {
    return Map.copyOf(file.metadata);
  }

  @Override
  public Map<String, Object> getSeriesMetadata() {
    return Map.of("Series", series);
  }
}
