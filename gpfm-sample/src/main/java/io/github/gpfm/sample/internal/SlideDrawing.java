package io.github.gpfm.sample.internal;

import io.github.gpfm.api.ProgressListener;
import io.github.gpfm.sample.SyntheticSlide;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.stream.IntStream;

/** Draws a layout into a pyramid file, rows of tiles at a time, on all processors. */
public final class SlideDrawing {
  private static final int TILE = 256;
  private static final float JPEG_QUALITY = 0.82f;

  private final Layout layout;
  private final SyntheticSlide slide;

  /**
   * @param layout what to draw
   * @param slide how to store it
   */
  public SlideDrawing(Layout layout, SyntheticSlide slide) {
    this.layout = layout;
    this.slide = slide;
  }

  /**
   * @param file to write
   * @param progress hears of rows of tiles
   */
  public void write(Path file, ProgressListener progress) throws IOException {
    int levels = 1;
    // No level narrower than a tile: some readers fill what is missing with chance bytes.
    while (levels < 5 && Math.min(slide.width(), slide.height()) >> levels >= TILE) {
      levels++;
    }
    try (FileChannel out =
        FileChannel.open(
            file,
            StandardOpenOption.CREATE,
            StandardOpenOption.TRUNCATE_EXISTING,
            StandardOpenOption.WRITE)) {
      PyramidTiffWriter writer =
          new PyramidTiffWriter(
              out,
              slide.width(),
              slide.height(),
              levels,
              TILE,
              slide.mpp(),
              slide.compression() == SyntheticSlide.Compression.JPEG,
              JPEG_QUALITY,
              "Synthetic H&E-like slide, seed " + slide.seed());
      TileRenderer renderer = new TileRenderer(layout);
      progress.started("draw " + slide.width() + "x" + slide.height(), writer.rows());
      try {
        for (int row = 0; row < writer.rows(); row++) {
          int y0 = row * TILE;
          List<int[]> tiles =
              IntStream.range(0, writer.columns())
                  .parallel()
                  .mapToObj(column -> renderer.render(column * TILE, y0, TILE))
                  .toList();
          writer.row(tiles);
          progress.advanced(row + 1);
        }
        writer.finish();
      } finally {
        progress.finished();
      }
    }
  }
}
