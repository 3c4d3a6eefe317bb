package io.github.gpfm.slideio.internal.tiff;

import io.github.gpfm.api.SlideFormatException;
import io.github.gpfm.slideio.internal.codec.JpegDecoder;
import io.github.gpfm.slideio.internal.io.SlideFile;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Geometry and coding of the image of one directory. Strips count as tiles of the image's width.
 */
public final class TiffImage {
  static final int PHOTOMETRIC_WHITE_IS_ZERO = 0;
  static final int PHOTOMETRIC_BLACK_IS_ZERO = 1;
  static final int PHOTOMETRIC_RGB = 2;
  static final int PHOTOMETRIC_PALETTE = 3;
  static final int PHOTOMETRIC_YCBCR = 6;

  static final int COMPRESSION_NONE = 1;
  static final int COMPRESSION_LZW = 5;
  static final int COMPRESSION_JPEG = 7;
  static final int COMPRESSION_DEFLATE = 8;
  static final int COMPRESSION_PACKBITS = 32773;
  static final int COMPRESSION_OLD_DEFLATE = 32946;
  static final int COMPRESSION_JPEG2000_YCBCR = 33003;
  static final int COMPRESSION_JPEG2000_LOSSY = 33004;
  static final int COMPRESSION_JPEG2000_RGB = 33005;
  static final int COMPRESSION_JPEG2000 = 34712;
  static final int COMPRESSION_ZSTD = 50000;
  static final int COMPRESSION_WEBP = 50001;

  private static final long MAX_EDGE = 1L << 31;

  private final TiffDirectory directory;
  private final SlideFile file;
  private final long width;
  private final long height;
  private final boolean tiled;
  private final int tileWidth;
  private final int tileHeight;
  private final int compression;
  private final int photometric;
  private final int samples;
  private final int bits;
  private final boolean planar;
  private final long[] offsets;
  private final long[] byteCounts;
  private final byte @Nullable [] jpegTables;

  /**
   * @throws SlideFormatException if the directory contradicts itself or is of a kind not read
   */
  public TiffImage(TiffDirectory directory) {
    this.directory = directory;
    this.file = directory.file();
    width = directory.required(TiffTag.IMAGE_WIDTH, "width");
    height = directory.required(TiffTag.IMAGE_LENGTH, "height");
    if (width < 1 || height < 1 || width >= MAX_EDGE || height >= MAX_EDGE) {
      throw file.damaged("an image has the impossible size " + width + " x " + height);
    }
    tiled = isTiled(directory);
    long rows = Math.min(height, directory.integer(TiffTag.ROWS_PER_STRIP, height));
    long edgeX = tiled ? directory.required(TiffTag.TILE_WIDTH, "tile width") : width;
    long edgeY = tiled ? directory.required(TiffTag.TILE_LENGTH, "tile height") : rows;
    if (edgeX < 1 || edgeY < 1 || edgeX > JpegDecoder.MAX_PIXELS / edgeY) {
      throw file.unsupported(
          "it has blocks of "
              + edgeX
              + " x "
              + edgeY
              + " pixels, and at most "
              + JpegDecoder.MAX_PIXELS
              + " are decoded at once");
    }
    tileWidth = (int) edgeX;
    tileHeight = (int) edgeY;
    compression = (int) directory.integer(TiffTag.COMPRESSION, COMPRESSION_NONE);
    samples = (int) Math.min(directory.integer(TiffTag.SAMPLES_PER_PIXEL, 1), 1 << 16);
    bits = uniformBits();
    photometric = (int) directory.integer(TiffTag.PHOTOMETRIC, defaultPhotometric());
    planar = directory.integer(TiffTag.PLANAR_CONFIGURATION, 1) == 2 && samples > 1;
    jpegTables = directory.bytes(TiffTag.JPEG_TABLES).orElse(null);
    requireSupported();
    offsets = directory.integers(tiled ? TiffTag.TILE_OFFSETS : TiffTag.STRIP_OFFSETS);
    byteCounts = byteCounts();
    long needed = tilesAcross() * tilesDown() * (planar ? samples : 1);
    if (offsets.length < needed || byteCounts.length < needed) {
      throw file.damaged(
          "an image of "
              + width
              + " x "
              + height
              + " needs "
              + needed
              + " blocks and has "
              + Math.min(offsets.length, byteCounts.length));
    }
  }

  /** Whether the directory's image is made of tiles, not strips. */
  public static boolean isTiled(TiffDirectory directory) {
    return directory.has(TiffTag.TILE_WIDTH) && directory.has(TiffTag.TILE_LENGTH);
  }

  private int uniformBits() {
    long[] all = directory.integers(TiffTag.BITS_PER_SAMPLE);
    int first = all.length == 0 ? 1 : (int) Math.min(all[0], 1 << 16);
    for (long each : all) {
      if (each != first) {
        throw file.unsupported("its samples have different numbers of bits");
      }
    }
    return first;
  }

  private int defaultPhotometric() {
    return samples >= 3 ? PHOTOMETRIC_RGB : PHOTOMETRIC_BLACK_IS_ZERO;
  }

