package io.github.gpfm.pipeline;

import io.github.gpfm.api.Embeddings;
import io.github.gpfm.api.EncoderException;
import io.github.gpfm.api.GpfmException;
import io.github.gpfm.encoder.features.FeatureHeader;
import io.github.gpfm.encoder.features.FeatureWriter;
import io.github.gpfm.encoder.features.NonFinitePolicy;
import io.github.gpfm.tiling.grid.TileReader;
import java.awt.image.BufferedImage;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A slide on its way through the network. Its tiles are read by any thread; all else is for one
 * thread at a time. A slide that fails gives blank tiles for those that were promised already, so
 * that other slides in the same batch are not disturbed.
 */
final class SlideJob implements AutoCloseable {
  private final SlideEncoding.Ready ready;
  private final boolean there;
  private final int patches;
  private final int dimension;
  private final NonFinitePolicy nonFinite;
  private final @Nullable FeatureWriter writer;
  private final TileReader reader;
  private final int first;
  private final int tiles;
  private volatile @Nullable Throwable failure;
  private int issued;
  private int delivered;

  /** A slide without tiles for the network. */
  SlideJob(SlideEncoding.Ready ready, boolean there, int dimension) {
    this(ready, there, 0, dimension, NonFinitePolicy.refuse(), null, 0, 0);
  }

  /** A slide whose features are written by a writer, which is closed with it. */
  SlideJob(
      SlideEncoding.Ready ready,
      FeatureHeader header,
      NonFinitePolicy nonFinite,
      FeatureWriter writer) {
    this(ready, header, nonFinite, writer, 0);
  }

  /**
   * As many tiles of a slide as the header has rows.
   *
   * @param first number of the first of them
   */
  SlideJob(
      SlideEncoding.Ready ready,
      FeatureHeader header,
      NonFinitePolicy nonFinite,
      FeatureWriter writer,
      int first) {
    this(
        ready,
        false,
        header.patches(),
        header.dimension(),
        nonFinite,
        writer,
        first,
        header.rows());
  }

  private SlideJob(
      SlideEncoding.Ready ready,
      boolean there,
      int patches,
      int dimension,
      NonFinitePolicy nonFinite,
      @Nullable FeatureWriter writer,
      int first,
      int tiles) {
    this.first = first;
    this.tiles = tiles;
    this.ready = ready;
    this.there = there;
    this.patches = patches;
    this.dimension = dimension;
    this.nonFinite = nonFinite;
    this.writer = writer;
    this.reader = new TileReader(ready.slide().slide(), ready.slide().grid());
  }

  SlideEncoding.Ready ready() {
    return ready;
  }

  /** Whether the features are there already and only companions are missing. */
  boolean there() {
    return there;
  }

  int patches() {
    return patches;
  }

  int dimension() {
    return dimension;
  }

  NonFinitePolicy nonFinite() {
    return nonFinite;
  }

  Optional<FeatureWriter> writer() {
    return Optional.ofNullable(writer);
  }

  String name() {
    return ready.slide().input().name();
  }

  /** Tiles that go through the network. */
  int tiles() {
    return tiles;
  }

  /** Whether there is a tile that was not issued yet; none of a slide that failed. */
  boolean hasNext() {
    return failure == null && issued < tiles();
  }

  /** Number of the next tile of the slide. */
  int issue() {
    return first + issued++;
  }

  int delivered() {
    return delivered;
  }

  /** Whether nothing more is to come from the network. */
  boolean isDelivered() {
    return delivered == issued && !hasNext();
  }

  /** Reads a tile; blank if the slide has failed or fails with it. */
  BufferedImage read(int tile) {
    if (failure == null) {
      long start = System.nanoTime();
      try {
        return reader.read(tile);
      } catch (GpfmException | OutOfMemoryError | LinkageError e) {
        fail(e);
      } catch (RuntimeException e) {
        fail(new EncoderException("An image could not be embedded: " + e, e));
      } finally {
        ready.slide().timings().add("decode", System.nanoTime() - start);
      }
    }
    int edge = reader.grid().geometry().tileSize();
    return new BufferedImage(edge, edge, BufferedImage.TYPE_INT_RGB);
  }

  /** Takes the features of its next tiles. */
  void deliver(Embeddings rows) {
    int row = delivered;
    delivered += rows.count();
    FeatureWriter open = writer;
    if (failure != null || open == null) {
      return;
    }
    try {
      open.write(row, rows);
    } catch (RuntimeException | OutOfMemoryError e) {
      fail(e);
    }
  }

  /** Remembers the first failure. */
  synchronized void fail(Throwable e) {
    if (failure == null) {
      failure = e;
    }
  }

  Optional<Throwable> failure() {
    return Optional.ofNullable(failure);
  }

  /** Closes the slide; what was not committed is gone. */
  @Override
  public void close() {
    try (ready) {
      if (writer != null) {
        writer.close();
      }
    }
  }
}
