package io.github.gpfm.tiling.dataset;

import com.google.common.cache.CacheBuilder;
import com.google.common.cache.CacheLoader;
import com.google.common.cache.LoadingCache;
import com.google.common.cache.RemovalNotification;
import com.google.common.util.concurrent.UncheckedExecutionException;
import io.github.gpfm.api.GpfmException;
import io.github.gpfm.api.Slide;
import io.github.gpfm.api.SlideClosedException;
import io.github.gpfm.api.SlideOptions;
import io.github.gpfm.api.TilingException;
import io.github.gpfm.slideio.Slides;
import io.github.gpfm.tiling.grid.TileReader;
import io.github.gpfm.tiling.grid.TileTable;
import java.awt.image.BufferedImage;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;

/** Tiles decoded from slides on the fly; at most a few slides are open at a time. */
final class SlideDataset implements TileDataset {
  private static final int MAX_OPEN = 16;
  private static final int ATTEMPTS = 5;

  private final List<TileTable> tables;
  private final int[] firstTile;
  private final int size;
  private final LoadingCache<Integer, Slide> open;
  private volatile boolean closed;

  private SlideDataset(List<Path> slides, List<TileTable> tables, SlideOptions options) {
    this.tables = tables;
    firstTile = new int[tables.size()];
    int tiles = 0;
    for (int i = 0; i < firstTile.length; i++) {
      firstTile[i] = tiles;
      tiles = Math.addExact(tiles, tables.get(i).size());
    }
    size = tiles;
    open =
        CacheBuilder.newBuilder()
            .maximumSize(MAX_OPEN)
            .removalListener(
                (RemovalNotification<Integer, Slide> removal) -> {
                  Slide slide = removal.getValue();
                  if (slide != null) {
                    slide.close();
                  }
                })
            .build(CacheLoader.from(number -> Slides.open(slides.get(number), options)));
  }

  static SlideDataset open(Map<Path, TileTable> slides, SlideOptions options) {
    List<Path> paths = new ArrayList<>();
    List<TileTable> tables = new ArrayList<>();
    slides.forEach(
        (path, table) -> {
          if (table.size() > 0) {
            paths.add(path);
            tables.add(table);
          }
        });
    if (tables.isEmpty()) {
      throw new TilingException("There is no tile on any of " + slides.size() + " slides.");
    }
    return new SlideDataset(paths, tables, options);
  }

  @Override
  public int size() {
    return size;
  }

  @Override
  public BufferedImage image(int i) {
    int slide = slideOf(i);
    for (int attempt = 1; ; attempt++) {
      if (closed) {
        throw new TilingException("The data set of slides is closed.");
      }
      try {
        return new TileReader(open.getUnchecked(slide), tables.get(slide).grid())
            .read(i - firstTile[slide]);
      } catch (SlideClosedException e) {
        // Another thread's slide has pushed this one out between finding and reading it.
        if (attempt == ATTEMPTS) {
          throw e;
        }
      } catch (UncheckedExecutionException e) {
        if (e.getCause() instanceof GpfmException own) {
          throw own;
        }
        throw e;
      }
    }
  }

  @Override
  public String key(int i) {
    int slide = slideOf(i);
    TileTable table = tables.get(slide);
    int tile = i - firstTile[slide];
    return table.slide() + "_" + table.grid().x(tile) + "_" + table.grid().y(tile);
  }

  private int slideOf(int i) {
    if (i < 0 || i >= size) {
      throw new IndexOutOfBoundsException("tile " + i + " of " + size);
    }
    int found = Arrays.binarySearch(firstTile, i);
    return found >= 0 ? found : -found - 2;
  }

  @Override
  public void close() {
    closed = true;
    open.invalidateAll();
  }
}
