package io.github.gpfm.slideio.bioformats.internal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.OptionalInt;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** Pages that a TIFF marks as reduced copies, which the series do not show, become levels. */
class ReducedPagesTest {
  /** One page; its samples are its own number. */
  private record Page(int width, int height, boolean reduced) implements TiffPage {
    @Override
    public @Nullable Object getIFDValue(int tag) {
      return tag == 254 && reduced ? 1L : null;
    }

    @Override
    public long getImageWidth() {
      return width;
    }

    @Override
    public long getImageLength() {
      return height;
    }

    @Override
    public long getTileWidth() {
      return 16;
    }

    @Override
    public long getTileLength() {
      return 16;
    }

    @Override
    public int getSamplesPerPixel() {
      return 3;
    }

    @Override
    public int getPixelType() {
      return SampleType.UINT8.ordinal();
    }

    @Override
    public boolean isLittleEndian() {
      return true;
    }
  }

  private static final class Parser implements TiffPages {
    private final List<Page> pages;
    private final List<Object> filled = new ArrayList<>();
    private boolean closed;

    Parser(List<Page> pages) {
      this.pages = pages;
    }

    @Override
    public List<?> getMainIFDs() {
      return pages;
    }

    @Override
    public void fillInIFD(Object page) {
      filled.add(page);
    }

    @Override
    public byte[] getSamples(Object page, byte[] buffer, int x, int y, long width, long height) {
      java.util.Arrays.fill(buffer, (byte) pages.indexOf(page));
      return buffer;
    }

    @Override
    public void close() {
      closed = true;
    }
  }

  private static ReaderSession session(FakeFile file, Parser parser) throws Exception {
    ReaderSession plain = file.open();
    return new ReaderSession(
        plain.reader(),
        plain.metadata(),
        plain.values(),
        new ReducedPages(parser, Page.class::cast));
  }

  @Test
  void hiddenPagesFollowTheirSeries() throws Exception {
    FakeFile file = new FakeFile().with(FakeFile.series(400, 300)).with(FakeFile.series(400, 300));
    Parser parser =
        new Parser(
            List.of(
                new Page(400, 300, false),
                new Page(200, 150, true),
                new Page(90, 90, true),
                new Page(100, 75, true),
                new Page(400, 300, false),
                new Page(50, 37, true)));
    ReaderSession session = session(file, parser);
    assertEquals(6, parser.filled.size());
    SlideLayout first = LayoutReader.read(session, OptionalInt.of(0));
    assertEquals(List.of(-1, 1, 3), first.levels().stream().map(ImagePage::tiffPage).toList());
    SlideLayout second = LayoutReader.read(session, OptionalInt.of(1));
    assertEquals(List.of(-1, 5), second.levels().stream().map(ImagePage::tiffPage).toList());
    int pixel = new RegionReader(session, first.levels().get(2)).whole().getRGB(99, 74);
    assertEquals(0xff030303, pixel);
    session.close();
    assertTrue(parser.closed);
    assertEquals(0, file.open.get());
  }

  @Test
  void pagesOfAStackAreNoLevels() throws Exception {
    FakeFile file = new FakeFile().with(FakeFile.series(400, 300));
    Parser parser =
        new Parser(
            List.of(
                new Page(400, 300, false),
                new Page(200, 150, true),
                new Page(400, 300, false),
                new Page(100, 75, true)));
    SlideLayout layout = LayoutReader.read(session(file, parser), OptionalInt.empty());
    assertEquals(List.of(-1, 1), layout.levels().stream().map(ImagePage::tiffPage).toList());
  }
}