  private void requireSupported() {
    if (samples < 1 || samples > 16) {
      throw file.unsupported("its pixels have " + samples + " samples");
    }
    if (Arrays.stream(new int[] {1, 2, 4, 8, 16}).noneMatch(each -> each == bits)) {
      throw file.unsupported("its samples have " + bits + " bits");
    }
    if (bits < 8 && samples > 1) {
      throw file.unsupported("it packs " + samples + " samples of " + bits + " bits");
    }
    long format = directory.integer(TiffTag.SAMPLE_FORMAT, 1);
    if (format != 1 && format != 4) {
      throw file.unsupported("its samples are not unsigned integers (SampleFormat " + format + ")");
    }
    if (directory.integer(TiffTag.IMAGE_DEPTH, 1) != 1) {
      throw file.unsupported("its image is a volume (ImageDepth)");
    }
    if (directory.integer(TiffTag.FILL_ORDER, 1) != 1 && compression == COMPRESSION_NONE) {
      throw file.unsupported("its bits are in reverse order (FillOrder 2)");
    }
    boolean known =
        switch (compression) {
          case COMPRESSION_NONE,
              COMPRESSION_LZW,
              COMPRESSION_JPEG,
              COMPRESSION_DEFLATE,
              COMPRESSION_OLD_DEFLATE,
              COMPRESSION_PACKBITS,
              COMPRESSION_JPEG2000,
              COMPRESSION_JPEG2000_YCBCR,
              COMPRESSION_JPEG2000_LOSSY,
              COMPRESSION_JPEG2000_RGB,
              COMPRESSION_ZSTD ->
              true;
          case COMPRESSION_WEBP -> webPSupported();
          default -> false;
        };
    if (!known) {
      throw file.unsupported("the TIFF compression " + compression + " is not supported");
    }
    PixelUnpacker.requireSupported(this);
  }

  private boolean webPSupported() {
    boolean supported =
        bits == 8
            && (samples == 3 || samples == 4)
            && directory.integer(TiffTag.PLANAR_CONFIGURATION, 1) == 1
            && photometric == PHOTOMETRIC_RGB;
    if (!supported) {
      throw file.unsupported("its WebP is not of RGB pixels");
    }
    return true;
  }

  /** Whether its blocks may be coded as differences of neighbouring samples. */
  boolean predictable() {
    return compression == COMPRESSION_LZW
        || compression == COMPRESSION_DEFLATE
        || compression == COMPRESSION_OLD_DEFLATE
        || compression == COMPRESSION_ZSTD;
  }

  private long[] byteCounts() {
    long[] counts =
        directory.integers(tiled ? TiffTag.TILE_BYTE_COUNTS : TiffTag.STRIP_BYTE_COUNTS);
    if (counts.length == 0 && compression == COMPRESSION_NONE) {
      counts = new long[offsets.length];
      Arrays.fill(counts, blockBytes());
    }
    return counts;
  }

  /** The directory. */
  public TiffDirectory directory() {
    return directory;
  }

  /** The file. */
  public SlideFile file() {
    return file;
  }

  /** Pixels. */
  public long width() {
    return width;
  }

  /** Pixels. */
  public long height() {
    return height;
  }

  /** Whether it is made of tiles, not strips. */
  public boolean tiled() {
    return tiled;
  }

  /** Width of a block, pixels. */
  public int tileWidth() {
    return tileWidth;
  }

  /** Height of a block, pixels; the last strip has fewer rows. */
  public int tileHeight() {
    return tileHeight;
  }

  /** Blocks in a row. */
  public long tilesAcross() {
    return (width + tileWidth - 1) / tileWidth;
  }

  /** Blocks in a column. */
  public long tilesDown() {
    return (height + tileHeight - 1) / tileHeight;
  }

  int compression() {
    return compression;
  }

  int photometric() {
    return photometric;
  }

  int samples() {
    return samples;
  }

  int bits() {
    return bits;
  }

  boolean planar() {
    return planar;
  }

  byte @Nullable [] jpegTables() {
    return jpegTables;
  }

  /** Whether its blocks are pictures of their own. */
  boolean picture() {
    return compression == COMPRESSION_JPEG || jpeg2000();
  }

  /** Whether it is coded as 33004, whose colours depend on the writer. */
  public boolean lossyJpeg2000() {
    return compression == COMPRESSION_JPEG2000_LOSSY;
  }

  boolean jpeg2000() {
    return compression == COMPRESSION_JPEG2000
        || compression == COMPRESSION_JPEG2000_YCBCR
        || compression == COMPRESSION_JPEG2000_LOSSY
        || compression == COMPRESSION_JPEG2000_RGB;
  }

  /** Rows a block really has: strips are cut at the image's end, tiles are padded. */
  int rowsOf(long row) {
    return tiled ? tileHeight : (int) Math.min(tileHeight, height - row * tileHeight);
  }

  /** Bytes of one row of a block's samples (of one plane when planar). */
  int rowBytes() {
    long each = (long) tileWidth * (planar ? 1 : samples) * bits;
    return Math.toIntExact((each + 7) / 8);
  }

  private long blockBytes() {
    return (long) rowBytes() * tileHeight;
  }

  /** Whether a block is left out: its byte count or, as GDAL writes it, both fields are 0. */
  public boolean missing(long column, long row) {
    return byteCounts[(int) (row * tilesAcross() + column)] == 0;
  }

  /** The TIFF orientation: 1 for a picture that is stored upright. */
  public long orientation() {
    return directory.integer(TiffTag.ORIENTATION, 1);
  }

  /** The compressed bytes of a block. */
  byte[] blockData(long column, long row, int plane) {
    int index = (int) (plane * tilesAcross() * tilesDown() + row * tilesAcross() + column);
    return file.read(offsets[index], byteCounts[index]);
  }

  /** Offset of the first block. */
  public long firstOffset() {
    return offsets[0];
  }

  /** Byte count of the first block. */
  public long firstByteCount() {
    return byteCounts[0];
  }

  /** All block offsets; not copied, not to be changed. */
  public long[] offsets() {
    return offsets;
  }

  /** All block byte counts; not copied, not to be changed. */
  public long[] allByteCounts() {
    return byteCounts;
  }
}
