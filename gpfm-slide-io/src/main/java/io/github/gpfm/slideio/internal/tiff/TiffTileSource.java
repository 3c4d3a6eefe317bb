package io.github.gpfm.slideio.internal.tiff;

import io.github.gpfm.slideio.internal.builtin.TileSource;
import io.github.gpfm.slideio.internal.codec.CodecException;
import io.github.gpfm.slideio.internal.codec.DecodedImage;
import io.github.gpfm.slideio.internal.codec.Deflate;
import io.github.gpfm.slideio.internal.codec.Jpeg2000Decoder;
import io.github.gpfm.slideio.internal.codec.JpegDecoder;
import io.github.gpfm.slideio.internal.codec.JpegPicture;
import io.github.gpfm.slideio.internal.codec.Lzw;
import io.github.gpfm.slideio.internal.codec.Predictor;
import io.github.gpfm.slideio.internal.codec.RunLength;
import io.github.gpfm.slideio.internal.codec.WebP;
import io.github.gpfm.slideio.internal.codec.Zstd;
import java.util.Arrays;

/** The tiles or strips of one TIFF image. */
public final class TiffTileSource implements TileSource {
  private final TiffImage image;
  private final PixelUnpacker unpacker;
  private final int predictor;

  /** Tiles of an image. */
  public TiffTileSource(TiffImage image) {
    this.image = image;
    this.unpacker = new PixelUnpacker(image);
    this.predictor = (int) image.directory().integer(TiffTag.PREDICTOR, 1);
    if (image.predictable() && (predictor > 2 || (predictor == 2 && image.bits() < 8))) {
      throw image.file().unsupported("the TIFF predictor " + predictor + " is not supported");
    }
  }

  /** The image. */
  public TiffImage image() {
    return image;
  }

  @Override
  public long width() {
    return image.width();
  }

  @Override
  public long height() {
    return image.height();
  }

  @Override
  public int tileWidth() {
    return image.tileWidth();
  }

  @Override
  public int tileHeight() {
    return image.tileHeight();
  }

  @Override
  public boolean decode(long column, long row, int[] argb) {
    if (image.missing(column, row)) {
      return false;
    }
    try {
      decodeBlock(column, row, argb);
      return true;
    } catch (CodecException e) {
      throw image
          .file()
          .damaged(
              "tile " + column + "," + row + " of its image " + place() + ": " + e.getMessage(), e);
    }
  }

  private String place() {
    return image.directory().index() < 0
        ? "in a sub-directory"
        : Integer.toString(image.directory().index());
  }

  private void decodeBlock(long column, long row, int[] argb) throws CodecException {
    byte[] data = image.blockData(column, row, 0);
    if (image.compression() == TiffImage.COMPRESSION_JPEG && !image.planar()) {
      decodeJpeg(data, argb);
      return;
    }
    if (image.jpeg2000() && !image.planar()) {
      decodeJpeg2000(data, argb);
      return;
    }
    int planes = image.planar() ? image.samples() : 1;
    int rows = image.rowsOf(row);
    byte[][] samples = new byte[planes][];
    for (int plane = 0; plane < planes; plane++) {
      byte[] block = plane == 0 ? data : image.blockData(column, row, plane);
      samples[plane] = image.picture() ? plane(block, rows) : expand(block, rows);
    }
    unpacker.unpack(samples, rows, argb);
  }

  private void decodeJpeg(byte[] data, int[] argb) throws CodecException {
    JpegPicture picture = JpegDecoder.open(data, image.jpegTables());
    requireFits(picture.width(), picture.height());
    picture.argb(
        image.photometric() == TiffImage.PHOTOMETRIC_YCBCR,
        argb,
        image.tileWidth(),
        image.tileHeight());
    if (picture.header().components() == 1) {
      unpacker.finishGrey(argb);
    }
  }

  private void decodeJpeg2000(byte[] data, int[] argb) throws CodecException {
    DecodedImage decoded = Jpeg2000Decoder.decode(data, image.tileWidth(), image.tileHeight());
    requireFits(decoded.width(), decoded.height());
    boolean yCbCr = yCbCrJpeg2000(data);
    decoded.argb(yCbCr, argb, image.tileWidth(), image.tileHeight());
    if (decoded.bands() == 1) {
      unpacker.finishGrey(argb);
    }
  }

