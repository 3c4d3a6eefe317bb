package io.github.gpfm.parquet;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import org.apache.parquet.bytes.BytesInput;
import org.apache.parquet.column.ColumnDescriptor;
import org.apache.parquet.column.Encoding;
import org.apache.parquet.column.page.DataPage;
import org.apache.parquet.column.page.DataPageV1;
import org.apache.parquet.column.page.DataPageV2;
import org.apache.parquet.column.page.DictionaryPage;
import org.apache.parquet.column.page.PageReadStore;
import org.apache.parquet.column.page.PageReader;
import org.jspecify.annotations.Nullable;

/**
 * Pages whose counts have been held against one another and against their bytes. A few bytes may
 * claim two thousand million values, for which the library takes memory; a page's checksum does not
 * tell, as whoever wrote the page wrote that too.
 */
final class CheckedPages implements PageReadStore {
  /** No value of a dictionary takes fewer. */
  private static final int SMALLEST_VALUE = 4;

  private final PageReadStore pages;

  CheckedPages(PageReadStore pages) {
    this.pages = pages;
  }

  @Override
  public long getRowCount() {
    return pages.getRowCount();
  }

  @Override
  public PageReader getPageReader(ColumnDescriptor column) {
    PageReader reader = pages.getPageReader(column);
    return new PageReader() {
      private long left = reader.getTotalValueCount();

      @Override
      public @Nullable DictionaryPage readDictionaryPage() {
        DictionaryPage page = reader.readDictionaryPage();
        if (page != null && page.getDictionarySize() > page.getBytes().size() / SMALLEST_VALUE) {
          throw damaged("a dictionary claims %d values".formatted(page.getDictionarySize()));
        }
        return page;
      }

      @Override
      public long getTotalValueCount() {
        return reader.getTotalValueCount();
      }

      @Override
      public @Nullable DataPage readPage() {
        DataPage page = reader.readPage();
        if (page == null) {
          return null;
        }
        left -= page.getValueCount();
        if (page.getValueCount() < 0 || left < 0) {
          throw damaged("its pages have more values than it");
        }
        return page.accept(
            new DataPage.Visitor<DataPage>() {
              @Override
              public DataPage visit(DataPageV1 first) {
                return check(column, first);
              }

              @Override
              public DataPage visit(DataPageV2 second) {
                return check(column, second);
              }
            });
      }
    };
  }

  private static DataPage check(ColumnDescriptor column, DataPageV1 page) {
    try {
      byte[] bytes = PageCodecs.array(page.getBytes());
      int values = page.getValueCount();
      int at = 0;
      at = levels(bytes, at, page.getRlEncoding(), column.getMaxRepetitionLevel(), values);
      at = levels(bytes, at, page.getDlEncoding(), column.getMaxDefinitionLevel(), values);
      values(bytes, at, page.getValueEncoding(), values);
      return new DataPageV1(
          BytesInput.from(bytes),
          values,
          page.getUncompressedSize(),
          page.getStatistics(),
          page.getRlEncoding(),
          page.getDlEncoding(),
          page.getValueEncoding());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static DataPage check(ColumnDescriptor column, DataPageV2 page) {
    try {
      byte[] repetition = PageCodecs.array(page.getRepetitionLevels());
      byte[] definition = PageCodecs.array(page.getDefinitionLevels());
      byte[] data = PageCodecs.array(page.getData());
      int values = page.getValueCount();
      RunLengths.checkRuns(
          repetition, 0, repetition.length, width(column.getMaxRepetitionLevel()), values);
      RunLengths.checkRuns(
          definition, 0, definition.length, width(column.getMaxDefinitionLevel()), values);
      values(data, 0, page.getDataEncoding(), values);
      return DataPageV2.uncompressed(
          page.getRowCount(),
          page.getNullCount(),
          values,
          BytesInput.from(repetition),
          BytesInput.from(definition),
          page.getDataEncoding(),
          BytesInput.from(data),
          page.getStatistics());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Returns where the levels end. */
  private static int levels(byte[] bytes, int at, Encoding encoding, int most, int values)
      throws IOException {
    if (most == 0) {
      return at;
    }
    if (encoding != Encoding.RLE) {
      throw new IOException("levels encoded as " + encoding + " are not read");
    }
    if (bytes.length - at < Integer.BYTES) {
      throw new IOException("a page ends before its values");
    }
    int length = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN).getInt(at);
    RunLengths.checkRuns(bytes, at + Integer.BYTES, length, width(most), values);
    return at + Integer.BYTES + length;
  }

  private static int width(int most) {
    return Integer.SIZE - Integer.numberOfLeadingZeros(most);
  }

  private static void values(byte[] bytes, int at, Encoding encoding, int values)
      throws IOException {
    switch (encoding) {
      // Their length is that of the bytes.
      case PLAIN, BYTE_STREAM_SPLIT -> {}
      case PLAIN_DICTIONARY, RLE_DICTIONARY -> {
        if (at < bytes.length) {
          RunLengths.checkRuns(bytes, at + 1, bytes.length - at - 1, bytes[at], values);
        }
      }
      case DELTA_BINARY_PACKED, DELTA_LENGTH_BYTE_ARRAY ->
          RunLengths.checkDifferences(bytes, at, values);
      default -> throw new IOException("values encoded as " + encoding + " are not read");
    }
  }

  private static UncheckedIOException damaged(String what) {
    return new UncheckedIOException(new IOException(what));
  }

  @Override
  public void close() {
    pages.close();
  }
}
