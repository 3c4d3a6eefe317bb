package io.github.gpfm.examples;

import io.github.gpfm.api.Encoder;
import io.github.gpfm.api.InvalidOptionException;
import io.github.gpfm.api.Slide;
import io.github.gpfm.encoder.features.FeatureReader;
import io.github.gpfm.eval.linalg.Matrix;
import io.github.gpfm.eval.roi.TileFeatures;
import io.github.gpfm.tiling.format.CoordsH5;
import io.github.gpfm.tiling.format.SlideName;
import io.github.gpfm.tiling.grid.TileReader;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** The tiles that {@code gpfm nearest} searches: features, names, and where their pixels are. */
final class SearchedTiles {
  private static final int BATCH = 32;

  private final @Nullable Path slides;
  private final ReaderOptions readerOptions;
  private final List<String> ids = new ArrayList<>();
  private final List<Source> sources = new ArrayList<>();
  private final List<float[]> parts = new ArrayList<>();
  private int dimension;

  /** Where a tile's pixels are: an image file, or a row of a feature file. */
  private record Source(Path file, int row) {}

  SearchedTiles(@Nullable Path slides, ReaderOptions readerOptions) {
    this.slides = slides;
    this.readerOptions = readerOptions;
  }

  void add(Path source, Encoder encoder) {
    if (Files.isDirectory(source)) {
      addImages(source, encoder);
    } else {
      addFeatures(source);
    }
  }

  private void addFeatures(Path file) {
    try (FeatureReader reader = FeatureReader.openVectors(file)) {
      accept(file, reader.dimension(), reader.read(0, reader.rows()));
      long[] coords = reader.coords();
      String slide = SlideName.of(file);
      for (int i = 0; i < reader.rows(); i++) {
        String place = coords.length == 0 ? "" : " at " + coords[2 * i] + "," + coords[2 * i + 1];
        ids.add(slide + " tile " + i + place);
        sources.add(new Source(file, i));
      }
    }
  }

  private void addImages(Path folder, Encoder encoder) {
    List<Path> files;
    try (Stream<Path> all = Files.walk(folder)) {
      files = all.filter(SearchedTiles::isImage).sorted().toList();
    } catch (IOException e) {
      throw new InvalidOptionException("The folder '" + folder + "' cannot be listed.", e);
    }
    if (files.isEmpty()) {
      throw new InvalidOptionException("'" + folder + "' holds no image; check --index.");
    }
    for (int from = 0; from < files.size(); from += BATCH) {
      List<Path> batch = files.subList(from, Math.min(files.size(), from + BATCH));
      List<BufferedImage> images = batch.stream().map(TileFeatures::read).toList();
      accept(folder, encoder.info().dimension(), encoder.embed(images).toArray());
      for (Path file : batch) {
        ids.add(folder.relativize(file).toString().replace('\\', '/'));
        sources.add(new Source(file, -1));
      }
    }
  }

  private static boolean isImage(Path file) {
    String name = file.getFileName().toString().toLowerCase(Locale.ROOT);
    return name.matches(".*\\.(png|jpe?g|tiff?)");
  }

  private void accept(Path from, int width, float[] features) {
    if (dimension != 0 && dimension != width) {
      throw new InvalidOptionException(
          "'%s' has features of %d dimensions, those before of %d: index one encoder's features."
              .formatted(from, width, dimension));
    }
    dimension = width;
    parts.add(features);
  }

  List<String> ids() {
    return ids;
  }

  Matrix features() {
    float[] all = new float[Math.multiplyExact(ids.size(), dimension)];
    int at = 0;
    for (float[] part : parts) {
      System.arraycopy(part, 0, all, at, part.length);
      at += part.length;
    }
    return Matrix.of(ids.size(), dimension, all);
  }

  /** Pixels of a tile. */
  BufferedImage picture(int tile) {
    Source source = sources.get(tile);
    if (source.row() < 0) {
      return TileFeatures.read(source.file());
    }
    try (Slide slide = readerOptions.open(slideOf(source.file()))) {
      return new TileReader(slide, CoordsH5.read(source.file()).grid(slide)).read(source.row());
    }
  }

  private Path slideOf(Path features) {
    if (slides == null) {
      throw new InvalidOptionException(
          "A picture of tiles of '" + features + "' needs --slides, the folder of its slide.");
    }
    String name = SlideName.of(features);
    try (Stream<Path> all = Files.list(slides)) {
      return all.filter(f -> !f.equals(features) && isSlideOf(f, name))
          .min(Comparator.naturalOrder())
          .orElseThrow(
              () ->
                  new InvalidOptionException(
                      "'" + slides + "' holds no slide '" + name + "'; check --slides."));
    } catch (IOException e) {
      throw new InvalidOptionException("The folder '" + slides + "' cannot be listed.", e);
    }
  }

  private static boolean isSlideOf(Path file, String name) {
    String ending = file.getFileName().toString().toLowerCase(Locale.ROOT);
    return SlideName.of(file).equals(name)
        && !ending.matches(".*\\.(h5|geojson|json|csv|npy|safetensors|pt)");
  }
}
