package io.github.gpfm.tiling.dataset;

import io.github.gpfm.api.Described;
import io.github.gpfm.api.Recipe;
import io.github.gpfm.api.TilingException;
import io.github.gpfm.slideio.Slides;
import io.github.gpfm.support.Sha256;
import io.github.gpfm.tiling.grid.TileTable;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/**
 * Tiles with random access, for training. The order is fixed: the same files give the same tile for
 * the same number. Every method may be called from many threads at once.
 */
public interface TileDataset extends AutoCloseable, Described {
  /** Number of tiles. */
  int size();

  /**
   * Decodes tile {@code i}, 0 ≤ i &lt; {@link #size()}.
   *
   * @return {@link BufferedImage#TYPE_INT_RGB}, a new image the caller may change
   * @throws TilingException if it cannot be decoded
   * @throws io.github.gpfm.api.SlideException if it cannot be read from its slide
   */
  BufferedImage image(int i);

  /** A name of tile {@code i} that no other tile of the set has. */
  String key(int i);

  /**
   * How many tiles there are and their keys in order. A data set that is made of files adds their
   * content; one whose pixels can change otherwise should add what decides them.
   */
  @Override
  default void describe(Recipe.Builder recipe) {
    recipe.add("tiles.count", size()).hash("tiles.keys", size() + " keys", keyDigest());
  }

  /** SHA-256 of the keys in order, lower-case hexadecimal. */
  default String keyDigest() {
    Sha256 digest = new Sha256();
    for (int i = 0; i < size(); i++) {
      digest.add(key(i) + "\0");
    }
    return digest.hex();
  }

  /** Releases files; image reads afterwards fail. */
  @Override
  void close();

  /**
   * Images of a folder and its subfolders (PNG, JPEG, WebP, TIFF, BMP), in the order of their
   * relative paths, which are the keys.
   *
   * @throws TilingException if the folder is missing or holds no image
   */
  static TileDataset ofFolder(Path folder) {
    return FolderDataset.open(folder);
  }

  /**
   * WebDataset shards ({@code *.tar}): a tile is an entry with an image's extension, its key the
   * entry's name without it.
   *
   * @param shards files in order
   * @throws TilingException if a shard is missing or damaged, or there is no tile in them
   */
  static TileDataset ofShards(List<Path> shards) {
    return ShardDataset.open(shards);
  }

  /**
   * Tiles read from slides when they are asked for.
   *
   * @param slides their tiles by slide file, in the map's order
   * @throws TilingException if there is no tile
   */
  static TileDataset ofSlides(Map<Path, TileTable> slides) {
    return SlideDataset.open(slides, Slides::open);
  }

  /**
   * {@link #ofSlides(Map)} with a reader or options of one's choice.
   *
   * @param opener opens a slide; called again when a slide was closed to make room
   */
  static TileDataset ofSlides(Map<Path, TileTable> slides, SlideOpener opener) {
    return SlideDataset.open(slides, opener);
  }

  /**
   * Opens what a path holds: a shard, a folder of shards, or a folder of images.
   *
   * @throws TilingException if it holds no tile
   */
  static TileDataset open(Path path) {
    if (Files.isRegularFile(path)) {
      return ofShards(List.of(path));
    }
    if (!Files.isDirectory(path)) {
      throw new TilingException("There is no shard and no folder " + path + ".");
    }
    try (Stream<Path> files = Files.list(path)) {
      List<Path> shards =
          files
              .filter(file -> file.getFileName().toString().endsWith(".tar"))
              .filter(file -> !file.getFileName().toString().startsWith("."))
              .sorted()
              .toList();
      return shards.isEmpty() ? ofFolder(path) : ofShards(shards);
    } catch (IOException e) {
      throw new TilingException("Cannot list " + path + ": " + e.getMessage() + ".", e);
    }
  }
}
