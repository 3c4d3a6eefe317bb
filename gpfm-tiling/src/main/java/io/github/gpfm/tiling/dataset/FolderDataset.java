package io.github.gpfm.tiling.dataset;

import io.github.gpfm.api.Recipe;
import io.github.gpfm.api.TilingException;
import io.github.gpfm.support.Sha256;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/** Images of a folder. */
final class FolderDataset implements TileDataset {
  private final Path folder;
  private final List<String> names;

  private FolderDataset(Path folder, List<String> names) {
    this.folder = folder;
    this.names = names;
  }

  static FolderDataset open(Path folder) {
    if (!Files.isDirectory(folder)) {
      throw new TilingException("There is no folder " + folder + ".");
    }
    try (Stream<Path> files = Files.walk(folder)) {
      List<String> names =
          files
              .filter(Files::isRegularFile)
              .map(file -> folder.relativize(file).toString().replace('\\', '/'))
              .filter(name -> !TileImages.imageExtension(name).isEmpty())
              .sorted()
              .toList();
      if (names.isEmpty()) {
        throw new TilingException(folder + " holds no PNG, JPEG, WebP, TIFF or BMP image.");
      }
      return new FolderDataset(folder, names);
    } catch (IOException | UncheckedIOException e) {
      throw new TilingException("Cannot list " + folder + ": " + e.getMessage() + ".", e);
    }
  }

  @Override
  public int size() {
    return names.size();
  }

  @Override
  public BufferedImage image(int i) {
    return TileImages.read(folder.resolve(names.get(i)));
  }

  @Override
  public String key(int i) {
    return names.get(i);
  }

  @Override
  public void describe(Recipe.Builder recipe) {
    TileDataset.super.describe(recipe);
    Sha256 all = new Sha256();
    names.forEach(name -> all.add(recipe.sha256(folder.resolve(name)) + "\n"));
    recipe.hash("tiles.content", String.valueOf(folder.getFileName()), all.hex());
  }

  @Override
  public void close() {}
}