  /**
   * Whether what comes out of a JPEG 2000 block is YCbCr. 33003 and 33005 say it; with 34712 the
   * photometric interpretation does, unless the codestream undoes a transform of its own. 33004 is
   * RGB from Bio-Formats and tifffile, which sign as the software, and YCbCr behind a photometric
   * interpretation of RGB from libvips, which does not.
   */
  private boolean yCbCrJpeg2000(byte[] data) throws CodecException {
    if (image.samples() < 3) {
      return false;
    }
    boolean labelled = image.photometric() == TiffImage.PHOTOMETRIC_YCBCR;
    return switch (image.compression()) {
      case TiffImage.COMPRESSION_JPEG2000_YCBCR -> true;
      case TiffImage.COMPRESSION_JPEG2000_RGB -> false;
      case TiffImage.COMPRESSION_JPEG2000_LOSSY ->
          labelled
              ? !Jpeg2000Decoder.transformsComponents(data)
              : image.directory().text(TiffTag.SOFTWARE).orElse("").isBlank();
      default -> labelled && !Jpeg2000Decoder.transformsComponents(data);
    };
  }

  /** One plane of a JPEG or JPEG 2000 picture whose planes are coded each for itself. */
  private byte[] plane(byte[] data, int rows) throws CodecException {
    DecodedImage decoded =
        image.jpeg2000()
            ? Jpeg2000Decoder.decode(data, image.tileWidth(), image.tileHeight())
            : JpegDecoder.decode(data, image.jpegTables());
    requireFits(decoded.width(), decoded.height());
    if (decoded.bands() != 1) {
      throw new CodecException("a plane has " + decoded.bands() + " components, not 1");
    }
    if (decoded.width() == image.tileWidth()) {
      return decoded.samples();
    }
    byte[] cropped = new byte[image.tileWidth() * rows];
    for (int y = 0; y < Math.min(rows, decoded.height()); y++) {
      System.arraycopy(
          decoded.samples(),
          y * decoded.width(),
          cropped,
          y * image.tileWidth(),
          image.tileWidth());
    }
    return cropped;
  }

  /** A smaller picture than the tile would leave a hole: the last tiles of a row are padded. */
  private void requireFits(int width, int height) throws CodecException {
    boolean strip = !image.tiled();
    if (width < image.tileWidth() || (!strip && height < image.tileHeight())) {
      throw new CodecException(
          "its picture has "
              + width
              + " x "
              + height
              + " pixels, the tile "
              + image.tileWidth()
              + " x "
              + image.tileHeight());
    }
  }

  private byte[] expand(byte[] data, int rows) throws CodecException {
    long length = (long) image.rowBytes() * rows;
    // LZW makes at most 1:2731; Zstandard and lossless WebP have no such bound, tiles do.
    boolean dense =
        image.compression() == TiffImage.COMPRESSION_ZSTD
            || image.compression() == TiffImage.COMPRESSION_WEBP;
    if (length > Integer.MAX_VALUE / 2 || !dense && length / 4096 > data.length) {
      throw new CodecException("a block of " + length + " bytes cannot come from " + data.length);
    }
    int size = (int) length;
    byte[] expanded =
        switch (image.compression()) {
          case TiffImage.COMPRESSION_LZW -> Lzw.decode(data, size);
          case TiffImage.COMPRESSION_DEFLATE, TiffImage.COMPRESSION_OLD_DEFLATE ->
              Deflate.decode(data, size);
          case TiffImage.COMPRESSION_ZSTD -> Zstd.decode(data, size);
          case TiffImage.COMPRESSION_WEBP ->
              WebP.decode(data, image.tileWidth(), rows, image.samples());
          case TiffImage.COMPRESSION_PACKBITS -> RunLength.decode(data, 0, data.length, size);
          case TiffImage.COMPRESSION_NONE -> exactly(data, size);
          default ->
              throw new CodecException(
                  "planes with compression " + image.compression() + " are not supported");
        };
    if (predictor == 2 && image.predictable()) {
      Predictor.undo(
          expanded,
          image.rowBytes(),
          image.planar() ? 1 : image.samples(),
          image.bits(),
          image.directory().order());
    }
    return expanded;
  }

  private static byte[] exactly(byte[] data, int size) throws CodecException {
    if (data.length < size) {
      throw new CodecException("it has " + data.length + " bytes, not " + size);
    }
    return data.length == size ? data : Arrays.copyOf(data, size);
  }
}
