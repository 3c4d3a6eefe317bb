package io.github.gpfm.examples.miniature;

import io.github.gpfm.api.InvalidOptionException;
import io.github.gpfm.api.Recipe;
import io.github.gpfm.api.Slide;
import io.github.gpfm.slideio.Slides;
import io.github.gpfm.support.Sha256;
import io.github.gpfm.tiling.dataset.TileDataset;
import java.awt.Color;
import java.awt.Graphics2D;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;
import java.util.stream.Stream;

/** Overlapping tiles cut from pictures of tissue, kept in memory; empty background is left out. */
final class TissueTiles implements TileDataset {
  private record Tile(String key, BufferedImage image) {}

  private final List<Tile> tiles = new ArrayList<>();

  /**
   * Cuts the pictures of one folder and the Aperio slides of another.
   *
   * @param pictures PNG, JPEG, TIFF
   * @param slides slides of H&E-stained tissue ({@code .svs}); may be missing
   * @param size tile edge, pixels
   * @param stride from tile to tile, pixels
   */
  static TissueTiles cut(Path pictures, Path slides, int size, int stride) {
    TissueTiles result = new TissueTiles();
    try (TileDataset images = TileDataset.ofFolder(pictures)) {
      for (int i = 0; i < images.size(); i++) {
        BufferedImage image = images.image(i);
        result.add(
            images.key(i),
            image.getWidth(),
            image.getHeight(),
            size,
            stride,
            (x, y) -> image.getSubimage(x, y, size, size));
      }
    }
    for (Path file : slides(slides)) {
      try (Slide slide = Slides.open(file)) {
        result.add(
            file.getFileName().toString(),
            slide.levels().get(0).width(),
            slide.levels().get(0).height(),
            size,
            stride,
            (x, y) -> slide.readRegion(x, y, 0, size, size));
      }
    }
    if (result.tiles.isEmpty()) {
      throw new InvalidOptionException(
          "There is no tissue in '%s'; give --data a folder with images/ and slides/."
              .formatted(pictures));
    }
    return result;
  }

  @Override
  public int size() {
    return tiles.size();
  }

  @Override
  public BufferedImage image(int i) {
    BufferedImage original = tiles.get(i).image();
    BufferedImage copy =
        new BufferedImage(original.getWidth(), original.getHeight(), BufferedImage.TYPE_INT_RGB);
    copy.setData(original.getRaster());
    return copy;
  }

  @Override
  public String key(int i) {
    return tiles.get(i).key();
  }

  /** The keys and every pixel. */
  @Override
  public void describe(Recipe.Builder recipe) {
    TileDataset.super.describe(recipe);
    Sha256 pixels = new Sha256();
    for (Tile tile : tiles) {
      int width = tile.image().getWidth();
      int height = tile.image().getHeight();
      int[] rgb = tile.image().getRGB(0, 0, width, height, null, 0, width);
      ByteBuffer bytes = ByteBuffer.allocate(Integer.BYTES * rgb.length);
      bytes.asIntBuffer().put(rgb);
      pixels.add(bytes.array(), bytes.capacity());
    }
    recipe.hash("tiles.content", sources().size() + " pictures", pixels.hex());
  }

  @Override
  public void close() {}

  /** The tiles of those pictures whose name passes. */
  TissueTiles only(Predicate<String> names) {
    TissueTiles result = new TissueTiles();
    tiles.stream().filter(tile -> names.test(picture(tile.key()))).forEach(result.tiles::add);
    return result;
  }

  /** Names of the pictures; regions cut from one slide level, which overlap, are one picture. */
  List<String> pictures() {
    return tiles.stream().map(tile -> picture(tile.key())).distinct().toList();
  }

  /** Name of the picture tile {@code i} is from. */
  String picture(int i) {
    return picture(key(i));
  }

  private static String picture(String key) {
    return key.replaceFirst("#.*", "").replaceFirst("(-\\d+){4}\\.", ".");
  }

  /** Names of the files that gave tiles. */
  List<String> sources() {
    return tiles.stream().map(tile -> tile.key().replaceFirst("#.*", "")).distinct().toList();
  }

  /** Reads the tile whose upper left corner is given. */
  private interface Region {
    BufferedImage read(int x, int y);
  }

  private void add(String name, long width, long height, int size, int stride, Region region) {
    for (int y = 0; y + size <= height; y += stride) {
      for (int x = 0; x + size <= width; x += stride) {
        BufferedImage tile = opaque(region.read(x, y));
        if (isTissue(tile)) {
          tiles.add(new Tile("%s#%d,%d".formatted(name, x, y), tile));
        }
      }
    }
  }

  private static BufferedImage opaque(BufferedImage image) {
    BufferedImage result =
        new BufferedImage(image.getWidth(), image.getHeight(), BufferedImage.TYPE_INT_RGB);
    Graphics2D graphics = result.createGraphics();
    graphics.setColor(Color.WHITE);
    graphics.fillRect(0, 0, image.getWidth(), image.getHeight());
    graphics.drawImage(image, 0, 0, null);
    graphics.dispose();
    return result;
  }

  /** At least half of the pixels are coloured and not too dark. */
  static boolean isTissue(BufferedImage tile) {
    int coloured = 0;
    int all = 0;
    for (int y = 0; y < tile.getHeight(); y += 4) {
      for (int x = 0; x < tile.getWidth(); x += 4) {
        int rgb = tile.getRGB(x, y);
        int max = Math.max(rgb >> 16 & 255, Math.max(rgb >> 8 & 255, rgb & 255));
        int min = Math.min(rgb >> 16 & 255, Math.min(rgb >> 8 & 255, rgb & 255));
        coloured += max > 60 && max - min > 0.08 * max ? 1 : 0;
        all++;
      }
    }
    return coloured * 2 >= all;
  }

  private static List<Path> slides(Path folder) {
    if (!Files.isDirectory(folder)) {
      return List.of();
    }
    try (Stream<Path> files = Files.list(folder)) {
      return files.filter(file -> file.toString().endsWith(".svs")).sorted().toList();
    } catch (IOException e) {
      throw new InvalidOptionException("Folder '%s' cannot be listed.".formatted(folder), e);
    }
  }
}
