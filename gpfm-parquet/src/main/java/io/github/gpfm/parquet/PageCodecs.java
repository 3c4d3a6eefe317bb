package io.github.gpfm.parquet;

import com.github.luben.zstd.Zstd;
import com.github.luben.zstd.ZstdException;
import io.github.gpfm.support.Limits;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import org.apache.parquet.bytes.BytesInput;
import org.apache.parquet.compression.CompressionCodecFactory;
import org.apache.parquet.hadoop.metadata.CompressionCodecName;
import org.xerial.snappy.Snappy;

/**
 * Compresses pages with Zstandard and decompresses what pandas and Arrow write by default.
 * Parquet's own factory would ask Hadoop's configuration, for which its whole runtime is needed.
 */
final class PageCodecs implements CompressionCodecFactory {
  private static final int LEVEL = 3;

  @Override
  public BytesInputCompressor getCompressor(CompressionCodecName name) {
    if (name != CompressionCodecName.ZSTD && name != CompressionCodecName.UNCOMPRESSED) {
      throw new IllegalArgumentException("pages are not written with " + name);
    }
    return new BytesInputCompressor() {
      @Override
      public BytesInput compress(BytesInput bytes) throws IOException {
        return name == CompressionCodecName.UNCOMPRESSED
            ? bytes
            : BytesInput.from(Zstd.compress(array(bytes), LEVEL));
      }

      @Override
      public CompressionCodecName getCodecName() {
        return name;
      }

      @Override
      public void release() {}
    };
  }

  @Override
  public BytesInputDecompressor getDecompressor(CompressionCodecName name) {
    return new BytesInputDecompressor() {
      @Override
      public BytesInput decompress(BytesInput bytes, int size) throws IOException {
        return BytesInput.from(decompressed(name, array(bytes), size));
      }

      @Override
      public void decompress(ByteBuffer input, int inputSize, ByteBuffer output, int size)
          throws IOException {
        byte[] compressed = new byte[inputSize];
        input.get(compressed);
        output.put(decompressed(name, compressed, size));
      }

      @Override
      public void release() {}
    };
  }

  static byte[] array(BytesInput bytes) throws IOException {
    ByteArrayOutputStream out = new ByteArrayOutputStream(Math.toIntExact(bytes.size()));
    bytes.writeAllTo(out);
    return out.toByteArray();
  }

  private static byte[] decompressed(CompressionCodecName name, byte[] bytes, int size)
      throws IOException {
    return switch (name) {
      case UNCOMPRESSED -> bytes;
      case SNAPPY -> {
        requireReasonable(size, Snappy.uncompressedLength(bytes));
        yield Snappy.uncompress(bytes);
      }
      case ZSTD -> {
        requireReasonable(size, Zstd.getFrameContentSize(bytes));
        try {
          yield Zstd.decompress(bytes, size);
        } catch (ZstdException e) {
          throw new IOException("a page cannot be decompressed: " + e.getMessage(), e);
        }
      }
      default -> throw new IOException("pages compressed with " + name + " are not read");
    };
  }

  /** A page says how long it gets, and memory is taken as it says. */
  private static void requireReasonable(int size, long compressed) throws IOException {
    if (compressed > 0 && compressed != size) {
      throw new IOException("a page claims %d bytes and holds %d".formatted(size, compressed));
    }
    long most = Limits.defaults().bytes();
    if (size < 0 || size > most) {
      throw new IOException(
          "a page of %d bytes is larger than %d MB; raise -Dgpfm.limit.bytes if it can be trusted"
              .formatted(size, most >> 20));
    }
  }

  @Override
  public void release() {}
}
