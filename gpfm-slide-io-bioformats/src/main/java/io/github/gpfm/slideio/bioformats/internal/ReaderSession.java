package io.github.gpfm.slideio.bioformats.internal;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * An open file, for one thread at a time.
 *
 * @param reader initialised
 * @param metadata filled by the reader
 * @param values reads the metadata's quantities
 * @param reduced the pages of a plain TIFF, {@code null} for every other format
 */
record ReaderSession(
    FormatReader reader, OmeMetadata metadata, OmeValues values, @Nullable ReducedPages reduced) {

  /** Opens sessions on one file. */
  interface Factory {
    ReaderSession open() throws Exception;
  }

  /** Bytes of a rectangle that lies inside the page, one array a channel. */
  List<byte[]> read(ImagePage page, int x, int y, int width, int height) throws Exception {
    if (page.tiffPage() != ImagePage.NO_TIFF_PAGE && reduced != null) {
      return List.of(reduced.read(page, x, y, width, height));
    }
    reader.setSeries(page.series());
    reader.setResolution(page.resolution());
    List<byte[]> planes = new ArrayList<>();
    for (PixelLayout.Channel channel : page.pixels().channels()) {
      planes.add(reader.openBytes(channel.plane(), x, y, width, height));
    }
    return planes;
  }

  /** Closes the file. */
  void close() throws Exception {
    try {
      reader.close();
    } finally {
      if (reduced != null) {
        reduced.close();
      }
    }
  }
}
